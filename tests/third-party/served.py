"""A served practice world that is there to be killed, and a client for it that signs as AWS has it (SigV4)."""

import datetime
import hashlib
import hmac
import http.client
import json
import os
import queue
import re
import signal
import subprocess
import threading
import time
import urllib.parse
import xml.etree.ElementTree as ElementTree

PATIENCE = 60


class Gone(Exception):
    """The server did not answer: nobody knows whether the request was carried out."""


class DidNotStart(Exception):
    """The server ended before it served."""


class Served:
    """One `espera cloud serve` on a state folder, started, killed and started again."""

    def __init__(self, binary, folder, speed="200", prefix=()):
        self.binary, self.folder, self.speed, self.prefix = binary, folder, speed, list(prefix)
        self.process, self.port, self.env = None, None, {}
        self.told, self.said = "", ""
        self._tellers = []

    def launch(self):
        """Starts the program without waiting for it."""
        command = [*self.prefix, self.binary, "--lang", "en", "--speed", self.speed, "--state-dir", self.folder,
                   "cloud", "serve", "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        stdin=subprocess.DEVNULL, text=True, errors="replace")
        self.told, self.said = "", ""
        lines = queue.SimpleQueue()

        def say(line):
            self.said += line
            lines.put(line)

        self._tellers = [
            threading.Thread(target=self._read, args=(self.process.stdout, say), daemon=True),
            threading.Thread(target=self._read, args=(self.process.stderr, self._tell), daemon=True),
        ]
        for teller in self._tellers:
            teller.start()
        return lines

    @staticmethod
    def _read(pipe, each):
        for line in pipe:
            each(line)
        each("")
        pipe.close()

    def _tell(self, line):
        self.told += line

    def start(self):
        """Starts the program and waits until it serves; answers what it told on standard error till then."""
        lines, said = self.launch(), ""
        # The Region is the last it says before it serves.
        while "AWS_DEFAULT_REGION" not in said:
            try:
                line = lines.get(timeout=PATIENCE)
            except queue.Empty:
                self.kill()
                raise DidNotStart(f"says nothing for {PATIENCE} s: {said}{self.told}") from None
            if line == "":
                self.ends()
                raise DidNotStart(f"status {self.process.returncode}: {said}{self.told}")
            said += line
        self.env = dict(re.findall(r"\b(AWS_[A-Z_]+)=['\"]?([^\s'\"]+)", said))
        self.port = urllib.parse.urlsplit(self.env["AWS_ENDPOINT_URL"]).port
        # A notice may stand in the pipe still when the first answer comes.
        self.client().call("GET", "/_espera/health")
        return self.told

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.ends()

    def stop(self):
        """Asks it to end in good order; answers the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.ends()

    def ends(self):
        status = self.process.wait(timeout=PATIENCE)
        for teller in self._tellers:
            teller.join(timeout=PATIENCE)
        return status

    def tells(self, pattern, patience):
        """Waits for words on standard error."""
        end = time.time() + patience
        while time.time() < end:
            if re.search(pattern, self.told):
                return True
            time.sleep(0.05)
        return False

    def client(self):
        return Client(self)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def done(self):
        return 200 <= self.status < 300

    def json(self):
        return json.loads(self.body)

    def all(self, tag):
        """The elements of this name in an XML answer, whatever its namespace."""
        root = ElementTree.fromstring(self.body)
        return [element for element in root.iter() if element.tag.rpartition("}")[2] == tag]

    def text(self, tag):
        found = self.all(tag)
        return found[0].text if found else None

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


class Client:
    """One connection; calls of DynamoDB, CloudFormation and S3."""

    def __init__(self, served, region="us-east-1"):
        self.served, self.region, self.connection = served, region, None

    def call(self, method, path, body=b"", headers=(), query="", service=None):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=PATIENCE)
        headers = dict(headers)
        if service:
            headers = self._signed(method, path, query, headers, body, service)
        try:
            self.connection.request(method, path + (f"?{query}" if query else ""), body, headers)
            answer = self.connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            self.connection = None
            raise Gone(str(error)) from error

    def _signed(self, method, path, query, headers, body, service):
        """The headers with AWS's signature, version 4."""
        env = self.served.env
        now = self._now().strftime("%Y%m%dT%H%M%SZ")
        digest = hashlib.sha256(body).hexdigest()
        headers.update({"Host": f"127.0.0.1:{self.served.port}", "X-Amz-Date": now, "X-Amz-Content-Sha256": digest})
        if "AWS_SESSION_TOKEN" in env:
            headers["X-Amz-Security-Token"] = env["AWS_SESSION_TOKEN"]
        lower = sorted((name.lower(), value.strip()) for name, value in headers.items())
        names = ";".join(name for name, _ in lower)
        canonical = "\n".join([method, path, query, *(f"{n}:{v}" for n, v in lower), "", names, digest])
        scope = f"{now[:8]}/{self.region}/{service}/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = ("AWS4" + env["AWS_SECRET_ACCESS_KEY"]).encode()
        for part in (now[:8], self.region, service, "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        headers["Authorization"] = (f"AWS4-HMAC-SHA256 Credential={env['AWS_ACCESS_KEY_ID']}/{scope}, "
                                    f"SignedHeaders={names}, Signature={signature}")
        return headers

    @staticmethod
    def _now():
        return datetime.datetime.now(datetime.timezone.utc)

    def ddb(self, op, **body):
        target = {"X-Amz-Target": f"DynamoDB_20120810.{op}", "Content-Type": "application/x-amz-json-1.0"}
        return self.call("POST", "/", json.dumps(body).encode(), target, service="dynamodb")

    def cfn(self, action, **fields):
        body = urllib.parse.urlencode({"Action": action, "Version": "2010-05-15", **fields}).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.call("POST", "/", body, form, service="cloudformation")

    def s3(self, method, path, body=b"", query=""):
        return self.call(method, path, body, query=query, service="s3")

    def clock(self):
        """Practice time, in milliseconds."""
        return self.call("GET", "/_espera/clock").json()["now"]


def seen_by_os(folder):
    """Every file below a folder, as bytes."""
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found
