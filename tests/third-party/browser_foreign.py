"""A page of elsewhere in the learner's own browser, while the workshop is open: whatever it makes the browser send,
nothing of the practice world changes and nothing of it can be read."""

import json
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import sigv4
from browser_world import PRIMARY, STANDBY, Browser, World, until

USER = "0b8f5f0e-0000-4000-8000-00000000e711"
SCOPE = "K/20260101/us-east-1/cloudformation/aws4_request"
DELETE = "/?" + urlencode({"Action": "DeleteStack", "StackName": "unishop-primary", "Version": "2010-05-15", "X-Amz-Credential": SCOPE})
READ = "/?" + urlencode({"Action": "DescribeStacks", "Version": "2010-05-15", "X-Amz-Credential": SCOPE})

ATTACK = """<!doctype html><meta charset="utf-8"><title>elsewhere</title><h1>elsewhere</h1><script>
const W = %(world)s, HOSTS = W.hosts, READ = [], DONE = [];
const paths = [W.del, W.read, "/_espera/health", "/_espera/faults", "/_espera/clock", "/a-new-bucket",
               "/_espera/regions/us-east-1/break", "/_espera/reset", "/_espera/clock/pause"];
const bodies = { "text/plain": W.form, "application/x-www-form-urlencoded": W.form, "multipart/form-data": W.form };
const wait = (promise, what) => Promise.race([promise, new Promise((done) => setTimeout(done, 4000))])
  .catch(() => {}).then(() => DONE.push(what));
const element = (name, fields, what) => wait(new Promise((done) => {
  const node = document.createElement(name);
  node.onload = () => { if (name === "img" || name === "script") READ.push(what); done(); };
  node.onerror = done;
  Object.assign(node, fields);
  document.body.append(node);
}), what);
async function run() {
  const all = [];
  for (const host of HOSTS) for (const path of host.paths || paths) {
    const url = host.url + path;
    all.push(element("img", { src: url }, `img ${url}`));
    all.push(element("script", { src: url }, `script ${url}`));
    all.push(element("link", { rel: "stylesheet", href: url }, `link ${url}`));
    all.push(element("iframe", { src: url }, `iframe ${url}`));
    all.push(element("object", { data: url }, `object ${url}`));
    for (const method of ["GET", "POST", "HEAD"]) {
      const body = method === "POST" ? W.form : undefined;
      all.push(wait(fetch(url, { method, body, mode: "no-cors", credentials: "include" }).then(async (a) => {
        if ((await a.text()).length) READ.push(`no-cors ${method} ${url}`);
      }), `no-cors ${url}`));
    }
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"]) for (const credentials of ["include", "omit"]) {
      const body = method === "GET" ? undefined : W.form;
      all.push(wait(fetch(url, { method, body, credentials, headers: { "x-amz-target": "DynamoDB_20120810.ListTables" } }).then(async (a) => {
        READ.push(`cors ${method} ${url} ${a.status} ${(await a.text()).slice(0, 60)}`);
      }), `cors ${url}`));
    }
    for (const type of Object.keys(bodies)) navigator.sendBeacon(url, new Blob([W.form], { type }));
    for (const enctype of Object.keys(bodies)) {
      const frame = document.createElement("iframe"), form = document.createElement("form");
      frame.name = `f${Math.random()}`; document.body.append(frame);
      Object.assign(form, { method: "post", action: url, enctype, target: frame.name });
      for (const [name, value] of new URLSearchParams(W.form)) {
        const input = document.createElement("input"); input.name = name; input.value = value; form.append(input);
      }
      document.body.append(form); form.submit();
    }
    all.push(wait(new Promise((done) => {
      const socket = new WebSocket(url.replace(/^http/, "ws"));
      socket.onopen = () => { READ.push(`websocket ${url}`); done(); }; socket.onerror = done;
    }), `websocket ${url}`));
    all.push(wait(new Promise((done) => {
      const source = new EventSource(url);
      source.onopen = () => { READ.push(`events ${url}`); done(); }; source.onerror = () => { source.close(); done(); };
    }), `events ${url}`));
    const frame = document.createElement("iframe"); frame.sandbox = "allow-scripts";
    frame.srcdoc = `<script>fetch(${JSON.stringify(url)}, { method: "POST", mode: "no-cors", body: ${JSON.stringify(W.form)} })<\/script>`;
    document.body.append(frame);
  }
  await Promise.all(all);
  await new Promise((done) => setTimeout(done, 500));
  // Frames of another origin can be seen to be there, never read.
  for (const frame of document.querySelectorAll("iframe[src]")) {
    try { if (frame.contentDocument?.body?.textContent) READ.push(`frame ${frame.src}`); } catch { /* as it should */ }
  }
  // What it may read, its own page, it does read: so a failure to read is a refusal.
  const own = await (await fetch(location.href)).text();
  return { read: READ, done: DONE.length, own: own.includes("elsewhere") };
}
</script>"""


class Elsewhere:
    """A page that is none of this world's, on a port of this machine that every name leads to."""

    def __init__(self, world):
        page = (ATTACK % {"world": json.dumps(world)}).encode()

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()


