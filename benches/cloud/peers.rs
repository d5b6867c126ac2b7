//! Others that answer as AWS does, run as programs beside this one where they are installed.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Rates, load, rates};

/// A program and how it is told its port.
pub struct Peer {
    pub name: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
    port_variable: &'static str,
}

pub const PEERS: &[Peer] = &[
    Peer {
        name: "moto",
        program: "moto_server",
        arguments: &["-H", "127.0.0.1", "-p"],
        port_variable: "MOTO_PORT",
    },
    Peer { name: "ministack", program: "ministack", arguments: &[], port_variable: "GATEWAY_PORT" },
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
    command.args(peer.arguments).env(peer.port_variable, port.to_string()).env("BIND_HOST", "127.0.0.1");
    if !peer.arguments.is_empty() {
        command.arg(port.to_string());
    }
    let _running = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?);
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let begun = Instant::now();
    while TcpStream::connect(address).is_err() {
        if begun.elapsed() > Duration::from_secs(30) {
            return None;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    load::stage(address);
    std::thread::sleep(Duration::from_secs(1));
    Some(rates(address))
}
