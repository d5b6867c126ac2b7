//! The saved world: snapshots and the requests since (event sourcing). A request is written before it is
//! carried out; opening reads a snapshot and carries the requests out again, to the same end.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ground::disk::{self, Disk, Held};

use super::error::{Notice, PracticeError, Trouble};
use super::world::World;

mod entry;
mod examine;
mod files;
mod first;
mod former;
mod load;
mod mark;
mod names;
mod promise;
mod read;
mod record;
mod replay;
mod snapshot;
mod stack;
mod suspect;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use entry::Entry;
pub use examine::{Condition, Finding, Past, Role, examine, pasts, put_damage_aside, restore};
pub(crate) use load::Opened;
pub(crate) use stack::builder as deep_thread;
pub(crate) use writer::Grown;

use files::Files;
use mark::{Life, Mark, Marks};
use names::{lock, path};
use writer::Writer;

/// The folder a world is saved in, held by one process.
#[derive(Debug)]
pub(crate) struct Journal {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    writer: Mutex<Writer>,
    marks: Arc<Mutex<Marks>>,
    note: Mutex<suspect::Note>,
    /// The number of the last entry that was carried out, and of the last that is noted to be.
    done: AtomicU64,
    noted: AtomicU64,
    promise: Mutex<promise::Promise>,
    new: Mutex<Vec<Arc<dyn disk::DiskFile>>>,
    /// Held while a snapshot is written, so that they are written one after the other.
    folding: Mutex<()>,
    /// Keeps the folder this process's own.
    _lock: Held,
}

/// A world ready to be written.
pub(crate) struct Fold {
    bytes: Vec<u8>,
    generation: u64,
}

/// A sync that can be done without holding anything.
pub(crate) struct Sync {
    file: Arc<dyn disk::DiskFile>,
    mark: Mark,
    marks: Arc<Mutex<Marks>>,
    /// Files beside the journal that wait for their first sync.
    new: Vec<Arc<dyn disk::DiskFile>>,
    disk: Arc<dyn Disk>,
    folder: PathBuf,
}

impl Sync {
    /// Makes what was written survive a loss of power, then writes down how far that is.
    pub fn run(self) -> Synced {
        let synced = sync_new(&*self.disk, &self.folder, &self.new)
            .and_then(|()| self.file.sync())
            .and_then(|()| lock(&self.marks).write_synced(self.mark));
        Synced { mark: self.mark, outcome: synced }
    }
}

/// Makes new files, and that they are there, survive a loss of power.
fn sync_new(disk: &dyn Disk, folder: &Path, new: &[Arc<dyn disk::DiskFile>]) -> io::Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    new.iter().try_for_each(|file| file.sync())?;
    disk.sync_folder(folder)
}

/// What a sync came to.
pub(crate) struct Synced {
    mark: Mark,
    outcome: io::Result<()>,
}

impl Journal {
    /// Opens a folder: takes its lock, reads what is saved, sets aside what is damaged.
    pub fn open(
        disk: &Arc<dyn Disk>,
        folder: &Path,
        fresh: impl FnOnce() -> World,
    ) -> Result<Opened, PracticeError> {
        load::open(disk, folder, fresh, read::Replayer::default())
    }

    /// Writes an entry, or tells why it is nowhere: then what it tells must not happen. Called while the
    /// world is locked, and before it is changed, so that the journal is never behind the world. `world` is
    /// what a new snapshot is made from when the journal itself is lost.
    pub fn append(
        &self,
        entry: &mut Entry,
        at: ground::clock::Moment,
        world: &World,
    ) -> Result<Grown, Trouble> {
        let mut writer = lock(&self.writer);
        if writer.is_lost() {
            self.rescue(&mut writer, world)?;
        }
        if writer.life == Life::Closed {
            writer.life = Life::Open;
            // It only says that somebody writes, and may be lost with the power.
            let _ = lock(&self.marks).write(writer.mark());
        }
        writer.append(entry, at).map_err(|error| Trouble::refusing(&self.folder, &error))
    }

    /// Says that what was written is carried out. Called while the world is locked, as before.
    pub fn carried_out(&self) {
        self.done.store(lock(&self.writer).number, Ordering::Release);
    }

    /// Notes what is carried out: if this process ends, it was not the doing of that. Before anybody is
    /// answered, and without the world, which others need meanwhile.
    pub fn note_carried_out(&self) {
        if self.noted.load(Ordering::Acquire) >= self.done.load(Ordering::Acquire) {
            return;
        }
        let mut note = lock(&self.note);
        // What others carried out while this one waited is noted with it.
        let done = self.done.load(Ordering::Acquire);
        if self.noted.load(Ordering::Acquire) < done {
            note.carried_out(done);
            self.noted.store(done, Ordering::Release);
        }
    }

    /// Whether the last write failed, so that it is worth trying again before somebody asks.
    pub fn is_failing(&self) -> bool {
        lock(&self.writer).is_failing()
    }

    /// The last moment that is written.
    pub fn written_at(&self) -> ground::clock::Moment {
        lock(&self.writer).at
    }

    /// Whether somebody may have seen the clock at a moment that is later by so much that it would be seen
    /// to go back after a kill.
    pub fn is_stale(&self, now: ground::clock::Moment) -> bool {
        let Some(beat) = self.disk.beat() else { return false };
        let writer = lock(&self.writer);
        now > writer.at && writer.written.elapsed() >= beat
    }

