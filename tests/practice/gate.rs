//! What a browser can be made to send by a page of elsewhere: nothing of it changes or reads anything.
//! And what the shop's own pages, people who follow links and other clients send: it is let in.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use practice::{Gate, Listen, Orders};

use crate::deployed::Shop;
use crate::signed::Signer;
use crate::world::{image, setup};

const SCOPE: &str = "X-Amz-Credential=K%2F20260101%2Fus-east-1%2Fcloudformation%2Faws4_request";

fn raw(to: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(to).expect("connects");
    stream.write_all(request.as_bytes()).expect("sends");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("reads");
    String::from_utf8_lossy(&answer).into_owned()
}

fn send(to: SocketAddr, line: &str, host: &str, headers: &[&str], body: &str) -> String {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let length = body.len();
    raw(
        to,
        &format!(
            "{line} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ),
    )
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

/// What browsers send along, by what the page does.
const IMAGE: [&str; 3] = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"];
const LINK: [&str; 3] =
    ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"];
const FRAME: [&str; 3] = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"];
const NEIGHBOUR: [&str; 3] =
    ["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script"];
const FETCH: [&str; 3] =
    ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors"];
const FORM: [&str; 4] = [
    "Origin: https://evil.example",
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Mode: navigate",
    "Content-Type: text/plain",
];
const SANDBOX: [&str; 2] = ["Origin: null", "Sec-Fetch-Site: cross-site"];
/// A browser that sends no fetch metadata, and a page on another port of this machine.
const OLD_FORM: [&str; 2] =
    ["Origin: https://evil.example", "Content-Type: application/x-www-form-urlencoded"];
const OTHER_PORT: [&str; 1] = ["Origin: http://localhost:3000"];
const OLD_IMAGE: [&str; 0] = [];

#[test]
fn a_page_of_elsewhere_changes_nothing_and_reads_nothing() {
    let shop = Shop::open(setup());
    let server = shop.world.practice.serve(0).expect("listens");
    let (at, port) = (server.address(), server.address().port());
    let local = format!("localhost:{port}");
    let edge = format!("{}:{port}", shop.edge.replace(".net", ".localhost"));
    let api = format!("{}:{port}", shop.east.replace("amazonaws.com", "localhost"));
    let instance = format!("{}.us-east-1.instance.localhost:{port}", shop.instance());
    let deleting = format!("/?Action=DeleteStack&StackName=unishop-primary&Version=2010-05-15&{SCOPE}");
    let reading = format!("/?Action=DescribeStacks&Version=2010-05-15&{SCOPE}");
    let before = image(&shop.world.practice);
    let body = "Action=DeleteStack&StackName=unishop-primary&Version=2010-05-15";
    let pages: [&[&str]; 10] =
        [&IMAGE, &LINK, &FRAME, &NEIGHBOUR, &FETCH, &FORM, &SANDBOX, &OLD_FORM, &OTHER_PORT, &OLD_IMAGE];
    for page in pages {
        for (line, host) in [
            (format!("GET {deleting}"), &local),
            (format!("GET {reading}"), &local),
            (format!("HEAD {deleting}"), &local),
            (format!("POST {deleting}"), &local),
            ("POST /_espera/regions/us-east-1/break".to_owned(), &local),
            ("POST /_espera/reset".to_owned(), &local),
            ("DELETE /_espera/faults/api".to_owned(), &local),
            ("PUT /a-bucket".to_owned(), &local),
            ("OPTIONS /a-bucket".to_owned(), &local),
        ] {
            let answer = send(at, &line, host, page, if line.starts_with("POST /?") { body } else { "" });
            assert!((400..500).contains(&status(&answer)), "{page:?} {line}: {answer}");
            assert!(
                !answer.to_ascii_lowercase().contains("access-control-allow"),
                "{page:?} {line}: {answer}"
            );
            assert!(!answer.contains("StackId"), "{page:?} {line}: {answer}");
        }
    }
    // The learner's own system: what a page of elsewhere asks of it is refused, but for links and old images.
    let pages: [&[&str]; 7] = [&IMAGE, &FRAME, &NEIGHBOUR, &FETCH, &FORM, &SANDBOX, &OTHER_PORT];
    let user = r#"{"first_name":"Eve","last_name":"Il","email":"eve@evil.example"}"#;
    for page in pages {
        for (line, host, body) in [
            ("GET /config.json", &edge, ""),
            ("GET /unicorns", &api, ""),
            ("POST /user", &api, user),
            ("GET /unicorns", &instance, ""),
            ("POST /user", &instance, user),
        ] {
            let answer = send(at, line, host, page, body);
            assert_eq!(status(&answer), 403, "{page:?} {line} {host}: {answer}");
        }
    }
    let upgrade = [
        "Origin: https://evil.example",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
    ];
    assert_eq!(status(&send(at, "GET /_espera/health", &local, &upgrade, "")), 403);
    assert_eq!(image(&shop.world.practice), before);
}

#[test]
fn the_shops_own_pages_and_links_to_them_are_let_in() {
    let shop = Shop::open(setup());
    let server = shop.world.practice.serve(0).expect("listens");
    let (at, port) = (server.address(), server.address().port());
    let edge = format!("{}:{port}", shop.edge.replace(".net", ".localhost"));
    let api = format!("{}:{port}", shop.east.replace("amazonaws.com", "localhost"));
    for link in [LINK, ["Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"]] {
        assert_eq!(status(&send(at, "GET /", &edge, &link, "")), 200, "{link:?}");
        assert_eq!(status(&send(at, "GET /unicorns", &api, &link, "")), 200, "{link:?}");
    }
    let own = ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"];
    assert_eq!(status(&send(at, "GET /config.json", &edge, &own, "")), 200);
    let origin = format!("Origin: http://{edge}");
    let page =
        [origin.as_str(), "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"];
    let answer = send(at, "GET /unicorns", &api, &page, "");
    assert!(status(&answer) == 200 && answer.contains("access-control-allow-origin"), "{answer}");
    let asks = ["Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type"];
    let preflight = send(at, "OPTIONS /user", &api, &[&page[..], &asks].concat(), "");
    assert!(preflight.contains("access-control-allow-methods"), "{preflight}");
    // Without fetch metadata: clients that are no browsers.
    assert_eq!(status(&send(at, "GET /unicorns", &api, &[], "")), 200);
}

#[test]
fn a_request_names_one_host() {
    let practice = setup().open().practice;
    let server = practice.serve(0).expect("listens");
    let at = server.address();
    let end = "Connection: close\r\n\r\n";
    for (request, expected) in [
        (format!("GET /_espera/health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n{end}"), 400),
        (format!("GET http://evil.example/_espera/health HTTP/1.1\r\nHost: localhost\r\n{end}"), 400),
        (format!("GET http://evil.example/_espera/health HTTP/1.1\r\nHost: evil.example\r\n{end}"), 403),
        (format!("GET http://localhost/_espera/health HTTP/1.1\r\nHost: localhost\r\n{end}"), 200),
        (format!("GET /_espera/health HTTP/1.0\r\n{end}"), 403),
    ] {
        assert_eq!(status(&raw(at, &request)), expected, "{request}");
    }
}

#[test]
fn another_name_is_taken_where_it_is_allowed() {
    let practice = setup().open().practice;
    let gate = Gate { hosts: vec!["espera".into()], orders: Orders::All, ..Gate::default() };
    let server = practice.serve_as(Listen { gate, ..Listen::default() }).expect("listens");
    let at = server.address();
    for (host, expected) in [
        ("espera:4566", 200),
        ("ESPERA", 200),
        ("localhost", 200),
        ("xespera", 403),
        ("espera.evil.example", 403),
    ] {
        assert_eq!(status(&send(at, "GET /_espera/health", host, &[], "")), expected, "{host}");
    }
    // What was signed is the name that the client used.
    let signer = Signer::new(practice.keys(), "s3");
    let plain = |method: &str, path: &str| {
        http::Request::builder()
            .method(method)
            .uri(path)
            .header("host", "espera")
            .body(Bytes::new())
            .expect("a request")
    };
    let made = signer.sign(plain("PUT", "/pages"));
    let headers: Vec<String> = made
        .headers()
        .iter()
        .filter(|(name, _)| *name != "host")
        .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
        .collect();
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    assert_eq!(status(&send(at, "PUT /pages", "espera", &headers, "")), 200);
    // Its buckets' names end in it.
    let answer = send(at, "GET /", "pages.s3.espera", &[], "");
    assert!(answer.contains("AccessDenied"), "{answer}");
}

#[test]
fn a_served_world_moves_its_clock_and_begins_anew_and_the_workshops_does_not() {
    let practice = setup().open().practice;
    let pair = STANDARD.encode(format!("{}:{}", practice.keys().access_key(), practice.keys().secret()));
    let basic = format!("Authorization: Basic {pair}");
    let all = Gate { orders: Orders::All, ..Gate::default() };
    let served = practice.serve_as(Listen { gate: all, ..Listen::default() }).expect("listens");
    let workshop = practice.serve(0).expect("listens");
    let order =
        |at, path: &str, keys: &[&str]| send(at, &format!("POST /_espera/{path}"), "localhost", keys, "");
    for path in ["clock/pause", "clock/advance/60", "clock/speed/60", "reset"] {
        assert_eq!(status(&order(workshop.address(), path, &[&basic])), 409, "{path}");
        assert_eq!(status(&order(served.address(), path, &[])), 403, "{path}");
    }
    let began = practice.clock().now();
    let answer = order(served.address(), "clock/advance/3600", &[&basic]);
    assert_eq!(status(&answer), 200, "{answer}");
    assert_eq!(practice.clock().now().since(began).as_secs(), 3600);
    assert_eq!(practice.inspect(|world| world.now), practice.clock().now());
    for bad in ["clock/advance/-1", "clock/advance/soon", "clock/speed/0", "clock/advance/1e300"] {
        assert_eq!(status(&order(served.address(), bad, &[&basic])), 400, "{bad}");
    }
    let (now, keys) = (practice.clock().now(), practice.keys().clone());
    practice.break_region("us-east-1");
    let answer = order(served.address(), "reset", &[&basic]);
    assert!(status(&answer) == 200 && answer.contains("\"broken_regions\":[]"), "{answer}");
    assert_eq!((practice.inspect(|world| world.now), practice.keys()), (now, &keys));
}

#[test]
fn a_waiter_of_the_aws_command_hears_at_once_that_it_is_done() {
    let practice = setup().open().practice;
    let server = practice.serve(0).expect("listens");
    let signer = Signer::new(practice.keys(), "cloudformation");
    let ask = |body: &str| {
        let request = http::Request::post("/").header("content-type", "application/x-www-form-urlencoded");
        let signed = signer.sign(request.body(Bytes::from(body.to_owned())).expect("a request"));
        let mut headers: Vec<String> = signed
            .headers()
            .iter()
            .filter(|(name, _)| *name != "host")
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
            .collect();
        headers.push(
            "User-Agent: aws-cli/2.9.19 md/command#cloudformation.wait.stack-create-complete".to_owned(),
        );
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        send(server.address(), "POST /", "localhost", &headers, body)
    };
    let template = "%7B%22Resources%22%3A%7B%22Q%22%3A%7B%22Type%22%3A%22AWS%3A%3ASQS%3A%3AQueue%22%7D%7D%7D";
    let made = ask(&format!("Action=CreateStack&Version=2010-05-15&StackName=a&TemplateBody={template}"));
    assert_eq!(status(&made), 200, "{made}");
    // Whichever comes first, the question or the end of the stack: the one answer is that it is complete.
    let told = std::thread::scope(|scope| {
        let waiter = scope.spawn(|| ask("Action=DescribeStacks&Version=2010-05-15&StackName=a"));
        practice.clock().advance(std::time::Duration::from_secs(3600));
        waiter.join().expect("an answer")
    });
    assert!(told.contains("<StackStatus>CREATE_COMPLETE</StackStatus>"), "{told}");
}
