"""The crash lab: kills, damage and full disks, and what must be left after each.

Usage: crash.py ESPERA_BINARY [--full] [--only PART[,PART...]] [--seed N] [PART=SIZE...]
At the size of the gate it takes some minutes; `--full` is the size the project promises. Prints a line of
figures a part, a table of damages, and `N passed, N failed` at the end.
"""

import argparse
import os
import sys

import crash_damage
import crash_disk
import crash_kills
import crash_walks
import suite

# A part's name, what it is, what it runs, its size in the gate and in full.
PARTS = {
    "kills": ("nothing acknowledged is lost by kills under load", crash_kills.under_load, 24, 1000),
    "starts": ("no kill of a start is blamed on a request", crash_kills.of_starts, 10, 200),
    "seen": ("nothing that was seen done un-happens by a kill", crash_kills.seen_done, 12, 300),
    "walks": ("a killed walk goes on and ends well", crash_walks.killed, 3, 100),
    "drills": ("a killed drill keeps what it told", crash_walks.drills, 2, 30),
    "damage": ("no damage to a state file is silent or ends the world", crash_damage.matrix, 1, 40),
    "disk": ("a full disk is told and loses nothing acknowledged", crash_disk.full, 1, 5),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--seed", default="1")
    parser.add_argument("sizes", nargs="*", metavar="PART=SIZE")
    args = parser.parse_intermixed_args()
    binary = os.path.abspath(args.binary)
    sizes = {name: full if args.full else gate for name, (_, _, gate, full) in PARTS.items()}
    sizes.update((name, int(size)) for name, _, size in (text.partition("=") for text in args.sizes))

    def check(name):
        tally = PARTS[name][1](binary, sizes[name], args.seed)
        print(f"     {name}: {tally}", flush=True)
        assert not tally.wrong, f"{len(tally.wrong)} wrong"

    return suite.run([(PARTS[name][0], lambda name=name: check(name)) for name in args.only.split(",")])


if __name__ == "__main__":
    sys.exit(main())
