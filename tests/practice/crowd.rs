//! Those who keep a server busy for nothing: bodies that stop half-way, heads that never end, more connections
//! than there is room for. Everybody else is served meanwhile.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use practice::{Bounds, Practice, Server};
use testbed::{EAST, signed};

use crate::world::setup;

/// Long enough for a machine under load; no test waits so long unless it fails.
const PATIENCE: Duration = Duration::from_secs(60);
/// Nothing of what is tried here ends by itself within this.
const NEVER: Duration = Duration::from_secs(3_600);

fn served(bounds: Bounds) -> (Practice, Server) {
    let practice = setup().open().practice;
    let server =
        practice.serve_as(practice::Listen { bounds, ..practice::Listen::default() }).expect("listens");
    (practice, server)
}

fn patient() -> Bounds {
    Bounds { head: NEVER, pause: NEVER, body: NEVER, ..Bounds::default() }
}

fn send(to: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(to).expect("connects");
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    stream.write_all(bytes).expect("sends");
    stream
}

/// All that comes until the server closes.
fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset after the answer is a close too.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn closed(stream: &mut TcpStream) -> bool {
    matches!(stream.read(&mut [0; 64]), Ok(0)) || stream.take_error().is_ok_and(|error| error.is_some())
}

/// A request for a service with so many bytes announced.
fn begun(service: &str, announced: usize) -> String {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: {}\r\nConnection: close\r\n\
         Content-Length: {announced}\r\n\r\n",
        signed(service, EAST)
    )
}

fn is_healthy(to: SocketAddr) -> bool {
    let request = b"GET /_espera/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    rest(send(to, request)).contains("\"status\":\"running\"")
}

#[test]
fn a_body_that_pauses_is_refused_in_the_words_of_its_service() {
    let (_practice, server) = served(Bounds { pause: Duration::from_millis(30), ..patient() });
    for (service, status) in
        [("s3", "400"), ("dynamodb", "408"), ("cloudformation", "408"), ("ec2", "408"), ("ssm", "408")]
    {
        let stream = send(server.address(), (begun(service, 100) + "half").as_bytes());
        let answer = rest(stream);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{service}: {answer}");
        assert!(
            answer.contains("RequestTimeout") && answer.contains("not read from or written to"),
            "{answer}"
        );
        assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
    }
    assert!(is_healthy(server.address()));
}

#[test]
fn a_body_that_drips_has_an_end_too() {
    let (_practice, server) = served(Bounds { body: Duration::from_millis(60), ..patient() });
    let mut stream = send(server.address(), begun("s3", 1 << 20).as_bytes());
    let mut answer = String::new();
    for _ in 0..6_000 {
        stream.set_read_timeout(Some(Duration::from_millis(10))).expect("set");
        let mut some = [0; 1024];
        match stream.read(&mut some) {
            Ok(0) => break,
            Ok(n) => answer.push_str(&String::from_utf8_lossy(&some[..n])),
            Err(_) if stream.write_all(b"x").is_err() => break,
            Err(_) => {}
        }
    }
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("RequestTimeout"), "{answer}");
}

#[test]
fn a_head_that_never_ends_and_a_connection_that_says_nothing_are_closed() {
    let (_practice, server) = served(Bounds { head: Duration::from_millis(30), ..patient() });
    for begun in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\nX: "] {
        let mut stream = send(server.address(), begun.as_bytes());
        assert!(closed(&mut stream), "{begun:?}");
    }
}

#[test]
fn a_head_of_many_kilobytes_is_refused() {
    let (_practice, server) = served(patient());
    let long = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}", "x".repeat(30_000));
    let answer = rest(send(server.address(), long.as_bytes()));
    assert!(answer.starts_with("HTTP/1.1 431 ") || answer.is_empty(), "{answer}");
    assert!(is_healthy(server.address()));
}

