"""Runs the checks of a suite one after another: a line each, and `N passed, N failed` at the end."""

import re
import shlex
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

# Twice the cores of a small machine: what waits leaves room for another.
AT_ONCE = 4


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


def run(checks, after=lambda: None, together=()):
    """Takes names with what to call, and what to do when all have run; answers the exit status.

    Those `together` have nothing to do with each other and mostly wait: some of them run at a time, before the rest.
    """
    telling = threading.Lock()

    def passes(check):
        name, call = check
        began = time.time()
        try:
            call()
            said, why = f"ok   {name} ({time.time() - began:.1f} s)", ""
        except Exception:  # every kind of failure is a failed check
            said, why = f"FAIL {name}", traceback.format_exc()
        with telling:
            print(said, flush=True)
            print(why, end="", file=sys.stderr, flush=True)
        return not why

    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            results = list(pool.map(passes, together))
        results += [passes(check) for check in checks]
    finally:
        after()
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1
