//! A disk in memory that fails when a test says so: full, broken, gone, a process killed in the middle
//! of a write, and the loss of power, after which what was not synced is there whole, torn or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Disk, DiskFile, Held};
use crate::seed::mix;

/// How an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The disk takes half of what is written and says so; what is no write fails.
    Short,
    /// The disk takes half of what is written and says that it is full.
    Full,
    /// The disk takes nothing and says that it is broken.
    Broken,
    /// The process is killed in the middle: half is written, and nothing reaches the disk any more
    /// until `revive`.
    Kill,
}

/// A disk in memory; clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct FaultyDisk {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    names: BTreeMap<PathBuf, usize>,
    /// The names as they are after a loss of power, before what `changes` holds.
    kept: BTreeMap<PathBuf, usize>,
    changes: Vec<Change>,
    nodes: Vec<Node>,
    held: BTreeSet<PathBuf>,
    room: Option<usize>,
    planned: Option<(u64, Failure)>,
    gone: bool,
    dead: bool,
    operations: u64,
}

/// What happened to a name since its folder was synced.
#[derive(Debug)]
enum Change {
    Made(PathBuf, usize),
    Renamed(PathBuf, PathBuf),
    Removed(PathBuf),
}

#[derive(Debug, Default)]
struct Node {
    bytes: Vec<u8>,
    kept: Vec<u8>,
    writes: Vec<Write>,
}

/// What happened to a file since it was synced.
#[derive(Debug)]
enum Write {
    Bytes(usize, Vec<u8>),
    Length(usize),
}

impl Write {
    fn carry_out(&self, on: &mut Vec<u8>) {
        match self {
            Write::Bytes(place, bytes) => {
                if on.len() < place + bytes.len() {
                    on.resize(place + bytes.len(), 0);
                }
                on[*place..place + bytes.len()].copy_from_slice(bytes);
            }
            Write::Length(length) => on.resize(*length, 0),
        }
    }
}

impl FaultyDisk {
    /// An empty disk without faults.
    #[must_use]
    pub fn new() -> FaultyDisk {
        FaultyDisk::default()
    }

    /// Lets the operation after the next `after` ones fail, once.
    pub fn fail(&self, after: u64, how: Failure) {
        let mut state = self.lock();
        state.planned = Some((state.operations + after, how));
    }

    /// How many operations that change something there have been.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.lock().operations
    }

    /// Leaves room for so many more bytes, or for as many as come.
    pub fn set_room(&self, room: Option<usize>) {
        self.lock().room = room;
    }

    /// Takes the disk away, or gives it back as it was.
    pub fn set_gone(&self, gone: bool) {
        self.lock().gone = gone;
    }

    /// Kills the process that uses the disk: what it has written is there, and nothing comes after it
    /// until `revive`.
    pub fn kill(&self) {
        self.lock().dead = true;
    }

    /// Whether the process that used the disk has been killed.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.lock().dead
    }

    /// Begins a new process on the disk.
    pub fn revive(&self) {
        let mut state = self.lock();
        (state.dead, state.planned) = (false, None);
        state.held.clear();
    }

    /// Cuts the power: of all that was not synced, `seed` decides what is there. Then a new process begins.
    pub fn cut_power(&self, seed: u64) {
        let mut state = self.lock();
        let mut drawn = seed;
        let mut draw = move |below: usize| {
            drawn = mix(drawn);
            usize::try_from(drawn % (below.max(1) as u64)).unwrap_or(0)
        };
        for node in &mut state.nodes {
            let mut survived = std::mem::take(&mut node.kept);
            // Each by itself: a later one may have reached the disk before an earlier one.
            for write in std::mem::take(&mut node.writes) {
                match (draw(3), write) {
                    (0, _) => {}
                    (1, Write::Bytes(place, mut bytes)) => {
                        bytes.truncate(draw(bytes.len()));
                        Write::Bytes(place, bytes).carry_out(&mut survived);
                    }
                    (_, write) => write.carry_out(&mut survived),
                }
            }
            node.bytes.clone_from(&survived);
            node.kept = survived;
        }
        let changes = std::mem::take(&mut state.changes);
        let reached = draw(changes.len() + 1);
        for change in changes.iter().take(reached) {
            change.carry_out(&mut state.kept);
        }
        state.names = state.kept.clone();
        (state.dead, state.planned) = (false, None);
        state.held.clear();
    }

    /// The content of a file, for tests that look or do damage.
    #[must_use]
    pub fn content(&self, file: &Path) -> Option<Vec<u8>> {
        let state = self.lock();
        Some(state.nodes[*state.names.get(file)?].bytes.clone())
    }

    /// Puts a file there, synced, past all faults.
    pub fn put(&self, file: &Path, bytes: &[u8]) {
        let mut state = self.lock();
        state.nodes.push(Node { bytes: bytes.to_vec(), kept: bytes.to_vec(), writes: Vec::new() });
        let node = state.nodes.len() - 1;
        state.names.insert(file.to_owned(), node);
        state.kept.insert(file.to_owned(), node);
    }

    /// The names of all files.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        self.lock().names.keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an operation; the way it is to fail, if it is.
    fn operate(&self) -> io::Result<(MutexGuard<'_, State>, Option<Failure>)> {
        let mut state = self.lock();
        state.reachable()?;
        let number = state.operations;
        state.operations += 1;
        let due = state.planned.filter(|(at, _)| *at == number).map(|(_, how)| how);
        match due {
            Some(Failure::Broken) => return Err(disk_error()),
            Some(Failure::Kill) => state.dead = true,
            _ => {}
        }
        Ok((state, due))
    }

    /// As `operate`, for what is done whole or not at all.
    fn whole(&self) -> io::Result<MutexGuard<'_, State>> {
        match self.operate()? {
            (state, None) => Ok(state),
            (_, Some(Failure::Full)) => Err(full()),
            (_, Some(_)) => Err(disk_error()),
        }
    }
}

