#!/usr/bin/env bash
# Hostile inputs at the public doors, more of them than `cargo test` tries: see tests/fuzz/main.rs. Seeded, so that
# every run tries the same; what it finds is kept in the target folder and named.
set -uo pipefail
here="$(cd "$(dirname "$0")/../.." && pwd)"
inputs="${ESPERA_FUZZ_INPUTS:-40000}"
ESPERA_FUZZ_INPUTS="$inputs" cargo test --locked --manifest-path "$here/Cargo.toml" --test fuzz -- \
  --nocapture --test-threads=2 >"${1:-/tmp}/fuzz.log" 2>&1
status=$?
grep -E '^fuzz [a-z]+: ' "${1:-/tmp}/fuzz.log"
[ "$status" -eq 0 ] || tail -n 60 "${1:-/tmp}/fuzz.log"
# libtest's own closing line, in the words of the other suites.
awk '/^test result:/ { passed += $4; failed += $6 }
     END { if (passed + failed == 0) failed = 1; printf "%d passed, %d failed\n", passed, failed }' "${1:-/tmp}/fuzz.log"
exit "$status"
