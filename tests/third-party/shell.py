"""Nothing typed in the practice shell reaches AWS, whatever client it is typed for.

Usage: shell.py ESPERA_BINARY WORK_FOLDER. A learner's environment full of settings of their own (a
profile, a session token, endpoints of services, proxies) is there beforehand; then each client asks STS
and RDS inside `!` and in a terminal that took `espera cloud env` in. strace watches every connection that
is begun. PowerShell and cmd are in no registry of Debian's: their text is held by `cargo test` alone. Prints one line a check and `N passed, N failed` at the end.
"""

import functools
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time

import suite

ESPERA, WORK = sys.argv[1], sys.argv[2]
PATIENCE = 180
ACCOUNT = "123456789012"

# What a learner may have exported. Nothing listens at any of these, and the host names lead nowhere.
OWN = {
    "AWS_PROFILE": "prod",
    "AWS_DEFAULT_PROFILE": "prod",
    "AWS_SESSION_TOKEN": "a-real-one",
    "AWS_ENDPOINT_URL_STS": "https://sts.eu-west-1.amazonaws.com",
    "AWS_ENDPOINT_URL_RDS": "https://rds.eu-west-1.amazonaws.com",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
    "HTTP_PROXY": "http://192.0.2.1:3128",
    "HTTPS_PROXY": "http://192.0.2.1:3128",
    "http_proxy": "http://192.0.2.1:3128",
    "https_proxy": "http://192.0.2.1:3128",
    "ALL_PROXY": "socks5://192.0.2.1:1080",
    "NO_PROXY": "example.org",
    "REQUESTS_CA_BUNDLE": "/nonexistent/bundle.pem",
}

JS = """
const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
const { RDSClient, DescribeDBClustersCommand } = require("@aws-sdk/client-rds");
(async () => {
  const who = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  const rds = await new RDSClient({ region: "us-east-1" }).send(new DescribeDBClustersCommand({}));
  console.log(`${who.Account} ${rds.DBClusters.length}`);
})().catch((error) => console.log("error", error.name, error.message));
"""
BOTO3 = """
import boto3
print(boto3.client("sts").get_caller_identity()["Account"],
      len(boto3.client("rds", region_name="us-east-1").describe_db_clusters()["DBClusters"]))
"""
# A client without any endpoint of its own choice: it goes to AWS's names, by the proxy alone.
NAMED = """
import os
for name in [n for n in os.environ if n.startswith("AWS_ENDPOINT_URL") or n == "AWS_CONFIG_FILE"]:
    del os.environ[name]
""" + BOTO3


def cli(folder, before=""):
    """The two questions by the `aws` of a folder."""
    ask = (
        "aws sts get-caller-identity --query Account --output text; "
        "aws rds describe-db-clusters --region us-east-1 --query 'length(DBClusters)' --output text"
    )
    return folder, f"{before}set -- $({ask}); echo $*"


def clients():
    """Clients by name: a folder for the PATH, and a line that prints account and number of clusters."""
    python = f"{WORK}/shell-new/bin/python"
    return {
        "aws 1.46": cli(f"{WORK}/shell-new/bin"),
        "aws 1.27, which knows no AWS_ENDPOINT_URL": cli(f"{WORK}/shell-old/bin"),
        "Debian's aws 2.9, which knows none either": cli("/usr/bin"),
        "Debian's aws 2.9 called past the wrapper": ("/usr/bin", cli("/usr/bin")[1].replace("aws ", "/usr/bin/aws ")),
        "aws 1.27 called past the wrapper": (
            "/usr/bin", cli("")[1].replace("aws ", f"{WORK}/shell-old/bin/aws ")),
        "the profile espera": (f"{WORK}/shell-new/bin", cli("")[1].replace("aws ", "aws --profile espera ")),
        "boto3": ("/usr/bin", f"{python} -c '{BOTO3}'".replace("\n", "\n")),
        "boto3 by AWS's names": ("/usr/bin", f"{python} '{scripts()}/named.py'"),
        "JS SDK v3": ("/usr/bin", f"NODE_PATH={WORK}/shell-node/node_modules node '{scripts()}/v3.js'"),
    }