#[test]
fn half_sent_bodies_make_room_for_whole_ones() {
    let bounds = Bounds { held: 4 << 20, connections: 100, ..patient() };
    let (_practice, server) = served(bounds);
    let half = vec![b'x'; 200_000];
    // Together ten times what may be held: those that paused longest lose their place.
    let streams: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = send(server.address(), begun("s3", 400_000).as_bytes());
            let _ = stream.write_all(&half);
            stream
        })
        .collect();
    assert!(is_healthy(server.address()));
    let body = vec![b'y'; 3 << 20];
    let mut stream = send(server.address(), begun("s3", body.len()).as_bytes());
    // Until the others count as paused there may be no room yet: it waits, and is not refused.
    let _ = stream.write_all(&body);
    let answered = rest(stream);
    assert!(answered.starts_with("HTTP/1.1 4") && !answered.contains("RequestTimeout"), "{answered}");
    drop(streams);
}

#[test]
fn new_connections_take_the_place_of_those_idle_longest() {
    let (_practice, server) = served(Bounds { connections: 20, ..patient() });
    let mut idle: Vec<TcpStream> = (0..60).map(|_| send(server.address(), b"")).collect();
    assert!(is_healthy(server.address()));
    // The first forty had to go; of the last ones most are there still.
    assert!(idle.iter_mut().take(40).all(closed));
    let last = idle.last_mut().expect("sixty");
    last.write_all(b"GET /_espera/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .expect("sends");
    let mut answer = String::new();
    last.read_to_string(&mut answer).expect("reads");
    assert!(answer.contains("running"), "{answer}");
}

#[test]
fn a_body_longer_than_any_is_refused_before_it_comes() {
    let (_practice, server) = served(patient());
    let answer = rest(send(server.address(), begun("s3", (64 << 20) + 1).as_bytes()));
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

/// The program itself, with so many file descriptors.
struct Program {
    child: std::process::Child,
    address: SocketAddr,
    /// It goes on saying things, to somebody.
    _said: std::io::BufReader<std::process::ChildStdout>,
    _state: tempfile::TempDir,
}

impl Program {
    fn start(descriptors: u32) -> Program {
        use std::io::{BufRead as _, BufReader};
        let state = tempfile::tempdir().expect("a folder");
        let line = format!("ulimit -n {descriptors}; exec \"$0\" \"$@\"");
        let mut child = std::process::Command::new("sh")
            .args(["-c", &line, env!("CARGO_BIN_EXE_espera"), "--lang", "en", "--state-dir"])
            .arg(state.path())
            .args(["cloud", "serve", "--port", "0"])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("starts");
        let mut said = BufReader::new(child.stdout.take().expect("piped"));
        let address = said.by_ref().lines().map_while(Result::ok).find_map(|line| {
            let from = line.find("http://127.0.0.1:")? + "http://".len();
            let rest = line.get(from..)?;
            let end = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | ':')).unwrap_or(rest.len());
            rest.get(..end)?.parse().ok()
        });
        Program { child, address: address.expect("says where it listens"), _said: said, _state: state }
    }

    /// The most memory it had, in MiB; nothing where the system does not tell.
    fn peak(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn with_few_descriptors_newcomers_are_served_while_others_hold_on() {
    let program = Program::start(64);
    let mut idle: Vec<TcpStream> = Vec::new();
    for round in 0..150 {
        idle.push(send(program.address, if round % 2 == 0 { b"" } else { b"GET / HTTP/1.1\r\nHost: loc" }));
        if round % 10 == 0 {
            assert!(is_healthy(program.address), "after {round}");
        }
    }
    assert!(is_healthy(program.address));
}

#[test]
fn many_half_sent_bodies_hold_neither_memory_nor_others() {
    let program = Program::start(1024);
    let half = vec![b'x'; 1 << 20];
    let mut streams = Vec::new();
    for round in 0..400 {
        let mut stream = send(program.address, begun("s3", 64 << 20).as_bytes());
        stream.set_write_timeout(Some(PATIENCE)).expect("set");
        let _ = stream.write_all(&half);
        streams.push(stream);
        if round % 50 == 0 {
            assert!(is_healthy(program.address), "after {round}");
        }
    }
    assert!(is_healthy(program.address));
    if let Some(peak) = program.peak() {
        assert!(peak < 200, "{peak} MiB");
    }
}
