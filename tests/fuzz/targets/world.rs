//! A world to try things in, and requests as they come over the wire.

use bytes::Bytes;
use espera::guest::Unishop;
use futures_util::FutureExt as _;
use practice::Practice;
use testbed::{EAST, Setup};

use super::{Seen, kind};

/// A world with the shop as its guest.
pub fn setup() -> Setup {
    Setup::seeded(7).guest(Unishop)
}

pub fn open() -> Practice {
    setup().open().practice
}

/// The head that makes a request one for this service.
pub fn signed(service: &str) -> String {
    format!("authorization: {}", testbed::signed(service, EAST))
}

/// Reads a request: `METHOD target`, lines of headers, an empty line, the body. `None` where no client could send it.
pub fn request(input: &[u8]) -> Option<http::Request<Bytes>> {
    let (head, body) = match input.windows(2).position(|w| w == b"\n\n") {
        Some(at) => (&input[..at], &input[at + 2..]),
        None => (input, &input[input.len()..]),
    };
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let (method, target) = lines.next()?.split_once(' ')?;
    let mut request = http::Request::builder().method(method).uri(target);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        request = request.header(name.trim(), value.trim());
    }
    request.body(Bytes::copy_from_slice(body)).ok()
}

/// Sends a request, and says what came back. An answer that blames the world itself is wrong.
pub fn send(practice: &Practice, request: http::Request<Bytes>) -> Seen {
    // Who never answers, as a silent Region, is left waiting.
    let answer = match practice.reach(request).now_or_never() {
        Some(Ok(answer)) => answer,
        Some(Err(unreached)) => return Seen { taken: false, kind: kind(&unreached.to_string()) },
        None => return Seen { taken: false, kind: 1 },
    };
    let status = answer.status().as_u16();
    let text = String::from_utf8_lossy(answer.body());
    assert!(status != 500, "answered 500: {text}");
    Seen { taken: status < 400, kind: kind(text.get(..400).unwrap_or(&text)) ^ u64::from(status) }
}

/// A request of the harness's own.
pub fn ask(practice: &Practice, service: &str, target: &str, body: &str) -> Seen {
    let head = match target.strip_prefix("PUT ") {
        Some(path) => format!("PUT {path}\nhost: localhost\n{}", signed(service)),
        None if target.is_empty() => format!("POST /\nhost: localhost\n{}", signed(service)),
        None => format!("POST /\nhost: localhost\nx-amz-target: {target}\n{}", signed(service)),
    };
    send(practice, request(format!("{head}\n\n{body}").as_bytes()).unwrap())
}

/// A table with some items, by the name `tab`.
pub fn with_table(practice: &Practice) {
    let made = ask(
        practice,
        "dynamodb",
        "DynamoDB_20120810.CreateTable",
        r#"{"TableName":"tab","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"p","KeyType":"HASH"},
            {"AttributeName":"s","KeyType":"RANGE"}],"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},
            {"AttributeName":"s","AttributeType":"N"}]}"#,
    );
    assert!(made.taken);
    practice.clock().advance(std::time::Duration::from_secs(120));
    for i in 0..5 {
        let put = ask(
            practice,
            "dynamodb",
            "DynamoDB_20120810.PutItem",
            &format!(
                r#"{{"TableName":"tab","Item":{{"p":{{"S":"a"}},"s":{{"N":"{i}"}},"n":{{"N":"{i}.5"}},"l":{{"L":[{{"S":"x"}},
                    {{"M":{{"k":{{"BOOL":true}}}}}}]}},"ss":{{"SS":["x","y"]}},"b":{{"B":"AAEC"}},"z":{{"NULL":true}}}}}}"#
            ),
        );
        assert!(put.taken, "the table is there");
    }
}
