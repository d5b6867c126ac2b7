//! The files of the state folder: a world's snapshot and journal, and progress. Whatever their bytes are, opening
//! ends, and what is lost is told: the files carry checksums.

use std::path::Path;

use espera::progress::{Opened, Progress, Store};
use ground::lang::Lang;
use tempfile::TempDir;

use super::super::mutate::{Rng, Trade};
use super::world::{ask, setup, with_table};
use super::{Seen, Target, kind};

pub struct State {
    /// Files of a genuine folder: name and bytes.
    genuine: Vec<(String, Vec<u8>)>,
    /// The world they hold.
    image: String,
    /// The progress they hold.
    progress: Progress,
    scratch: TempDir,
}

/// In memory where there is such a place.
fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        TempDir::new_in(memory).or_else(|_| TempDir::new()).unwrap()
    } else {
        TempDir::new().unwrap()
    }
}

impl State {
    pub fn new() -> State {
        let scratch = scratch();
        let folder = scratch.path().join("genuine");
        let world = setup().saved_in(&folder).open();
        let practice = &world.practice;
        with_table(practice);
        practice.close().unwrap();
        // Beyond the snapshot, so that there is a journal too.
        for i in 0..6 {
            ask(
                practice,
                "ssm",
                "AmazonSSM.PutParameter",
                &format!(r#"{{"Name":"/n{i}","Value":"v{i}","Type":"String"}}"#),
            );
        }
        ask(practice, "s3", "PUT /bucket", "");
        let image = world.image();
        // Copied while it is open: what a kill leaves behind.
        let genuine = files(&folder);
        drop(world);
        let (opened, mut progress, _) = Store::open(&scratch.path().join("progress")).unwrap();
        if let Opened::Writer(store) = opened {
            // Twice, so that there is a generation before.
            for step in 1..=2 {
                progress.step = step;
                progress.passed.insert(format!("check-{step}"));
                store.save(&progress).unwrap();
            }
        }
        let mut genuine: Vec<(String, Vec<u8>)> =
            genuine.into_iter().map(|(n, b)| (format!("world/{n}"), b)).collect();
        let kept = files(&scratch.path().join("progress"));
        genuine.extend(kept.into_iter().map(|(n, b)| (format!("progress/{n}"), b)));
        genuine.retain(|(_, bytes)| !bytes.is_empty());
        State { genuine, image, progress, scratch }
    }
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_file())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .collect();
    out.sort();
    out
}

impl Target for State {
    fn trade(&self) -> Trade {
        Trade {
            words: &[
                "{",
                "}",
                "[",
                "]",
                "\"",
                ":",
                ",",
                "null",
                "0",
                "-1",
                "true",
                "\n",
                "\0",
                "\0\0\0\0",
                "\u{7f}",
                "version",
                "\"version\":",
                "espera-world 3 ",
                "espera-journal 3 ",
                "espera-world 2 ",
                "espera-journal 2 ",
                "espera-mark 3 ",
                "espera-keys 3 ",
                "espera-clock 3 ",
                "espera-replaying 3 ",
                "espera-journal 4 ",
                "sum",
                "passed",
                "{\"L\":[",
                "{\"M\":{",
            ],
            pairs: &[("[", "]"), ("{\"a\":", "}"), ("{\"L\":[", "]}"), ("\"", "\"")],
        }
    }

    /// One of the genuine files with something done to it: `name`, a line break, its bytes.
    fn made(&mut self, rng: &mut Rng) -> Option<Vec<u8>> {
        let (name, bytes) = rng.pick(&self.genuine).clone();
        let mut bytes = bytes;
        match rng.below(8) {
            0..=2 => {
                let at = rng.below(bytes.len());
                bytes[at] ^= 1 << rng.below(8);
            }
            3 | 4 => {
                let length = rng.below(bytes.len() + 1);
                bytes.truncate(length);
            }
            5 => {
                for _ in 0..=rng.below(64) {
                    bytes.push(u8::try_from(rng.below(256)).unwrap());
                }
            }
            6 => {
                let from = rng.below(bytes.len());
                let to = (from + rng.below(64)).min(bytes.len());
                bytes.drain(from..to);
            }
            _ => {
                let from = rng.below(bytes.len());
                let again = bytes[from..].to_vec();
                bytes.extend_from_slice(&again);
            }
        }
        let mut out = format!("{name}\n").into_bytes();
        out.append(&mut bytes);
        Some(out)
    }

    fn taste(&mut self, input: &[u8]) -> Seen {
        let cut = input.iter().position(|b| *b == b'\n').unwrap_or(0);
        let name = String::from_utf8_lossy(&input[..cut]).into_owned();
        let known = self.genuine.iter().position(|(n, _)| *n == name).unwrap_or(0);
        let bytes = input.get(cut + 1..).unwrap_or_default();
        let folder = self.scratch.path().join("tried");
        let _ = std::fs::remove_dir_all(&folder);
        let progress = self.genuine[known].0.starts_with("progress/");
        for (i, (name, genuine)) in self.genuine.iter().enumerate() {
            let file = folder.join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, if i == known { bytes } else { genuine.as_slice() }).unwrap();
        }
        if progress {
            self.open_progress(&folder.join("progress"))
        } else {
            self.open_world(&folder.join("world"), known, bytes)
        }
    }
}

impl State {
    fn open_world(&self, folder: &Path, known: usize, bytes: &[u8]) -> Seen {
        let world = match setup().saved_in(folder).try_open() {
            Ok(world) => world,
            Err(error) => return Seen { taken: false, kind: kind(&error.text(Lang::En)) },
        };
        let told = world.practice.notices().iter().map(|n| n.text(Lang::Es)).collect::<String>();
        let trouble = world.practice.trouble().borrow().clone();
        // What differs from what was written is told, unless only the end is gone that was not synced, as
        // after a loss of power.
        let (name, genuine) = &self.genuine[known];
        let unsynced = name.starts_with("world/journal-") && genuine.starts_with(bytes);
        if told.is_empty() && trouble.is_none() && !unsynced {
            assert_eq!(world.image(), self.image, "lost in silence");
        }
        Seen { taken: told.is_empty(), kind: kind(&told) }
    }

    fn open_progress(&self, folder: &Path) -> Seen {
        match Store::open(folder) {
            Ok((_, progress, warnings)) => {
                let told: String = warnings.iter().map(|w| w.text(Lang::Es)).collect();
                assert!(!told.is_empty() || progress == self.progress, "lost in silence: {progress:?}");
                Seen { taken: told.is_empty(), kind: kind(&told) }
            }
            Err(error) => Seen { taken: false, kind: kind(&error.text(Lang::En)) },
        }
    }
}
