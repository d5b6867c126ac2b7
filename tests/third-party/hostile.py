"""What once brought a served world down, asked over a socket again: each is refused in AWS's words, at once and
within a memory that stays small, and the world goes on, over a restart too. Run by clients.py."""

import json
import os
import shutil
import socket
import tempfile
import time

import served

# Of the server's processor time, which a busy machine does not lengthen; and of the clock, which it does.
WORK, WAIT = 1.0, 30.0
MEGABYTES = 200
HALF_SENT = 1_000


class Under:
    """A served world of its own, with a state folder, and the process that serves it."""

    def __init__(self, binary):
        self.folder = tempfile.mkdtemp(prefix="espera-hostile-")
        self.world = served.Served(binary, self.folder)
        self.world.start()
        self.client = self.world.client()
        table = self.client.ddb(
            "CreateTable", TableName="ttt", BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
        assert table.done, table
        until = time.time() + 30
        while not self.client.ddb("PutItem", TableName="ttt", Item={"pk": {"S": "good"}}).done:
            assert time.time() < until, "the table never became active"
            time.sleep(0.05)

    def peak(self):
        """The most memory it ever had, in megabytes; nothing where the system does not tell."""
        try:
            with open(f"/proc/{self.world.process.pid}/status", encoding="ascii") as status:
                return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
        except FileNotFoundError:
            return 0

    def worked(self):
        """Seconds of processor time that it has had; real time where the system does not tell."""
        try:
            with open(f"/proc/{self.world.process.pid}/stat", encoding="ascii") as stat:
                fields = stat.read().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except FileNotFoundError:
            return time.monotonic()

    def refuses(self, words, ask):
        began, before = time.monotonic(), self.worked()
        answer = ask()
        worked, waited = self.worked() - before, time.monotonic() - began
        assert answer.status == 400 and words in answer.body.decode(), (words, answer)
        assert worked < WORK and waited < WAIT, f"{words}: worked {worked:.2f} s, answered after {waited:.2f} s"
        self.goes_on()

    def goes_on(self):
        began = time.monotonic()
        item = self.world.client().ddb("GetItem", TableName="ttt", Key={"pk": {"S": "good"}})
        assert item.json()["Item"] == {"pk": {"S": "good"}}, item
        assert time.monotonic() - began < WAIT, "others waited"
        assert self.peak() < MEGABYTES, f"{self.peak():.0f} MB"

    def ends(self):
        """Ends it in good order, and sees that what it kept is read again."""
        try:
            assert self.world.stop() == 0, self.world.told
            told = self.world.start()
            assert "set aside" not in told and "damage" not in told, told
            self.goes_on()
        finally:
            self.world.kill()
            shutil.rmtree(self.folder, ignore_errors=True)


def under(check):
    """A check with a world of its own, which must be sound when it is over."""

    def run(s):
        world = Under(s.binary)
        try:
            check(world)
        except BaseException:
            world.world.kill()
            raise
        world.ends()

    run.__name__ = check.__name__
    return run


@under
def hostile_expressions(u):
    """SB1: ten thousand parts, which overflowed the stack."""
    put = lambda condition: u.client.ddb(
        "PutItem", TableName="ttt", Item={"pk": {"S": "a"}}, ConditionExpression=condition)
    size = "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size"
    for text in (" AND ".join(["pk=pk"] * 10_000), " OR ".join(["pk=pk"] * 10_000), "NOT " * 30_000 + "pk=pk",
                 "(" * 50_000 + "pk=pk" + ")" * 50_000, "a." * 50_000 + "a=pk"):
        u.refuses(size, lambda: put(text))
    u.refuses("too many operators; operator count: 301", lambda: put(" OR ".join(["a=b"] * 151)))
    u.refuses("Invalid ConditionExpression", lambda: put("(" * 4_000))
    update = lambda text: u.client.ddb("UpdateItem", TableName="ttt", Key={"pk": {"S": "a"}}, UpdateExpression=text,
                                       ExpressionAttributeValues={":n": {"N": "1"}})
    u.refuses("Invalid UpdateExpression: Expression size", lambda: update("SET a = :n" + "+:n" * 20_000))
    scan = lambda name: u.client.ddb("Scan", TableName="ttt", **{name: " AND ".join(["pk=pk"] * 10_000)})
    u.refuses("Invalid FilterExpression: Expression size", lambda: scan("FilterExpression"))
    u.refuses("Invalid ProjectionExpression: Expression size", lambda: scan("ProjectionExpression"))


@under
def hostile_nesting(u):
    """SB3: items that could be written and not read. DynamoDB has 32 levels."""
    def nested(levels, kind):
        value = {"S": "x"}
        for _ in range(levels):
            value = {kind: [value] if kind == "L" else {"m": value}}
        return value

    def put(levels, kind):
        return u.client.ddb("PutItem", TableName="ttt", Item={"pk": {"S": f"{kind}{levels}"}, "v": nested(levels, kind)})

    for kind in "LM":
        assert put(31, kind).done
        for levels in (32, *range(55, 65), 100):
            u.refuses("Nesting Levels have exceeded supported limits", lambda: put(levels, kind))
        for levels in (1_000, 20_000):
            # Deeper than a JSON reader goes; written by hand, since Python's does not go there either.
            value = ('{"L":[' if kind == "L" else '{"M":{"m":') * levels + '{"S":"x"}' + ("]}" if kind == "L" else "}}") * levels
            body = f'{{"TableName":"ttt","Item":{{"pk":{{"S":"a"}},"v":{value}}}}}'.encode()
            target = {"X-Amz-Target": "DynamoDB_20120810.PutItem", "Content-Type": "application/x-amz-json-1.0"}
            u.refuses("Exception", lambda: u.client.call("POST", "/", body, target, service="dynamodb"))
        kept = u.client.ddb("GetItem", TableName="ttt", Key={"pk": {"S": f"{kind}31"}}).json()
        assert kept["Item"]["v"] == nested(31, kind), kept


@under
def hostile_templates(u):
    """SB2: 20 kB that grew without end, and what else a template may not be."""
    inner = {"Fn::Sub": ["${b}" * 2000, {"b": {"Fn::Sub": "${A}" * 100}}]}
    sub = {"Fn::Sub": ["${a}" * 2000, {"a": inner}]}
    parameter = {"A": {"Type": "String", "Default": "a" * 4000}}
    value = lambda text: {"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": text}}}
    create = lambda name, body: u.client.cfn("CreateStack", StackName=name, TemplateBody=json.dumps(body))
    topic = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "v"}}
    grow = {"Fn::Join": ["", [{"Ref": "A"}] * 200]}
    for _ in range(3):
        grow = {"Fn::Join": ["", [grow] * 6]}
    for name, body in (
        ("bomb", {"Parameters": parameter, "Resources": value(sub)}),
        ("outputs", {"Parameters": parameter, "Resources": {"T": topic}, "Outputs": {"O": {"Value": sub}}}),
        ("joins", {"Parameters": parameter, "Resources": value(grow)}),
    ):
        u.refuses("ValidationError", lambda: create(name, body))
    many = {"Resources": {f"R{n}": {"Type": "AWS::CloudFormation::WaitConditionHandle"} for n in range(501)}}
    u.refuses("Number of resources, 501, is greater than maximum allowed, 500", lambda: create("many", many))
    many["Resources"].pop("R500")
    assert create("five-hundred", many).done
    u.refuses("Parameter count 201 is greater than max allowed 200", lambda: create("parameters", {
        "Parameters": {f"P{n}": {"Type": "String", "Default": "v"} for n in range(201)}, "Resources": {"T": topic}}))
    u.refuses("Outputs count 201 is greater than max allowed 200", lambda: create("outputs", {
        "Resources": {"T": topic}, "Outputs": {f"O{n}": {"Value": "v"} for n in range(201)}}))
    u.refuses("Mappings count 201 is greater than max allowed 200", lambda: create("mappings", {
        "Mappings": {f"M{n}": {"x": {"y": "z"}} for n in range(201)}, "Resources": {"T": topic}}))
    text = lambda body: u.client.cfn("CreateStack", StackName="text", TemplateBody=body)
    u.refuses("ValidationError", lambda: text("[" * 25_000))
    u.refuses("ValidationError", lambda: text('{"Resources":' + '{"Fn::Not":[' * 4_000))
    u.refuses("51200", lambda: text("a" * 51_201))
    aliases = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)) + "Resources: *a11\n"
    u.refuses("ValidationError", lambda: text(aliases))


@under
def hostile_slowness(u):
    """SN2: a thousand bodies that are begun and not ended hold neither memory nor others."""
    port, open_ = u.world.port, []
    head = (f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 1000000\r\n"
            "X-Amz-Target: DynamoDB_20120810.PutItem\r\nContent-Type: application/x-amz-json-1.0\r\n\r\n").encode()
    try:
        for n in range(HALF_SENT):
            one = socket.create_connection(("127.0.0.1", port), timeout=10)
            one.setblocking(False)
            try:
                one.send(head + b"x" * 200_000)
            except (BlockingIOError, ConnectionError):
                pass  # it takes no more of this one
            open_.append(one)
            if n % 100 == 99:
                u.goes_on()
        u.goes_on()
        large = u.client.ddb("PutItem", TableName="ttt", Item={"pk": {"S": "b"}, "v": {"S": "x" * 300_000}})
        assert large.done, large
    finally:
        for one in open_:
            one.close()
    u.goes_on()


CHECKS = [hostile_expressions, hostile_nesting, hostile_templates, hostile_slowness]
