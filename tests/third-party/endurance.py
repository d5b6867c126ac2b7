"""Long and rough use of the whole program: what must never fail, however it is treated.

Usage: endurance.py ESPERA_BINARY [--share P] [CHECK...]. P is the share of the full size (1 by default; 0.1 takes
some two minutes). Needs Python alone; faketime for the clocks, where a missing one is a failed check. Prints a line
a check, with its figures, and `N passed, N failed` at the end.
"""

import argparse
import fcntl
import functools
import http.client
import json
import os
import pty
import random
import re
import resource
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import threading
import time
import urllib.parse

import suite

PATIENCE = 120
BAD_WORDS = ("panicked", "overflowed its stack", "error of its own", "damaged", "set aside")


class Pty:
    """The workshop in a terminal that only this program reads."""

    def __init__(self, command, rows=36, cols=120, env=None):
        pid, self.master = pty.fork()
        if pid == 0:
            os.environ.update({"TERM": "xterm-256color", "LANG": "en_US.UTF-8", **(env or {})})
            os.execvp(command[0], command)
        self.pid, self.seen, self.open = pid, b"", True
        self.size(rows, cols)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        while self.open:
            try:
                got = os.read(self.master, 65536)
            except OSError:
                return
            if not got:
                return
            self.seen = (self.seen + got)[-400_000:]

    def size(self, rows, cols):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def types(self, data):
        try:
            os.write(self.master, data)
        except OSError:
            pass

    def shows(self, word, patience=PATIENCE):
        end = time.time() + patience
        while word not in self.seen:
            assert time.time() < end, f"{word!r} never came; the last of it: {self.seen[-400:]!r}"
            assert self.alive(), f"ended before {word!r}: {self.seen[-400:]!r}"
            time.sleep(0.01)

    def alive(self):
        try:
            with open(f"/proc/{self.pid}/stat", encoding="utf-8") as stat:
                return stat.read().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    def kill(self, sign=signal.SIGKILL):
        try:
            os.kill(self.pid, sign)
        except ProcessLookupError:
            pass

    def ends(self, patience=PATIENCE):
        """Waits for the end; answers the exit status, or minus the signal."""
        end = time.time() + patience
        while time.time() < end:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                # What it wrote last may not have been read yet; after that there is an end of file.
                self.reader.join(10)
                self.close()
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        self.kill()
        os.waitpid(self.pid, 0)
        self.close()
        raise AssertionError(f"does not end: {self.seen[-400:]!r}")

    def close(self):
        if self.open:
            self.open = False
            try:
                os.close(self.master)
            except OSError:
                pass

    def gives_back(self):
        """The modes that a person's shell must find undone."""
        for code in (b"\x1b[?1049l", b"\x1b[?2004l", b"\x1b[?1000l", b"\x1b[?25h"):
            assert code in self.seen, f"{code!r} was never sent"


class Lab:
    def __init__(self, binary, share):
        self.binary, self.share = os.path.abspath(binary), share
        self.chance = random.Random(20261127)
        self.root = tempfile.mkdtemp(prefix="espera-endurance-")
        self.walked = None

    def times(self, full):
        return max(1, round(full * self.share))

    def folder(self):
        return tempfile.mkdtemp(dir=self.root)

    def command(self, folder, *args):
        return [self.binary, "--lang", "en", "--state-dir", folder, *args]

    def run(self, folder, *args, patience=PATIENCE, **given):
        given.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run(self.command(folder, *args), capture_output=True, text=True, errors="replace",
                              timeout=patience, **given)

    def sound(self, folder):
        """The state can be opened and says nothing of damage."""
        done = self.run(folder, "status")
        said = done.stdout + done.stderr
        assert done.returncode == 0, (done.returncode, said)
        assert not any(word in said for word in BAD_WORDS), said

    def at_the_edge(self):
        """A copy of a state where everything up to the edge is deployed."""
        if self.walked is None:
            self.walked = self.folder()
            done = self.run(self.walked, "--speed", "max", "walk", "--to", "edge", patience=600)
            assert done.returncode == 0, done.stdout[-800:] + done.stderr
        copy = self.folder()
        shutil.rmtree(copy)
        shutil.copytree(self.walked, copy)
        return copy

    def workshop(self, folder, *args, **given):
        return Pty(self.command(folder, *args), **given)

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)


