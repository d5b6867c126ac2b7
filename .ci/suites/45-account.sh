#!/usr/bin/env bash
# What Espera does in an account where others live and AWS has bad days: `--world aws` against
# `espera cloud serve` behind a fault proxy; see tests/third-party/account.py.
set -uo pipefail
here="$(cd "$(dirname "$0")/../.." && pwd)"
cargo test --locked --quiet --no-run --test serve --manifest-path "$here/Cargo.toml" || { echo "0 passed, 1 failed"; exit 1; }
python3 "$here/tests/third-party/account.py" "${CARGO_TARGET_DIR:-$here/target}/debug/espera"
