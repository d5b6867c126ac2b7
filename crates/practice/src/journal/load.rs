//! Opening a folder: its lock, what is saved in it, and the journal to go on in.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};

use ground::clock::Moment;
use ground::disk::{self, Disk, Held};

use super::files::Files;
use super::mark::{self, Marks};
use super::names::path;
use super::promise;
use super::read::{Hand, Progress, Reading, Replayer, Saved};
use super::suspect::{Guard, Note};
use super::writer::Writer;
use super::{Journal, Notice, PracticeError, Trouble, World, snapshot, stack};

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
    /// Whether it had keys: version 1 gave it none.
    pub keyed: bool,
    /// The latest moment that anybody may have been shown of it.
    pub shown: Moment,
}

pub(super) fn open(
    disk: &Arc<dyn Disk>,
    folder: &Path,
    fresh: impl FnOnce() -> World,
    replayer: Replayer,
) -> Result<Opened, PracticeError> {
    let held = disk.make_folder(folder).and_then(|()| disk.hold(&folder.join("lock")));
    let (held, trouble) = match held {
        Ok(Some(file)) => (Some(file), None),
        Ok(None) => return Err(PracticeError::InUse { folder: folder.to_owned() }),
        Err(error) => (None, Some(Trouble::not_saved(folder, &error))),
    };
    let unreadable = |source| PracticeError::Unreadable { file: folder.to_owned(), source };
    let files = match Files::of(&**disk, folder) {
        Ok(files) => files,
        // It is no folder, or not to be read, and so not to be written: that is said.
        Err(_) if trouble.is_some() => Files::default(),
        Err(error) => return Err(unreadable(error)),
    };
    // Before anything is touched.
    if let Some((file, version)) = files.newer(&**disk).map_err(unreadable)? {
        return Err(PracticeError::Newer { file, version });
    }
    let hand = if held.is_some() { Hand::Mends } else { Hand::Looks };
    if hand == Hand::Mends {
        for file in &files.half {
            let _ = disk.remove(file);
        }
    }
    let (saved, notices) = read(disk, folder, &files, hand, replayer)?;
    let resumed = saved.is_some();
    let saved = saved.unwrap_or_else(|| Saved::up_to(0, Box::new(fresh())));
    let mut notices = notices;
    if promise::is_damaged(&**disk, folder) {
        let file = promise::path(folder);
        let to = (hand == Hand::Mends).then(|| disk::move_aside(&**disk, &file, "damaged").ok()).flatten();
        notices.push(Notice::damaged(&file, to));
    }
    let shown = promise::read(&**disk, folder).filter(|_| resumed).unwrap_or_default();
    let keyed = resumed && !saved.first;
    let mut opened =
        Opened { world: World::default(), journal: None, notices, trouble, resumed, keyed, shown };
    if let Some(held) = held {
        let (journal, trouble) = journal(disk, folder, held, &files, &saved);
        journal.carried_out();
        journal.note_carried_out();
        (opened.journal, opened.trouble) = (Some(journal), trouble);
    }
    opened.world = *saved.world;
    Ok(opened)
}

/// Reads on a thread with a deep stack and watches that it gets on.
fn read(
    disk: &Arc<dyn Disk>,
    folder: &Path,
    files: &Files,
    hand: Hand,
    replayer: Replayer,
) -> Result<(Option<Saved>, Vec<Notice>), PracticeError> {
    if files.is_empty() {
        return Ok((None, Vec::new()));
    }
    let progress = Arc::new(Progress::new());
    let guard = Arc::new(Guard::new(disk, folder, &files.entries_aside, hand == Hand::Mends));
    let mut reading = Reading {
        disk: disk.clone(),
        folder: folder.to_owned(),
        hand,
        replayer,
        progress: progress.clone(),
        guard: guard.clone(),
        notices: Vec::new(),
        anew: false,
    };
    let (done, outcome) = mpsc::channel();
    let files = files.clone();
    let thread = stack::builder().spawn(move || {
        let read = reading.read(&files).map(|saved| (saved, reading.notices));
        let _ = done.send(read);
    });
    let thread = thread.map_err(|source| PracticeError::Unreadable { file: folder.to_owned(), source })?;
    loop {
        match outcome.recv_timeout(replayer.look) {
            Ok(read) => return read,
            Err(RecvTimeoutError::Disconnected) => {
                stack::join(thread);
                let source = io::Error::other("reading it ended without a word");
                return Err(PracticeError::Unreadable { file: folder.to_owned(), source });
            }
            Err(RecvTimeoutError::Timeout) => {
                let Some((number, lasted)) = progress.under_way() else { continue };
                if guard.watches(number, lasted, replayer.patience) {
                    progress.abandon();
                    // The thread is left behind: it cannot be ended, but the program will be.
                    return Err(PracticeError::Outlasted { folder: folder.to_owned(), number });
                }
            }
        }
    }
}

