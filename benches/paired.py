"""Two builds of Espera side by side, in turns, so that the machine's moods fall on both: what a change costs.

Usage: paired.py OLD_BINARY NEW_BINARY [--rounds N]

Each round puts the same signed requests on a world that each build serves (`wrk`), then opens each workshop in a
terminal and waits for its first whole screen. Prints the medians and NEW as a multiple of OLD. Needs wrk, botocore.
"""

import argparse
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
import urllib.request

import fcntl
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SECONDS = 3
STARTS = 7
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def dynamodb(operation):
    return {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{operation}"}


STACK = (
    "Action=CreateStack&Version=2010-05-15&StackName=bench&TemplateBody="
    "%7B%22Resources%22%3A%7B%22Q%22%3A%7B%22Type%22%3A%22AWS%3A%3ASQS%3A%3AQueue%22%7D%7D%7D"
)
TABLE = (
    '{"TableName":"bench","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":'
    '[{"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}'
)
ITEM = (
    '{"TableName":"bench","Item":{"id":{"S":"a"},"unicorns":{"L":[{"S":"one"},{"S":"two"}]},"n":{"N":"1"}}}'
)
LOADS = {
    "DescribeStacks": ("cloudformation", "Action=DescribeStacks&Version=2010-05-15&StackName=bench", FORM),
    "PutItem": ("dynamodb", ITEM, dynamodb("PutItem")),
}


class Served:
    """A world that a build serves, with a stack and a table."""

    def __init__(self, binary):
        self.folder = tempfile.TemporaryDirectory()
        command = [binary, "cloud", "serve", "--port", "0", "--state-dir", self.folder.name, "--lang", "en"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        told = {}
        # The keys stand before the Region; a build that reads no signatures names none.
        while not any(name.endswith("REGION") for name in told):
            line = self.process.stdout.readline()
            if not line:
                sys.exit(f"{binary} does not serve")
            told.update(re.findall(r"export (\w+)=(\S+)", line))
        self.url = told["AWS_ENDPOINT_URL"]
        self.keys = Credentials(told.get("AWS_ACCESS_KEY_ID", "any"), told.get("AWS_SECRET_ACCESS_KEY", "any"))
        for service, body, headers in (("cloudformation", STACK, FORM), ("dynamodb", TABLE, dynamodb("CreateTable"))):
            signed = self.signed(service, body, headers)
            urllib.request.urlopen(urllib.request.Request(f"{self.url}/", data=body.encode(), headers=signed))
        time.sleep(3)

    def signed(self, service, body, headers):
        host = self.url.removeprefix("http://")
        request = AWSRequest("POST", f"{self.url}/", data=body, headers={**headers, "Host": host})
        SigV4Auth(self.keys, service, "us-east-1").add_auth(request)
        return dict(request.headers)

    def rate(self, load, connections):
        service, body, headers = LOADS[load]
        lines = ['wrk.method = "POST"', f"wrk.body = [==[{body}]==]"]
        signed = self.signed(service, body, headers)
        lines += [f'wrk.headers["{name}"] = [==[{value}]==]' for name, value in signed.items() if name != "Host"]
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write("\n".join(lines))
            script.flush()
            command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{SECONDS}s", "-s", script.name, f"{self.url}/"]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in told:
            sys.exit(told)
        return float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


def first_frame(binary):
    """Milliseconds from exec to the last line of the first screen."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        process, terminal = pty.fork()
        if process == 0:
            os.environ.update(TERM="xterm-256color", LANG="en_US.UTF-8")
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
            os.execv(binary, [binary, "--lang", "en", "--state-dir", folder])
        seen = b""
        while b"help" not in seen:
            if not select.select([terminal], [], [], 20)[0]:
                sys.exit(f"{binary} shows no screen")
            seen += os.read(terminal, 65536)
        taken = (time.monotonic() - began) * 1000
        os.kill(process, signal.SIGTERM)
        try:
            while os.read(terminal, 65536):
                pass
        except OSError:
            pass
        os.waitpid(process, 0)
        os.close(terminal)
        return taken


def measure(binary):
    figures = {}
    served = Served(binary)
    try:
        for load in LOADS:
            for connections in (1, 16):
                figures[f"{load}, {connections} connections (1/s)"] = served.rate(load, connections)
    finally:
        served.stop()
    figures["first frame (ms)"] = statistics.median(first_frame(binary) for _ in range(STARTS))
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    builds = [os.path.abspath(args.old), os.path.abspath(args.new)]
    rounds = [[measure(binary) for binary in builds] for _ in range(args.rounds)]
    print(f"paired: {os.cpu_count()} cores, {args.rounds} rounds")
    for name in rounds[0][0]:
        old, new = (statistics.median(pair[build][name] for pair in rounds) for build in (0, 1))
        print(f"paired: {name:36} {old:10.1f} {new:10.1f}  {new / old:.2f}")


if __name__ == "__main__":
    main()
