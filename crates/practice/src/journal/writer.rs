//! The journal that is being written: where it ends, what of it is synced, and what became of it when
//! the disk failed.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::Trouble;
use ground::clock::Moment;
use ground::disk::{self, Disk, DiskFile, write_all_at};

use super::entry::Entry;
use super::mark::{Life, Mark};
use super::names::{JOURNAL, path};
use crate::file_header;

/// A journal longer than this, and than twice the snapshot, is folded into a new snapshot.
const FOLD: u64 = 8 << 20;

/// What an entry came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grown {
    /// It is written.
    Fine,
    /// It is written, and it is time for a snapshot.
    Long,
}

#[derive(Debug)]
pub(super) struct Writer {
    file: Option<Arc<dyn DiskFile>>,
    pub generation: u64,
    /// The number of the last entry.
    pub number: u64,
    pub at: Moment,
    /// When that was, in real time.
    pub written: Instant,
    /// The number of the last entry that the snapshot of this generation holds.
    pub begun: u64,
    /// Where the last entry ends.
    length: u64,
    /// Length from which the journal is folded.
    limit: u64,
    /// Up to which entry all is synced.
    synced: u64,
    /// Whether part of an entry that was refused stands behind the last.
    tail: Tail,
    pub life: Life,
    /// Whether it waits for its first sync though it has no entry.
    is_new: bool,
    failed: Option<Failed>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tail {
    Clean,
    ToCut,
}

#[derive(Debug)]
struct Failed {
    why: String,
    loss: Loss,
    since: Instant,
}

/// What a failure took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loss {
    /// An entry, which was refused. The next may be written.
    Entry,
    /// The journal: it cannot be gone on with.
    Journal,
}

impl Writer {
    /// One without a journal: the next write saves the world whole first.
    pub fn without_journal(generation: u64, number: u64, at: Moment) -> Writer {
        Writer {
            file: None,
            generation,
            number,
            at,
            written: Instant::now(),
            begun: number,
            length: 0,
            limit: FOLD,
            synced: number,
            tail: Tail::Clean,
            life: Life::Open,
            is_new: false,
            failed: None,
        }
    }

    /// One that goes on in the journal of its generation, behind what is good of it.
    pub fn resume(&mut self, disk: &dyn Disk, folder: &Path, length: u64, begun: u64) -> io::Result<()> {
        self.file = Some(disk.open(&path(folder, self.generation))?);
        (self.length, self.begun) = (length, begun);
        // Whatever is there now may never have been synced.
        self.synced = begun;
        Ok(())
    }

    /// Goes on in a new journal. It has its first line before it has its name.
    pub fn go_on(
        &mut self,
        disk: &dyn Disk,
        folder: &Path,
        generation: u64,
        snapshot: u64,
    ) -> io::Result<()> {
        self.go_on_as(disk, folder, generation, snapshot, disk::write_atomically)
    }

    /// The same for a world that holds nothing yet: it waits for the next sync.
    pub fn begin(
        &mut self,
        disk: &dyn Disk,
        folder: &Path,
        generation: u64,
        snapshot: u64,
    ) -> io::Result<()> {
        self.go_on_as(disk, folder, generation, snapshot, disk::write_whole)?;
        self.is_new = true;
        Ok(())
    }

    fn go_on_as(
        &mut self,
        disk: &dyn Disk,
        folder: &Path,
        generation: u64,
        snapshot: u64,
        write: fn(&dyn Disk, &Path, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let line = file_header::line(JOURNAL, &[generation, self.number]);
        let file = path(folder, generation);
        write(disk, &file, line.as_bytes())?;
        self.file = Some(disk.open(&file)?);
        (self.generation, self.length, self.tail) = (generation, line.len() as u64, Tail::Clean);
        (self.begun, self.synced) = (self.number, self.number);
        self.limit = FOLD.max(2 * snapshot);
        Ok(())
    }

    pub fn append(&mut self, entry: &mut Entry, at: Moment) -> io::Result<Grown> {
        let Some(file) = self.file.clone() else { return Err(io::Error::other("not open")) };
        let bytes = entry.seal(self.number + 1, at);
        let written = match self.tail {
            Tail::Clean => Ok(()),
            Tail::ToCut => file.set_len(self.length),
        }
        .and_then(|()| write_all_at(&*file, self.length, bytes));
        if let Err(error) = written {
            let cut = file.set_len(self.length);
            self.tail = if cut.is_ok() { Tail::Clean } else { Tail::ToCut };
            // A disk that is only full will have room again. One that fails may never take this file again.
            let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
            self.fail(&error, if full && cut.is_ok() { Loss::Entry } else { Loss::Journal });
            return Err(error);
        }
        self.tail = Tail::Clean;
        self.failed = None;
        (self.number, self.at, self.written) = (self.number + 1, at, Instant::now());
        self.length += bytes.len() as u64;
        Ok(if self.length > self.limit { Grown::Long } else { Grown::Fine })
    }

    /// A snapshot did not come about: not again at the next request.
    pub fn put_off(&mut self) {
        self.limit = self.length + FOLD;
    }

    fn fail(&mut self, error: &io::Error, loss: Loss) {
        let loss = match &self.failed {
            Some(Failed { loss: Loss::Journal, .. }) => Loss::Journal,
            _ => loss,
        };
        self.failed = Some(Failed { why: error.to_string(), loss, since: Instant::now() });
    }

    /// Gives the journal up.
    pub fn lose(&mut self, error: &io::Error) {
        self.fail(error, Loss::Journal);
    }

    /// All is saved whole again.
    pub fn recover(&mut self) {
        self.failed = None;
    }

    pub fn is_failing(&self) -> bool {
        self.failed.is_some()
    }

    pub fn is_lost(&self) -> bool {
        self.file.is_none() || matches!(self.failed, Some(Failed { loss: Loss::Journal, .. }))
    }

    /// Whether it is time to try and save the world whole: that is much work to be refused at each request.
    pub fn may_try(&self, beat: Option<Duration>) -> bool {
        self.failed.as_ref().is_none_or(|failed| failed.since.elapsed() >= beat.unwrap_or_default())
    }

    pub fn trouble(&self, folder: &Path) -> Trouble {
        let why = self.failed.as_ref().map_or("", |failed| failed.why.as_str());
        Trouble::refusing(folder, &io::Error::other(why.to_owned()))
    }

    pub fn mark(&self) -> Mark {
        Mark { generation: self.generation, number: self.number, length: self.length, life: self.life }
    }

    /// The file, if something in it is not synced.
    pub fn unsynced_file(&self) -> Option<Arc<dyn DiskFile>> {
        let lost = self.is_lost();
        self.file.clone().filter(|_| (self.is_new || self.synced != self.number) && !lost)
    }

    pub fn synced_to(&mut self, mark: Mark) {
        self.synced = self.synced.max(mark.number);
        self.is_new = false;
    }

    /// Syncs what is written, if it is not.
    pub fn sync(&mut self) -> io::Result<()> {
        let number = self.number;
        if let Some(file) = self.unsynced_file() {
            file.sync()?;
            self.synced = number;
            self.is_new = false;
        }
        Ok(())
    }
}
