//! Others that answer as AWS does, run as programs beside this one where they are installed.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;

use crate::{Rates, load, memory, rates, state};

/// A program and how it is told its port.
pub struct Peer {
    pub name: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
    variable: &'static str,
    /// What stands before the port in the variable.
    before_port: &'static str,
}

pub const PEERS: &[Peer] = &[
    Peer {
        name: "moto",
        program: "moto_server",
        arguments: &["-H", "127.0.0.1", "-p"],
        variable: "MOTO_PORT",
        before_port: "",
    },
    Peer {
        name: "ministack",
        program: "ministack",
        arguments: &[],
        variable: "GATEWAY_PORT",
        before_port: "",
    },
    Peer {
        name: "fakecloud",
        program: "fakecloud",
        arguments: &[],
        variable: "FAKECLOUD_ADDR",
        before_port: "127.0.0.1:",
    },
];

/// Stops the program when the measurement ends, however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The rates of a peer; `None` when it is not installed or does not start.
pub fn measure(peer: &Peer) -> Option<Rates> {
    let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
    let mut command = Command::new(peer.program);
    let at = format!("{}{port}", peer.before_port);
    command.args(peer.arguments).env(peer.variable, at).env("BIND_HOST", "127.0.0.1");
    if !peer.arguments.is_empty() {
        command.arg(port.to_string());
    }
    let begun = Instant::now();
    let running = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?);
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    while TcpStream::connect(address).is_err() {
        if begun.elapsed() > Duration::from_secs(30) {
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let (ready, idle) = (begun.elapsed(), memory(running.0.id()));
    // They take any.
    let keys = Credentials::from_keys("test", "test", None);
    load::stage(address, &keys);
    std::thread::sleep(Duration::from_secs(1));
    let rates = rates(address, &keys);
    state(peer.name, ready, idle, memory(running.0.id()));
    Some(rates)
}
