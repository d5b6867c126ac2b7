//! How fast practice AWS answers: the SDK in process, and any client over loopback, beside moto's
//! server, ministack and fakecloud where they are installed. Prints absolutes and ratios; no harness.
//! `cargo bench --bench cloud`; the load comes from wrk where it is installed, else from a client here.

#![expect(clippy::expect_used, reason = "a benchmark that cannot set its stage has nothing to say")]

mod load;
mod peers;
mod sdk;

use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use ground::clock::{Clock, Speed};
use practice::{Listen, Practice};
use testbed::{START, Setup};

use load::{DESCRIBE_STACKS, Load, PUT_ITEM};

const SECONDS: u64 = 4;
const CONNECTIONS: [usize; 2] = [1, 16];

/// Requests a second for each load at each number of connections.
type Rates = Vec<(&'static str, usize, f64)>;

fn main() {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    println!(
        "cloud: {cores} cores, load by {}",
        if load::wrk() { "wrk" } else { "the client in this benchmark" }
    );
    sdk::measure();
    let ours = practice(cores);
    show("espera", &ours, None);
    for peer in peers::PEERS {
        match peers::measure(peer) {
            Some(rates) => show(peer.name, &rates, Some(&ours)),
            None => println!("cloud: {} is not installed (or did not start)", peer.name),
        }
    }
}

fn open(folder: Option<&std::path::Path>) -> Practice {
    let setup = Setup::seeded(1).clock(Clock::practice(START, Speed::Times(20.0)));
    folder.into_iter().fold(setup, Setup::saved_in).open().practice
}

fn practice(cores: usize) -> Rates {
    let folder = tempfile::tempdir().expect("a folder");
    let begun = Instant::now();
    let practice = open(Some(folder.path()));
    let server = practice.serve_as(Listen { threads: cores, ..Listen::default() }).expect("listens");
    let address = server.address();
    let ready = begun.elapsed();
    let idle = memory(std::process::id());
    let keys = Credentials::from_keys(practice.keys().access_key(), practice.keys().secret(), None);
    load::stage(address, &keys);
    practice.clock().advance(Duration::from_secs(600));
    let rates = rates(address, &keys);
    // Every change of the load has been journaled.
    state("espera", ready, idle, memory(std::process::id()));
    server.stop();
    rates
}

/// Puts each load on each number of connections.
fn rates(address: std::net::SocketAddr, keys: &Credentials) -> Rates {
    let loads: [&Load; 2] = [&DESCRIBE_STACKS, &PUT_ITEM];
    let pairs = loads.into_iter().flat_map(|load| CONNECTIONS.map(|connections| (load, connections)));
    pairs
        .map(|(load, n)| (load.name, n, load::put(address, keys, load, n, Duration::from_secs(SECONDS))))
        .collect()
}

fn show(name: &str, rates: &Rates, ours: Option<&Rates>) {
    for (place, (load, connections, rate)) in rates.iter().enumerate() {
        let ratio = ours.and_then(|ours| ours.get(place)).map(|(_, _, ours)| ours / rate.max(1.0));
        let ratio = ratio.map(|r| format!("  (espera is {r:.1} times as fast)")).unwrap_or_default();
        println!("cloud: {name:<10} {load:<15} {connections:>2} connections {rate:>9.0} /s{ratio}");
    }
}

fn state(name: &str, ready: Duration, idle: u64, after: u64) {
    let ready = ready.as_secs_f64() * 1000.0;
    println!("cloud: {name:<10} ready in {ready:.1} ms; {idle} MB idle, {after} MB after the load");
}

/// Resident memory of a process in megabytes, where the system tells it.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or_default() / 1024
}
