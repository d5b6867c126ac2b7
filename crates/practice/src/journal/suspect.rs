//! Entries that kill: before an entry is carried out again, its number is written down, and after one was
//! carried out for the first time too. A start that finds the number of one that ended starts before it sets
//! that entry aside, for good, and goes on without it. A kill from outside looks the same, so that one is
//! never enough: what was answered must have ended two starts, what never was must have ended one.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ground::disk::{self, Disk, DiskFile, write_all_at};

use super::names::lock;
use crate::file_header::{self, FileHeader};

/// What the file begins with.
pub(super) const WORD: &str = "espera-replaying";
/// Number, strikes.
pub(super) const FIELDS: usize = 2;
/// The bytes of the file: a line never leaves the end of a longer one behind.
const LENGTH: usize = 96;
/// How much speaks against an entry before it is set aside.
pub(crate) const ENOUGH: u64 = 4;
/// What a process counts that ended in it at once, or long after it was to be done.
const FULL: u64 = 2;
/// What one counts that ended while the entry was merely slow: then a kill from outside often finds it.
const SLOW: u64 = 1;
/// From when an entry is slow, and until when that is no wonder.
const SLOWNESS: std::ops::Range<Duration> = Duration::from_millis(5)..Duration::from_secs(5);

/// The entry that a process before this one was at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Suspect {
    pub number: u64,
    /// 0 when it was carried out: nothing is known of the next.
    pub strikes: u64,
}

/// Of no entry anything is known.
const NOBODY: Suspect = Suspect { number: 0, strikes: 0 };

/// Which entry of a journal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Another was written after it, so it was carried out once.
    Within,
    /// None came after it in a world that was not closed.
    Last,
}

pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join("replaying")
}

/// The name an entry is set aside under.
pub(crate) fn aside(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("entry-{number}.set-aside"))
}

/// The number of an entry that was set aside under this name.
pub(crate) fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix("entry-")?.strip_suffix(".set-aside")?.parse().ok()
}

/// Who is suspected by what a process before this one left; nobody when it is not there or damaged.
pub(crate) fn read(disk: &dyn Disk, folder: &Path) -> Option<Suspect> {
    match file_header::read(&disk.read(&path(folder)).ok()?, WORD, FIELDS) {
        FileHeader::Ours { fields, .. } => Some(Suspect { number: fields[0], strikes: fields[1] }),
        _ => None,
    }
}

/// The file that says which entry a process is at. What cannot be written there is left out: nobody is
/// suspected then.
#[derive(Debug)]
pub(crate) struct Note {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    file: Option<Arc<dyn DiskFile>>,
    last: Option<Suspect>,
    /// What spoke against that entry before it was carried out again.
    before: u64,
}

impl Note {
    pub fn new(disk: &Arc<dyn Disk>, folder: &Path) -> Note {
        Note { disk: disk.clone(), path: path(folder), file: None, last: None, before: 0 }
    }

    // Not synced: an entry can end this process, not the machine.
    fn write(&mut self, suspect: Suspect) {
        if self.last == Some(suspect) {
            return;
        }
        if self.file.is_none() {
            self.file = self.disk.open(&self.path).ok();
        }
        let Some(file) = &self.file else { return };
        let line = file_header::line(WORD, &[suspect.number, suspect.strikes]);
        let mut bytes = [b' '; LENGTH];
        bytes[..line.len().min(LENGTH)].copy_from_slice(&line.as_bytes()[..line.len().min(LENGTH)]);
        self.last = write_all_at(&**file, 0, &bytes).is_ok().then_some(suspect);
    }

    /// Says that an entry was carried out, and so all before it.
    pub fn carried_out(&mut self, number: u64) {
        self.write(Suspect { number, strikes: 0 });
    }
}

/// Watches over the entries that are carried out again.
#[derive(Debug)]
pub(crate) struct Guard {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    /// `None` where nothing is to be written.
    note: Option<Mutex<Note>>,
    before: Option<Suspect>,
    /// By number, the checksum of what was set aside: numbers come again in a world that went back.
    set_aside: BTreeMap<u64, u32>,
}

/// What is to be done with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sentence {
    /// It is carried out.
    Goes,
    /// It was set aside before.
    IsOut,
    /// It is set aside now.
    GoesOut,
}

impl Guard {
    /// Begins; `set_aside` are those of earlier starts.
    pub fn new(disk: &Arc<dyn Disk>, folder: &Path, set_aside: &BTreeSet<u64>, writes: bool) -> Guard {
        let sum = |number: &u64| Some((*number, crc32fast::hash(&disk.read(&aside(folder, *number)).ok()?)));
        Guard {
            before: read(&**disk, folder),
            disk: disk.clone(),
            folder: folder.to_owned(),
            note: writes.then(|| Mutex::new(Note::new(disk, folder))),
            set_aside: set_aside.iter().filter_map(sum).collect(),
        }
    }

    /// Says what becomes of an entry and, if it is carried out, writes down that it is being.
    pub fn judge(&self, number: u64, place: Place, bytes: &[u8]) -> Sentence {
        if self.set_aside.get(&number).is_some_and(|sum| *sum == crc32fast::hash(bytes)) {
            return Sentence::IsOut;
        }
        let before = self.against(number, place);
        if before >= ENOUGH {
            return Sentence::GoesOut;
        }
        if let Some(note) = &self.note {
            let mut note = lock(note);
            note.before = before;
            note.write(Suspect { number, strikes: before + FULL });
        }
        Sentence::Goes
    }

    /// What speaks against an entry.
    fn against(&self, number: u64, place: Place) -> u64 {
        match self.before {
            Some(before) if before.number == number => before.strikes,
            // Its process came to an end in it, for all that is known, and so it was never answered.
            Some(Suspect { number: done, strikes: 0 })
                if place == Place::Last && done > 0 && done + 1 == number =>
            {
                FULL
            }
            _ => 0,
        }
    }

    /// Looks at an entry that has been under way for some time. Answers whether that is too long.
    pub fn watches(&self, number: u64, lasted: Duration, patience: Duration) -> bool {
        let overdue = lasted > patience;
        let more = match lasted {
            _ if overdue => ENOUGH,
            lasted if lasted < SLOWNESS.start => return false,
            lasted if lasted < SLOWNESS.end => SLOW,
            _ => FULL,
        };
        if let Some(note) = &self.note {
            let mut note = lock(note);
            // The one who carries out may have gone on meanwhile.
            if note.last.is_some_and(|last| last.number == number) {
                let strikes = note.before + more;
                note.write(Suspect { number, strikes });
            }
        }
        overdue
    }

    /// Sets an entry aside: `bytes` are kept, so that somebody can look at it.
    pub fn put_aside(&self, number: u64, bytes: &[u8]) -> io::Result<PathBuf> {
        let file = aside(&self.folder, number);
        disk::write_atomically(&*self.disk, &file, bytes)?;
        Ok(file)
    }

    /// A journal is carried out, and the next is not begun.
    pub fn clear_suspicion(&self) {
        if let Some(note) = &self.note {
            lock(note).write(NOBODY);
        }
    }

    /// All entries up to this one are carried out: nobody is suspected, nor after a loss of power, which may
    /// bring an older note back.
    pub fn acquit(&self, number: u64) {
        let Some(note) = &self.note else { return };
        let mut note = lock(note);
        note.carried_out(number);
        if let Some(file) = &note.file {
            let _ = file.sync();
        }
    }
}
