"""Kills of a served world: nothing acknowledged is lost, nothing shown un-happens."""

import os
import random
import shutil
import tempfile
import time

import crash_load
from served import DidNotStart, Gone, Served

WORKERS = 6
# How many faults of a part are told one by one; the rest are counted.
MOST = 40


class Tally:
    """Figures of a part and what went wrong in it."""

    def __init__(self):
        self.figures, self.wrong = {}, []

    def add(self, name, count=1):
        self.figures[name] = self.figures.get(name, 0) + count

    def fail(self, text):
        self.wrong.append(text)
        if len(self.wrong) <= MOST:
            print(f"     {text}", flush=True)

    def __str__(self):
        return ", ".join(f"{count} {name}" for name, count in self.figures.items())


def under_load(binary, kills, seed):
    """Kills at random moments under load, during folds and during start-up; every answer is checked after each."""
    tally, chance = Tally(), random.Random(seed)
    folder = tempfile.mkdtemp(prefix="espera-kills-")
    served = Served(binary, folder)
    served.start()
    crash_load.prepare(served.client())
    ledgers = [crash_load.Ledger(number, seed) for number in range(WORKERS)]
    served.kill()
    start(served, tally)
    done = 0
    while done < kills:
        load = crash_load.Load(served, ledgers)
        way = chance.random()
        if way < 0.25 and folding_seen(folder, 1.5):
            tally.add("while folding")
            time.sleep(chance.random() * 0.05)
        else:
            time.sleep(0.02 + chance.random() * 0.8)
        if served.process.poll() is not None:
            tally.fail(f"the server ended by itself: {served.told}")
        served.kill()
        done += 1
        for failure in load.end():
            tally.fail(failure)
        if chance.random() < 0.2 and done < kills:
            served.launch()
            time.sleep(chance.random() * 0.25)
            served.kill()
            done += 1
            tally.add("during start-up")
        if not start(served, tally):
            break
        client = served.client()
        found = crash_load.everything(client)
        for ledger in ledgers:
            for wrong in ledger.check(*found):
                tally.fail(wrong)
            tally.add("refused", len(ledger.refused))
            ledger.refused = []
    served.kill()
    tally.figures = {"kills": done, "writes acknowledged": sum(ledger.acknowledged for ledger in ledgers),
                     "of them moves of stacks": sum(ledger.stacks for ledger in ledgers),
                     "counted": sum(ledger.counter for ledger in ledgers), **tally.figures,
                     "lost or wrong": len(tally.wrong)}
    shutil.rmtree(folder, ignore_errors=True)
    return tally


def start(served, tally):
    """Starts it again; a notice after a mere kill is a fault."""
    try:
        told = served.start()
    except DidNotStart as error:
        tally.fail(f"it does not start again: {error}")
        return False
    for line in told.splitlines():
        # A large request may be half-written when the kill comes. It was not answered.
        if "ends in the middle of a request" in line:
            tally.add("told of a request cut in the middle")
        else:
            tally.fail(f"a kill alone was told as damage: {line}")
    return True


def folding_seen(folder, patience):
    """Waits until a snapshot is being written."""
    served = os.path.join(folder, "served")
    end = time.time() + patience
    while time.time() < end:
        if any(name.startswith("world") and name.endswith((".new", ".tmp", ".part")) for name in os.listdir(served)):
            return True
        time.sleep(0.001)
    return False


# How many requests a start carries out again at most.
ENTRIES = 3000


def of_starts(binary, kills, seed):
    """Kills while a long journal is carried out again: no request is taken for what ended the program."""
    tally, chance = Tally(), random.Random(seed)
    folder = tempfile.mkdtemp(prefix="espera-starts-")
    served = Served(binary, folder)
    served.start()
    client = served.client()
    crash_load.prepare(client)
    ledger = crash_load.Ledger(0, seed)
    entries = min(ENTRIES, 100 * kills)
    for number in range(entries):
        # A last one that takes its time is the likeliest to be found by a kill.
        last = number == entries - 1
        ledger.move_stack(client) if last else chance.choice([ledger.put_item, ledger.count])(client)
    served.kill()
    served.launch()
    began = time.time()
    while not is_open(served) and served.process.poll() is None:
        time.sleep(0.002)
    usual = time.time() - began
    served.kill()
    replaying = 0
    for kill in range(kills):
        served.launch()
        time.sleep(chance.random() * min(usual, 0.1 if kill % 2 else usual) * 1.1)
        replaying += not is_open(served)
        served.kill()
        for line in served.told.splitlines():
            tally.fail(f"a kill alone was told as damage: {line}")
    if start(served, tally):
        for wrong in ledger.check(*crash_load.everything(served.client())):
            tally.fail(wrong)
        for name in os.listdir(os.path.join(folder, "served")):
            if name.endswith(".set-aside"):
                tally.fail(f"a request was set aside: {name}")
    served.kill()
    tally.figures = {"kills of starts": kills, "before they served": replaying, "seconds a start takes": round(usual, 2),
                     "lost or blamed": len(tally.wrong)}
    shutil.rmtree(folder, ignore_errors=True)
    return tally


