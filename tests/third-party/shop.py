"""Unishop against real third parties: MariaDB with TLS (one server that writes, one that only reads),
moto's DynamoDB, wrk. Everything runs on loopback with data of its own and ends with this script.

Usage: shop.py CHECKOUT UNISHOP FOLDER_OF_MOTO_SERVER
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid

CHECKOUT, UNISHOP, MOTO = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
PASSWORD = uuid.uuid4().hex
PATIENCE = 60

tests = []


def test(function):
    tests.append(function)
    return function


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(what, look, patience=PATIENCE):
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            found = look()
            if found:
                return found
        time.sleep(0.1)
    raise AssertionError(f"waited {patience} s in vain: {what}")


def run(*command, **more):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True, **more)


def certificates(folder):
    """An authority of our own, and a certificate of it for the name localhost alone."""
    key, ca = folder / "ca-key.pem", folder / "ca.pem"
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Unishop test authority",
        "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", key, "-out", ca)
    run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
        "-keyout", folder / "key.pem", "-out", folder / "request.pem")
    (folder / "ext").write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
    run("openssl", "x509", "-req", "-in", folder / "request.pem", "-CA", ca, "-CAkey", key, "-CAcreateserial",
        "-days", "2", "-extfile", folder / "ext", "-out", folder / "cert.pem")
    return ca


class MariaDb:
    """A server with its own data; it is stopped hard and started again as a test wants."""

    def __init__(self, folder, name, *options):
        self.folder, self.port = folder / name, free_port()
        self.folder.mkdir()
        self.options = options
        # For root it must be said. Another user could not reach a folder that is root's own, such as TMPDIR may be.
        owner = [] if os.geteuid() else ["--user=root"]
        run("mariadb-install-db", *owner, "--no-defaults", f"--datadir={self.folder}/data",
            "--auth-root-authentication-method=normal", "--skip-test-db")
        self.command = [shutil.which("mariadbd") or "/usr/sbin/mariadbd", "--no-defaults", *owner,
                        f"--datadir={self.folder}/data", f"--port={self.port}", "--bind-address=127.0.0.1",
                        # Within its data: the path of a socket may have 107 bytes.
                        "--socket=s", f"--pid-file={self.folder}/pid", "--max-connections=300",
                        f"--ssl-ca={folder}/ca.pem", f"--ssl-cert={folder}/cert.pem", f"--ssl-key={folder}/key.pem",
                        "--require-secure-transport=ON", "--innodb-flush-log-at-trx-commit=1", *options]
        self.process = None

    def sql(self, text):
        return run("mariadb", "--no-defaults", "--protocol=tcp", "--host=localhost", f"--port={self.port}",
                   f"--ssl-ca={self.folder.parent}/ca.pem", "-uroot", "-N", "-e", text).stdout

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until("MariaDB answers", lambda: self.sql("SELECT 1"))
        return self

    def prepare(self):
        self.sql("CREATE DATABASE IF NOT EXISTS unishop;"
                 f"CREATE USER IF NOT EXISTS unishop@'%' IDENTIFIED BY '{PASSWORD}' REQUIRE SSL;"
                 "GRANT SELECT, INSERT, CREATE ON unishop.* TO unishop@'%';")
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Shop:
    """`unishop serve` over the databases."""

    def __init__(self, stage, role="primary", writer=None, reader=None):
        environment = {**os.environ, "UNISHOP_DATABASE_PASSWORD": PASSWORD}
        command = [UNISHOP, "serve", "--listen", "127.0.0.1:0", "--region", "us-east-1", "--role", role,
                   "--writer", f"localhost:{(writer or stage.writer).port}", "--authority", str(stage.ca)]
        if reader:
            command += ["--reader", f"localhost:{reader.port}"]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def ask(self, method, path, body=None, timeout=15):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            link.request(method, path, json.dumps(body) if body else None, {"content-type": "application/json"})
            answer = link.getresponse()
            text = answer.read()
            return answer.status, dict(answer.getheaders()), json.loads(text) if text else None
        finally:
            link.close()

    def ready(self):
        until("the shop shows its ten products", lambda: len(self.ask("GET", "/unicorns")[2]) == 10)
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


class Stage:
    def __init__(self, folder):
        self.folder = folder
        self.ca = certificates(folder)
        self.writer = MariaDb(folder, "writer").start().prepare()
        self.reader = MariaDb(folder, "reader", "--read-only=1").start().prepare()
        self.moto_port = free_port()
        self.moto = subprocess.Popen([MOTO / "moto_server", "-H", "127.0.0.1", "-p", str(self.moto_port)],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until("moto answers", lambda: socket.create_connection(("127.0.0.1", self.moto_port), 1))
        self.make_table()

    def make_table(self):
        body = {"TableName": "unishop-basket", "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "uuid", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "uuid", "KeyType": "HASH"}]}
        scope = "AKIDTEST/20261122/us-east-1/dynamodb/aws4_request"
        request = urllib.request.Request(f"http://127.0.0.1:{self.moto_port}/", json.dumps(body).encode(), {
            "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.CreateTable",
            "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"})
        urllib.request.urlopen(request, timeout=20).read()

    def close(self):
        for process in [self.moto, self.writer.process, self.reader.process]:
            with contextlib.suppress(OSError):
                process.kill()
                process.wait()


@test
def the_stores_pass_the_conformance_suite(stage):
    environment = {**os.environ, "SHOP_DATABASE_PORT": str(stage.writer.port), "SHOP_READER_PORT": str(stage.reader.port),
                   "SHOP_DATABASE_PASSWORD": PASSWORD, "SHOP_DATABASE_CA": str(stage.ca),
                   "SHOP_DYNAMODB_URL": f"http://127.0.0.1:{stage.moto_port}"}
    done = subprocess.run(["cargo", "test", "--locked", "--quiet", "--test", "shop", "--", "--ignored", "live::"],
                          cwd=CHECKOUT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert re.search(r"\b4 passed; 0 failed", done.stdout), done.stdout[-2000:]


@test
def the_connection_is_encrypted(stage):
    shop = Shop(stage).ready()
    connections = stage.writer.sql(
        "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'unishop'").strip()
    assert int(connections) > 0
    # The server takes no connection without TLS, so those there are encrypted; prove that it would refuse.
    refused = subprocess.run(["mariadb", "--no-defaults", "--skip-ssl", "-h127.0.0.1", f"-P{stage.writer.port}",
                              "-uunishop", f"-p{PASSWORD}", "-e", "SELECT 1"], capture_output=True)
    assert refused.returncode != 0
    assert shop.stop() == 0


@test
def schema_and_products_are_made_once_by_the_primary_alone(stage):
    stage.writer.sql("CREATE DATABASE IF NOT EXISTS unishop")
    for _ in range(3):
        assert Shop(stage).ready().stop() == 0
    assert stage.writer.sql("SELECT COUNT(*) FROM unishop.unicorns").strip() == "10"
    standby = Shop(stage, role="standby", writer=stage.reader)
    status, headers, problem = until("the standby answers", lambda: standby.ask("GET", "/unicorns"))
    assert (status, problem["status"]) == (503, 503) and int(headers["retry-after"]) > 0, (status, problem)
    tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'unishop'"
    assert stage.reader.sql(tables).strip() == "0", "a standby made tables"
    assert standby.stop() == 0


@test
def a_promotion_needs_no_hand(stage):
    """Two servers change parts: who wrote only reads, and who only read writes."""
    stage.reader.sql("SET GLOBAL read_only = 0")
    assert Shop(stage, writer=stage.reader).ready().stop() == 0
    stage.reader.sql("SET GLOBAL read_only = 1")
    shop = Shop(stage, reader=stage.reader).ready()
    person = lambda: {"email": f"{uuid.uuid4().hex}@example.org", "first_name": "Ana", "last_name": "B"}
    assert shop.ask("POST", "/user", person())[0] == 201
    stage.writer.sql("SET GLOBAL read_only = 1")
    status, headers, _ = shop.ask("POST", "/user", person())
    assert status == 503 and headers["retry-after"], "nobody takes writes, and the shop says so"
    stage.reader.sql("SET GLOBAL read_only = 0")
    new = person()
    status, _, user = shop.ask("POST", "/user", new)
    assert status == 201, status
    assert stage.reader.sql(f"SELECT COUNT(*) FROM unishop.unicorn_user WHERE uuid = '{user['uuid']}'").strip() == "1"
    stage.writer.sql("SET GLOBAL read_only = 0")
    stage.reader.sql("SET GLOBAL read_only = 1")
    assert shop.ask("POST", "/user", person())[0] == 201
    assert shop.stop() == 0


class Writers:
    """Sign-ups without end. What was acknowledged is remembered, and every other answer."""

    def __init__(self, shop, count):
        self.shop, self.acknowledged, self.others, self.on = shop, [], [], True
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.write) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def write(self):
        while self.on:
            new = {"email": f"{uuid.uuid4().hex}@example.org", "first_name": "Load", "last_name": "Test"}
            try:
                status, headers, _ = self.shop.ask("POST", "/user", new)
            except OSError as error:
                status, headers = repr(error), {}
            with self.lock:
                if status == 201:
                    self.acknowledged.append(new["email"])
                else:
                    self.others.append((status, headers.get("retry-after")))
            if status != 201:
                time.sleep(0.05)

    def stop(self):
        self.on = False
        for thread in self.threads:
            thread.join()


@test
def a_killed_database_loses_no_acknowledged_write(stage):
    shop = Shop(stage).ready()
    writers = Writers(shop, 16)
    until("writes are acknowledged", lambda: len(writers.acknowledged) > 200)
    for _ in range(2):
        stage.writer.kill()
        refused = len(writers.others)
        until("the shop says that its database is away", lambda: len(writers.others) > refused)
        stage.writer.start()
        reached = len(writers.acknowledged)
        until("writes go on without a restart", lambda: len(writers.acknowledged) > reached + 100)
    writers.stop()
    strange = [other for other in writers.others if other[0] != 503 or not other[1]]
    assert not strange, strange[:5]
    there = set(stage.writer.sql("SELECT email FROM unishop.unicorn_user").split())
    missing = [email for email in writers.acknowledged if email not in there]
    print(f"   {len(writers.acknowledged)} writes acknowledged, {len(writers.others)} answered 503, "
          f"{len(missing)} acknowledged and missing")
    assert not missing, missing[:5]
    assert shop.stop() == 0


def wrk(url, connections, seconds=4):
    out = run("wrk", f"-t{min(2, connections)}", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "20s", url).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])
    p99 = re.search(r"99%\s+(\S+)", out)[1]
    errors = re.findall(r"(Socket errors:.*|Non-2xx.*)", out)
    return rate, p99, errors


@test
def a_thousand_clients_at_once_meet_no_error(stage):
    shop = Shop(stage).ready()
    for connections in [1, 16, 1000]:
        rate, p99, errors = wrk(shop.url + "/unicorns", connections)
        ping, ping99, _ = wrk(shop.url + "/health/ping", connections)
        print(f"   GET /unicorns, {connections} clients: {rate:.0f}/s, p99 {p99}; without the database "
              f"{ping:.0f}/s, p99 {ping99} ({rate / ping:.2f} of it; unoptimized build)")
        assert not errors, errors
    assert shop.stop() == 0


@test
def who_comes_while_it_is_busy_waits_in_line(stage):
    """The line is the system's: it takes connections even while the shop itself stands still."""
    shop = Shop(stage).ready()
    links = [http.client.HTTPConnection("127.0.0.1", shop.port, timeout=10) for _ in range(500)]
    shop.process.send_signal(signal.SIGSTOP)
    try:
        for link in links:
            link.request("GET", "/health/ping")
    finally:
        shop.process.send_signal(signal.SIGCONT)
    assert {link.getresponse().status for link in links} == {200}
    for link in links:
        link.close()
    assert shop.stop() == 0