/// The journal to go on in: the last one behind what is good of it, or a new one after a new snapshot.
/// When neither can be had, changes are refused until it can.
pub(super) fn journal(
    disk: &Arc<dyn Disk>,
    folder: &Path,
    held: Held,
    files: &Files,
    saved: &Saved,
) -> (Journal, Option<Trouble>) {
    let count = files.mark.as_ref().and_then(|file| disk.read(file).ok()).map(|bytes| mark::read(&bytes));
    let count = match count {
        Some(mark::Read::Mark(_, count)) => count,
        _ => 0,
    };
    let generation = match saved.go_on {
        Some(go_on) => go_on.generation,
        None => files.next_generation() - 1,
    };
    let mut writer = Writer::without_journal(generation, saved.number, saved.world.now);
    let resumed = match saved.go_on {
        Some(go_on) => resume(&**disk, folder, files, &mut writer, go_on),
        None => Ok(()),
    };
    let journal = Journal {
        disk: disk.clone(),
        folder: folder.to_owned(),
        writer: Mutex::new(writer),
        marks: Mutex::new(Marks::new(disk, folder, count)).into(),
        note: Mutex::new(Note::new(disk, folder)),
        done: AtomicU64::new(0),
        noted: AtomicU64::new(0),
        promise: Mutex::default(),
        new: Mutex::default(),
        folding: Mutex::new(()),
        _lock: held,
    };
    let trouble = match resumed {
        Ok(()) => {
            let begun = match saved.number {
                0 if files.is_empty() => journal.begin_anew(&saved.world),
                _ => journal.begin_writing(&saved.world),
            };
            if begun.is_ok() {
                cut_off(&**disk, &saved.damaged);
            }
            begun.err()
        }
        Err(error) => Some(Trouble::refusing(folder, &error)),
    };
    (journal, trouble)
}

/// Takes the damage out of journals whose copies are kept, once a snapshot holds what was good of them: what
/// is left in its place is sound. Where that cannot be done they stay as they are, which is no loss.
fn cut_off(disk: &dyn Disk, damaged: &[(PathBuf, u64)]) {
    for (file, good) in damaged {
        let _ = match good {
            0 => disk.remove(file),
            _ => disk.open(file).and_then(|open| open.set_len(*good)),
        };
    }
}

fn resume(
    disk: &dyn Disk,
    folder: &Path,
    files: &Files,
    writer: &mut Writer,
    go_on: super::read::GoOn,
) -> io::Result<()> {
    if go_on.cut {
        // Its copy is kept already.
        disk.open(&path(folder, go_on.generation))?.set_len(go_on.length)?;
    }
    // A process that was killed may have given the journal its name and not synced that, nor what stands in
    // those before it.
    disk.sync_folder(folder)?;
    for before in files.journals.range(..go_on.generation).map(|(_, file)| file) {
        disk.open(before)?.sync()?;
    }
    writer.resume(disk, folder, go_on.length, go_on.begun)
}

impl Journal {
    /// Saves a world in a folder that holds none. Nobody has been answered or shown anything, and whoever opens
    /// one waits for its first screen: all of it is there, and has a second to be synced as every change has.
    fn begin_anew(&self, world: &World) -> Result<(), Trouble> {
        let mut writer = super::lock(&self.writer);
        let mut marks = super::lock(&self.marks);
        let generation = writer.generation + 1;
        let begun = (|| {
            marks.write(mark::Mark::default())?;
            let bytes = snapshot::encode(world, generation, writer.number)?;
            writer.begin(&*self.disk, &self.folder, generation, bytes.len() as u64)?;
            self.syncs_too(snapshot::begin(&*self.disk, &self.folder, generation, &bytes)?);
            marks.write(writer.mark())
        })();
        begun.map_err(|error: io::Error| {
            writer.lose(&error);
            Trouble::refusing(&self.folder, &error)
        })
    }

    /// Saves a world whole that has no journal to go on in, and marks that it is open.
    fn begin_writing(&self, world: &World) -> Result<(), Trouble> {
        let mut writer = super::lock(&self.writer);
        let mut marks = super::lock(&self.marks);
        if !writer.is_lost() {
            // It only says that somebody writes, and may be lost with the power.
            let _ = marks.write(writer.mark());
            return Ok(());
        }
        let refusing = |error: io::Error| Trouble::refusing(&self.folder, &error);
        if marks.count() == 0 {
            // There before anything it could speak of, so that its absence always means something.
            marks.write_synced(mark::Mark::default()).map_err(refusing)?;
        }
        self.rescue(&mut writer, world)?;
        marks.write_synced(writer.mark()).map_err(refusing)
    }
}
