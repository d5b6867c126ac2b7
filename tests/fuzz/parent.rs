//! Starts the process that tries inputs and watches it: an end that is none, a standstill, growth. What did it is
//! written to a file, and the seed said.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::targets;

/// A standstill: no input takes a thousandth of this, also on a slow machine.
const STANDSTILL: Duration = Duration::from_secs(120);
/// The most memory of the process, in MiB: an unoptimised build with its tables has about 60.
const MEMORY: u64 = 400;
/// The seed, unless `ESPERA_FUZZ_SEED` says another.
const SEED: u64 = 20_261_127;

/// How many inputs of each target `cargo test` tries, and what part of `ESPERA_FUZZ_INPUTS` each has (in percent).
const SHARES: [(&str, u64, u64); 6] = [
    ("requests", 2_000, 35),
    ("templates", 1_000, 20),
    ("expressions", 3_000, 30),
    ("lessons", 200, 3),
    ("scenarios", 1_500, 11),
    ("state", 200, 1),
];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|n| n.replace('_', "").parse().ok())
}

/// How the process ended.
struct End {
    /// What it printed.
    said: String,
    /// What went wrong, if anything did.
    wrong: Option<String>,
    /// The most memory it had, in MiB.
    peak: u64,
}

/// Tries a target's share of inputs.
pub fn run(target: &str) {
    let (_, few, percent) = SHARES.iter().find(|(name, ..)| *name == target).expect("a target");
    let inputs = number("ESPERA_FUZZ_INPUTS").map_or(*few, |all| all * percent / 100);
    let seed = number("ESPERA_FUZZ_SEED").unwrap_or(SEED);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join(target);
    let mut command = child(target, &place);
    command.env("ESPERA_FUZZ_SEED", seed.to_string()).env("ESPERA_FUZZ_INPUTS", inputs.to_string());
    let end = watched(command, &place);
    for line in end.said.lines().filter(|line| line.starts_with("fuzz ")) {
        println!("\n{line}, peak {} MiB", end.peak);
    }
    if let Some(dir) = std::env::var_os("ESPERA_FUZZ_SLOWEST") {
        let _ = std::fs::copy(place.with_extension("slowest"), Path::new(&dir).join(target));
    }
    if let Some(wrong) = end.wrong {
        let kept = keep(target, &place, seed);
        panic!(
            "{target}: {wrong}\nThe input is in {}; the seed was {seed}. Mend it and move the file to \
             tests/fuzz/found/{target}/.\n{}",
            kept.display(),
            end.said
        );
    }
}

/// Tries everything in `tests/fuzz/found/` again.
pub fn found_again() {
    let mut wrong = Vec::new();
    for (target, ..) in SHARES {
        let folder = targets::folder("found").join(target);
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let place = tempfile::tempdir().unwrap();
            let mut command = child(target, &place.path().join("x"));
            command.env("ESPERA_FUZZ_REPLAY", entry.path());
            let end = watched(command, &place.path().join("x"));
            wrong.extend(end.wrong.map(|w| format!("{}: {w}\n{}", entry.path().display(), end.said)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn child(target: &str, place: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env("ESPERA_FUZZ_TARGET", target).env("ESPERA_FUZZ_PLACE", place);
    command.env_remove("ESPERA_FUZZ_REPLAY").env("RUST_BACKTRACE", "0");
    command
}

/// Runs the process until it ends or does something it must not.
fn watched(mut command: Command, place: &Path) -> End {
    // Files rather than pipes: nobody reads while it runs.
    let (out, err) = (place.with_extension("out"), place.with_extension("err"));
    command.stdout(std::fs::File::create(&out).unwrap()).stderr(std::fs::File::create(&err).unwrap());
    command.stdin(Stdio::null());
    let mut child = command.spawn().unwrap();
    let (mut peak, mut wrong) = (0, None);
    let (mut last, mut since) = (Vec::new(), Instant::now());
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
        peak = peak.max(memory(&child));
        let now = progress(place);
        if now != last {
            (last, since) = (now, Instant::now());
        }
        let stands = since.elapsed() > STANDSTILL;
        if stands || peak > MEMORY {
            wrong = Some(if stands { "hangs".to_owned() } else { format!("has {peak} MiB") });
            let _ = child.kill();
            break child.wait().unwrap();
        }
    };
    let tail = std::fs::read_to_string(&err).unwrap_or_default();
    let said = std::fs::read_to_string(&out).unwrap_or_default() + &tail;
    End { wrong: wrong.or_else(|| (!status.success()).then(|| status.to_string())), said, peak }
}

/// A sign that the process gets on: the trail's length and time of change.
fn progress(place: &Path) -> Vec<u8> {
    let metadata = std::fs::metadata(place).ok();
    format!("{:?}", metadata.map(|m| (m.len(), m.modified().ok()))).into_bytes()
}

/// The memory of a process, in MiB; 0 where the system does not tell.
fn memory(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Copies what was being tried to where it stays.
fn keep(target: &str, place: &Path, seed: u64) -> PathBuf {
    let bytes = std::fs::read(place).unwrap_or_default();
    let length = bytes.first_chunk().map_or(0, |n| usize::try_from(u64::from_le_bytes(*n)).unwrap_or(0));
    let input = bytes.get(8..).map_or(&[][..], |rest| &rest[..length.min(rest.len())]);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{target}-{seed}"));
    std::fs::write(&file, input).unwrap();
    file
}
