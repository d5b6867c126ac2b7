"""The damage matrix: each state file changed in each way; told, or harmless and complete, and never the end.

A row is one file of a state, a column one kind of damage. What may come of a damage:
  whole    nothing is missing and nothing was said
  told     a notice on standard error; what is missing is kept aside
  refused  only a state of a newer Espera: told, and not a byte changed
Anything else is a fault: silent (missing without a word), dead (does not start or serve), destroyed (told, but
what was damaged is nowhere any more), touched (a refused state that was changed).
"""

import concurrent.futures
import json
import os
import random
import re
import shutil
import subprocess
import tarfile
import tempfile
import zlib

import crash_load
from crash_kills import Tally
from served import DidNotStart, Gone, Served, seen_by_os

HERE = os.path.dirname(os.path.abspath(__file__))
# The state of the first Espera, before checksums: made by its `cloud serve`, `walk` and `drill`.
OLDER = os.path.join(HERE, "state-0.1.0.tar.xz")
AT_ONCE = 4
FINE = ("whole", "told", "refused")


# The damages: each a name and a function from bytes to bytes, `None` for a file that is gone.


def damages(content, count, chance):
    """Every kind of damage to a file with this content, as (kind, what exactly, the new content)."""
    if content:
        header = range(0, min(64, len(content)), max(1, 64 // (2 * count)))
        for at in header:
            yield "flip in header", f"byte {at}", flipped(content, at, chance)
        for _ in range(2 * count):
            at = chance.randrange(len(content))
            yield "flip in body", f"byte {at}", flipped(content, at, chance)
        for at in range(max(0, len(content) - 3), len(content)):
            yield "flip at the end", f"byte {at}", flipped(content, at, chance)
        for tenth in range(1, 10):
            yield "truncated", f"{tenth}0 %", content[: len(content) * tenth // 10]
        yield "truncated", "by one byte", content[:-1]
        yield "emptied", "", b""
    yield "gone", "", None
    for name, garbage in (("16 random bytes", chance.randbytes(16)), ("4,096 zeros", bytes(4096)),
                          ("a line", b"garbage\n"), ("1 MB", chance.randbytes(1 << 20))):
        yield "appended", name, content + garbage
    newer = of_a_newer(content)
    if newer is not None:
        yield "newer", "", newer


def sampled(found, count, chance):
    """All damages, or at the size of the gate so many of each kind."""
    by_kind = {}
    for damage in found:
        by_kind.setdefault(damage[0], []).append(damage)
    for of_kind in by_kind.values():
        yield from of_kind if count >= 10 else chance.sample(of_kind, min(count, len(of_kind)))


def flipped(content, at, chance):
    changed = bytearray(content)
    changed[at] ^= 1 << chance.randrange(8)
    return bytes(changed)


def of_a_newer(content):
    """The same as a newer Espera would write it: a version far ahead, and checksums that are right."""
    line, _, rest = content.partition(b"\n")
    found = re.fullmatch(rb"(espera-[a-z]+) (\d+) (.*)", line)
    if found:
        word, version, more = found.groups()
        fields, _, total = more.rpartition(b" ")
        if total == b"%08x" % zlib.crc32(b"%s %s %s" % (word, version, fields)):
            more = fields + b" %08x" % zlib.crc32(b"%s 99 %s" % (word, fields))
        # What is filled up with spaces keeps its length.
        rest = rest[len(b"99") - len(version) :] if rest.startswith(b" ") else rest
        return b"%s 99 %s\n" % (word, more) + rest
    found = re.match(rb'\{\s*"version": ?(\d+)', content)
    if found:
        return content[: found.start(1)] + b"99" + content[found.end(1) :]
    found = re.search(rb'"version":(\d+)', line)
    if found:
        return content[: found.start(1)] + b"99" + content[found.end(1) :]
    return None


# The states.


def served_state(binary, end):
    """A served world half in its snapshot and half in its journal, ended by a kill or in good order."""
    folder = tempfile.mkdtemp(prefix="espera-served-")
    served = Served(binary, folder)
    served.start()
    crash_load.prepare(served.client())
    for half in range(2):
        client = served.client()
        for number in range(10):
            item = {"pk": {"S": f"{half}-{number}"}, "value": {"S": f"value {number}"}, "filler": {"S": "x" * 30}}
            assert client.ddb("PutItem", TableName=crash_load.TABLE, Item=item).done
        assert client.s3("PUT", f"/{crash_load.BUCKET}/object-{half}", b"z" * 500).done
        assert client.cfn("CreateStack", StackName=f"stack-{half}", TemplateBody=crash_load.TEMPLATE).done
        if half == 0:
            served.stop()
            served.start()
    if end == "killed":
        served.kill()
    else:
        served.stop()
    return folder, whole_served(binary, folder)


def whole_served(binary, folder):
    """What such a state holds when nothing is missing."""
    other = copied(folder)
    served = Served(binary, other)
    told = served.start()
    found = crash_load.everything(served.client())
    served.kill()
    shutil.rmtree(other)
    assert not told.strip(), f"an undamaged state is told of: {told}"
    return names_of(found)


def names_of(found):
    items, objects, stacks = found
    return items, objects, sorted(stacks)


def copied(folder):
    other = tempfile.mkdtemp(prefix="espera-damaged-")
    shutil.copytree(folder, other, dirs_exist_ok=True)
    return other


def try_served(binary, folder, expected):
    """Starts on a damaged state; answers how it came out and what was told."""
    served = Served(binary, folder, speed="1")
    try:
        told = served.start()
    except DidNotStart as error:
        return ("refused" if newer_told(str(error)) else "dead"), str(error)
    try:
        client = served.client()
        complete = looked(client) == expected
        # The world must go on: what is written now is there at the next start.
        went_on = client.s3("PUT", "/after-the-damage").done
        served.kill()
        told = served.told
        # What it has written since must be readable, by itself and without another word.
        again = served.start()
        went_on = went_on and served.client().s3("HEAD", "/after-the-damage").done
        served.kill()
    except (Gone, DidNotStart) as error:
        served.kill()
        return "dead", f"{told}{error}"
    if not went_on:
        return "dead", f"what was written after the damage is gone: {told}{again}"
    if again.strip() and not told.strip():
        return "silent", f"told only at the second start: {again}"
    if told.strip():
        return "told", told
    return ("whole" if complete else "silent"), told


def looked(client):
    try:
        return names_of(crash_load.everything(client))
    except AssertionError:
        return None


def newer_told(text):
    return re.search(r"newer|update it", text) is not None


def workshop_state(binary):
    """A state of the workshop after a drill."""
    folder = tempfile.mkdtemp(prefix="espera-workshop-")
    walked = subprocess.run([binary, "walk", "--to", "failover", "--speed", "max", "--json", "--state-dir", folder],
                            capture_output=True, text=True, timeout=600)
    assert walked.returncode == 0, walked.stdout[-2000:] + walked.stderr
    return folder, whole_workshop(binary, folder)


def whole_workshop(binary, folder):
    other = copied(folder)
    status, told, found = looked_at(binary, other)
    shutil.rmtree(other)
    assert status == 0 and not told.strip(), f"an undamaged state is told of: {told}"
    return found


def looked_at(binary, folder):
    done = subprocess.run([binary, "status", "--json", "--lang", "en", "--speed", "1", "--state-dir", folder],
                          capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        return done.returncode, done.stderr, None
    said = json.loads(done.stdout)
    facts = said["facts"]
    stacks = sorted(stack["name"] for role in ("primary", "standby") for stack in facts[role]["stacks"])
    return 0, done.stderr, (said["step"], said["steps"], stacks, facts["drill"])


def try_workshop(binary, folder, expected):
    status, told, found = looked_at(binary, folder)
    if status != 0:
        return ("refused" if newer_told(told) else "dead"), told
    again, told_again, _ = looked_at(binary, folder)
    if again != 0:
        return "dead", f"not a second time: {told_again}"
    if told.strip():
        return "told", told
    return ("whole" if found == expected else "silent"), told


# Running them all.


class Matrix:
    def __init__(self, binary, tally):
        self.binary, self.tally, self.rows = binary, tally, {}

    def run(self, state, folder, expected, attempt, count, chance, must_tell=()):
        """Damages each file of a state in each way."""
        jobs = []
        for name, content in sorted(seen_by_os(folder).items()):
            if not is_state(name):
                continue
            row = f"{state}: {short(name)}"
            for kind, exactly, changed in sampled(damages(content, count, chance), count, chance):
                jobs.append((row, name, kind, exactly, content, changed))
        tell = lambda name: any(re.search(pattern, name) for pattern in must_tell)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for job, (came, told) in zip(jobs, pool.map(lambda j: self.one(folder, expected, attempt, j), jobs)):
                row, name, kind, exactly, _, changed = job
                if came == "whole" and tell(name) and (changed or b"").rstrip() != job[4].rstrip():
                    came = "silent"
                cell = self.rows.setdefault(row, {}).setdefault(kind, {})
                cell[came] = cell.get(came, 0) + 1
                self.tally.add("damages")
                self.tally.add(came)
                if came not in FINE:
                    self.tally.fail(f"{came}: {row}, {kind} {exactly}: {' '.join(told.split())[:200]}")

    def one(self, folder, expected, attempt, job):
        _, name, kind, _, _, changed = job
        other = copied(folder)
        path = os.path.join(other, name)
        if changed is None:
            os.remove(path)
        else:
            with open(path, "wb") as file:
                file.write(changed)
        before = seen_by_os(other)
        try:
            came, told = attempt(self.binary, other, expected)
            after = seen_by_os(other)
            if came == "refused":
                same = all(after.get(n) == c for n, c in before.items() if not n.endswith("lock"))
                came = came if same else "touched"
            elif kind == "newer" and came == "told" and newer_told(told) and after.get(name) == changed:
                # One file of many: the others are opened, this one is left alone.
                came = "refused"
            elif kind == "newer" and came != "whole":
                came, told = "touched", f"of a newer Espera, yet opened: {told}"
            elif came == "told" and changed and not name.endswith("mark"):
                came = came if is_kept(changed, after) else "destroyed"
            return came, told
        except Exception as error:  # a fault of one damage must not hide the others
            return "dead", f"{type(error).__name__}: {error}"
        finally:
            shutil.rmtree(other, ignore_errors=True)

    def print(self):
        kinds = []
        for row in self.rows.values():
            kinds.extend(kind for kind in row if kind not in kinds)
        table = [["file", *kinds]]
        for name, row in sorted(self.rows.items()):
            cells = [", ".join(f"{n} {came}" for came, n in sorted(row.get(kind, {}).items())) for kind in kinds]
            table.append([name, *cells])
        widths = [max(len(line[column]) for line in table) for column in range(len(kinds) + 1)]
        for line in table:
            print("     " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def is_kept(changed, after):
    """Whether what could not be read is still there for somebody who can: whole, or its end apart from its head."""
    if any(changed in content for content in after.values()):
        return True
    ends = [content for content in after.values() if content and changed.endswith(content)]
    return any(content.startswith(changed[: -len(end)]) for end in ends for content in after.values())


def is_state(name):
    """Reports, templates and what a shell is given are made again from what is kept; all else is state."""
    return not re.search(r"(^|/)(templates|shell)/|report\.(json|md|html)$", name)


def short(name):
    return re.sub(r"^(served|practice)/", "", re.sub(r"drills/[^/]+/", "drills/…/", name))


def older(binary, tally, matrix):
    """The state of the first Espera opens whole."""
    with tempfile.TemporaryDirectory(prefix="espera-older-") as folder:
        with tarfile.open(OLDER) as tar:
            tar.extractall(folder, filter="data")
        with open(os.path.join(folder, "holds.json"), encoding="utf-8") as file:
            holds = json.load(file)
        items, objects, stacks = holds["served"]
        came = try_served(binary, os.path.join(folder, "state"), (items, objects, stacks))
        found = looked_at(binary, os.path.join(folder, "state"))
        passed = sum(check["verdict"] == "pass" for step in found[2][1] for check in step["checks"]) if found[2] else 0
        for name, fine, told in (("served", came[0] == "whole", came[1]),
                                 ("workshop", passed == holds["passed"] and not found[1].strip(), found[1])):
            cell = matrix.rows.setdefault(f"{name}: all of it", {}).setdefault("older", {})
            came_out = "whole" if fine else "silent"
            cell[came_out] = cell.get(came_out, 0) + 1
            tally.add("damages")
            tally.add(came_out)
            if not fine:
                tally.fail(f"the {name} state of 0.1.0 does not open whole: {told}")


def matrix(binary, count, seed):
    tally, chance = Tally(), random.Random(seed)
    rows = Matrix(binary, tally)
    for end in ("killed", "closed"):
        folder, expected = served_state(binary, end)
        rows.run(f"{end}", folder, expected, try_served, count, chance)
        shutil.rmtree(folder)
    folder, expected = workshop_state(binary)
    # No command shows what a log holds, so each change of one must be told.
    rows.run("workshop", folder, expected, try_workshop, count, chance, must_tell=[r"log\.jsonl$"])
    shutil.rmtree(folder)
    older(binary, tally, rows)
    rows.print()
    return tally