class Served:
    """`espera cloud serve` on a free port, asked without a client's library."""

    def __init__(self, lab, folder=None, *args, descriptors=None):
        command = [lab.binary, "--lang", "en", "--speed", "max"]
        if folder:
            command += ["--state-dir", folder]
        command += ["cloud", "serve", "--port", "0"]
        if "--any-credentials" in lab.run(lab.root, "cloud", "serve", "--help").stdout:
            command.append("--any-credentials")
        limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))) if descriptors else None
        self.process = subprocess.Popen(command + list(args), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        preexec_fn=limit)
        first = self.process.stdout.readline()
        self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)", first).group(1))

    def ask(self, service, body, target=None, connection=None):
        headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential=K/20260101/us-east-1/{service}/aws4_request, "
                                    "SignedHeaders=host, Signature=0"}
        if target:
            headers["X-Amz-Target"] = target
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        link = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        link.request("POST", "/", body, headers)
        answer = link.getresponse()
        return answer.status, answer.read()

    def cloudformation(self, connection=None, **form):
        return self.ask("cloudformation", urllib.parse.urlencode({"Version": "2010-05-15", **form}), connection=connection)

    def memory(self):
        """Resident, in MB."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    def close(self):
        self.process.terminate()
        return self.process.wait(timeout=60)


def random_keys(lab, count):
    """Keys of a person who leans on the keyboard: letters, arrows, escapes, mouse reports, pastes."""
    special = [b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\t", b"\r", b"\x1b", b"\x7f", b"\x1b[5~", b"\x1b[6~",
               b"\x1b[<0;20;10M", b"\x1b[<0;20;10m", b"\x1b[<64;5;5M", b"\x1b[200~pasted\x1b[201~", b"\x1bOP"]
    # Neither q nor !: leaving and the shell are tried elsewhere. No Ctrl-C, Ctrl-Z or Ctrl-\\ either.
    plain = [bytes([c]) for c in range(33, 127) if chr(c) not in "q!Q"]
    return b"".join(lab.chance.choice(special if lab.chance.random() < 0.4 else plain) for _ in range(count))


def workshops_killed_at_random_keys_go_on(lab):
    count = lab.times(40)
    folder = lab.folder()
    for _ in range(count):
        t = lab.workshop(folder, "--speed", "max")
        t.shows(b"Checks")
        for _ in range(lab.chance.randrange(1, 12)):
            t.types(random_keys(lab, 5))
            time.sleep(lab.chance.random() * 0.1)
        t.kill()
        t.ends()
        lab.sound(folder)
    print(f"     {count} kills, {count} went on")


def drills_killed_leave_nothing_broken(lab):
    count = lab.times(18)
    faults = ["region", "bucket", "api", "instance", "network", "lag"]
    undone = 0
    for n in range(count):
        folder = lab.at_the_edge()
        process = subprocess.Popen(lab.command(folder, "--speed", "200", "drill", "--fault", faults[n % 6], "--auto"),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5 + lab.chance.random() * 3)
        process.kill()
        process.wait()
        undo = lab.run(folder, "--speed", "max", "drill", "--undo")
        said = undo.stdout + undo.stderr
        assert undo.returncode == 0 or "No drill was cut off" in said, (faults[n % 6], said)
        undone += undo.returncode == 0
        assert "damaged" not in said, said
        again = lab.run(folder, "--speed", "max", "drill", "--undo")
        assert "No drill was cut off" in again.stdout + again.stderr, again.stdout + again.stderr
        lab.sound(folder)
    print(f"     {count} kills, {undone} undone, none left broken")


def many_drills_on_one_state(lab):
    count = lab.times(25)
    folder = lab.at_the_edge()
    for n in range(count):
        fault = ["api", "bucket", "lag"][n % 3]
        done = lab.run(folder, "--speed", "max", "drill", "--fault", fault, "--duration", "60s", patience=300)
        # Nobody recovers, so it ends as "not recovered" (3) or with targets missed; it must come to its end all the same.
        assert done.returncode in (0, 1, 2, 3) and "Errors a user saw" in done.stdout, done.stdout[-400:] + done.stderr
    size = sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)
    began = time.time()
    lab.sound(folder)
    took = time.time() - began
    print(f"     {count} drills, {size / 1e6:.1f} MB, a status takes {took:.2f} s")
    assert size < 40e6, size


def hostile_places(lab):
    """Folders that cannot be used, no HOME, no input: a sentence and a good end, or it goes on."""
    tried = 0
    environments = {
        "no HOME": {"PATH": os.environ["PATH"]},
        "HOME a file": {"PATH": os.environ["PATH"], "HOME": "/etc/hostname"},
        "HOME empty": {"PATH": os.environ["PATH"], "HOME": ""},
        "nothing at all": {},
    }
    for name, env in environments.items():
        done = subprocess.run([lab.binary, "status"], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
        assert done.returncode in (0, 1) and "panicked" not in done.stderr, (name, done)
        assert done.returncode == 0 or done.stderr.strip(), (name, done)
        tried += 1
    for place in ["/proc/espera", "/dev/null/x", "/sys/espera", "/etc/hostname", "x" * 3000]:
        done = lab.run(place, "status")
        assert done.returncode in (0, 1) and "panicked" not in done.stderr, (place, done)
        assert done.stderr.strip(), (place, "says nothing")
        tried += 1
    for descriptors in range(8, 25, 2):
        limit = functools.partial(resource.setrlimit, resource.RLIMIT_NOFILE, (descriptors, descriptors))
        done = lab.run(lab.folder(), "status", preexec_fn=limit)
        assert done.returncode in (0, 1) and "panicked" not in done.stderr, (descriptors, done)
        tried += 1
    done = subprocess.run(lab.command(lab.folder(), "--plain"), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done
    with open("/dev/null", "rb") as null:
        closed = subprocess.run(["sh", "-c", 'exec "$@" <&-', "sh", *lab.command(lab.folder(), "--plain")], stdin=null,
                                capture_output=True, text=True, timeout=60)
    assert closed.returncode in (0, 1) and "panicked" not in closed.stderr, closed
    print(f"     {tried + 2} places, none without a sentence")


def clocks_far_off(lab):
    faketime = shutil.which("faketime")
    assert faketime, "faketime is not installed (Debian: faketime)"
    folder = lab.folder()
    for when in ["1970-01-02 00:00:00", "2099-12-31 23:59:59", "2016-01-01 00:00:00", "2026-11-27 12:00:00"]:
        done = subprocess.run([faketime, when, *lab.command(folder, "status")], capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL)
        assert done.returncode == 0 and not any(w in done.stderr for w in BAD_WORDS), (when, done)
    print("     1970, 2099, ten years back and today on one state")


def endings(lab):
    """However it is ended, the terminal is given back and the state is whole."""
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        folder = lab.folder()
        t = lab.workshop(folder)
        t.shows(b"Checks")
        t.kill(sign)
        t.ends(20)
        t.gives_back()
        lab.sound(folder)
    folder = lab.folder()
    t = lab.workshop(folder)
    t.shows(b"Checks")
    t.close()
    end = time.time() + 20
    while t.alive() and time.time() < end:
        time.sleep(0.02)
    assert not t.alive(), "lives on without a terminal"
    lab.sound(folder)
    print("     TERM, INT, HUP and a terminal that goes away")


def two_at_once(lab):
    folder = lab.folder()
    first = lab.workshop(folder)
    first.shows(b"Checks")
    second = lab.workshop(folder)
    second.shows(b"another espera" if b"another espera" in second.seen.lower() else b"Checks")
    second.types(b"q")
    second.ends(30)
    second.gives_back()
    first.types(b"q")
    time.sleep(0.3)
    first.types(b"\r")
    first.kill(signal.SIGTERM)
    first.ends(30)
    lab.sound(folder)


def resizes_and_keys(lab):
    resizes = lab.times(6000)
    t = lab.workshop(lab.folder(), "--speed", "max")
    t.shows(b"Checks")
    for n in range(resizes):
        t.size(lab.chance.randrange(1, 200), lab.chance.randrange(1, 400))
        if n % 10 == 0:
            t.types(random_keys(lab, 2))
        if n % 100 == 0:
            time.sleep(0.01)
    t.size(1000, 1000)
    time.sleep(1)
    keys = lab.times(20_000)
    for _ in range(keys // 100):
        t.types(random_keys(lab, 100))
        time.sleep(0.005)
    t.size(36, 120)
    time.sleep(0.5)
    assert t.alive(), t.seen[-500:]
    t.kill(signal.SIGTERM)
    t.ends(60)
    t.gives_back()
    print(f"     {resizes} resizes, 1000x1000, {keys} keys")


def slow_connections(lab):
    """Many clients that begin and do not go on: the others are served at once."""
    count = lab.times(2000)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    served = Served(lab)
    held = []
    try:
        for n in range(count):
            link = socket.create_connection(("127.0.0.1", served.port), timeout=10)
            link.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nx" if n % 2 else b"P")
            held.append(link)
        began = time.time()
        status, _ = served.cloudformation(Action="ListStacks")
        took, memory = time.time() - began, served.memory()
        assert status == 200 and took < 1 and memory < 200, (status, took, memory)
        print(f"     {count} held, answered in {took * 1000:.0f} ms, {memory:.0f} MB")
    finally:
        for link in held:
            link.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        served.close()


def stacks_come_and_go(lab):
    count = lab.times(12_000)
    served = Served(lab)
    template = json.dumps({"Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}}})
    link = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    before = served.memory()
    try:
        for n in range(count):
            status, body = served.cloudformation(connection=link, Action="CreateStack", StackName=f"s{n}", TemplateBody=template)
            assert status == 200, body
            status, body = served.cloudformation(connection=link, Action="DeleteStack", StackName=f"s{n}")
            assert status == 200, body
        after = served.memory()
        each = (after - before) * 1024 / count
        print(f"     {count} made and deleted, {before:.0f} to {after:.0f} MB, {each:.1f} kB a cycle")
        assert after < before + 40 + count * 0.02, (before, after)
    finally:
        served.close()


def hard_expressions(lab):
    served = Served(lab)
    try:
        conditions = {"C0": {"Fn::Equals": ["a", "a"]}}
        for n in range(1, 61):
            conditions[f"C{n}"] = {"Fn::And": [{"Condition": f"C{n - 1}"}, {"Condition": f"C{n - 1}"}]}
        body = json.dumps({"Conditions": conditions, "Resources": {"P": {"Type": "AWS::SSM::Parameter", "Condition": "C60",
                           "Properties": {"Type": "String", "Value": "x"}}}})
        began = time.time()
        status, answer = served.cloudformation(Action="CreateStack", StackName="deep", TemplateBody=body)
        assert status in (200, 400) and time.time() - began < 2, (status, answer, time.time() - began)
        pattern = {"Parameters": {"A": {"Type": "String", "Default": "a" * 3000, "AllowedPattern": "(a*)*(a*)*b"}},
                   "Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}}}
        began = time.time()
        status, answer = served.cloudformation(Action="CreateStack", StackName="regex", TemplateBody=json.dumps(pattern))
        assert status == 400 and time.time() - began < 2, (status, answer, time.time() - began)
        print("     conditions of 2^60 paths and a pattern that others never end")
    finally:
        served.close()


CHECKS = [workshops_killed_at_random_keys_go_on, drills_killed_leave_nothing_broken, many_drills_on_one_state, hostile_places,
          clocks_far_off, endings, two_at_once, resizes_and_keys, slow_connections, stacks_come_and_go, hard_expressions]


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("binary")
    asked.add_argument("--share", type=float, default=1.0)
    asked.add_argument("checks", nargs="*")
    given = asked.parse_intermixed_args()
    lab = Lab(given.binary, given.share)
    chosen = [c for c in CHECKS if not given.checks or c.__name__ in given.checks]
    return suite.run([(c.__name__.replace("_", " "), functools.partial(c, lab)) for c in chosen], lab.close)


if __name__ == "__main__":
    raise SystemExit(main())