    /// Before a moment is shown that no entry holds: after a kill the clock must not be behind it.
    pub fn shows(&self, now: ground::clock::Moment, speed: Option<ground::clock::Speed>) {
        // Where time is a test's, so is what is written of it.
        if self.disk.beat().is_some() {
            lock(&self.promise).shows(&*self.disk, &self.folder, now, speed);
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How long what is written may wait for a sync; `None` where that is a test's to say.
    pub fn beat(&self) -> Option<std::time::Duration> {
        self.disk.beat()
    }

    /// After a journal is lost only the world itself can be saved: a new snapshot, here and now.
    fn rescue(&self, writer: &mut Writer, world: &World) -> Result<(), Trouble> {
        if !writer.may_try(self.disk.beat()) {
            return Err(writer.trouble(&self.folder));
        }
        let rescued = self.begin(writer, world).and_then(|fold| self.store_snapshot(&fold));
        rescued.map_err(|error| {
            writer.lose(&error);
            Trouble::refusing(&self.folder, &error)
        })?;
        writer.recover();
        Ok(())
    }

    /// Takes the world down for a snapshot and goes on in a new journal. The world is locked by the caller
    /// meanwhile; `store` then writes without any lock on it.
    pub fn fold(&self, world: &World) -> Result<Fold, Trouble> {
        let mut writer = lock(&self.writer);
        if writer.is_lost() {
            let generation = writer.generation;
            self.rescue(&mut writer, world)?;
            return Ok(Fold { bytes: Vec::new(), generation: generation + 1 });
        }
        let begun = self.begin(&mut writer, world);
        if begun.is_err() {
            writer.put_off();
        }
        begun.map_err(|error| Trouble::unfolded(&self.folder, &error))
    }

    fn begin(&self, writer: &mut Writer, world: &World) -> io::Result<Fold> {
        let generation = writer.generation + 1;
        let bytes = snapshot::encode(world, generation, writer.number)?;
        writer.sync()?;
        writer.go_on(&*self.disk, &self.folder, generation, bytes.len() as u64)?;
        Ok(Fold { bytes, generation })
    }

    /// Proves a snapshot and gives it its name. Until then, and for one generation more, the one before it
    /// and every journal since are there.
    pub fn store(&self, fold: &Fold) -> Result<(), Trouble> {
        if fold.bytes.is_empty() {
            return Ok(());
        }
        self.store_snapshot(fold).map_err(|error| Trouble::unfolded(&self.folder, &error))
    }

    fn store_snapshot(&self, fold: &Fold) -> io::Result<()> {
        let _one_at_a_time = lock(&self.folding);
        snapshot::store(&*self.disk, &self.folder, fold.generation, &fold.bytes)?;
        Files::sweep(&*self.disk, &self.folder);
        Ok(())
    }

    /// Whether a snapshot would hold anything that the last one does not.
    pub fn has_grown(&self) -> bool {
        let writer = lock(&self.writer);
        writer.number != writer.begun || writer.is_lost()
    }

    /// Syncs a file that lies beside the journal with the next sync.
    pub fn syncs_too(&self, file: Arc<dyn disk::DiskFile>) {
        lock(&self.new).push(file);
    }

    /// What is there to sync.
    pub fn next_sync(&self) -> Option<Sync> {
        let writer = lock(&self.writer);
        let mark = writer.mark();
        let file = writer.unsynced_file()?;
        let mut new = std::mem::take(&mut *lock(&self.new));
        new.extend(lock(&self.promise).take_unsynced_file());
        let (disk, folder) = (self.disk.clone(), self.folder.clone());
        Some(Sync { file, mark, marks: self.marks.clone(), new, disk, folder })
    }

    /// Takes note of what a sync came to. After one that failed nobody knows what is on the disk: the journal
    /// is given up, and the world is saved whole as soon as that can be done.
    pub fn finish_sync(&self, synced: Synced) -> Result<(), Trouble> {
        let mut writer = lock(&self.writer);
        match synced.outcome {
            Ok(()) => {
                writer.synced_to(synced.mark);
                Ok(())
            }
            Err(error) => {
                writer.lose(&error);
                Err(Trouble::refusing(&self.folder, &error))
            }
        }
    }

    /// Whether there is a journal: without one nothing can be said to be on the disk.
    fn is_sound(&self) -> Result<(), Trouble> {
        let writer = lock(&self.writer);
        if writer.is_lost() { Err(writer.trouble(&self.folder)) } else { Ok(()) }
    }

    /// Syncs now.
    pub fn sync(&self) -> Result<(), Trouble> {
        self.is_sound()?;
        match self.next_sync() {
            Some(sync) => self.finish_sync(sync.run()),
            None => Ok(()),
        }
    }

    /// Writes down that the world is closed here.
    pub fn close(&self) -> Result<(), Trouble> {
        self.is_sound()?;
        let mut writer = lock(&self.writer);
        writer.life = Life::Closed;
        let new = std::mem::take(&mut *lock(&self.new));
        let closed = sync_new(&*self.disk, &self.folder, &new)
            .and_then(|()| writer.sync())
            .and_then(|()| lock(&self.marks).write_synced(writer.mark()));
        if self.disk.beat().is_some() {
            // Nobody was promised more than the last entry holds: it goes on from there.
            lock(&self.promise).write(&*self.disk, &self.folder, writer.at);
        }
        closed.map_err(|error| Trouble::refusing(&self.folder, &error))
    }
}
