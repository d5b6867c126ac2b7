"""A full disk under load: what was acknowledged stays, what cannot be kept is refused, and a person is told.

The disk is a small file system in memory. Where it may not be mounted, the part runs itself again in a
namespace of its own (`unshare`); where neither can be had the part fails, for nothing was shown.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

import crash_load
from crash_kills import Tally
from served import DidNotStart, Gone, Served
from terminal import Terminal, to_step

SMALL, LARGE = "2m", "32m"
WRITERS = 4
# The message of a world that is not being kept, in whatever words the system gives for it.
FULL = r"(?i)no space|not being saved|not being kept|disk is full"
INSIDE = "ESPERA_CRASH_INSIDE"


def full(binary, rounds, seed):
    tally = Tally()
    root = tempfile.mkdtemp(prefix="espera-disk-")
    if not mount(root, SMALL):
        shutil.rmtree(root)
        return again_inside(binary, rounds, seed, tally)
    unmount(root)
    for number in range(rounds):
        for part in (filled_by_the_load, started_when_full, killed_when_full):
            try:
                mount(root, SMALL)
                part(binary, root, f"{seed}-{number}", tally)
            except (AssertionError, Gone, DidNotStart) as error:
                tally.fail(f"{part.__name__.replace('_', ' ')}: {error}")
            finally:
                unmount(root)
    try:
        mount(root, SMALL)
        on_the_screen(binary, root, tally)
    except AssertionError as error:
        tally.fail(f"on the screen: {error}")
    finally:
        unmount(root)
    os.rmdir(root)
    tally.figures["wrong"] = len(tally.wrong)
    return tally


def mount(root, size):
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "espera", root], capture_output=True)
    return done.returncode == 0


def room(root, size):
    subprocess.run(["mount", "-o", f"remount,size={size}", root], check=True)


def unmount(root):
    subprocess.run(["umount", "-l", root], capture_output=True)


def again_inside(binary, rounds, seed, tally):
    """The same in a namespace where this user may mount."""
    if os.environ.get(INSIDE):
        tally.fail("no small file system can be mounted, not even in a namespace of its own: nothing was shown")
        return tally
    command = ["unshare", "-rm", sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "crash.py"),
               binary, "--only", "disk", "--seed", seed, f"disk={rounds}"]
    try:
        done = subprocess.run(command, env={**os.environ, INSIDE: "1"}, capture_output=True, text=True)
    except FileNotFoundError:
        tally.fail("no small file system can be mounted, and there is no unshare: nothing was shown")
        return tally
    print(done.stdout, end="")
    tally.add("in a namespace of its own")
    if done.returncode != 0:
        tally.fail(done.stdout + done.stderr)
    return tally


def fill(root):
    """Takes every byte that is left."""
    with open(os.path.join(root, "filler"), "ab", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                pass


class Small(crash_load.Ledger):
    """Writes of some kilobytes, whose answers count on a full disk too."""

    def one(self, client):
        if self.random.random() < 0.5:
            self.put_small(client)
        else:
            self.put_item(client)

    def put_small(self, client):
        name = f"o{self.number}-{self.random.randrange(1000)}"
        body = self.random.randbytes(8000)
        etag = crash_load.hashlib.md5(body).hexdigest()
        self._change(self.objects, name, etag, lambda: client.s3("PUT", f"/{crash_load.BUCKET}/{name}", body))


def writers(served, seed):
    ledgers = [Small(number, seed) for number in range(WRITERS)]
    return ledgers, crash_load.Load(served, ledgers)


def until_refused(served, ledgers, tally, patience=30):
    end = time.time() + patience
    while not any(ledger.refused for ledger in ledgers):
        if time.time() > end:
            tally.fail("the disk is full and no call is refused")
            return
        time.sleep(0.02)
    for answer in [answer for ledger in ledgers for answer in ledger.refused][:20]:
        if answer.status not in (500, 503) or not in_its_protocol(answer):
            tally.fail(f"not refused as a service would: {answer}")


def in_its_protocol(answer):
    if answer.body.lstrip().startswith(b"{"):
        return "__type" in answer.json()
    return bool(answer.text("Code"))


def told_at_once(served, tally):
    if not served.tells(FULL, 3):
        tally.fail(f"not told on standard error: {served.told!r}")


def all_there(served, ledgers, tally):
    found = crash_load.everything(served.client())
    for ledger in ledgers:
        for wrong in ledger.check(*found):
            tally.add("lost")
            tally.fail(wrong)
    tally.add("acknowledged", sum(ledger.acknowledged for ledger in ledgers))
    for ledger in ledgers:
        ledger.acknowledged = 0


def begun(binary, root):
    served = Served(binary, os.path.join(root, "state"))
    served.start()
    crash_load.prepare(served.client())
    return served


def filled_by_the_load(binary, root, seed, tally):
    """The load fills the disk; room is made; it goes on by itself; a kill; all that was acknowledged is there."""
    served = begun(binary, root)
    ledgers, load = writers(served, seed)
    until_refused(served, ledgers, tally)
    told_at_once(served, tally)
    time.sleep(1)
    room(root, LARGE)
    goes_on(served, tally)
    for failure in load.end():
        tally.fail(failure)
    tally.add("refused", sum(len(ledger.refused) for ledger in ledgers))
    served.kill()
    served.start()
    all_there(served, ledgers, tally)
    served.kill()


def goes_on(served, tally, patience=15):
    """Once there is room, writes are taken again without a restart."""
    client, end = served.client(), time.time() + patience
    while not client.s3("PUT", f"/{crash_load.BUCKET}/room", b"room").done:
        if time.time() > end:
            tally.fail(f"room was made {patience} s ago and writes are refused still")
            return
        time.sleep(0.05)


def killed_when_full(binary, root, seed, tally):
    """Killed on a full disk and started on it: all that was acknowledged can be read, new writes are refused."""
    served = begun(binary, root)
    ledgers, load = writers(served, seed)
    until_refused(served, ledgers, tally)
    time.sleep(random.Random(seed).random())
    served.kill()
    for failure in load.end():
        tally.fail(failure)
    fill(root)
    served.start()
    all_there(served, ledgers, tally)
    if served.client().s3("PUT", f"/{crash_load.BUCKET}/no-room", bytes(20_000)).done:
        tally.fail("there is no room, and yet a write is taken")
    told_at_once(served, tally)
    served.kill()
    os.remove(os.path.join(root, "filler"))
    room(root, LARGE)
    told = served.start()
    all_there(served, ledgers, tally)
    if re.search(FULL, told):
        tally.fail(f"there is room, and yet: {told}")
    served.kill()


def started_when_full(binary, root, seed, tally):
    """A world whose disk is filled by somebody else."""
    served = begun(binary, root)
    fill(root)
    ledgers, load = writers(served, seed)
    until_refused(served, ledgers, tally)
    told_at_once(served, tally)
    os.remove(os.path.join(root, "filler"))
    room(root, LARGE)
    goes_on(served, tally)
    for failure in load.end():
        tally.fail(failure)
    served.kill()
    served.start()
    all_there(served, ledgers, tally)
    served.kill()


def on_the_screen(binary, root, tally):
    """The workshop on a full disk says so on its screen, and takes it back when there is room."""
    t = Terminal(binary, os.path.join(root, "state"), "en", (120, 40), speed="20")
    try:
        t.shows("Checks")
        fill(root)
        for step in range(1, 3):
            to_step(t, step)
        t.presses("d")
        t.shows(r"\[ No \]")
        t.presses("y")
        t.shows(FULL, patience=20)
        tally.add("seen on the screen")
        os.remove(os.path.join(root, "filler"))
        room(root, LARGE)
        end = time.time() + 30
        while re.search(FULL, t.text()):
            assert time.time() < end, f"there is room, and it still says so:\n{t.text()}"
            time.sleep(0.1)
        t.presses("q")
    finally:
        t.close()
