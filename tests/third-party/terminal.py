"""The workshop as a person's terminal shows it: tmux presses the keys and reads the screen.

Usage: terminal.py ESPERA_BINARY. Waits are for text on the screen, never for time.
Prints one line a check and `N passed, N failed` at the end.
"""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import suite

PATIENCE = 120

WORDS = {
    "es": {"yes": "s", "checks": "Comprobaciones", "help": "El curso", "start": "Empezar", "result": r"\d de \d objetivos"},
    "en": {"yes": "y", "checks": "Checks", "help": "The course", "start": "Start", "result": r"\d of \d targets"},
}


def alive(pid):
    """Whether the process still runs; one that nobody has waited for has ended all the same."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Terminal:
    """One Espera in one tmux of its own."""

    count = 0

    def __init__(self, binary, folder, lang, size, speed="max"):
        Terminal.count += 1
        self.name = f"espera-ci-{os.getpid()}-{Terminal.count}"
        self.lang, self.folder = lang, folder
        command = f"exec env LANG=C.UTF-8 NO_COLOR= '{binary}' --lang {lang} --speed {speed} --state-dir '{folder}'"
        self.tmux("-u", "-f", "/dev/null", "new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), command)
        self.tmux("set-option", "-g", "remain-on-exit", "on")
        self.shows("Espera")

    def tmux(self, *args):
        done = subprocess.run(["tmux", "-L", self.name, *args], capture_output=True, text=True)
        return done.stdout

    def text(self):
        return self.tmux("capture-pane", "-p")

    def pid(self):
        return int(self.tmux("list-panes", "-F", "#{pane_pid}").split()[0])

    def presses(self, *keys):
        for key in keys:
            self.tmux("send-keys", key)

    def shows(self, pattern, patience=PATIENCE):
        """Waits for text that matches; answers the screen."""
        end = time.time() + patience
        while True:
            text = self.text()
            if re.search(pattern, text):
                return text
            assert time.time() < end, f"`{pattern}` is not on the screen:\n{text}"
            time.sleep(0.02)

    def hides(self, pattern):
        end = time.time() + PATIENCE
        while re.search(pattern, self.text()):
            assert time.time() < end, f"`{pattern}` stays on the screen:\n{self.text()}"
            time.sleep(0.02)

    def ends(self, status="0", signal=""):
        """Waits until the program has ended, and holds it to how."""
        end = time.time() + PATIENCE
        while True:
            found = self.tmux("list-panes", "-F", "#{pane_dead}|#{pane_dead_status}|#{pane_dead_signal}").strip()
            if found.startswith("1|"):
                break
            assert time.time() < end, f"does not end ({found}):\n{self.text()}"
            time.sleep(0.02)
        # tmux sees the terminal close before it knows the status; sometimes it never learns it.
        wanted = f"1||{signal}" if signal else f"1|{status}|"
        assert found in (wanted, "1||"), found

    def close(self):
        """Ends the terminal and waits for the program to have let go of its folder."""
        pid = self.pid()
        self.tmux("kill-server")
        end = time.time() + PATIENCE
        while alive(pid) and time.time() < end:
            time.sleep(0.02)


def bar(step, mark):
    """The step bar at 80 columns gives numbers, at 120 titles: either, with this mark at this step."""
    lead = r"^ (?:[✓○●] [^✓○●]+){%d}" % step if step else "^ "
    return r"(?m)" + lead + mark + " "


def to_step(t, step):
    t.presses("Right")
    t.shows(rf"(?m)^┌ {step} · ")


def drill(t, words):
    """A drill of a whole Region, recovered by Espera, from its form to its result and back."""
    t.presses("D")
    t.shows(rf"\[ {words['start']} \]")
    # Up from the first line is the last one: the start.
    t.presses("Up", "Enter")
    t.shows(words["result"])
    t.shows("RTO")
    t.presses("q")
    t.shows(words["checks"])


def all_steps(binary, lang, size):
    folder = tempfile.mkdtemp()
    t = Terminal(binary, folder, lang, size)
    words = WORDS[lang]
    try:
        t.shows(words["checks"])
        t.presses("a")
        t.shows(" 1. ")
        t.presses("Down", "Down", "Enter")
        t.shows(r"✓ 3\. ")
        t.presses("Enter")
        t.shows(" 10:00")
        t.presses("Down", "Enter")
        t.shows(r"✓ 2\. ")
        t.presses("Enter")
        t.shows(bar(0, "✓"))
        for step in range(1, 6):
            to_step(t, step)
            t.presses("d")
            if step > 1:
                t.shows("USD")
                t.shows(r"\[ No \]")
                t.presses(words["yes"])
            t.shows(bar(step, "✓"))
        to_step(t, 6)
        drill(t, words)
        for key in ("b", "f"):
            t.presses(key)
            t.shows(r"\[ No \]")
            t.presses(words["yes"])
            t.hides(r"\[ No \]")
            # The next key must not be taken while the action runs.
            t.hides(r"x (cancelar|cancel)")
        t.shows(bar(6, "✓"))
        to_step(t, 7)
        t.presses("d")
        t.shows("▶ ")
        t.presses("Enter")
        t.shows(r"\[ No \]")
        t.presses(words["yes"])
        t.shows(bar(7, "✓"))
        t.presses("?")
        t.shows(words["help"])
        t.presses("Escape")
        # Escape and a letter in one breath would be Alt and that letter.
        t.hides(words["help"])
        t.presses("L")
        t.shows(WORDS["en" if lang == "es" else "es"]["checks"])
        t.presses("L")
        t.shows(words["checks"])
        t.presses("q")
        t.ends()
    finally:
        t.close()
    status = json.loads(subprocess.run([binary, "status", "--json", "--state-dir", folder, "--lang", lang],
                                       capture_output=True, text=True, timeout=60).stdout)
    shutil.rmtree(folder)
    return status


def killed_during_the_standby_deploy(binary):
    """The steps by the workshop, then kill -9 in the middle of step 3: the next start goes on."""
    folder = tempfile.mkdtemp()
    walked = subprocess.run([binary, "walk", "--to", "primary", "--speed", "max", "--state-dir", folder],
                            capture_output=True, text=True, timeout=120)
    assert walked.returncode == 0, walked.stdout + walked.stderr
    t = Terminal(binary, folder, "en", (120, 40), speed="20")
    try:
        here = int(re.search(r"(?m)^┌ (\d) · ", t.shows(r"(?m)^┌ \d · ")).group(1))
        for step in range(here + 1, 4):
            to_step(t, step)
        t.presses("d")
        t.shows(r"\[ No \]")
        t.presses("y")
        # On its way: the count stands on the line below the status.
        t.shows(r"unishop-standby +\S+ CREATE_IN_PROGRESS[^\n]*\n[^\n]* [1-9]\d*/\d+ ")
        os.kill(t.pid(), 9)
        t.ends(signal="9")
    finally:
        t.close()
    t = Terminal(binary, folder, "en", (120, 40), speed="max")
    try:
        t.shows(bar(3, "✓"))
        t.presses("q")
        t.ends()
    finally:
        t.close()
    # The saved world remembers deleted stacks too: one id means that it was made once.
    saved = subprocess.run(["grep", "-rhoaE", "stack/unishop-standby/[0-9a-f-]{36}", folder],
                           capture_output=True, text=True)
    made = set(saved.stdout.split())
    shutil.rmtree(folder)
    assert len(made) == 1, made


def a_small_terminal_says_so(binary):
    folder = tempfile.mkdtemp()
    t = Terminal(binary, folder, "en", (60, 20))
    try:
        t.tmux("resize-window", "-x", "20", "-y", "5")
        t.shows("60")
        t.tmux("resize-window", "-x", "100", "-y", "30")
        t.shows("Checks")
        t.presses("q")
        t.ends()
    finally:
        t.close()
        shutil.rmtree(folder)


def keys_are_answered_at_once(binary):
    """Thirty keys one after another, each waited for: far from a clock tick a key."""
    folder = tempfile.mkdtemp()
    t = Terminal(binary, folder, "en", (80, 24))
    try:
        t.shows("Checks")
        began = time.time()
        for _ in range(15):
            t.presses("?")
            t.shows("The course")
            t.presses("Escape")
            t.hides("The course")
        took = (time.time() - began) / 30
        print(f"     {took * 1000:.0f} ms a key, tmux included")
        assert took < 0.4, took
    finally:
        t.close()
        shutil.rmtree(folder)


CHECKS = [
    ("keys are answered at once", keys_are_answered_at_once),
    ("all steps by keys, es 80x24", lambda b: all_steps(b, "es", (80, 24))),
    ("all steps by keys, en 80x24", lambda b: all_steps(b, "en", (80, 24))),
    ("all steps by keys, es 120x40", lambda b: all_steps(b, "es", (120, 40))),
    ("all steps by keys, en 120x40", lambda b: all_steps(b, "en", (120, 40))),
    ("killed during the standby deploy, it goes on", killed_during_the_standby_deploy),
    ("a small terminal says so", a_small_terminal_says_so),
]


def main():
    binary = os.path.abspath(sys.argv[1])
    return suite.run([(name, functools.partial(check, binary)) for name, check in CHECKS])


if __name__ == "__main__":
    sys.exit(main())
