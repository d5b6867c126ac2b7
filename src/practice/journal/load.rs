//! Opening a folder: its lock, its snapshot, its journals; damaged files are set aside, never lost.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Mutex;

use bytes::Bytes;

use super::record::{self, End};
use super::snapshot::{self, Read};
use super::{FOLD, Journal, Notice, PracticeError, Trouble, World, Writer, create, replay, set_aside};

/// A folder opened.
pub(crate) struct Opened {
    /// The world as it was left, or a fresh one.
    pub world: World,
    /// `None` when the folder cannot be written.
    pub journal: Option<Journal>,
    /// What the person should know.
    pub notices: Vec<Notice>,
    /// Why it is not being saved.
    pub trouble: Option<Trouble>,
    /// Whether a saved world was found.
    pub resumed: bool,
}

pub(super) fn open(folder: &Path, fresh: impl FnOnce() -> World) -> Result<Opened, PracticeError> {
    let held = fs::create_dir_all(folder).and_then(|()| hold(folder));
    let (held, trouble) = match held {
        Ok(Some(file)) => (Some(file), None),
        Ok(None) => return Err(PracticeError::InUse { folder: folder.to_owned() }),
        Err(error) => (None, Some(Trouble::not_saved(folder, &error))),
    };
    let mut notices = Vec::new();
    let saved = read(folder, held.is_some(), &mut notices);
    let (resumed, saved) = (saved.is_some(), saved.unwrap_or_default());
    let world = saved.world.unwrap_or_else(|| Box::new(fresh()));
    let mut opened = Opened { world: *world, journal: None, notices, trouble, resumed };
    if let Some(held) = held {
        match journal(folder, held, saved.generation, saved.end, &opened.world) {
            Ok(journal) => opened.journal = Some(journal),
            Err(trouble) => opened.trouble = Some(trouble),
        }
    }
    Ok(opened)
}

/// Takes the folder for this process; `None` when another has it.
fn hold(folder: &Path) -> io::Result<Option<File>> {
    let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)?;
            writeln!(file, "{}", std::process::id())?;
            Ok(Some(file))
        }
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[derive(Default)]
struct Saved {
    world: Option<Box<World>>,
    generation: u64,
    /// Where the good part of the last journal ends; `None` asks for a new snapshot at once.
    end: Option<u64>,
}

fn read(folder: &Path, may_write: bool, notices: &mut Vec<Notice>) -> Option<Saved> {
    let (mut world, first) = match snapshot::read(folder) {
        Ok(Read::World(world, generation)) => (world, generation),
        Ok(Read::None) if snapshot::journals(folder).is_empty() => return None,
        Ok(Read::None | Read::Unreadable) | Err(_) => {
            if may_write {
                set_all_aside(folder, notices);
            }
            return None;
        }
    };
    let (mut generation, mut end, mut whole) = (first, None, true);
    for (file, number) in snapshot::journals(folder).into_iter().filter(|(_, number)| *number >= first) {
        let bytes = fs::read(&file).map(Bytes::from).ok().filter(|_| whole);
        let good = bytes.map(|bytes| record::read(&bytes, |record| replay::replay(&mut world, record)));
        generation = number;
        match good {
            Some((good, End::Clean)) => end = Some(good as u64),
            Some((good, End::Torn)) => (end, whole) = (Some(good as u64), false),
            // What follows a gap cannot be trusted. The good part lives on in a new snapshot.
            Some((_, End::Damaged)) | None => {
                (end, whole) = (None, false);
                if may_write {
                    set_aside(&file, notices);
                }
            }
        }
    }
    Some(Saved { world: Some(world), generation, end })
}

fn set_all_aside(folder: &Path, notices: &mut Vec<Notice>) {
    let snapshot = snapshot::path(folder);
    if snapshot.exists() {
        set_aside(&snapshot, notices);
    }
    for (file, _) in snapshot::journals(folder) {
        set_aside(&file, notices);
    }
}

/// The journal to go on in: the last one from where it is good, or a new one after a new snapshot.
fn journal(
    folder: &Path,
    held: File,
    generation: u64,
    end: Option<u64>,
    world: &World,
) -> Result<Journal, Trouble> {
    let failed = |error: io::Error| Trouble::not_saved(folder, &error);
    let writer = Writer { file: None, generation, written: 0, limit: FOLD, spare: Vec::new(), failed: None };
    let journal = Journal {
        folder: folder.to_owned(),
        pending: Mutex::default(),
        writer: Mutex::new(writer),
        folding: Mutex::default(),
        _lock: held,
    };
    match end {
        Some(end) => {
            let file = create(folder, generation).map_err(failed)?;
            // Cuts off an entry that was being written when the process ended: nobody got its answer.
            if file.metadata().map_err(failed)?.len() > end {
                file.set_len(end).map_err(failed)?;
            }
            let mut writer = super::lock(&journal.writer);
            (writer.file, writer.written) = (Some(file), end);
        }
        None => {
            // No file is open yet, so this stores the snapshot before it begins a journal.
            journal.fold(world)?;
        }
    }
    Ok(journal)
}
