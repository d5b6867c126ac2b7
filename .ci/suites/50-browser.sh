#!/usr/bin/env bash
# The shop in a real headless Chromium, through the practice edge, and a drill's report: see tests/third-party/browser.py.
set -uo pipefail
work="$1"
here="$(cd "$(dirname "$0")/../.." && pwd)"

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v chromedriver >/dev/null || missing+=(chromium-driver)
command -v openssl >/dev/null || missing+=(openssl)
command -v npm >/dev/null || missing+=(npm)
if [ "${#missing[@]}" -gt 0 ]; then
  as_root=$([ "$(id -u)" -eq 0 ] || echo sudo)
  $as_root apt-get update -qq &&
    $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" fonts-dejavu-core >/dev/null
fi
venv="$work/browser-4.50.0"
if [ ! -e "$venv/ready" ]; then
  python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check selenium==4.50.0 &&
    touch "$venv/ready"
fi
# Bootstrap's own bytes, to see that the pages' integrity hash lets them in; axe, which judges accessibility.
packages="$work/browser-npm"
if [ ! -e "$packages/ready" ]; then
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$packages" bootstrap@5.3.8 axe-core@4.14.1 \
    >/dev/null 2>&1 && touch "$packages/ready"
fi
cargo test --locked --quiet --no-run --test serve --manifest-path "$here/Cargo.toml" || { echo "0 passed, 1 failed"; exit 1; }
"$venv/bin/python" "$here/tests/third-party/browser.py" \
  "${CARGO_TARGET_DIR:-$here/target}/debug/espera" "$packages/node_modules"
