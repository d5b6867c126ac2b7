#!/usr/bin/env bash
# The sealed practice shell against real clients, old ones too: see tests/third-party/shell.py.
set -uo pipefail
work="$1"
here="$(cd "$(dirname "$0")/../.." && pwd)"
as_root=$([ "$(id -u)" -eq 0 ] || echo sudo)

# Debian's awscli is a version 2 of before AWS_ENDPOINT_URL; strace watches who is called.
missing=()
[ -x /usr/bin/aws ] || missing+=(awscli)
command -v strace >/dev/null || missing+=(strace)
command -v zsh >/dev/null || missing+=(zsh)
command -v fish >/dev/null || missing+=(fish)
command -v curl >/dev/null || missing+=(curl)
command -v npm >/dev/null || missing+=(npm)
if [ "${#missing[@]}" -gt 0 ]; then
  $as_root apt-get update -qq &&
    $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
venv() { # venv NAME PACKAGE...: a Python of its own
  [ -e "$work/$1/.whole" ] && return
  python3 -m venv "$work/$1" &&
    "$work/$1/bin/pip" install --quiet --disable-pip-version-check "${@:2}" && touch "$work/$1/.whole"
}
venv shell-new boto3==1.44.5 awscli==1.46.3
# Without its own wishes for PyYAML, which no longer builds.
venv shell-old --no-deps awscli==1.27.165 botocore==1.29.165 s3transfer==0.6.2 jmespath==1.0.1 \
  python-dateutil==2.9.0.post0 six==1.16.0 urllib3==1.26.20 docutils==0.16 colorama==0.4.4 rsa==4.7.2 \
  pyasn1==0.6.1 PyYAML==6.0.2
node="$work/shell-node"
if [ ! -e "$node/.whole" ]; then
  mkdir -p "$node" &&
    (cd "$node" && npm install --silent --no-fund --no-audit @aws-sdk/client-sts@3.972.0 @aws-sdk/client-rds@3.972.0) &&
    touch "$node/.whole"
fi
cargo test --locked --quiet --no-run --test serve --manifest-path "$here/Cargo.toml" || { echo "0 passed, 1 failed"; exit 1; }
python3 "$here/tests/third-party/shell.py" "${CARGO_TARGET_DIR:-$here/target}/debug/espera" "$work"
