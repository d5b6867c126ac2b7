#!/usr/bin/env bash
# boto3 and the aws CLI against `espera cloud serve`: see tests/third-party/clients.py.
set -uo pipefail
work="$1"
here="$(cd "$(dirname "$0")/../.." && pwd)"

if ! command -v curl >/dev/null; then
  as_root=$([ "$(id -u)" -eq 0 ] || echo sudo)
  $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends curl ca-certificates >/dev/null
fi
venv="$work/clients-1.44.5"
if [ ! -x "$venv/bin/aws" ]; then
  python3 -m venv "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check boto3==1.44.5 awscli==1.46.3
fi
cargo test --locked --quiet --no-run --test serve --manifest-path "$here/Cargo.toml" || { echo "0 passed, 1 failed"; exit 1; }
"$venv/bin/python" "$here/tests/third-party/clients.py" "${CARGO_TARGET_DIR:-$here/target}/debug/espera"
