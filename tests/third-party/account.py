"""Nothing of a stranger's, and nothing for ever: `espera --world aws` against a served world behind a fault proxy.

Usage: account.py ESPERA_BINARY [CHECK...]. Python 3.9 or later, standard library only. Each check has a world of
its own. Prints one line a check and `N passed, N failed` at the end.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import suite

HERE = os.path.dirname(os.path.abspath(__file__))
BINARY = sys.argv[1]
OURS = "arn:aws:iam::123456789012"
RUNNING = []


def program():
    """The smallest file that passes for a 64-bit ELF program for ARM: practice only keeps it."""
    path = os.path.join(tempfile.mkdtemp(prefix="espera-unishop-"), "unishop")
    head = bytearray(64)
    head[:5], head[5], head[18:20] = b"\x7fELF\x02", 1, (183).to_bytes(2, "little")
    with open(path, "wb") as file:
        file.write(head)
    return path


def without_aws():
    return {k: v for k, v in os.environ.items() if not k.startswith("AWS_") and "proxy" not in k.lower()}


class World:
    """An account: a served world, a proxy in front of it, and a state folder."""

    def __init__(self, rules=(), speed=5000):
        self.folder = tempfile.mkdtemp(prefix="espera-account-")
        self.rules = os.path.join(self.folder, "rules.json")
        self.lie(*rules)
        self.served = self.start(
            [BINARY, "cloud", "serve", "--port", "0", "--speed", str(speed), "--lang", "en", *self.any_keys()])
        self.port = self.port_of(self.served)
        proxy = [sys.executable, os.path.join(HERE, "fault_proxy.py"), "--upstream", str(self.port), "--listen",
                 "0", "--rules", self.rules, "--log", os.path.join(self.folder, "log")]
        self.proxy = self.start(proxy)
        self.behind = self.port_of(self.proxy)

    @staticmethod
    def any_keys():
        """Where signatures are checked, this world takes any: the proxy answers under a name of its own."""
        told = subprocess.run([BINARY, "cloud", "serve", "--help"], capture_output=True, text=True)
        return ["--any-credentials"] if "--any-credentials" in told.stdout else []

    @staticmethod
    def start(command):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=without_aws())
        RUNNING.append(process)
        return process

    @staticmethod
    def port_of(process):
        port = int(re.search(r"http://[^ :]+:(\d+)", process.stdout.readline()).group(1))
        threading.Thread(target=process.stdout.read, daemon=True).start()
        return port

    def lie(self, *rules):
        """From now on AWS answers by these rules."""
        with open(self.rules + ".new", "w", encoding="utf-8") as file:
            json.dump(list(rules), file)
        os.replace(self.rules + ".new", self.rules)

    def espera(self, *args, state="state", said="", wait=240, env=None):
        """Runs Espera in this account; answers the process when it has ended."""
        command = [BINARY, *args, "--world", "aws", "--endpoint-url", f"http://127.0.0.1:{self.behind}", "--lang", "en",
                   "--state-dir", os.path.join(self.folder, state), "--unishop", UNISHOP]
        keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_CONFIG_FILE": "/nonexistent"}
        done = subprocess.run(command, capture_output=True, text=True, input=said, timeout=wait,
                              env={**without_aws(), **keys, **(env or {})})
        done.all = done.stdout + done.stderr
        return done

    def plain(self, *lines, **more):
        return self.espera("--plain", said="".join(line + "\n" for line in lines), **more)

    def kill_during(self, word, *args):
        """Starts a walk and kills it once it has said `word`."""
        command = [BINARY, *args, "--world", "aws", "--endpoint-url", f"http://127.0.0.1:{self.behind}", "--lang", "en",
                   "--state-dir", os.path.join(self.folder, "state"), "--unishop", UNISHOP]
        keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_CONFIG_FILE": "/nonexistent"}
        walk = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**without_aws(), **keys})
        for line in walk.stdout:
            if word in line:
                break
        walk.kill()
        walk.wait()

    def calls(self):
        """Operations that went through the proxy so far, in order."""
        with open(os.path.join(self.folder, "log"), encoding="utf-8") as file:
            return [json.loads(line)["operation"] for line in file]

    def changes(self, since=0):
        reads = re.compile(r":(Describe|List|Get|Head)|^web|^edge|^-")
        return [c for c in self.calls()[since:] if not reads.search(c)]

    def query(self, service, region, action, **parameters):
        """One call of somebody else's, past the proxy."""
        version = {"rds": "2014-10-31"}.get(service, "2010-05-15")
        body = urllib.parse.urlencode({"Action": action, "Version": version, **parameters})
        return self.raw(service, region, "POST", "/", body)

    def raw(self, service, region, method, path, body):
        scope = f"AWS4-HMAC-SHA256 Credential=K/20261123/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": scope, "Content-Type": "application/x-www-form-urlencoded", "x-amz-date": "20261123T000000Z"}
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, (service, method, path, answer.status, text)
        return text

    def wait_for(self, what, word, seconds=60):
        end = time.time() + seconds
        while word not in what():
            assert time.time() < end, f"{word} never came: {what()}"
            time.sleep(0.1)