@functools.cache
def scripts():
    folder = tempfile.mkdtemp(prefix="espera-shell-scripts-")
    for name, text in [("v3.js", JS), ("named.py", NAMED), ("boto.py", BOTO3)]:
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    return folder


def environment(home, path="/usr/bin"):
    keep = {n: os.environ[n] for n in ("LANG", "TMPDIR") if n in os.environ}
    return {**keep, **OWN, "HOME": home, "PATH": f"{path}:/usr/local/bin:/usr/bin:/bin", "TERM": "xterm", "SHELL": "/bin/sh"}


def home():
    """A home whose start files set again what Espera took away."""
    folder = tempfile.mkdtemp(prefix="espera-shell-home-")
    for name in (".bashrc", ".zshrc"):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write("export AWS_PROFILE=prod AWS_ENDPOINT_URL_STS=https://sts.eu-west-1.amazonaws.com\nalias aws=false\n")
    os.makedirs(f"{folder}/.config/fish")
    with open(f"{folder}/.config/fish/config.fish", "w", encoding="utf-8") as file:
        file.write("set -gx AWS_PROFILE prod\nalias aws false\n")
    return folder


def outside(log):
    """Every connection in a log of strace that does not stay on this machine, and every look-up of a name."""
    found = []
    with open(log, encoding="utf-8", errors="replace") as file:
        for line in file:
            inet = re.search(r"(?:connect|sendto)\(.*?sa_family=AF_INET6?,.*?inet_(?:addr|pton)\((?:AF_INET6, )?\"([^\"]+)\"", line)
            if not inet:
                continue
            here = inet[1].startswith(("127.", "::ffff:127.")) or inet[1] in ("::1", "0.0.0.0")
            # A name that is asked for leaves too, even where a stub on this machine passes it on.
            if not here or "htons(53)" in line:
                found.append(line.strip())
    return found


def watched(log, argv, **more):
    return subprocess.run(
        ["strace", "-f", "-qq", "-s", "256", "-e", "trace=connect,sendto", "-o", log, *argv],
        capture_output=True, text=True, timeout=PATIENCE, check=False, **more)


