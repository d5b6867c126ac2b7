//! The loopback port: what it lets in, and what it answers to those who speak wrongly.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use practice::{Practice, Server};

use testbed::{EAST, signed};

use crate::deployed::Shop;
use crate::world::setup;

fn served() -> (Practice, Server) {
    let practice = setup().open().practice;
    let server = practice.serve(0).expect("listens");
    (practice, server)
}

/// Sends a request as it stands and reads the whole answer.
fn raw(to: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(to).expect("connects");
    stream.write_all(request.as_bytes()).expect("sends");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("reads");
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(to: SocketAddr, path: &str, headers: &str) -> String {
    raw(to, &format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"))
}

#[test]
fn only_names_of_this_machine_are_let_in() {
    let (_practice, server) = served();
    let port = server.address().port();
    assert!(server.address().ip().is_loopback());
    for host in ["localhost", "127.0.0.1", "[::1]", "e1.cloudfront.localhost"] {
        let answer = get(server.address(), "/_espera/health", &format!("Host: {host}:{port}\r\n"));
        assert!(!answer.starts_with("HTTP/1.1 403") || host.starts_with("e1"), "{host}: {answer}");
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "169.254.169.254", "localhost.evil.example"] {
        let answer = get(server.address(), "/_espera/health", &format!("Host: {host}:{port}\r\n"));
        assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("localhost"), "{host}: {answer}");
    }
}

#[test]
fn a_page_of_another_host_cannot_break_a_region() {
    let (practice, server) = served();
    let order = "POST /_espera/regions/us-east-1/break HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n";
    let answer =
        raw(server.address(), &format!("{order}Origin: https://evil.example\r\nConnection: close\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    assert!(practice.inspect(|w| w.faults.broken_since("us-east-1").is_none()));
    let answer = raw(server.address(), &format!("{order}Connection: close\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("--user"), "{answer}");
    assert!(practice.inspect(|w| w.faults.broken_since("us-east-1").is_none()));
    let keys = STANDARD.encode(format!("{}:{}", practice.keys().access_key(), practice.keys().secret()));
    let keys = format!("Authorization: Basic {keys}\r\n");
    let answer = raw(server.address(), &format!("{order}{keys}Connection: close\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("us-east-1"), "{answer}");
    assert!(practice.inspect(|w| w.faults.broken_since("us-east-1").is_some()));
}

#[test]
fn who_does_not_sign_is_told_so() {
    let (_practice, server) = served();
    let answer = get(server.address(), "/", "Host: localhost\r\n");
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("MissingAuthenticationToken"), "{answer}");
    let scope = format!("Authorization: {}\r\n", signed("iam", EAST));
    let answer = get(server.address(), "/", &format!("Host: localhost\r\n{scope}"));
    assert!(answer.contains("no service `iam`"), "{answer}");
}

#[test]
fn nonsense_is_answered_or_dropped_and_the_next_is_served() {
    let (_practice, server) = served();
    for nonsense in
        ["\r\n\r\n", "GET\r\n\r\n", "\0\u{1}\u{2}", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"]
    {
        let mut stream = TcpStream::connect(server.address()).expect("connects");
        stream.write_all(nonsense.as_bytes()).expect("sends");
    }
    let answer = get(server.address(), "/_espera/health", "Host: localhost\r\n");
    assert!(answer.contains("\"status\":\"running\""), "{answer}");
}

#[test]
fn a_taken_port_is_a_message() {
    let (practice, server) = served();
    let error = practice.serve(server.address().port()).expect_err("taken");
    assert!(error.to_string().contains("--port"));
}

#[test]
fn a_browser_on_this_machine_finds_the_shop() {
    let shop = Shop::open(setup());
    let server = shop.world.practice.serve(0).expect("listens");
    let port = server.address().port();
    let edge = shop.edge.replace(".net", ".localhost");
    let config = get(server.address(), "/config.json", &format!("Host: {edge}:{port}\r\n"));
    let api = format!("{}:{port}", shop.east.replace("amazonaws.com", "localhost"));
    assert!(config.contains(&format!("\"host\":\"http://{api}\"")), "{config}");
    let page = format!("Host: {api}\r\nOrigin: http://{edge}:{port}\r\n");
    let answer = get(server.address(), "/unicorns", &page);
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("access-control-allow-origin: *"),
        "{answer}"
    );
    assert_eq!(answer.matches("\"uuid\"").count(), 10, "{answer}");
    let evil = format!("Host: {api}\r\nOrigin: https://evil.example\r\n");
    assert!(get(server.address(), "/unicorns", &evil).starts_with("HTTP/1.1 403"));
}

#[test]
fn what_is_stopped_closes_the_connection_and_what_is_silent_keeps_it() {
    let shop = Shop::open(setup());
    let server = shop.world.practice.serve(0).expect("listens");
    let id = shop.instance();
    let host = format!("Host: {id}.{EAST}.instance.localhost\r\n");
    assert!(get(server.address(), "/unicorns", &host).starts_with("HTTP/1.1 200"));
    shop.world.query("ec2", EAST, "StopInstances", &[("InstanceId.1", &id)]).expect("answered");
    assert_eq!(get(server.address(), "/unicorns", &host), "");
    shop.world.practice.break_region(EAST);
    let mut stream = TcpStream::connect(server.address()).expect("connects");
    let request = format!(
        "GET /unicorns HTTP/1.1\r\nHost: {}\r\n\r\n",
        shop.east.replace("amazonaws.com", "localhost")
    );
    stream.write_all(request.as_bytes()).expect("sends");
    // Others are served meanwhile, and it still says nothing.
    let answer = get(server.address(), "/_espera/faults", "Host: localhost\r\n");
    assert!(answer.contains(r#""fault":"region","region":"us-east-1""#), "{answer}");
    stream.set_nonblocking(true).expect("set");
    let nothing = stream.read(&mut [0; 1]).expect_err("nothing came");
    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);
}