def is_open(served):
    """Whether it has begun to serve since it was launched."""
    return bool(served.said)


# Something is seen done, and the program is killed at once.


def a_stack_complete(client, name, _):
    assert client.cfn("CreateStack", StackName=name, TemplateBody=crash_load.TEMPLATE).done
    until(lambda: crash_load.status_of(client, name) == "CREATE_COMPLETE")
    return lambda: crash_load.status_of(client, name), "CREATE_COMPLETE"


def a_stack_updated(client, name, _):
    a_stack_complete(client, name, None)
    changed = client.cfn("UpdateStack", StackName=name, UsePreviousTemplate="true",
                         **{"Parameters.member.1.ParameterKey": "Word", "Parameters.member.1.ParameterValue": "two"})
    assert changed.done, changed
    until(lambda: crash_load.status_of(client, name) == "UPDATE_COMPLETE")
    return lambda: crash_load.status_of(client, name), "UPDATE_COMPLETE"


def a_table_active(client, name, _):
    made = client.ddb("CreateTable", TableName=name, BillingMode="PAY_PER_REQUEST",
                      KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                      AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
    assert made.done, made
    status = lambda: client.ddb("DescribeTable", TableName=name).json()["Table"]["TableStatus"]
    until(lambda: status() == "ACTIVE")
    return status, "ACTIVE"


def the_clock_read(client, name, chance):
    time.sleep(chance.random() * 0.3)
    seen = client.clock()
    return lambda: client.clock() >= seen, True


def the_health_read(client, name, chance):
    """The moment in an answer of the world itself."""
    time.sleep(chance.random() * 0.3)
    moment = lambda: client.call("GET", "/_espera/health").json()["now"]
    seen = moment()
    return lambda: moment() >= seen, True


def an_object_dated(client, name, chance):
    """When an object came is what its reader was told."""
    client.s3("PUT", f"/{name}")
    client.s3("PUT", f"/{name}/a", b"a")
    dated = lambda: client.s3("HEAD", f"/{name}/a").headers["Last-Modified"]
    return dated, dated()


SEEN = [a_stack_complete, a_table_active, the_clock_read, a_stack_updated, the_health_read, an_object_dated]


def until(true, patience=60):
    end = time.time() + patience
    while not true():
        assert time.time() < end, "it does not come"
        time.sleep(0.003)


def seen_done(binary, kills, seed):
    """Kills right after something was seen done: after the restart it is still so, and the clock not behind."""
    tally, chance = Tally(), random.Random(seed)
    folder = tempfile.mkdtemp(prefix="espera-seen-")
    served = Served(binary, folder, speed="100")
    slow = Served(binary, folder, speed="1")
    for kill in range(kills):
        kind = SEEN[kill % len(SEEN)]
        name = kind.__name__.replace("_", " ")
        if not start(served, tally):
            break
        client = served.client()
        _, wanted = look = kind(client, f"seen-{kill}", chance)
        moment = client.clock() if kind is not the_clock_read else 0
        served.kill()
        # In a world as slow as the real one what went back would be seen for a while.
        if not start(slow, tally):
            break
        client.served, client.connection = slow, None
        there, now = look[0](), client.clock()
        if there != wanted:
            tally.fail(f"{name}: {there} after the kill, {wanted} before it")
            tally.add(name + " un-happened")
        if now < moment:
            tally.fail(f"{name}: the clock is {(moment - now) / 1000:.1f} s behind")
            tally.add("clocks behind")
        slow.kill()
    tally.figures = {"kills": kills, **tally.figures, "un-happened": len(tally.wrong)}
    shutil.rmtree(folder, ignore_errors=True)
    return tally
