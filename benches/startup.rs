//! What a person pays before the first key: time from exec to the first whole frame in a terminal,
//! the processor while nothing happens, and the memory held. `cargo bench --bench startup`.

use std::io::{Read, Write};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const STARTS: usize = 15;
const IDLE: Duration = Duration::from_secs(30);
/// The last of the screen's lines: with it the frame is whole.
const WHOLE: &str = "? help";

fn main() {
    let mut firsts: Vec<f64> = (0..STARTS).map(|_| start(false).0).collect();
    firsts.sort_by(f64::total_cmp);
    println!(
        "startup: first frame: median {:.1} ms, fastest {:.1} ms (aim 25)",
        firsts[STARTS / 2],
        firsts[0]
    );
    let (_, used) = start(true);
    if let Some((cpu, resident)) = used {
        println!(
            "startup: idle {IDLE:?}: {cpu:.2} % of one core (aim 0.3), {resident:.1} MB resident (aim 40)"
        );
    }
}

/// Milliseconds to the first whole frame; after `IDLE`, processor share in percent and resident MB.
#[expect(clippy::unwrap_used, reason = "a benchmark that cannot open a terminal has nothing to say")]
fn start(idle: bool) -> (f64, Option<(f64, f64)>) {
    let folder = tempfile::tempdir().unwrap();
    let (rows, cols) = (40, 120);
    let pair = native_pty_system().openpty(PtySize { rows, cols, ..PtySize::default() }).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_espera"));
    command.args(["--lang", "en", "--state-dir"]);
    command.arg(folder.path());
    command.env("TERM", "xterm-256color");
    command.env("LANG", "en_US.UTF-8");
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut keys = pair.master.take_writer().unwrap();
    let (send, whole) = mpsc::channel();
    let began = Instant::now();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let reading = std::thread::spawn(move || {
        let mut screen = vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 0);
        let mut buffer = [0; 65_536];
        let mut seen = false;
        while let Ok(n @ 1..) = reader.read(&mut buffer) {
            screen.process(&buffer[..n]);
            if !seen && screen.screen().contents().contains(WHOLE) {
                seen = true;
                let _ = send.send(Instant::now());
            }
        }
    });
    let first = whole.recv_timeout(Duration::from_secs(20)).unwrap().duration_since(began);
    let used = if idle { child.process_id().and_then(rest) } else { None };
    let _ = keys.write_all(b"q");
    let _ = keys.flush();
    let _ = child.wait();
    drop(pair.master);
    let _ = reading.join();
    (first.as_secs_f64() * 1000.0, used)
}

/// Watches a process that has nothing to do. `None` where there is no `/proc`.
fn rest(pid: u32) -> Option<(f64, f64)> {
    // What belongs to starting up is let pass.
    std::thread::sleep(Duration::from_secs(2));
    let before = ticks(pid)?;
    std::thread::sleep(IDLE);
    // A tick is a hundredth of a second on every Linux in use.
    let cpu = (ticks(pid)? - before) / IDLE.as_secs_f64();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|l| l.starts_with("VmRSS:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some((cpu, kilobytes / 1024.0))
}

fn ticks(pid: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let after = stat.rsplit_once(')')?.1;
    let fields: Vec<&str> = after.split_whitespace().collect();
    Some(fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?)
}
