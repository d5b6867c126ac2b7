"""A load whose every answer is remembered: what must be there after a kill, what may be, what must not."""

import hashlib
import json
import random
import threading
import time

from served import Gone

TEMPLATE = json.dumps({
    "Parameters": {"Word": {"Type": "String", "Default": "one"}},
    "Resources": {
        "Note": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Ref": "Word"}}},
        "Pages": {"Type": "AWS::S3::Bucket"},
    },
})
KEYS = 24
OBJECTS = 3
# Large enough that some dozens of them fill a journal, so that it is folded again and again.
LARGE = 300_000
TABLE, BUCKET = "kept", "kept-objects"

# How far a stack has come; what comes later is larger. A name with nothing behind it is 0, or 40 when it was deleted.
ORDER = ["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
         "UPDATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"]


def prepare(client):
    """Makes what the load writes into."""
    made = client.ddb("CreateTable", TableName=TABLE, BillingMode="PAY_PER_REQUEST",
                      KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                      AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
    assert made.done, made
    end = time.time() + 60
    while client.ddb("DescribeTable", TableName=TABLE).json()["Table"]["TableStatus"] != "ACTIVE":
        assert time.time() < end, "the table does not become active"
        time.sleep(0.02)
    assert client.s3("PUT", f"/{BUCKET}").done


class Ledger:
    """What one worker was answered. `maybe` is what holds if the request without an answer was carried out."""

    def __init__(self, number, seed):
        self.number, self.random = number, random.Random(f"{seed}-{number}")
        self.items, self.objects = {}, {}
        self.counter, self.uncounted = 0, 0
        self.stack, self.generation = None, 0
        self.acknowledged, self.refused, self.stacks = 0, [], 0
        self.folding = threading.Event()

    def one(self, client):
        """One request, chosen by chance."""
        choice = self.random.random()
        if choice < 0.35:
            self.put_item(client)
        elif choice < 0.45:
            self.delete_item(client)
        elif choice < 0.65:
            self.count(client)
        elif choice < 0.85:
            self.put_object(client)
        elif choice < 0.88:
            self.delete_object(client)
        else:
            self.move_stack(client)

    def _change(self, model, key, value, call):
        """A request after which `model[key]` is `value`, or may be, when it is not answered."""
        before = model.get(key, {None})
        model[key] = before | {value}
        answer = call()
        if answer.done:
            model[key] = {value}
            self.acknowledged += 1
        elif answer.status >= 500:
            self.refused.append(answer)
        else:
            raise AssertionError(f"refused: {answer}")
        return answer

    def put_item(self, client):
        key = f"w{self.number}-{self.random.randrange(KEYS)}"
        value = f"{self.random.getrandbits(64):016x}"
        size = LARGE if self.random.random() < 0.05 else 20
        item = {"pk": {"S": key}, "value": {"S": value}, "filler": {"S": "x" * size}}
        self._change(self.items, key, value, lambda: client.ddb("PutItem", TableName=TABLE, Item=item))

    def delete_item(self, client):
        key = f"w{self.number}-{self.random.randrange(KEYS)}"
        self._change(self.items, key, None,
                     lambda: client.ddb("DeleteItem", TableName=TABLE, Key={"pk": {"S": key}}))

    def count(self, client):
        self.uncounted += 1
        answer = client.ddb("UpdateItem", TableName=TABLE, Key={"pk": {"S": f"c{self.number}"}},
                            UpdateExpression="ADD n :one", ExpressionAttributeValues={":one": {"N": "1"}})
        if answer.done:
            self.uncounted -= 1
            self.counter += 1
            self.acknowledged += 1
        elif answer.status >= 500:
            self.refused.append(answer)
        else:
            raise AssertionError(f"refused: {answer}")

    def put_object(self, client):
        name = f"o{self.number}-{self.random.randrange(OBJECTS)}"
        size = LARGE if self.random.random() < 0.4 else self.random.randrange(100)
        body = self.random.randbytes(8) + b"y" * size
        etag = hashlib.md5(body).hexdigest()
        answer = self._change(self.objects, name, etag, lambda: client.s3("PUT", f"/{BUCKET}/{name}", body))
        if answer.done:
            assert answer.headers["ETag"].strip('"') == etag, answer.headers["ETag"]

    def delete_object(self, client):
        name = f"o{self.number}-{self.random.randrange(OBJECTS)}"
        self._change(self.objects, name, None, lambda: client.s3("DELETE", f"/{BUCKET}/{name}"))

    # A stack is made, changed by a change set and deleted, one request at a time.

    def move_stack(self, client):
        if self.stack is None:
            self.generation += 1
            self.stack = {"name": f"s{self.number}-{self.generation}", "least": 0, "set": None, "asked_to_go": False}
        name, stack = self.stack["name"], self.stack
        if stack["least"] == 0:
            self._to(1, lambda: client.cfn("CreateStack", StackName=name, TemplateBody=TEMPLATE))
            return
        status = status_of(client, name)
        if status is None:
            # It may have been asked to go by a request whose answer a kill cut off.
            assert stack["asked_to_go"], f"{name} is gone"
            self.stack = None
            return
        self.saw(status)
        if status == "CREATE_COMPLETE":
            self._change_stack(client, name, stack)
        elif status == "UPDATE_COMPLETE":
            stack["asked_to_go"] = True
            self._to(rank("DELETE_IN_PROGRESS"), lambda: client.cfn("DeleteStack", StackName=name))

    def _change_stack(self, client, name, stack):
        if stack["set"] is None:
            answer = client.cfn("CreateChangeSet", StackName=name, ChangeSetName="to-two", UsePreviousTemplate="true",
                                **{"Parameters.member.1.ParameterKey": "Word",
                                   "Parameters.member.1.ParameterValue": "two"})
            # A change set whose making was not answered before a kill may be there.
            if answer.done or answer.text("Code") == "AlreadyExistsException":
                stack["set"] = "made"
                self.acknowledged += answer.done
            return
        found = client.cfn("DescribeChangeSet", StackName=name, ChangeSetName="to-two")
        assert found.done, f"an acknowledged change set is gone: {found}"
        if found.text("ExecutionStatus") == "AVAILABLE":
            self._to(rank("UPDATE_IN_PROGRESS"),
                     lambda: client.cfn("ExecuteChangeSet", StackName=name, ChangeSetName="to-two"))

    def _to(self, least, call):
        answer = call()
        if answer.done:
            self.stack["least"] = least
            self.acknowledged += 1
            self.stacks += 1
        elif answer.status >= 500:
            self.refused.append(answer)
        elif answer.text("Code") in ("AlreadyExistsException", "InvalidChangeSetStatus"):
            # Carried out before a kill, though its answer did not come.
            self.stack["least"] = max(self.stack["least"], least)
        else:
            raise AssertionError(f"refused: {answer}")

    def saw(self, status):
        """A reader was shown this, so it must not un-happen."""
        assert rank(status) >= self.stack["least"], f"{self.stack} is {status} again"
        self.stack["least"] = rank(status)

    # What is there after a kill.

    def check(self, items, objects, stacks):
        """Compares with what is there; answers what is wrong. What was in doubt is known from then on."""
        wrong = []
        for key, may in self.items.items():
            there = items.get(key)
            if there not in may:
                wrong.append(f"item {key}: {there}, not {may}")
            self.items[key] = {there}
        for name, may in self.objects.items():
            there = objects.get(name)
            if there not in may:
                wrong.append(f"object {name}: {there}, not {may}")
            self.objects[name] = {there}
        count = items.get(f"c{self.number}", 0)
        if not self.counter <= count <= self.counter + self.uncounted:
            wrong.append(f"counter {self.number}: {count}, not {self.counter} and {self.uncounted} in doubt")
        self.counter, self.uncounted = count, 0
        if self.stack and self.stack["least"]:
            status = stacks.get(self.stack["name"])
            there = rank("DELETE_COMPLETE") if status is None and self.stack["asked_to_go"] \
                else rank(status)
            if there < self.stack["least"]:
                wrong.append(f"stack {self.stack} is {status}")
        return wrong


def rank(status):
    return 0 if status is None else ORDER.index(status) + 1


def status_of(client, name):
    answer = client.cfn("DescribeStacks", StackName=name)
    return answer.text("StackStatus") if answer.done else None


def everything(client):
    """All items, objects and stacks there are."""
    items, start = {}, {}
    while True:
        page = client.ddb("Scan", TableName=TABLE, ConsistentRead=True, **start)
        assert page.done, page
        page = page.json()
        for item in page["Items"]:
            items[item["pk"]["S"]] = int(item["n"]["N"]) if "n" in item else item["value"]["S"]
        if "LastEvaluatedKey" not in page:
            break
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    objects = {}
    listed = client.s3("GET", f"/{BUCKET}", query="list-type=2")
    assert listed.done, listed
    for name in [element.text for element in listed.all("Key")]:
        body = client.s3("GET", f"/{BUCKET}/{name}")
        etag = hashlib.md5(body.body).hexdigest()
        if body.headers["ETag"].strip('"') != etag:
            etag = f"{etag} told as {body.headers['ETag']}"
        objects[name] = etag
    stacks, token = {}, {}
    while True:
        page = client.cfn("DescribeStacks", **token)
        assert page.done, page
        names, statuses = page.all("StackName"), page.all("StackStatus")
        stacks.update((n.text, s.text) for n, s in zip(names, statuses, strict=True))
        if not page.text("NextToken"):
            return items, objects, stacks
        token = {"NextToken": page.text("NextToken")}


class Load:
    """Workers that write until the server is gone or they are told to stop."""

    def __init__(self, served, ledgers):
        self.served, self.stopped, self.failures = served, threading.Event(), []
        self.threads = [threading.Thread(target=self._work, args=(ledger,)) for ledger in ledgers]
        for thread in self.threads:
            thread.start()

    def _work(self, ledger):
        client = self.served.client()
        try:
            while not self.stopped.is_set():
                ledger.one(client)
        except Gone:
            pass
        except Exception as error:  # told by the check that waits for the load
            self.failures.append(f"worker {ledger.number}: {type(error).__name__}: {error}")

    def end(self):
        self.stopped.set()
        for thread in self.threads:
            thread.join()
        return self.failures