impl Change {
    fn carry_out(&self, on: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Change::Made(file, node) => {
                on.insert(file.clone(), *node);
            }
            Change::Renamed(from, to) => {
                if let Some(node) = on.remove(from) {
                    on.insert(to.clone(), node);
                }
            }
            Change::Removed(file) => {
                on.remove(file);
            }
        }
    }
}

impl State {
    fn reachable(&self) -> io::Result<()> {
        if self.gone || self.dead { Err(disk_error()) } else { Ok(()) }
    }

    fn change(&mut self, change: Change) {
        change.carry_out(&mut self.names);
        self.changes.push(change);
    }
}

fn disk_error() -> io::Error {
    io::Error::other("input/output error")
}

fn full() -> io::Error {
    io::ErrorKind::StorageFull.into()
}

impl Disk for FaultyDisk {
    fn make_folder(&self, _: &Path) -> io::Result<()> {
        self.lock().reachable()
    }

    fn hold(&self, file: &Path) -> io::Result<Option<Held>> {
        let mut state = self.lock();
        state.reachable()?;
        let taken = state.held.insert(file.to_owned());
        Ok(taken.then(|| Box::new(Lock { disk: self.clone(), file: file.to_owned() }) as Held))
    }

    fn open(&self, file: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let known = {
            let state = self.lock();
            state.reachable()?;
            state.names.get(file).copied()
        };
        let node = match known {
            Some(node) => node,
            None => {
                let mut state = self.whole()?;
                state.nodes.push(Node::default());
                let node = state.nodes.len() - 1;
                state.change(Change::Made(file.to_owned(), node));
                node
            }
        };
        Ok(Arc::new(OpenFile { disk: self.clone(), node }))
    }

    fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        let state = self.lock();
        state.reachable()?;
        match state.names.get(file) {
            Some(node) => Ok(state.nodes[*node].bytes.clone()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn read_start(&self, file: &Path) -> io::Result<Vec<u8>> {
        let mut start = self.read(file)?;
        start.truncate(512);
        Ok(start)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let state = self.lock();
        state.reachable()?;
        Ok(state.names.keys().filter(|name| name.parent() == Some(folder)).cloned().collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.whole()?;
        if !state.names.contains_key(from) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.change(Change::Renamed(from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        let mut state = self.whole()?;
        if !state.names.contains_key(file) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.change(Change::Removed(file.to_owned()));
        Ok(())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        let mut state = self.whole()?;
        state.kept = state.names.clone();
        state.changes.clear();
        Ok(())
    }

    fn beat(&self) -> Option<Duration> {
        None
    }
}

#[derive(Debug)]
struct OpenFile {
    disk: FaultyDisk,
    node: usize,
}

impl DiskFile for OpenFile {
    fn write_at(&self, place: u64, bytes: &[u8]) -> io::Result<usize> {
        let (mut state, failure) = self.disk.operate()?;
        let place = usize::try_from(place).map_err(|_| full())?;
        let mut taken = if failure.is_some() { bytes.len() / 2 } else { bytes.len() };
        let length = state.nodes[self.node].bytes.len();
        let grown = |taken: usize| (place + taken).saturating_sub(length);
        let over = state.room.map_or(0, |room| grown(taken).saturating_sub(room));
        taken = taken.saturating_sub(over);
        state.room = state.room.map(|room| room.saturating_sub(grown(taken)));
        let write = Write::Bytes(place, bytes[..taken].to_vec());
        let node = &mut state.nodes[self.node];
        if taken > 0 {
            write.carry_out(&mut node.bytes);
            node.writes.push(write);
        }
        match failure {
            Some(Failure::Kill) => Err(disk_error()),
            Some(Failure::Full) => Err(full()),
            _ if over > 0 && taken == 0 => Err(full()),
            _ => Ok(taken),
        }
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut state = self.disk.whole()?;
        let length = usize::try_from(length).map_err(|_| full())?;
        let node = &mut state.nodes[self.node];
        let freed = node.bytes.len().saturating_sub(length);
        let write = Write::Length(length);
        write.carry_out(&mut node.bytes);
        node.writes.push(write);
        state.room = state.room.map(|room| room + freed);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.whole()?;
        let node = &mut state.nodes[self.node];
        node.kept.clone_from(&node.bytes);
        node.writes.clear();
        Ok(())
    }
}

#[derive(Debug)]
struct Lock {
    disk: FaultyDisk,
    file: PathBuf,
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.disk.lock().held.remove(&self.file);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{write_all_at, write_atomically};
    use super::*;

    const FILE: &str = "/state/file";

    #[test]
    fn what_is_replaced_whole_is_the_old_or_the_new_after_any_death() {
        for power in [false, true] {
            for after in 0..6 {
                let disk = FaultyDisk::new();
                write_atomically(&disk, Path::new(FILE), b"old content").unwrap();
                disk.fail(after, Failure::Kill);
                let written = write_atomically(&disk, Path::new(FILE), b"new").is_ok();
                if power {
                    disk.cut_power(after);
                } else {
                    disk.revive();
                }
                let found = disk.read(Path::new(FILE)).unwrap();
                assert!(found == b"new" || (!written && found == b"old content"), "{after}: {found:?}");
            }
        }
    }

    #[test]
    fn unsynced_writes_are_lost_torn_or_reordered() {
        let mut seen = BTreeSet::new();
        for seed in 0..64 {
            let disk = FaultyDisk::new();
            write_atomically(&disk, Path::new(FILE), b"0").unwrap();
            let file = disk.open(Path::new(FILE)).unwrap();
            write_all_at(&*file, 1, b"11").unwrap();
            write_all_at(&*file, 3, b"22").unwrap();
            disk.cut_power(seed);
            seen.insert(String::from_utf8(disk.read(Path::new(FILE)).unwrap()).unwrap());
        }
        for one in ["0", "01122", "011", "01", "0\0\x0022"] {
            assert!(seen.contains(one), "{one:?} of {seen:?}");
        }
    }

    #[test]
    fn a_full_disk_takes_what_it_has_room_for() {
        let disk = FaultyDisk::new();
        disk.set_room(Some(3));
        let file = disk.open(Path::new(FILE)).unwrap();
        assert_eq!(file.write_at(0, b"12345").unwrap(), 3);
        assert_eq!(file.write_at(3, b"45").unwrap_err().kind(), io::ErrorKind::StorageFull);
        disk.set_room(None);
        assert_eq!(file.write_at(3, b"45").unwrap(), 2);
        assert_eq!(disk.content(Path::new(FILE)).unwrap(), b"12345");
    }
}