class Visitor(Browser):
    """A Chromium at a page of its own, to whom `evil.example` and `rebound.example` are this machine."""

    def __init__(self, url):
        self.url = url
        super().__init__(None, names="MAP evil.example 127.0.0.1, MAP rebound.example 127.0.0.1, ")

    def go(self, page=""):
        self.driver.get(self.url)


class Workshop(World):
    """The workshop itself, open over the same world, without a screen."""

    def __init__(self, binary, world):
        self.folder = f"{world.folder}/open"
        command = [binary, "--plain", "--speed", "20", "--lang", "en", "--state-dir", self.folder]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        endpoint = until("the workshop listens", lambda: open(f"{self.folder}/practice/endpoint", encoding="utf-8").read().strip())
        self.port = int(endpoint.rsplit(":", 1)[1])
        until("it answers", lambda: self.ask("localhost", "/_espera/health")[0] == 200)
        _, *keys = open(f"{self.folder}/practice/world/keys", encoding="utf-8").read().split("\n")
        self.keys = keys[0], keys[1]

    def picture(self):
        """All that a page might have changed: stacks, events, tables, items, buckets, faults."""
        seen = []
        for region in (PRIMARY, STANDBY):
            for service, version, fields in [
                ("cloudformation", "2010-05-15", {"Action": "DescribeStacks"}),
                ("cloudformation", "2010-05-15", {"Action": "DescribeStackEvents", "StackName": f"unishop-{'primary' if region == PRIMARY else 'standby'}"}),
                ("rds", "2014-10-31", {"Action": "DescribeDBClusters"}),
            ]:
                body = urlencode({"Version": version, **fields})
                seen.append(self.signed(service, region, "POST", "/", body, [("content-type", "application/x-www-form-urlencoded")]))
            seen.append(self.signed("dynamodb", region, "POST", "/", "{}", [("x-amz-target", "DynamoDB_20120810.ListTables")]))
        seen.append(self.signed("s3", PRIMARY, "GET", "/"))
        seen.append(self.ask("localhost", "/_espera/faults")[2])
        seen.append(re.sub(r'"now":[^,]*', "", self.ask("localhost", "/_espera/clock")[2]))
        return [re.sub(r"<RequestId>.*?</RequestId>", "", text) for text in seen]

    def signed(self, service, region, method, path, body="", more=()):
        headers = sigv4.headers(self.keys, service, region, method, f"http://localhost:{self.port}{path}", body, more)
        status, _, text = self.ask("localhost", path, method, body, headers)
        assert status == 200, (service, text)
        return text

    def close(self):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait(timeout=20)


def a_page_of_elsewhere_changes_nothing_and_reads_nothing(w, binary):
    workshop = Workshop(binary, w)
    port = workshop.port
    form = urlencode({"Action": "DeleteStack", "StackName": "unishop-primary", "Version": "2010-05-15", "X-Amz-Credential": SCOPE})
    hosts = [{"url": f"http://{host}:{port}"} for host in ("localhost", "127.0.0.1")]
    hosts += [{"url": f"http://{w.edge}:{port}", "paths": ["/config.json", "/unicorns.svg", "/shop.js"]}]
    hosts += [{"url": f"http://{w.api[PRIMARY]}:{port}", "paths": ["/unicorns", "/user", "/unicorns/basket", f"/unicorns/basket/{USER}"]}]
    elsewhere = Elsewhere({"hosts": hosts, "del": DELETE, "read": READ, "form": form})
    try:
        before = workshop.picture()
        assert "unishop-primary" in before[0]
        for origin in (f"http://evil.example:{elsewhere.port}", f"http://localhost:{elsewhere.port}", f"http://127.0.0.1:{elsewhere.port}"):
            with Visitor(origin) as b:
                until("the page is there", lambda: b.one("h1"))
                b.driver.set_script_timeout(90)
                found = b.wait_js("return await run()")
                assert isinstance(found, dict), found
                assert found["read"] == [], (origin, found["read"][:5], len(found["read"]))
                assert found["done"] > 300 and found["own"], found
                # A person is led to an address that orders something: the page in its place reads nothing either.
                for path in (DELETE, READ, "/_espera/regions/us-east-1/break", "/_espera/health"):
                    b.js("location.href = arguments[0]", f"http://localhost:{port}{path}")
                    until("it has gone there", lambda: f":{port}" in b.driver.current_url)
                    text = b.js("return document.documentElement.textContent")
                    assert not re.search(r"StackId|broken_regions", text), (path, text)
                    b.go()
                # A name of elsewhere that leads to this machine.
                b.driver.get(f"http://rebound.example:{port}/_espera/health")
                told = b.js("return document.documentElement.textContent")
                assert "answers only to localhost" in told and "broken_regions" not in told, told
                read = b.wait_js("return await (await fetch('/_espera/clock')).text()")
                assert "answers only to localhost" in read, read
            assert workshop.picture() == before, origin
    finally:
        elsewhere.close()
        workshop.close()


def a_link_from_elsewhere_leads_to_the_shop(w):
    """What a browser may do: follow a link to the shop, whose own pages then ask its API."""
    elsewhere = Elsewhere({"hosts": []})
    try:
        with Visitor(f"http://evil.example:{elsewhere.port}") as b:
            until("the page is there", lambda: b.one("h1"))
            b.js("location.href = arguments[0]", w.url)
            b.world = w
            b.header(PRIMARY)
            b.cards()
    finally:
        elsewhere.close()