ANOTHER = {"mode": "replace", "ops": "sts:", "replace": [["123456789012", "999988887777"]]}
UNISHOP = program()
THEIRS = json.dumps({
    "Resources": {"Pages": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "somebodys-pages"}}},
    "Outputs": {"PagesBucket": {"Value": {"Ref": "Pages"}}}})
TAG = {"Tags.member.1.Key": "espera", "Tags.member.1.Value": "module-4"}


def foreign_stack():
    """AS3: a stack of our name, with a tag and pages of its own."""
    world = World()
    world.query("cloudformation", "us-east-1", "CreateStack", StackName="unishop-primary", TemplateBody=THEIRS,
                **{"Tags.member.1.Key": "owner", "Tags.member.1.Value": "ana"})
    world.wait_for(lambda: world.query("cloudformation", "us-east-1", "DescribeStacks"), "CREATE_COMPLETE")
    world.raw("s3", "us-east-1", "PUT", "/somebodys-pages/index.html", "theirs")
    walk = world.espera("walk", "--yes", "--to", "primary")
    assert walk.returncode == 1 and "owner=ana" in walk.all and "does not touch it" in walk.all, walk.all
    for keys in (["2", "d", "9012"], ["6", "b", "y"], ["7", "d", "1", "9012"]):
        told = world.plain(*keys)
        assert "does not touch it" in told.all or "not of this run" in told.all, told.all
    assert world.changes() == [], world.changes()
    assert world.raw("s3", "us-east-1", "GET", "/somebodys-pages/index.html", "") == "theirs"


def another_run():
    """A stack with our tag that this state did not make: asked about, and taken over with --adopt."""
    world = World()
    world.query("cloudformation", "us-east-1", "CreateStack", StackName="unishop-primary", TemplateBody=THEIRS, **TAG)
    world.wait_for(lambda: world.query("cloudformation", "us-east-1", "DescribeStacks"), "CREATE_COMPLETE")
    walk = world.espera("walk", "--yes", "--to", "primary")
    assert walk.returncode == 1 and "--adopt" in walk.all, walk.all
    told = world.plain("2", "d", "9012", "n")
    assert "It bears Espera's tag, but this state did not make it" in told.all, told.all
    assert world.changes() == [], world.changes()
    # It is no shop, so its checks would be waited for; that it is taken over is enough.
    word = "Taken over as yours: us-east-1: unishop-primary"
    walk = told_within(world, 30, "walk", "--yes", "--adopt", "--to", "primary", word=word)
    assert word in walk, walk


def foreign_bucket():
    """AS9: the program's bucket belongs to another account."""
    world = World([{"mode": "denied", "ops": "s3:"}])
    walk = world.espera("walk", "--yes", "--to", "primary")
    assert walk.returncode == 1 and "belongs to another account" in walk.all, walk.all
    assert not [c for c in world.changes() if "Put" in c or "Change" in c], world.changes()


def foreign_global_database():
    """AS2: clean-up in an account without a stack of ours, with a global database of our name."""
    world = World([{"mode": "foreign-global"}])
    told = world.plain("7", "d", "1", "9012")
    assert "rds:RemoveFromGlobalCluster" not in world.calls(), world.calls()
    assert "Sweep: nothing of the workshop is left." in told.all, told.all


def other_account():
    """AS4, AS5: the same state folder with another account's credentials."""
    world = World()
    world.kill_during("change set", "walk", "--yes", "--to", "primary")
    done = world.espera("status", "--json")
    known = json.loads(done.stdout)
    assert known["running"] == "deploy-primary", known
    world.lie(ANOTHER)
    before = len(world.calls())
    told = world.plain("stacks")
    assert "999988887777" in told.all and "deploy-primary" not in told.all, told.all
    assert "cut off" not in told.all and world.changes(before) == [], world.changes(before)
    status = json.loads(world.espera("status", "--json").stdout)
    assert status["running"] is None, status
    passed = [c["id"] for s in status["steps"] for c in s["checks"] if c["verdict"] == "pass"]
    assert not [c for c in passed if c.startswith("identity")], passed
    # Back in the first one it is asked first, by name, and nothing happens without a yes.
    world.lie()
    before = len(world.calls())
    told = world.plain("n")
    assert "was cut off" in told.all and "Account: 123456789012" in told.all, told.all
    assert world.changes(before) == [], world.changes(before)
    # A folder moved under another account's name is refused.
    aws = os.path.join(world.folder, "state", "aws")
    [ours] = [n for n in os.listdir(aws) if "123456789012" in n]
    [theirs] = [n for n in os.listdir(aws) if "999988887777" in n]
    os.replace(os.path.join(aws, ours, "progress.json"), os.path.join(aws, theirs, "progress.json"))
    world.lie(ANOTHER)
    refused = world.espera("status")
    assert refused.returncode == 1 and "this goes no further" in refused.stderr, refused.all


