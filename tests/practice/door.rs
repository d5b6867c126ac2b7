//! The loopback port: what it lets in, and what it answers to those who speak wrongly.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use espera::practice::{Practice, Server};

use crate::world::options;

fn served() -> (Practice, Server) {
    let practice = Practice::open(options(None)).expect("opens");
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
    assert!(practice.inspect(|w| w.faults.broken("us-east-1").is_none()));
    let answer = raw(server.address(), &format!("{order}Connection: close\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("us-east-1"), "{answer}");
    assert!(practice.inspect(|w| w.faults.broken("us-east-1").is_some()));
}

#[test]
fn who_does_not_sign_is_told_so() {
    let (_practice, server) = served();
    let answer = get(server.address(), "/", "Host: localhost\r\n");
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("MissingAuthenticationToken"), "{answer}");
    let scope =
        "Authorization: AWS4-HMAC-SHA256 Credential=K/20261123/us-east-1/iam/aws4_request, Signature=0\r\n";
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
