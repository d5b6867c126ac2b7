//! The same program as a Lambda function: Lambda's runtime interface, played by this test, hands it an
//! HTTP API's events and takes its answers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};

struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn event(method: &str, path: &str, body: Option<Value>) -> Value {
    json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "abc.execute-api.us-east-1.amazonaws.com"},
        "requestContext": {
            "accountId": "123456789012", "apiId": "abc", "domainName": "abc.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "abc", "requestId": "r", "routeKey": "$default", "stage": "$default",
            "time": "22/Nov/2026:00:00:00 +0000", "timeEpoch": 1_795_392_000_000_u64,
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "test"}
        },
        "body": body.map(|b| b.to_string()), "isBase64Encoded": false
    })
}

fn read_request(stream: &TcpStream) -> Option<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|n| *n > 0)?;
    let mut length = 0;
    let mut chunked = false;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        chunked |= line.starts_with("transfer-encoding:") && line.contains("chunked");
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    while chunked {
        let mut size = String::new();
        reader.read_line(&mut size).ok()?;
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        let mut part = vec![0; size + 2];
        reader.read_exact(&mut part).ok()?;
        body.extend_from_slice(&part[..size]);
        chunked = size > 0;
    }
    Some((first, body))
}

fn reply(mut stream: &TcpStream, headers: &str, body: &str) {
    let length = body.len();
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}")
        .unwrap();
}

/// Plays the runtime interface: hands the events out in order and gives each answer.
fn runtime(listener: TcpListener, events: Vec<Value>, answers: mpsc::Sender<Value>) {
    let mut next = 0;
    for stream in listener.incoming() {
        let stream = stream.unwrap();
        let Some((first, body)) = read_request(&stream) else { continue };
        if first.contains("/invocation/next") {
            let Some(event) = events.get(next) else { return };
            next += 1;
            let headers = format!(
                "lambda-runtime-aws-request-id: {next}\r\nlambda-runtime-deadline-ms: 4102444800000\r\n\
                 lambda-runtime-invoked-function-arn: arn:aws:lambda:us-east-1:123456789012:function:baskets\r\n\
                 content-type: application/json\r\n"
            );
            reply(&stream, &headers, &event.to_string());
        } else {
            let said = serde_json::from_slice(&body).unwrap_or(Value::Null);
            answers.send(said).unwrap();
            reply(&stream, "", "{}");
        }
    }
}

#[test]
fn started_by_lambda_it_answers_the_api_s_events() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let events = vec![
        event("GET", "/health/ping", None),
        event("GET", "/unicorns/basket/nobody", None),
        event("POST", "/unicorns/basket", Some(json!({"uuid": "x"}))),
        event("GET", "/unicorns", None),
    ];
    let (send, answers) = mpsc::channel();
    std::thread::spawn(move || runtime(listener, events, send));
    let child = Command::new(env!("CARGO_BIN_EXE_unishop"))
        .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", "baskets")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "g")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "s")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "AKIDTEST")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("UNISHOP_BASKET_TABLE", "unishop-basket")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _ends = Ends(child);
    let status = |named: &str| {
        let answer =
            answers.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("{named}: no answer"));
        answer["statusCode"].as_u64().unwrap_or_else(|| panic!("{named}: {answer}"))
    };
    assert_eq!(status("ping"), 200);
    assert_eq!(status("no user"), 400);
    assert_eq!(status("no basket"), 400);
    // Products are the instance's business, not the function's.
    assert_eq!(status("products"), 404);
}