def named():
    """AS6: the account, its identity and where the credentials come from, as they are."""
    world = World()
    for env, words in (({}, "credentials: AWS_ACCESS_KEY_ID"), ({"AWS_PROFILE": "prod"}, "credentials: AWS_ACCESS_KEY_ID")):
        told = world.plain("2", "d", "n", env=env)
        assert told.all.count("Account: 123456789012") >= 2 and words in told.all, told.all
    masked = world.espera("--plain", "--presenter", said="2\nd\nn\n")
    assert "123456789012" not in masked.all and "1234****9012" in masked.all, masked.all


def judged_anew():
    """AS5: what passed once and is gone is done again, not believed."""
    world = World()
    walk = world.espera("walk", "--yes", "--to", "primary")
    assert walk.returncode == 0, walk.all
    before = len(world.calls())
    again = world.espera("walk", "--yes", "--to", "primary")
    assert again.returncode == 0 and "passed already" in again.stdout, again.all
    assert world.changes(before) == [], world.changes(before)
    # Somebody deleted the stack.
    world.lie({"mode": "error", "ops": "cloudformation:DescribeStacks$", "code": "ValidationError", "status": 400,
               "message": "Stack with id unishop-primary does not exist"})
    before = len(world.calls())
    gone = told_within(world, 60, "walk", "--yes", "--to", "primary", word="deploy-primary: ")
    assert "cloudformation:CreateChangeSet" in world.calls()[before:], gone
    told = told_within(world, 30, "--plain", said="", word="no longer in the account")
    assert "are to be passed again" in told, told


def system_snapshot():
    """AS1: an automated snapshot is told with its date and stops nothing."""
    world = World()
    walk = world.espera("walk", "--yes", "--to", "primary")
    assert walk.returncode == 0, walk.all
    clusters = world.query("rds", "us-east-1", "DescribeDBClusters")
    cluster = re.search(r"<DBClusterIdentifier>(unishop-primary-[^<]+)", clusters).group(1)
    one = ("<DBClusterSnapshot><DBClusterSnapshotIdentifier>rds:unplanned-global-failover-x</DBClusterSnapshotIdentifier>"
           f"<DBClusterIdentifier>{cluster}</DBClusterIdentifier><SnapshotType>automated</SnapshotType>"
           "<SnapshotCreateTime>2026-11-27T10:00:00Z</SnapshotCreateTime></DBClusterSnapshot>")
    empty = ["<DBClusterSnapshots></DBClusterSnapshots>", "<DBClusterSnapshots/>"]
    world.lie({"mode": "replace", "region": "us-east-1", "ops": "rds:DescribeDBClusterSnapshots",
               "replace": [[e, f"<DBClusterSnapshots>{one}</DBClusterSnapshots>"] for e in empty]})
    told = world.plain("7", "d", "1", "9012")
    assert "removes it by itself, about 2026-11-28" in told.all, told.all
    assert "rds:DeleteDBClusterSnapshot" not in world.calls()
    buckets = world.raw("s3", "us-east-1", "GET", "/", "")
    assert "espera-artifacts" not in buckets and "Sweep: nothing of the workshop is left." in told.all, told.all


def per_key_errors():
    """AS7: DeleteObjects answers 200 and an error for each key."""
    world = World()
    walk = world.espera("walk", "--yes", "--to", "primary")
    assert walk.returncode == 0, walk.all
    world.lie({"mode": "delete-errors"})
    told = world.plain("7", "d", "1", "9012")
    deletes = world.calls().count("s3:DeleteObjects")
    assert 1 <= deletes <= 6, deletes
    assert "cannot be deleted" in told.all and "AWS says \"AccessDenied: Access Denied\"" in told.all, told.all


