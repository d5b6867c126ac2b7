"""What the browser's checks stand on: a practice world with the shop deployed up to the edge, a headless
Chromium, and a CDN of our own that answers as told."""

import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

from selenium import webdriver
from selenium.webdriver.common.by import By

import sigv4
import suite

PATIENCE = 30
PRIMARY, STANDBY = "us-east-1", "us-west-1"


def until(what, answer, patience=PATIENCE):
    """Waits until `answer()` is true, and gives it back."""
    end = time.time() + patience
    while True:
        try:
            got = answer()
        except Exception as error:  # a page in the middle of being drawn
            got, last = None, error
        else:
            last = got
        if got:
            return got
        assert time.time() < end, f"{what}: {last!r}"
        time.sleep(0.02)


class World:
    """`espera cloud serve` over what `espera walk --to edge` built."""

    def __init__(self, binary):
        self.folder = tempfile.mkdtemp(prefix="espera-browser-")
        walk = [binary, "walk", "--to", "edge", "--speed", "max", "--lang", "en", "--state-dir", self.folder]
        done = subprocess.run(walk, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        # The same state for an open workshop of its own.
        shutil.copytree(f"{self.folder}/practice", f"{self.folder}/open/practice")
        os.rename(f"{self.folder}/practice/world", f"{self.folder}/served")
        serve = [binary, "cloud", "serve", "--port", "0", "--speed", "20", "--lang", "en", "--state-dir", self.folder]
        self.process = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True)
        printed = suite.exports(self.process.stdout)
        self.port = int(printed["AWS_ENDPOINT_URL"].rsplit(":", 1)[1])
        self.keys = printed["AWS_ACCESS_KEY_ID"], printed["AWS_SECRET_ACCESS_KEY"]
        edge, primary, standby = (self.outputs(*stack) for stack in
                                  [(PRIMARY, "edge"), (PRIMARY, "primary"), (STANDBY, "standby")])
        self.edge = f"{edge['DistributionId'].lower()}.cloudfront.localhost"
        self.bucket = {PRIMARY: primary["PagesBucket"], STANDBY: standby["PagesBucket"]}
        self.standby_cluster = standby["DatabaseClusterArn"]
        self.api = {region: re.sub(r"^https://|\.amazonaws\.com/?$", "", outputs["ApiUrl"]) + ".localhost"
                    for region, outputs in [(PRIMARY, primary), (STANDBY, standby)]}
        self.url = f"http://{self.edge}:{self.port}/"

    def ask(self, host, path, method="GET", body=None, headers=None, link=None):
        """(status, headers, text) of one request, whatever the name says on loopback."""
        link = link or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request(method, path, body, {"Host": f"{host}:{self.port}", **(headers or {})})
        answer = link.getresponse()
        return answer.status, answer.headers, answer.read().decode()

    def query(self, service, region, version, **fields):
        body = urlencode({"Version": version, **fields})
        signed = sigv4.headers(self.keys, service, region, "POST", f"http://localhost:{self.port}/", body)
        headers = {**signed, "Content-Type": "application/x-www-form-urlencoded"}
        status, _, text = self.ask("localhost", "/", "POST", body, headers)
        assert status == 200, text
        return ET.fromstring(re.sub(r' xmlns="[^"]+"', "", text, count=1))

    def outputs(self, region, role):
        found = self.query("cloudformation", region, "2010-05-15", Action="DescribeStacks", StackName=f"unishop-{role}")
        return {o.findtext("OutputKey"): o.findtext("OutputValue") for o in found.iter("member") if o.find("OutputKey") is not None}

    def fail_over(self):
        """Aurora to the standby, and waits until it writes."""
        name = {"GlobalClusterIdentifier": "unishop-global"}
        self.query("rds", STANDBY, "2014-10-31", Action="FailoverGlobalCluster", AllowDataLoss="true",
                   TargetDbClusterIdentifier=self.standby_cluster, **name)

        def done():
            found = self.query("rds", STANDBY, "2014-10-31", Action="DescribeGlobalClusters", **name)
            writers = [m.findtext("DBClusterArn") for m in found.iter("GlobalClusterMember") if m.findtext("IsWriter") == "true"]
            return found.find(".//FailoverState") is None and self.standby_cluster in writers

        until("the standby writes", done, 120)

    def control(self, method, path):
        url = f"http://localhost:{self.port}/_espera/{path}"
        status, _, text = self.ask("localhost", f"/_espera/{path}", method, None, sigv4.headers(self.keys, "espera", PRIMARY, method, url))
        assert status == 200, text

    def loses_the_region(self):
        self.control("POST", f"regions/{PRIMARY}/break")

    def mend(self):
        self.control("POST", f"regions/{PRIMARY}/mend")
        self.control("DELETE", "faults/api")

    def basket(self, region, user):
        status, _, text = self.ask(self.api[region], f"/unicorns/basket/{user}")
        return [u["uuid"] for u in json.loads(text)["unicorns"]] if status == 200 else None

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)


