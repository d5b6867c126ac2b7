//! The proxy for clients that know nothing of endpoints: whose names it answers, over TLS and without,
//! and that nothing else goes through it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use practice::{Gate, Practice, Proxy, Server};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::world::setup;

fn behind() -> (Practice, Server, Proxy) {
    let practice = setup().open().practice;
    let server = practice.serve(0).expect("listens");
    let proxy = practice.proxy(Some(server.address()), Gate::default()).expect("listens");
    (practice, server, proxy)
}

fn all(mut stream: impl Read) -> String {
    let mut answer = Vec::new();
    // Some ends of TLS are less polite than others; what was said counts.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn raw(to: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(to).expect("connects");
    stream.write_all(request.as_bytes()).expect("sends");
    all(stream)
}

/// Asks for a tunnel and answers it with the proxy's words, up to their end.
fn connect(proxy: &Proxy, authority: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(proxy.address()).expect("connects");
    write!(stream, "CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n").expect("sends");
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).expect("reads") == 1 {
        head.push(byte[0]);
    }
    (stream, String::from_utf8_lossy(&head).into_owned())
}

/// Sends a request through a tunnel with TLS, trusting the proxy's authority and no other.
fn over_tls(proxy: &Proxy, host: &str, request: &str) -> String {
    let (stream, head) = connect(proxy, &format!("{host}:443"));
    assert!(head.starts_with("HTTP/1.1 200"), "{host}: {head}");
    let pem: String = proxy.certificate().lines().filter(|line| !line.starts_with('-')).collect();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(STANDARD.decode(pem).expect("base64"))).expect("a certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut stream = StreamOwned::new(client, stream);
    stream.write_all(request.as_bytes()).expect("sends");
    all(stream)
}

fn get(host: &str) -> String {
    format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

#[test]
fn names_of_aws_are_answered_from_this_world() {
    let (_practice, _server, proxy) = behind();
    for (host, words) in [
        ("sts.us-east-1.amazonaws.com", "MissingAuthenticationToken"),
        ("sts.amazonaws.com", "MissingAuthenticationToken"),
        ("nobodys-bucket.s3.us-west-1.amazonaws.com", "NoSuchBucket"),
        ("nobodys-bucket.s3.dualstack.us-west-1.amazonaws.com", "NoSuchBucket"),
        ("d111111abcdef8.cloudfront.net", "ERROR"),
        ("iam.amazonaws.com", "MissingAuthenticationToken"),
    ] {
        let answer = over_tls(&proxy, host, &get(host));
        assert!(answer.starts_with("HTTP/1.1 4") && answer.contains(words), "{host}: {answer}");
        // The same without TLS: with the whole address, and through a tunnel.
        let whole = raw(
            proxy.address(),
            &format!("GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
        );
        assert!(whole.contains(words), "{host}: {whole}");
        let (mut stream, _) = connect(&proxy, &format!("{host}:80"));
        stream.write_all(get(host).as_bytes()).expect("sends");
        let tunnelled = all(stream);
        assert!(tunnelled.contains(words), "{host}: {tunnelled}");
    }
}

#[test]
fn nothing_else_goes_through_and_it_is_told_why() {
    let (_practice, server, proxy) = behind();
    let other = std::net::TcpListener::bind("127.0.0.1:0").expect("listens");
    other.set_nonblocking(true).expect("can");
    let near = other.local_addr().expect("an address");
    for authority in [
        "example.com:443",
        "amazonaws.com.evil.example:443",
        "169.254.169.254:80",
        "169.254.170.2:80",
        "[fd00:ec2::254]:80",
        &near.to_string(),
        &format!("localhost:{}", near.port()),
    ] {
        let (stream, head) = connect(&proxy, authority);
        assert!(head.starts_with("HTTP/1.1 403") && head.contains("Espera"), "{authority}: {head}");
        drop(stream);
        let request =
            format!("GET http://{authority}/ HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        let answer = raw(proxy.address(), &request);
        assert!(answer.starts_with("HTTP/1.1 403"), "{authority}: {answer}");
        assert!(answer.contains("unset HTTPS_PROXY") && answer.contains("Nada sale"), "{answer}");
    }
    // A name of AWS outside and another inside changes nothing.
    let inside = over_tls(&proxy, "sts.us-east-1.amazonaws.com", &get("example.com"));
    assert!(inside.starts_with("HTTP/1.1 403"), "{inside}");
    assert!(other.accept().is_err(), "somebody was let through to another program");
    // Its own world on this machine is no other program.
    let (mut stream, head) = connect(&proxy, &server.address().to_string());
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    write!(stream, "GET /_espera/health HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address())
        .expect("sends");
    assert!(all(stream).contains("running"));
}

#[test]
fn one_who_takes_it_for_a_server_is_told_what_it_is() {
    let (_practice, _server, proxy) = behind();
    let answer = raw(proxy.address(), "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("espera cloud env"), "{answer}");
    let answer = raw(
        proxy.address(),
        "POST /_espera/regions/us-east-1/break HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}

#[test]
fn many_at_once_are_served_and_those_who_say_nothing_do_not_stop_them() {
    let (_practice, _server, proxy) = behind();
    let silent: Vec<_> = (0..60).map(|_| connect(&proxy, "sts.amazonaws.com:443")).collect();
    let host = "sts.us-west-1.amazonaws.com";
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..24).map(|_| scope.spawn(|| over_tls(&proxy, host, &get(host)))).collect();
        for answer in asked {
            assert!(answer.join().expect("answered").contains("MissingAuthenticationToken"));
        }
    });
    drop(silent);
    proxy.stop();
}