def repeated_token():
    """SM9: the same page of events for ever."""
    world = World([{"mode": "repeat-token"}])
    walk = world.espera("walk", "--yes", "--to", "primary", wait=120)
    assert walk.returncode == 1 and "same page of a list" in walk.all, walk.all
    assert world.calls().count("cloudformation:DescribeStackEvents") < 60


def lost_reply():
    """SM8: ExecuteChangeSet is carried out and its answer is lost."""
    world = World([{"mode": "reset-after", "ops": "cloudformation:ExecuteChangeSet$"}])
    walk = world.espera("walk", "--yes", "--to", "primary")
    assert walk.returncode == 0, walk.all
    assert world.calls().count("cloudformation:CreateChangeSet") == 1


def silence():
    """AS8: an AWS that never answers is told within ten seconds, and nothing is claimed about it."""
    world = World()

    def timed(state, call):
        began = time.time()
        return state, call(state), time.time() - began

    def at_once(**calls):
        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(timed, calls, calls.values()))

    asks = lambda *args: lambda state: world.espera(*args, wait=30, state=state)
    # What this machine, as busy as it is, takes where AWS answers comes on top: twice, for it gets busier too.
    limit = 10.5 + 2 * max(took for _, _, took in at_once(one=asks("status"), two=asks("status"), three=asks("status")))
    world.lie({"mode": "hang"})
    for state, done, took in at_once(status=asks("status"), walk=asks("walk", "--yes"), plain=asks("--plain")):
        assert done.returncode == 1 and "AWS has not answered for 9 s" in done.all, (state, done.all)
        assert took < limit, (state, took)
    # Silent after STS has said who one is.
    world.lie({"mode": "hang", "ops": "cloudformation:|s3:|rds:|dynamodb:|cloudfront:"})
    (_, status, took), (_, walk, _), (_, plain, _) = at_once(
        status=asks("status"),
        walk=lambda state: told_within(world, limit, "walk", "--yes", "--to", "primary", state=state),
        plain=lambda state: told_within(world, limit, "--plain", said="stacks\n", state=state))
    assert status.returncode == 1 and re.search(r"has not answered for \d+ s", status.all), status.all
    assert took < limit and "us-east-1: unknown" in status.stdout, (took, status.all)
    assert "has not answered for" in walk, walk
    assert "has not answered for" in plain and "no stacks yet" not in plain and "0.00 USD" not in plain, plain


def told_within(world, seconds, *args, said="", word="has not answered for", state="state"):
    """What Espera says until it tells of a silence (or `word`), ends, or for so many seconds."""
    command = [BINARY, *args, "--world", "aws", "--endpoint-url", f"http://127.0.0.1:{world.behind}", "--lang", "en",
               "--state-dir", os.path.join(world.folder, state), "--unishop", UNISHOP]
    keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_CONFIG_FILE": "/nonexistent"}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**without_aws(), **keys})
    RUNNING.append(process)
    heard = []

    def listen():
        for line in process.stdout:
            heard.append(line)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    process.stdin.write(said)
    process.stdin.flush()
    end = time.time() + seconds
    while time.time() < end and listener.is_alive() and not any(word in line for line in list(heard)):
        time.sleep(0.1)
    process.kill()
    return "".join(heard)


def control_characters():
    """What AWS's texts carry never reaches a terminal, in a walk to the edge and in all that tells of it."""
    strange = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

    def clean(done):
        assert not strange.search(done.all), (done.args, strange.search(done.all))
        return done.returncode

    # In the events' reasons alone the walk goes on; in outputs and ids it has to stop, and says so.
    world = World([{"mode": "control-chars", "ops": "cloudformation:DescribeStackEvents"}])
    walk = world.espera("walk", "--yes", "--to", "edge")
    assert clean(walk) == 0, walk.all
    world.lie({"mode": "control-chars"})
    for args in (["walk", "--yes", "--to", "edge"], ["walk", "--yes", "--json"], ["status"], ["status", "--json"]):
        clean(world.espera(*args))
    clean(world.plain("stacks", "l", "5", "c", "7", "d", "n"))


def end():
    for process in RUNNING:
        if process.poll() is None:
            process.kill()


CHECKS = [foreign_stack, another_run, foreign_bucket, foreign_global_database, other_account, named, judged_anew,
          system_snapshot, per_key_errors, repeated_token, lost_reply, control_characters, silence]

if __name__ == "__main__":
    wanted = sys.argv[2:]
    chosen = [c for c in CHECKS if not wanted or c.__name__ in wanted]
    named = [(c.__doc__.split("\n")[0], c) for c in chosen]
    # What is held to the second runs alone.
    sys.exit(suite.run([n for n in named if n[1] is silence], end, [n for n in named if n[1] is not silence]))
