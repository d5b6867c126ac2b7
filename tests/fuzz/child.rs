//! The process that tries the inputs. Before each it leaves the input where its parent finds it should it not
//! come back.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::mutate::{Rng, mutated};
use super::targets::{self, Seen, Target};

/// Inputs of a batch: they share a world, and a pool of what has been new.
const BATCH: u64 = 500;
/// The most inputs of the pool.
const POOL: usize = 64;

/// How often anything has panicked, also where a service caught it.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// An environment variable of the parent's.
fn told(name: &str) -> Option<String> {
    std::env::var(format!("ESPERA_FUZZ_{name}")).ok()
}

/// Does what the parent said in the environment.
pub fn work() {
    let (Some(name), Some(place)) = (told("TARGET"), told("PLACE")) else { return };
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        before(info);
    }));
    let mut target = targets::named(&name);
    let mut trail = Trail::new(PathBuf::from(place), target.batched());
    if let Some(file) = told("REPLAY") {
        trail.begin();
        target.fresh();
        for input in targets::split(&targets::found(file.as_ref()), target.batched()) {
            trail.leave(input);
            judge(target.as_mut(), input);
        }
        return;
    }
    let number = |name| told(name).and_then(|n| n.parse().ok()).unwrap_or(0);
    let summary = hunt(&name, target.as_mut(), &mut trail, number("SEED"), number("INPUTS"));
    // The test harness has begun the line.
    println!("\n{summary}");
}

/// Tries one input; a panic that was caught counts as one that was not.
fn judge(target: &mut dyn Target, input: &[u8]) -> Seen {
    let before = PANICS.load(Ordering::Relaxed);
    let seen = target.taste(input);
    assert_eq!(PANICS.load(Ordering::Relaxed), before, "something panicked and was caught");
    seen
}

fn hunt(name: &str, target: &mut dyn Target, trail: &mut Trail, seed: u64, inputs: u64) -> String {
    let corpus = targets::corpus(name);
    let trade = target.trade();
    let started = Instant::now();
    let (mut taken, mut slowest, mut done) = (0u64, (Duration::ZERO, 0u64), 0u64);
    let mut rng = Rng::new(seed, 0);
    let mut pool: Vec<Vec<u8>> = Vec::new();
    let mut known = std::collections::HashSet::new();
    while done < inputs {
        if done % BATCH == 0 {
            rng = Rng::new(seed, 1 + done / BATCH);
            pool.clear();
            known.clear();
            trail.begin();
            target.fresh();
        }
        let from = match pool.len() {
            n if n > 0 && rng.one_in(2) => &pool[rng.below(n)],
            _ => rng.pick(&corpus),
        };
        // Where there is little to begin with, the rules make all.
        let made = if corpus.len() == 1 || rng.one_in(3) { target.made(&mut rng) } else { None };
        let input = match made {
            Some(made) if rng.one_in(2) => made,
            Some(made) => mutated(&mut rng, &made, from, &trade),
            None => {
                let other = rng.pick(&corpus).clone();
                mutated(&mut rng, from, &other, &trade)
            }
        };
        trail.leave(&input);
        let begun = Instant::now();
        let seen = judge(target, &input);
        let time = begun.elapsed();
        taken += u64::from(seen.taken);
        if time > slowest.0 {
            slowest = (time, done);
            trail.keep_slowest(&input);
        }
        // What was answered in a new way is worth going on from.
        if pool.len() < POOL && known.insert(seen.kind) && input.len() < 16_000 {
            pool.push(input);
        }
        done += 1;
    }
    let seconds = started.elapsed().as_secs_f64();
    format!(
        "fuzz {name}: {done} inputs in {seconds:.1} s, {:.0}/s, {:.1} % taken, slowest {:.1?} (input {})",
        done as f64 / seconds.max(0.001),
        100.0 * taken as f64 / done.max(1) as f64,
        slowest.0,
        slowest.1,
    )
}

/// The file that says what is being tried: of targets with a world all of the batch, else the last input.
struct Trail {
    file: File,
    slow: PathBuf,
    batched: bool,
    at: u64,
}

impl Trail {
    fn new(place: PathBuf, batched: bool) -> Trail {
        Trail { file: File::create(&place).unwrap(), slow: place.with_extension("slowest"), batched, at: 8 }
    }

    fn begin(&mut self) {
        self.at = 8;
    }

    /// Leaves the input, and then how much of the file counts.
    fn leave(&mut self, input: &[u8]) {
        if !self.batched {
            self.at = 8;
        } else if self.at > 8 {
            self.put(targets::BETWEEN);
        }
        self.put(input);
        self.file.write_all_at(&(self.at - 8).to_le_bytes(), 0).unwrap();
    }

    fn put(&mut self, bytes: &[u8]) {
        self.file.write_all_at(bytes, self.at).unwrap();
        self.at += bytes.len() as u64;
    }

    fn keep_slowest(&self, input: &[u8]) {
        let _ = std::fs::write(&self.slow, input);
    }
}