@test
def a_slow_database_is_asked_once_for_all_who_wait(stage):
    """Each reading of the products takes 0.3 s: a thousand readings over 32 connections would take 9 s, and
    who waits 3 s for a connection is refused."""
    shop = Shop(stage).ready()
    stage.writer.sql("RENAME TABLE unishop.unicorns TO unishop.shelf;"
                     "CREATE VIEW unishop.unicorns AS SELECT * FROM unishop.shelf WHERE SLEEP(0.03) = 0")
    try:
        rate, p99, errors = wrk(shop.url + "/unicorns", 1000)
        print(f"   GET /unicorns, 1000 clients, 0.3 s a reading: {rate:.0f}/s, p99 {p99}")
        assert not errors, errors
        assert len(shop.ask("GET", "/unicorns")[2]) == 10
    finally:
        stage.writer.sql("DROP VIEW unishop.unicorns; RENAME TABLE unishop.shelf TO unishop.unicorns")
    assert shop.stop() == 0


@test
def it_ends_in_good_order_with_answers_under_way(stage):
    shop = Shop(stage).ready()
    writers = Writers(shop, 8)
    until("writes are acknowledged", lambda: len(writers.acknowledged) > 50)
    assert shop.stop() == 0
    writers.stop()
    there = set(stage.writer.sql("SELECT email FROM unishop.unicorn_user").split())
    assert all(email in there for email in writers.acknowledged)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="shop-"))
    passed = failed = 0
    stage = None
    try:
        stage = Stage(folder)
        for check in tests:
            name = check.__name__.replace("_", " ")
            try:
                check(stage)
                passed += 1
                print(f"ok  {name}")
            except Exception as error:  # one failure must not hide the others
                failed += 1
                print(f"NO  {name}: {type(error).__name__}: {error}")
                if stage.writer.process.poll() is not None:
                    stage.writer.start()
    except Exception as error:
        failed += 1
        print(f"NO  the stage is set: {type(error).__name__}: {error} {getattr(error, 'stderr', '') or ''}")
    finally:
        if stage:
            stage.close()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
