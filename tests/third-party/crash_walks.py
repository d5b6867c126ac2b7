"""Kills of `espera walk`: each next one goes on, and the last ends with all passed."""

import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time

from crash_kills import Tally

# Fast, and so slow that a kill falls between any two steps of an action.
SPEEDS = ["max", "max", "3000"]
# How many kills a walk gets before it may end.
KILLS = 5


def walk(binary, folder, speed):
    command = [binary, "walk", "--json", "--lang", "en", "--speed", speed, "--state-dir", folder]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def passed(folder):
    """What progress says, read as a tool reads it."""
    try:
        with open(os.path.join(folder, "practice", "progress.json"), encoding="utf-8") as file:
            return set(json.load(file)["passed"])
    except FileNotFoundError:
        return set()


def why(out):
    """What a walk that did not end well told: its errors and the last of what it did."""
    lines = out.splitlines()
    return " ".join([line for line in lines if '"error"' in line] + lines[-6:])


def killed(binary, kills, seed):
    tally, chance = Tally(), random.Random(seed)
    done = ended = 0
    usual = 8.0
    while done < kills:
        folder = tempfile.mkdtemp(prefix="espera-walks-")
        before = set()
        for _ in range(min(KILLS, kills - done)):
            process = walk(binary, folder, chance.choice(SPEEDS))
            try:
                process.wait(timeout=chance.random() * usual * 0.5)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                done += 1
            out, told = process.communicate()
            if process.returncode not in (0, -signal.SIGKILL):
                tally.fail(f"status {process.returncode}: {told} {why(out)}")
            now = passed(folder)
            if not before <= now:
                tally.fail(f"passed no more: {before - now}")
            before = now
            if process.returncode == 0:
                break
        began = time.time()
        process = walk(binary, folder, "max")
        out, told = process.communicate(timeout=600)
        usual = max(usual / 2, time.time() - began)
        ended += 1
        if process.returncode != 0 or told.strip():
            tally.fail(f"the last walk: status {process.returncode}: {told} {why(out)}")
        shutil.rmtree(folder, ignore_errors=True)
    tally.figures = {"kills": done, "walks to the end": ended, "that did not go on": len(tally.wrong)}
    return tally


def drills(binary, kills, seed):
    """A drill is killed right after it told something: its log keeps that, and time does not go back in it."""
    tally, chance = Tally(), random.Random(seed)
    ready = tempfile.mkdtemp(prefix="espera-drills-")
    process = subprocess.run([binary, "walk", "--to", "edge", "--speed", "max", "--json", "--state-dir", ready],
                             capture_output=True, text=True, timeout=600)
    assert process.returncode == 0, process.stderr
    for _ in range(kills):
        folder = tempfile.mkdtemp(prefix="espera-drill-")
        shutil.copytree(ready, folder, dirs_exist_ok=True)
        base = ["--lang", "en", "--speed", "60", "--state-dir", folder]
        drill = subprocess.Popen([binary, "drill", "--auto", "--json", "--yes", *base], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True)
        shown = []
        for _ in range(chance.randrange(2, 40)):
            line = drill.stdout.readline()
            if not line:
                break
            shown.append(json.loads(line))
        drill.send_signal(signal.SIGKILL)
        drill.communicate()
        logs = os.path.join(folder, "practice", "drills")
        log = next((os.path.join(logs, name, "log.jsonl") for name in os.listdir(logs) if name[0] != "."), None)
        if log is None:
            tally.fail("the drill that was told of has no log")
            continue
        before = events(log)
        settled = subprocess.run([binary, "drill", "--finish", "--json", *base[:2], "--speed", "max", *base[4:]],
                                 capture_output=True, text=True, timeout=300)
        # 3: a target was missed, which a drill that was cut off may well do.
        if settled.returncode not in (0, 3):
            tally.fail(f"it cannot be finished: status {settled.returncode}: {settled.stderr}")
        after = events(log)
        if [without_sum(e) for e in after[: len(before)]] != [without_sum(e) for e in before]:
            tally.fail("what its log held has changed")
        times = [event["at"] for event in after]
        if any(later < earlier for earlier, later in zip(times[len(before) - 1 :], times[len(before) :])):
            back = max(a - b for a, b in zip(times[len(before) - 1 :], times[len(before) :]))
            tally.fail(f"time in its log goes back by {back / 1000:.1f} s behind the kill")
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(ready, ignore_errors=True)
    tally.figures = {"kills of drills": kills, "un-happened": len(tally.wrong)}
    return tally


def events(log):
    """The whole lines of a log."""
    with open(log, encoding="utf-8", errors="replace") as file:
        return [json.loads(line) for line in file.read().splitlines(keepends=True) if line.endswith("\n")]


def without_sum(event):
    return {key: value for key, value in event.items() if key != "sum"}