class Served:
    """`espera cloud serve` with a state folder of its own."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="espera-shell-")
        self.server = subprocess.Popen(
            [ESPERA, "--lang", "en", "--state-dir", self.folder, "cloud", "serve", "--port", "0"],
            stdout=subprocess.PIPE, text=True)
        for line in self.server.stdout:
            if "eval" in line:
                break

    def env(self, *args, **more):
        return subprocess.run(
            [ESPERA, "--lang", "en", "--state-dir", self.folder, "cloud", "env", *args],
            capture_output=True, text=True, timeout=PATIENCE, check=False, **more)

    def ends(self):
        self.server.terminate()
        self.server.wait(PATIENCE)


@functools.cache
def served():
    return Served()


def in_cloud_env(name):
    folder, line = clients()[name]
    log = tempfile.mktemp(prefix="espera-strace-")
    took = f'eval "$(\'{ESPERA}\' --state-dir \'{served().folder}\' cloud env --shell bash)"\n'
    done = watched(log, ["bash", "-c", took + line], env=environment(home(), folder))
    assert done.stdout.split() == [ACCOUNT, "0"], (done.stdout, done.stderr)
    assert not outside(log), outside(log)
    with open(log, encoding="utf-8") as file:
        assert "127.0.0.1" in file.read(), "strace saw nothing"


def without(name):
    """The same question with none of it does leave, or else this suite proves nothing."""
    folder, line = clients()[name]
    own = {n: v for n, v in environment(home(), folder).items() if not n.startswith("AWS_")}
    own.update(AWS_ACCESS_KEY_ID="K", AWS_SECRET_ACCESS_KEY="S", AWS_DEFAULT_REGION="us-east-1", AWS_MAX_ATTEMPTS="1")
    log = tempfile.mktemp(prefix="espera-strace-")
    try:
        argv = ["timeout", "20", "bash", "-c", line.replace("get-caller-identity", "get-caller-identity --cli-connect-timeout 2")]
        watched(log, argv, env=own)
    except subprocess.TimeoutExpired:
        pass
    assert outside(log), "no connection outside was seen"


def curl_in_cloud_env():
    log = tempfile.mktemp(prefix="espera-strace-")
    took = f'eval "$(\'{ESPERA}\' --state-dir \'{served().folder}\' cloud env --shell bash)"\n'
    lines = (
        "curl -sS https://nobody.s3.us-east-1.amazonaws.com/x; echo; "
        "curl -sS -o /dev/null -w '%{http_code}\\n' https://d111111abcdef8.cloudfront.net/; "
        "curl -sS https://example.com; echo left $?; curl -sS http://169.254.169.254/latest/meta-data/; "
        "git ls-remote https://github.com/rust-lang/log 2>&1"
    )
    done = watched(log, ["bash", "-c", took + lines], env=environment(home()))
    assert "NoSuchBucket" in done.stdout, done
    assert "left 56" in done.stdout and "403" in done.stdout, done
    assert "Nothing leaves Espera" in done.stdout, done
    assert not outside(log), outside(log)


def websites():
    """A bucket's objects answer at every name that AWS has for them."""
    log = tempfile.mktemp(prefix="espera-strace-")
    took = f'eval "$(\'{ESPERA}\' --state-dir \'{served().folder}\' cloud env --shell bash)"\n'
    policy = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::my-site/*"}]})
    lines = (
        "set -e; cd \"$(mktemp -d)\"; echo '<h1>here</h1>' > index.html; "
        "aws s3 mb s3://my-site >/dev/null; aws s3 cp --quiet --recursive . s3://my-site; "
        "aws s3 website s3://my-site --index-document index.html; "
        "aws s3api delete-public-access-block --bucket my-site; "
        f"aws s3api put-bucket-policy --bucket my-site --policy '{policy}'; "
        "curl -sS http://my-site.s3-website-us-east-1.amazonaws.com/; "
        "curl -sS https://my-site.s3.us-east-1.amazonaws.com/index.html; "
        "curl -sS https://s3.us-east-1.amazonaws.com/my-site/index.html"
    )
    done = watched(log, ["bash", "-c", took + lines], env=environment(home(), f"{WORK}/shell-new/bin"))
    assert done.stdout == "<h1>here</h1>\n" * 3, done
    assert not outside(log), outside(log)


def shells():
    """Each shell takes its own text in, and has the same afterwards."""
    lines = {
        "bash": ("bash", 'eval "$(cat ENV)"; printf "%s|" "$AWS_PROFILE$AWS_SESSION_TOKEN" "$AWS_REGION" "$HTTPS_PROXY"; command -v output'),
        "zsh": ("zsh", 'eval "$(cat ENV)"; printf "%s|" "$AWS_PROFILE$AWS_SESSION_TOKEN" "$AWS_REGION" "$HTTPS_PROXY"; command -v output'),
        "fish": ("fish", 'source ENV; printf "%s|" "$AWS_PROFILE$AWS_SESSION_TOKEN" "$AWS_REGION" "$HTTPS_PROXY"; command -v output'),
    }
    said = json.loads(served().env("--json", env=environment(home())).stdout)
    assert "AWS_PROFILE" in said["unset"] and "AWS_REGION" not in said["unset"], said
    want = f'|us-east-1|{said["set"]["HTTPS_PROXY"]}|{said["path"]}/output\n'
    for dialect, (shell, line) in lines.items():
        with tempfile.NamedTemporaryFile("w", suffix=".env") as file:
            file.write(served().env("--shell", dialect).stdout)
            file.flush()
            done = subprocess.run([shell, "-c", line.replace("ENV", file.name)], env=environment(home()),
                                  capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.stdout == want, (shell, done, want)
    dotenv = served().env("--dotenv").stdout
    assert f'AWS_ENDPOINT_URL={said["set"]["AWS_ENDPOINT_URL"]}\n' in dotenv, dotenv


def profile():
    """A profile for any other terminal, beside what the file holds already."""
    folder = home()
    config = f"{folder}/config"
    with open(config, "w", encoding="utf-8") as file:
        file.write("[profile prod]\nregion = eu-west-1\n")
    for word in ("added", "renewed"):
        done = served().env("--profile", config)
        assert done.returncode == 0 and word in done.stdout, done
    with open(config, encoding="utf-8") as file:
        text = file.read()
    assert text.startswith("[profile prod]\nregion = eu-west-1\n") and text.count("[profile espera]") == 1, text
    plain = {"PATH": f"{WORK}/shell-new/bin:/usr/bin:/bin", "HOME": folder, "AWS_CONFIG_FILE": config}
    done = subprocess.run(["aws", "--profile", "espera", "sts", "get-caller-identity", "--query", "Account", "--output", "text"],
                          env=plain, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.stdout.strip() == ACCOUNT, done
    with open(config, "w", encoding="utf-8") as file:
        file.write("[profile espera]\nregion = mine\n")
    done = served().env("--profile", config)
    assert done.returncode == 1 and ":1:" in done.stderr, done


class Workshop:
    """The workshop in a terminal of its own, watched by strace."""

    def __init__(self, path, shell="/bin/sh", folder=None):
        self.folder = folder or tempfile.mkdtemp(prefix="espera-shell-")
        self.log = tempfile.mktemp(prefix="espera-strace-")
        self.seen = ""
        argv = ["strace", "-f", "-qq", "-s", "256", "-e", "trace=connect,sendto", "-o", self.log,
                ESPERA, "--lang", "en", "--state-dir", self.folder]
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.execvpe("strace", argv, {**environment(home(), path), "SHELL": shell, "LANG": "C.UTF-8"})
        termios.tcsetwinsize(self.screen, (40, 120))
        self.shows("Espera")

    def shows(self, words):
        """Waits until the words have come, and answers what came before and with them."""
        until = time.time() + PATIENCE
        while words not in self.seen:
            assert time.time() < until, (words, self.seen[-3000:])
            if select.select([self.screen], [], [], 1)[0]:
                try:
                    self.seen += os.read(self.screen, 65536).decode(errors="replace")
                except OSError as error:
                    raise AssertionError(f"it ended: {self.seen[-2000:]}") from error
        before, _, self.seen = self.seen.partition(words)
        return before

    def types(self, text):
        os.write(self.screen, text.encode())

    def asks(self, line):
        """Types a line into the shell and answers what it printed."""
        # The marks are put together by the shell, so that the echo of the line is not taken for them.
        self.types(f" echo be'gins'; {line}; echo en'ded'\n")
        self.shows("begins")
        return self.shows("ended").strip()

    def ends(self):
        """Leaves the shell, then the workshop, as a person does."""
        self.types("exit\n")
        until = time.time() + 30
        left = 0.0
        while time.time() < until and not os.waitpid(self.pid, os.WNOHANG)[0]:
            if select.select([self.screen], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.screen, 65536).decode(errors="replace")
                except OSError:
                    continue
            # The alternate screen is taken again once the shell has ended. A key pressed at that very
            # moment may be lost, so it is pressed again.
            if "\x1b[?1049h" in self.seen and time.time() > left + 3:
                left = time.time()
                # strace waits for what a shell left behind: fish makes completions at its first start.
                until = min(until, left + 8)
                self.types("q")
        else:
            if time.time() >= until:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        # Whatever is left hears that its terminal has gone.
        os.close(self.screen)


def in_the_shell(names, shell="/bin/sh"):
    """Several clients in one `!`."""
    some = [clients()[name] for name in names]
    workshop = Workshop(some[0][0], shell)
    try:
        workshop.types("!")
        workshop.shows("exit")
        for name, (_, line) in zip(names, some):
            said = workshop.asks(line.replace("\n", "; ") if "-c '" not in line else f"{WORK}/shell-new/bin/python {scripts()}/boto.py")
            assert said.split()[-2:] == [ACCOUNT, "0"], (name, said)
        said = workshop.asks('echo "[$AWS_PROFILE$AWS_SESSION_TOKEN$AWS_ENDPOINT_URL_STS]"; curl -sS https://example.com')
        assert "[]" in said and "403" in said, said
        met = subprocess.run([ESPERA, "--lang", "en", "--state-dir", workshop.folder, "status", "--json"],
                             capture_output=True, text=True, timeout=PATIENCE, check=False)
        client = json.loads(met.stdout)["facts"]["client"]
        assert client and client["name"], met.stdout
    finally:
        workshop.ends()
    assert not outside(workshop.log), outside(workshop.log)


def lessons():
    """The commands of the lessons are the same in both worlds: edge and APIs by their names at AWS."""
    folder = tempfile.mkdtemp(prefix="espera-shell-")
    subprocess.run([ESPERA, "--lang", "en", "--speed", "max", "--state-dir", folder, "walk", "--to", "edge"],
                   capture_output=True, timeout=600, check=True)
    workshop = Workshop(f"{WORK}/shell-new/bin", folder=folder)
    try:
        workshop.types("!")
        workshop.shows("exit")
        said = workshop.asks('curl -s "https://$(output us-east-1 unishop-edge DistributionDomain)/config.json"')
        assert "us-east-1" in said, said
        said = workshop.asks('curl -s "$(api us-west-1 unishop-standby)/unicorns" | head -c 200')
        assert "uuid" in said, said
        said = workshop.asks("bucket=$(output us-east-1 unishop-primary PagesBucket); aws s3 ls s3://$bucket --region us-east-1")
        assert "index.html" in said, said
        said = workshop.asks("output us-east-1 unishop-primary Nothing; echo code $?")
        assert "code 1" in said, said
        said = workshop.asks("espera status | head -3")
        assert "Espera" in said or "step" in said.lower(), said
    finally:
        workshop.ends()
    assert not outside(workshop.log), outside(workshop.log)


OLD = ["Debian's aws 2.9, which knows none either", "Debian's aws 2.9 called past the wrapper", "aws 1.27 called past the wrapper"]
NEW = ["aws 1.46", "the profile espera", "boto3", "boto3 by AWS's names", "JS SDK v3"]
TOGETHER = [
    ("without any of it an old `aws` leaves this machine", lambda: without("aws 1.27, which knows no AWS_ENDPOINT_URL")),
    *((f"cloud env: {name}", functools.partial(in_cloud_env, name)) for name in clients()),
    ("cloud env: AWS's names answer curl, others do not", curl_in_cloud_env),
    ("cloud env: every name of a bucket", websites),
    ("cloud env: bash, zsh, fish, dotenv and JSON say the same", shells),
    ("cloud env --profile", profile),
    ("the shell, bare sh before: old clients", lambda: in_the_shell(OLD)),
    ("the shell, bash: new clients", lambda: in_the_shell(NEW, "/bin/bash")),
    ("the shell, zsh", lambda: in_the_shell(NEW[:1], "/usr/bin/zsh")),
    ("the shell, fish", lambda: in_the_shell(["boto3 by AWS's names"], "/usr/bin/fish")),
    ("the lessons' commands are those of an account", lessons),
]

if __name__ == "__main__":
    served()
    sys.exit(suite.run([], after=lambda: served().ends(), together=TOGETHER))
