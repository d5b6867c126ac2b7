//! The doors that are tried, each with what its inputs are made of.

pub mod expressions;
mod lessons;
mod requests;
mod scenarios;
mod state;
mod templates;
mod world;

use std::path::PathBuf;

use super::mutate::{Rng, Trade};

/// Stands between the requests of one world in a file.
pub const BETWEEN: &[u8] = b"\n=== next ===\n";

/// What came of an input.
pub struct Seen {
    /// Whether it was taken rather than refused.
    pub taken: bool,
    /// In which way: an input seen in a new way is worth going on from.
    pub kind: u64,
}

/// A door.
pub trait Target {
    /// Whether inputs of a batch build on each other.
    fn batched(&self) -> bool {
        false
    }

    /// Begins a batch: a fresh world, where there is one.
    fn fresh(&mut self) {}

    /// What inputs are made of.
    fn trade(&self) -> Trade;

    /// An input made by rule rather than from others, where there are rules.
    fn made(&mut self, _rng: &mut Rng) -> Option<Vec<u8>> {
        None
    }

    /// Tries an input. Whatever is wrong panics.
    fn taste(&mut self, input: &[u8]) -> Seen;
}

/// The door of this name.
pub fn named(name: &str) -> Box<dyn Target> {
    match name {
        "requests" => Box::new(requests::Requests::new()),
        "templates" => Box::new(templates::Templates::new()),
        "expressions" => Box::new(expressions::Expressions::new()),
        "lessons" => Box::new(lessons::Lessons),
        "scenarios" => Box::new(scenarios::Scenarios),
        "state" => Box::new(state::State::new()),
        other => panic!("no target {other}"),
    }
}

/// `tests/fuzz/NAME`.
pub fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz").join(name)
}

/// The inputs a target begins with, and what was found with it before.
pub fn corpus(name: &str) -> Vec<Vec<u8>> {
    let mut folders = vec![folder("corpus").join(name)];
    // What comes along with the program is valid and rich.
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    match name {
        "templates" => folders.push(root.join("assets/templates")),
        "lessons" => folders.push(root.join("tests/fixtures/hugo/content")),
        "scenarios" => folders.push(root.join("assets/scenarios")),
        _ => {}
    }
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in folders {
        files.extend(std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()));
    }
    files.retain(|file| file.is_file());
    files.sort();
    let mut inputs: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
    if name == "requests" {
        inputs = std::mem::take(&mut inputs)
            .iter()
            .flat_map(|file| split(file, true).map(<[u8]>::to_vec).collect::<Vec<_>>())
            .collect();
    }
    inputs.push(Vec::new());
    inputs
}

/// What a file of `found` holds: itself or, in JSON, pairs of a text and how often it comes.
pub fn found(file: &std::path::Path) -> Vec<u8> {
    let bytes = std::fs::read(file).unwrap();
    if file.extension().is_none_or(|ending| ending != "json") {
        return bytes;
    }
    let parts: Vec<(String, usize)> = serde_json::from_slice(&bytes).unwrap();
    parts.iter().map(|(text, times)| text.repeat(*times)).collect::<String>().into_bytes()
}

/// The inputs in a file.
pub fn split(file: &[u8], batched: bool) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(file);
    std::iter::from_fn(move || {
        let now = rest?;
        let cut = if batched { now.windows(BETWEEN.len()).position(|w| w == BETWEEN) } else { None };
        rest = cut.map(|at| &now[at + BETWEEN.len()..]);
        Some(&now[..cut.unwrap_or(now.len())])
    })
}

/// A number for a text, such as an error's code.
pub fn kind(text: &str) -> u64 {
    // Figures and names of an error do not make it another.
    text.bytes()
        .filter(u8::is_ascii_alphabetic)
        .take(160)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
