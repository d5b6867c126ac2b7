#!/usr/bin/env bash
# The workshop in a real terminal, driven by tmux: see tests/third-party/terminal.py.
set -uo pipefail
here="$(cd "$(dirname "$0")/../.." && pwd)"

if ! command -v tmux >/dev/null; then
  as_root=$([ "$(id -u)" -eq 0 ] || echo sudo)
  $as_root apt-get update -qq && $as_root apt-get install -y -qq tmux >/dev/null
fi
cargo test --locked --quiet --no-run --test serve --manifest-path "$here/Cargo.toml" || { echo "0 passed, 1 failed"; exit 1; }
python3 "$here/tests/third-party/terminal.py" "${CARGO_TARGET_DIR:-$here/target}/debug/espera"
