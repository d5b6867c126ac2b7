//! A load on a loopback server: the same request again and again over so many connections.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;

/// A request that is repeated.
#[derive(Debug)]
pub struct Load {
    pub name: &'static str,
    service: &'static str,
    content_type: &'static str,
    target: &'static str,
    body: &'static str,
}

const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
const JSON: &str = "application/x-amz-json-1.0";

pub const DESCRIBE_STACKS: Load = Load {
    name: "DescribeStacks",
    service: "cloudformation",
    content_type: FORM,
    target: "",
    body: "Action=DescribeStacks&Version=2010-05-15&StackName=bench",
};

pub const PUT_ITEM: Load = Load {
    name: "PutItem",
    service: "dynamodb",
    content_type: JSON,
    target: "DynamoDB_20120810.PutItem",
    body: r#"{"TableName":"bench","Item":{"id":{"S":"a"},"unicorns":{"L":[{"S":"one"},{"S":"two"}]},"n":{"N":"1"}}}"#,
};

const CREATE_STACK: Load = Load {
    name: "CreateStack",
    service: "cloudformation",
    content_type: FORM,
    target: "",
    body: "Action=CreateStack&Version=2010-05-15&StackName=bench&TemplateBody=%7B%22Resources%22%3A%7B%22Q%22%3A%7B\
           %22Type%22%3A%22AWS%3A%3ASQS%3A%3AQueue%22%7D%7D%7D",
};

const CREATE_TABLE: Load = Load {
    name: "CreateTable",
    service: "dynamodb",
    content_type: JSON,
    target: "DynamoDB_20120810.CreateTable",
    body: r#"{"TableName":"bench","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}"#,
};

impl Load {
    /// The headers with a signature, which is good for some minutes: longer than a load is put on.
    fn headers(&self, address: SocketAddr, keys: &Credentials) -> Vec<(String, String)> {
        let mut request =
            http::Request::post(format!("http://{address}/")).header("content-type", self.content_type);
        if !self.target.is_empty() {
            request = request.header("x-amz-target", self.target);
        }
        let mut request = request.body(()).expect("a request");
        let identity = keys.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name(self.service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .expect("parameters")
            .into();
        let headers = request.headers().iter().map(|(n, v)| (n.as_str(), v.to_str().expect("text")));
        let body = SignableBody::Bytes(self.body.as_bytes());
        let signable =
            SignableRequest::new("POST", request.uri().to_string(), headers, body).expect("a request");
        let (instructions, _) = sign(signable, &parameters).expect("signs").into_parts();
        instructions.apply_to_request_http1x(&mut request);
        let text = |value: &http::HeaderValue| value.to_str().expect("text").to_owned();
        request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect()
    }

    fn text(&self, address: SocketAddr, keys: &Credentials) -> String {
        let mut text =
            format!("POST / HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n", self.body.len());
        for (name, value) in self.headers(address, keys) {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        format!("{text}\r\n{}", self.body)
    }
}

/// Makes the stack and the table that the loads ask for.
pub fn stage(address: SocketAddr, keys: &Credentials) {
    for load in [&CREATE_STACK, &CREATE_TABLE] {
        let mut connection = Connection::open(address);
        let status = connection.ask(load.text(address, keys).as_bytes());
        assert_eq!(status, 200, "{}", load.name);
    }
}

/// Whether wrk is installed.
pub fn wrk() -> bool {
    static WRK: OnceLock<bool> = OnceLock::new();
    *WRK.get_or_init(|| Command::new("wrk").arg("-v").output().is_ok())
}

/// Puts a load on for so long; gives requests a second. Every answer must be a success.
pub fn put(address: SocketAddr, keys: &Credentials, load: &Load, connections: usize, time: Duration) -> f64 {
    let mut first = Connection::open(address);
    assert_eq!(first.ask(load.text(address, keys).as_bytes()), 200, "{}", load.name);
    drop(first);
    let put = if wrk() { with_wrk } else { by_hand };
    put(address, keys, load, connections, time)
}

fn with_wrk(address: SocketAddr, keys: &Credentials, load: &Load, connections: usize, time: Duration) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("load.lua");
    let mut lua = format!("wrk.method = 'POST'\nwrk.body = [==[{}]==]\n", load.body);
    for (name, value) in load.headers(address, keys) {
        lua.push_str(&format!("wrk.headers['{name}'] = '{value}'\n"));
    }
    std::fs::write(&script, lua).expect("written");
    let threads = connections.min(2).to_string();
    let output = Command::new("wrk")
        .args(["-t", &threads, "-c", &connections.to_string(), "-d", &format!("{}s", time.as_secs()), "-s"])
        .arg(&script)
        .arg(format!("http://{address}/"))
        .output()
        .expect("wrk runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!text.contains("Non-2xx"), "{text}");
    let rate = text.lines().find_map(|line| line.trim().strip_prefix("Requests/sec:"));
    rate.and_then(|rate| rate.trim().parse().ok()).unwrap_or_default()
}

fn by_hand(address: SocketAddr, keys: &Credentials, load: &Load, connections: usize, time: Duration) -> f64 {
    let text = load.text(address, keys);
    let begun = Instant::now();
    let done: u64 = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| {
                    let mut connection = Connection::open(address);
                    let mut done = 0;
                    while begun.elapsed() < time {
                        assert_eq!(connection.ask(text.as_bytes()), 200, "{}", load.name);
                        done += 1;
                    }
                    done
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap_or(0)).sum()
    });
    done as f64 / begun.elapsed().as_secs_f64()
}

/// One kept-alive connection that reads answers by their length.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    fn open(address: SocketAddr) -> Connection {
        let stream = TcpStream::connect(address).expect("connects");
        stream.set_nodelay(true).expect("an option");
        Connection { stream, buffer: Vec::with_capacity(1 << 16) }
    }

    /// Sends a request and reads its whole answer; gives the status.
    fn ask(&mut self, request: &[u8]) -> u16 {
        self.stream.write_all(request).expect("sends");
        self.buffer.clear();
        let mut chunk = [0; 16_384];
        loop {
            let count = self.stream.read(&mut chunk).expect("reads");
            assert!(count > 0, "the connection was closed");
            self.buffer.extend_from_slice(&chunk[..count]);
            let Some(end) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            if self.buffer.len() >= end + 4 + length.unwrap_or(0_usize) {
                return head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
            }
        }
    }
}
