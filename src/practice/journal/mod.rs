//! The saved world: a snapshot and the requests since (event sourcing). A request is written before
//! it is answered; opening reads the snapshot and carries the requests out again, to the same end.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::clock::Moment;

use super::call::{Caller, RequestId};
use super::route::{Parts, Target};
use super::trouble::{Notice, PracticeError, Trouble};
use super::world::World;

mod load;
pub(crate) mod record;
mod replay;
pub(crate) mod snapshot;

pub(crate) use load::Opened;

/// A journal longer than this, and than twice the snapshot, is folded into a new snapshot.
const FOLD: u64 = 8 << 20;
/// How long to wait after a failed write before trying again.
const PATIENCE: Duration = Duration::from_secs(2);

/// The folder a world is saved in, held by one process.
#[derive(Debug)]
pub(crate) struct Journal {
    folder: PathBuf,
    /// Entries of requests that are not answered yet.
    pending: Mutex<Vec<u8>>,
    writer: Mutex<Writer>,
    /// Held while a snapshot is written, so that they are written one after the other.
    folding: Mutex<()>,
    /// Keeps the folder this process's own.
    _lock: File,
}

#[derive(Debug)]
struct Writer {
    file: Option<File>,
    generation: u64,
    written: u64,
    limit: u64,
    spare: Vec<u8>,
    failed: Option<Instant>,
}

/// What a flush came to.
pub(crate) enum Flushed {
    /// All is written.
    Done,
    /// All is written, and it is time for a snapshot.
    Full,
    /// It could not be written; the world goes on in memory.
    Failed(Trouble),
    /// As before, and it has been said.
    Failing,
}

/// A world ready to be written.
pub(crate) struct Fold {
    bytes: Vec<u8>,
    generation: u64,
}

impl Journal {
    /// Opens a folder: takes its lock, reads what is saved, sets aside what is damaged.
    pub fn open(folder: &Path, fresh: impl FnOnce() -> World) -> Result<Opened, PracticeError> {
        load::open(folder, fresh)
    }

    /// Notes a request; called while the world is locked, so that entries stand in the world's order.
    pub fn note(&self, at: Moment, id: RequestId, to: (Target, &str, Caller), parts: Parts<'_>) {
        record::request(&mut lock(&self.pending), at, id, to, parts);
    }

    /// Notes that time has come so far.
    pub fn tick(&self, at: Moment) {
        record::tick(&mut lock(&self.pending), at);
    }

    /// Writes what was noted. Whoever comes first writes for all who wait.
    pub fn flush(&self) -> Flushed {
        let mut writer = lock(&self.writer);
        let mut batch = std::mem::take(&mut writer.spare);
        std::mem::swap(&mut *lock(&self.pending), &mut batch);
        if batch.is_empty() {
            writer.spare = batch;
            return Flushed::Done;
        }
        let outcome = self.write(&mut writer, &batch);
        batch.clear();
        // One very large request should not keep its memory for ever.
        if batch.capacity() > 1 << 20 {
            batch.shrink_to(1 << 16);
        }
        writer.spare = batch;
        outcome
    }

    fn write(&self, writer: &mut Writer, batch: &[u8]) -> Flushed {
        if let Some(since) = writer.failed {
            return if since.elapsed() < PATIENCE { Flushed::Failing } else { Flushed::Full };
        }
        let written = match &mut writer.file {
            Some(file) => file.write_all(batch),
            None => Err(std::io::Error::other("not open")),
        };
        match written {
            Ok(()) => {
                writer.written += batch.len() as u64;
                if writer.written > writer.limit { Flushed::Full } else { Flushed::Done }
            }
            Err(error) => {
                writer.failed = Some(Instant::now());
                Flushed::Failed(Trouble::not_saved(&self.folder, &error))
            }
        }
    }

    /// Takes the world down for a snapshot and goes on in a new journal file. The world is locked by
    /// the caller meanwhile; `store` then writes without any lock on it. After a failed write there
    /// is no whole journal to fall back on, so the snapshot is stored here and now (`None`).
    pub fn fold(&self, world: &World) -> Result<Option<Fold>, Trouble> {
        let mut writer = lock(&self.writer);
        let batch = std::mem::take(&mut *lock(&self.pending));
        let sound = writer.failed.is_none() && writer.file.is_some();
        let folded = self.fold_with(&mut writer, world, &batch, sound);
        folded.map_err(|error| {
            writer.failed = Some(Instant::now());
            Trouble::not_saved(&self.folder, &error)
        })
    }

    fn fold_with(
        &self,
        writer: &mut Writer,
        world: &World,
        batch: &[u8],
        sound: bool,
    ) -> std::io::Result<Option<Fold>> {
        if let (true, Some(file)) = (sound, &mut writer.file) {
            file.write_all(batch)?;
        }
        let generation = writer.generation + 1;
        let bytes = snapshot::encode(world, generation)?;
        if !sound {
            snapshot::store(&self.folder, &bytes)?;
        }
        writer.file = Some(create(&self.folder, generation)?);
        writer.generation = generation;
        writer.written = 0;
        writer.limit = FOLD.max(2 * bytes.len() as u64);
        if sound {
            return Ok(Some(Fold { bytes, generation }));
        }
        writer.failed = None;
        snapshot::sweep(&self.folder, generation);
        Ok(None)
    }

    /// Writes a snapshot in the place of the last one and removes the journal files it makes needless.
    pub fn store(&self, fold: &Fold) -> Result<(), Trouble> {
        let _one_at_a_time = lock(&self.folding);
        let stored = snapshot::store(&self.folder, &fold.bytes);
        if let Err(error) = stored {
            // Nothing is lost: the last snapshot and every journal since are still there.
            return Err(Trouble::not_saved(&self.folder, &error));
        }
        snapshot::sweep(&self.folder, fold.generation);
        Ok(())
    }

    /// Makes what is written survive a loss of power.
    pub fn sync(&self) {
        if let Some(file) = &lock(&self.writer).file {
            let _ = file.sync_data();
        }
    }
}

/// The path of a journal file.
fn path(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("journal-{generation}"))
}

fn create(folder: &Path, generation: u64) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path(folder, generation))
}

/// Moves a damaged file to a name not used before, and tells so.
fn set_aside(file: &Path, notices: &mut Vec<Notice>) {
    let aside = (1_u32..).map(|n| {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".damaged-{n}"));
        PathBuf::from(name)
    });
    let Some(to) = aside.into_iter().find(|p| !p.exists()) else { return };
    if std::fs::rename(file, &to).is_ok() {
        notices.push(Notice::SetAside { file: file.to_owned(), to });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each of these is valid after every statement, so a panic elsewhere cannot have broken it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
