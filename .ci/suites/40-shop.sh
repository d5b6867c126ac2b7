#!/usr/bin/env bash
# Unishop against databases its authors did not write: MariaDB over TLS, and moto's DynamoDB. See
# tests/third-party/shop.py.
set -uo pipefail
work="$1"
here="$(cd "$(dirname "$0")/../.." && pwd)"
fail() { echo "$*"; echo "0 passed, 1 failed"; exit 1; }

for tool in mariadbd mariadb-install-db openssl wrk; do
  command -v "$tool" > /dev/null || [ -x "/usr/sbin/$tool" ] || missing=1
done
if [ -n "${missing:-}" ]; then
  as_root=$([ "$(id -u)" -eq 0 ] || echo sudo)
  $as_root apt-get update -qq > /dev/null &&
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends \
      mariadb-server openssl wrk > /dev/null || fail "MariaDB, openssl and wrk cannot be installed"
fi
venv="$work/moto-5.2.5"
if [ ! -x "$venv/bin/moto_server" ]; then
  python3 -m venv "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'moto[server,dynamodb]==5.2.5' ||
    fail "moto cannot be installed"
fi
cargo test --locked --quiet --no-run --test shop --manifest-path "$here/Cargo.toml" || fail "the suite does not build"
"$venv/bin/python" "$here/tests/third-party/shop.py" "$here" "${CARGO_TARGET_DIR:-$here/target}/debug/unishop" "$venv/bin"
