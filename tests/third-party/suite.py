"""Runs the checks of a suite one after another: a line each, and `N passed, N failed` at the end."""

import re
import shlex
import time
import traceback


def exports(lines):
    """The variables that `espera cloud serve` prints to use it by, as it prints them."""
    found = {}
    for line in lines:
        given = re.match(r"\s*export (\w+)=(.*)", line)
        if given:
            found[given.group(1)] = "".join(shlex.split(given.group(2)))
        elif "cloud env" in line:
            return found
    raise AssertionError(f"the server ended; it printed {sorted(found)}")


def run(checks, after=lambda: None):
    """Takes names with what to call, and what to do when all have run; answers the exit status."""
    passed, failed = 0, 0
    try:
        for name, check in checks:
            began = time.time()
            try:
                check()
                passed += 1
                print(f"ok   {name} ({time.time() - began:.1f} s)", flush=True)
            except Exception:  # every kind of failure is a failed check
                failed += 1
                print(f"FAIL {name}", flush=True)
                traceback.print_exc()
    finally:
        after()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
