//! Entries that kill: before an entry is carried out again, its number is written down. A start that finds
//! the number of one that ended a start before it sets that entry aside, for good, and goes on without it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::disk::{self, Disk, DiskFile, write_all_at};

use super::head::{self, Head};

/// What the file begins with.
const WORD: &str = "espera-replaying";
/// Number, strikes.
const FIELDS: usize = 2;
/// The bytes of the file: a line never leaves the end of a longer one behind.
const LENGTH: usize = 96;
/// How often a start may end in an entry before it is set aside. The last entry of a world that was not
/// closed has one already: its process ended with it.
pub(crate) const ENOUGH: u64 = 2;

/// An entry that a start before this one ended in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Suspect {
    pub number: u64,
    pub strikes: u64,
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

/// Who is suspected by what a start before this one left; nobody when it is not there or damaged.
pub(crate) fn read(disk: &dyn Disk, folder: &Path) -> Suspect {
    match disk.read(&path(folder)).map(|bytes| head::read(&bytes, WORD, FIELDS)) {
        Ok(Head::Ours { fields, .. }) => Suspect { number: fields[0], strikes: fields[1] },
        _ => Suspect::default(),
    }
}

/// Watches over the entries that are carried out again.
#[derive(Debug)]
pub(crate) struct Guard {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    /// Made at the first entry; `None` where nothing can be written.
    file: OnceLock<Option<Arc<dyn DiskFile>>>,
    before: Suspect,
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
        let file = if writes { OnceLock::new() } else { OnceLock::from(None) };
        Guard {
            before: read(&**disk, folder),
            disk: disk.clone(),
            folder: folder.to_owned(),
            file,
            set_aside: set_aside.iter().filter_map(sum).collect(),
        }
    }

    /// Says what becomes of an entry and, if it is carried out, writes down that it is being. `strikes` are
    /// what speaks against it from elsewhere.
    pub fn judge(&self, number: u64, strikes: u64, bytes: &[u8]) -> Sentence {
        if self.set_aside.get(&number).is_some_and(|sum| *sum == crc32fast::hash(bytes)) {
            return Sentence::IsOut;
        }
        let before = if self.before.number == number { self.before.strikes } else { 0 };
        if before >= ENOUGH {
            return Sentence::GoesOut;
        }
        self.write(Suspect { number, strikes: before + 1 + strikes });
        Sentence::Goes
    }

    /// Sets an entry aside: `bytes` are kept, so that somebody can look at it.
    pub fn put_aside(&self, number: u64, bytes: &[u8]) -> io::Result<PathBuf> {
        let file = aside(&self.folder, number);
        disk::write_atomically(&*self.disk, &file, bytes)?;
        Ok(file)
    }

    /// Says that the entry being carried out has taken too long.
    pub fn outlasted(&self, number: u64) {
        self.write(Suspect { number, strikes: ENOUGH });
    }

    /// An entry that was about to be set aside is carried out: a kill from now on is not its doing.
    pub fn survived(&self) {
        self.write(Suspect::default());
    }

    /// All entries are carried out: nobody is suspected, nor after a loss of power, which may bring the
    /// file back.
    pub fn acquit(&self) {
        if let Some(Some(file)) = self.file.get() {
            self.write(Suspect::default());
            let _ = file.sync();
            let _ = self.disk.remove(&path(&self.folder));
        }
    }

    // Not synced: an entry can end this process, not the machine.
    fn write(&self, suspect: Suspect) {
        let file = self.file.get_or_init(|| self.disk.open(&path(&self.folder)).ok());
        let Some(file) = file else { return };
        let line = head::line(WORD, &[suspect.number, suspect.strikes]);
        let mut bytes = [b' '; LENGTH];
        bytes[..line.len().min(LENGTH)].copy_from_slice(&line.as_bytes()[..line.len().min(LENGTH)]);
        let _ = write_all_at(&**file, 0, &bytes);
    }
}