class Cdn:
    """A CDN on loopback over TLS: `good` sends Bootstrap's bytes, `forged` others, `silent` nothing."""

    def __init__(self, behaviour, bootstrap):
        self.folder = tempfile.mkdtemp(prefix="espera-cdn-")
        key, chain = f"{self.folder}/key.pem", f"{self.folder}/chain.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out",
                        chain, "-subj", "/CN=cdn.jsdelivr.net"], check=True, capture_output=True)
        self.asked = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                asked.append(self.path)
                if behaviour == "silent":
                    time.sleep(PATIENCE)
                    return
                body = bootstrap if behaviour == "good" else bootstrap + b"\n"
                self.send_response(200)
                for name, value in [("content-type", "text/css"), ("content-length", len(body)), ("access-control-allow-origin", "*")]:
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(chain, key)
        self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        shutil.rmtree(self.folder, ignore_errors=True)


class Browser:
    """A Chromium with a profile of its own, at the shop's door."""

    def __init__(self, world, lang="en-US", size=(1200, 900), phone=False, cdn=None, names=""):
        self.world = world
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for flag in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", f"--lang={lang}",
                     f"--window-size={size[0]},{size[1]}", "--ignore-certificate-errors"]:
            options.add_argument(flag)
        # Nothing but this machine: a CDN only where a check brings one.
        target = f"127.0.0.1:{cdn.port}" if cdn else "~NOTFOUND"
        here = "EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1"
        options.add_argument(f"--host-resolver-rules=MAP cdn.jsdelivr.net {target}, {names}MAP * ~NOTFOUND, {here}")
        options.add_experimental_option("prefs", {"intl.accept_languages": lang})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        options.page_load_strategy = "eager"
        # Its profile holds a socket, whose path may have 107 bytes: no place for a long TMPDIR.
        service = webdriver.ChromeService(shutil.which("chromedriver"), env={**os.environ, "TMPDIR": "/tmp"})
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_script_timeout(PATIENCE)
        if phone:
            self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                        {"width": size[0], "height": size[1], "deviceScaleFactor": 2, "mobile": True})
        self.go()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def go(self, page=""):
        self.driver.get(self.world.url + page)
        until("the shop is drawn", lambda: self.one("#view h2"))

    def visit(self, page):
        """Within the page, as a link does."""
        self.js("location.hash = arguments[0]", f"#/{page}")

    def reload(self):
        self.driver.refresh()
        until("the shop is drawn", lambda: self.one("#view h2"))

    def js(self, code, *values):
        return self.driver.execute_script(code, *values)

    def wait_js(self, code, *values):
        """What the promise that `code` makes comes to."""
        wrapped = f"const done = arguments[arguments.length - 1]; (async () => {{ {code} }})().then(done, (e) => done(String(e)))"
        return self.driver.execute_async_script(wrapped, *values)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def text(self, css):
        return self.one(css).text

    def shows(self, css, pattern, patience=PATIENCE):
        return until(f"{css} shows `{pattern}`", lambda: re.search(pattern, self.text(css)), patience)

    def header(self, region):
        self.shows("#shop", f"^The Unicorn Shop - {region}$")
        assert self.driver.title == f"The Unicorn Shop - {region}", self.driver.title

    def settled(self):
        """Waits until the Region has answered what the page asked at the last navigation: until then the
        page may be drawn anew, and a part that was found is another one."""
        until("the page is settled", lambda: self.js("return !document.querySelector('#view[data-asking]')"))

    def cards(self, count=10):
        drawn = "const a = document.querySelectorAll('#view:not([data-asking]) .card'); return a.length === arguments[0] && [...a]"
        return until("the unicorns", lambda: self.js(drawn, count))

    def sign_up(self, email, first="Ana", last="Ruiz"):
        self.visit("sign-up")
        until("the form", lambda: self.one("#first_name"))
        for field, value in [("first_name", first), ("last_name", last), ("email", email)]:
            self.one(f"#{field}").send_keys(value)
        self.one("form button").click()

    def user(self):
        return json.loads(self.js("return localStorage.getItem('unishop.user')") or "null")

    def fill(self, count):
        """Puts the first `count` unicorns into the basket; answers their ids."""
        cards, ids = self.cards(), []
        for card in cards[:count]:
            card.find_element(By.CSS_SELECTOR, "button").click()
            ids.append(card.get_attribute("data-unicorn"))
            self.shows("#basket-link", rf"\({len(ids)}\)")
        return ids

    def complaints(self):
        """What the console holds against us; that the CDN is away is no fault of the page."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] in ("SEVERE", "WARNING") and "cdn.jsdelivr.net" not in entry["message"]]

    def picture(self, name):
        folder = os.environ.get("ESPERA_PICTURES")
        if folder:
            self.driver.save_screenshot(f"{folder}/{name}.png")


class Page(Browser):
    """A Chromium at a page of its own, not at the shop."""

    def __init__(self, url):
        self.url = url
        super().__init__(None)

    def go(self, page=""):
        self.driver.get(self.url)
        until("the page is drawn", lambda: self.one("h1"))

    def looks(self, scheme, width):
        """The colour scheme that the visitor prefers, and the width of their screen."""
        feature = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": feature})
        screen = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        self.go()
