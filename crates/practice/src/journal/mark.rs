//! How far the journal was when it was last synced, and whether the world was closed: so that a journal that
//! ends too early is told from one whose process was killed. Two slots are written in turn: a loss of
//! power in the middle of one leaves the other.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ground::disk::{Disk, DiskFile, write_all_at};

use crate::file_header::{self, FileHeader};

/// What each slot begins with.
const WORD: &str = "espera-mark";
/// Count, generation, number, length, closed.
const FIELDS: usize = 5;
/// The bytes of a slot.
const SLOT: usize = 160;

/// Where a journal was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Which journal.
    pub generation: u64,
    /// The number of its last entry.
    pub number: u64,
    pub length: u64,
    /// Whether the world was closed there.
    pub life: Life,
}

/// Whether somebody goes on writing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Life {
    /// The world is open, or its process was killed.
    #[default]
    Open,
    /// It was closed in order.
    Closed,
}

/// What a mark's file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// The latest mark, and how many there have been.
    Mark(Mark, u64),
    /// None that can be read.
    Damaged,
    /// One of a newer Espera.
    Newer(u32),
}

pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join("mark")
}

/// Reads the latest mark.
pub(crate) fn read(bytes: &[u8]) -> Read {
    let mut latest = Read::Damaged;
    for slot in bytes.chunks(SLOT).take(2) {
        match file_header::read(slot, WORD, FIELDS) {
            FileHeader::Newer(version) => return Read::Newer(version),
            FileHeader::Ours { fields, .. } => {
                let [count, generation, number, length, closed] = fields[..] else { continue };
                let life = if closed == 1 { Life::Closed } else { Life::Open };
                if !matches!(latest, Read::Mark(_, before) if before > count) {
                    latest = Read::Mark(Mark { generation, number, length, life }, count);
                }
            }
            FileHeader::First { .. } | FileHeader::Damaged => {}
        }
    }
    latest
}

/// Writes marks.
#[derive(Debug)]
pub(crate) struct Marks {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    /// `None` before the first mark and after a failure: the folder may be another by then.
    file: Option<Arc<dyn DiskFile>>,
    count: u64,
}

impl Marks {
    /// Goes on after `count` marks, in a file that is made if it is not there.
    pub fn new(disk: &Arc<dyn Disk>, folder: &Path, count: u64) -> Marks {
        Marks { disk: disk.clone(), path: path(folder), file: None, count }
    }

    /// How many there have been.
    pub fn count(&self) -> u64 {
        self.count
    }

    fn file(&mut self) -> io::Result<Arc<dyn DiskFile>> {
        match &self.file {
            Some(file) => Ok(file.clone()),
            None => {
                let file = self.disk.open(&self.path)?;
                self.file = Some(file.clone());
                Ok(file)
            }
        }
    }

    /// Writes a mark in the slot of the one before the last.
    pub fn write(&mut self, mark: Mark) -> io::Result<()> {
        let closed = u64::from(mark.life == Life::Closed);
        let count = self.count + 1;
        let line = file_header::line(WORD, &[count, mark.generation, mark.number, mark.length, closed]);
        let mut slot = [b' '; SLOT];
        slot[..line.len().min(SLOT)].copy_from_slice(&line.as_bytes()[..line.len().min(SLOT)]);
        let place = (count % 2) * SLOT as u64;
        let written = self.file().and_then(|file| write_all_at(&*file, place, &slot));
        match written {
            Ok(()) => self.count = count,
            Err(_) => self.file = None,
        }
        written
    }

    /// Writes a mark that survives a loss of power.
    pub fn write_synced(&mut self, mark: Mark) -> io::Result<()> {
        self.write(mark)?;
        self.file()?.sync()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::disk::FaultyDisk;

    fn mark(number: u64) -> Mark {
        Mark { generation: 2, number, length: 100, life: Life::Closed }
    }

    #[test]
    fn the_latest_mark_counts_and_a_damaged_one_leaves_the_one_before() {
        let (faulty, folder) = (FaultyDisk::new(), Path::new("/w"));
        let disk: Arc<dyn Disk> = Arc::new(faulty.clone());
        let mut marks = Marks::new(&disk, folder, 0);
        for number in 1..=3 {
            marks.write_synced(mark(number)).unwrap();
            let bytes = faulty.content(&path(folder)).unwrap();
            assert_eq!(read(&bytes), Read::Mark(mark(number), number));
        }
        let mut bytes = faulty.content(&path(folder)).unwrap();
        bytes[SLOT + 20] ^= 1;
        assert_eq!(read(&bytes), Read::Mark(mark(2), 2));
        bytes[20] ^= 1;
        assert_eq!((read(&bytes), read(b"")), (Read::Damaged, Read::Damaged));
    }
}
