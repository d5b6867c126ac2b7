//! The files Espera keeps: a thin layer over the file system that tests can make fail, folders and
//! files that are their owner's alone, and files that are replaced whole or not at all.

use std::any::Any;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

mod faulty;
mod private;
mod real;

pub use faulty::{Failure, FaultyDisk};
pub use private::{private_file, private_folder, write_private};

/// What a store needs of a file system. All that it makes is its owner's alone.
pub trait Disk: fmt::Debug + Send + Sync {
    /// Makes a folder and those above it, if they are not there.
    ///
    /// # Errors
    /// The system's.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;

    /// Takes a lock file for this process until what is given is dropped; `None` when another has it.
    ///
    /// # Errors
    /// The system's, when the file cannot be made or locked.
    fn hold(&self, file: &Path) -> io::Result<Option<Held>>;

    /// Opens a file to write into; one that is not there is made, one that is keeps its content.
    ///
    /// # Errors
    /// The system's.
    fn open(&self, file: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Reads a file whole.
    ///
    /// # Errors
    /// The system's; `NotFound` when it is not there.
    fn read(&self, file: &Path) -> io::Result<Vec<u8>>;

    /// Reads the beginning of a file, up to 512 bytes.
    ///
    /// # Errors
    /// As `read`.
    fn read_start(&self, file: &Path) -> io::Result<Vec<u8>>;

    /// The files of a folder, in the order of their names; none when it is not there.
    ///
    /// # Errors
    /// The system's.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Gives a file another name; a file of that name is replaced.
    ///
    /// # Errors
    /// The system's.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// The system's; `NotFound` when it is not there.
    fn remove(&self, file: &Path) -> io::Result<()>;

    /// Makes new, changed and removed names of a folder survive a loss of power, where the system can.
    ///
    /// # Errors
    /// The system's, when the disk fails; a system that cannot sync folders is no error.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// How long something written may wait, in real time, before it is synced; `None` when it waits
    /// until it is asked for, as in tests that decide it.
    fn beat(&self) -> Option<Duration>;
}

/// An open file. It may be written by one thread and synced by another.
pub trait DiskFile: fmt::Debug + Send + Sync {
    /// Writes at a place and answers how many bytes it took: some disks take fewer than they are given.
    ///
    /// # Errors
    /// The system's.
    fn write_at(&self, place: u64, bytes: &[u8]) -> io::Result<usize>;

    /// Makes the file so long: what is behind is cut off.
    ///
    /// # Errors
    /// The system's.
    fn set_len(&self, length: u64) -> io::Result<()>;

    /// Makes what was written survive a loss of power.
    ///
    /// # Errors
    /// The system's. What was written since the last sync may then be lost, whatever a later one says.
    fn sync(&self) -> io::Result<()>;
}

/// A lock that goes when it is dropped.
pub type Held = Box<dyn Any + Send + Sync>;

/// The file system of this machine.
#[must_use]
pub fn real() -> Arc<dyn Disk> {
    Arc::new(real::RealDisk)
}

/// Writes all of `bytes` at a place.
///
/// # Errors
/// The system's; part of it may then be written.
pub fn write_all_at(file: &dyn DiskFile, mut place: u64, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.write_at(place, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(taken) => {
                bytes = &bytes[taken.min(bytes.len())..];
                place += taken as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Replaces a file whole, so that at any moment, through a loss of power too, the old or the new one is
/// there: it is written beside (`.new`), synced, renamed over, and the folder is synced.
///
/// # Errors
/// The system's; the old file is then untouched.
pub fn write_atomically(disk: &dyn Disk, file: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = beside(file);
    write_new(disk, &fresh, bytes)?;
    disk.rename(&fresh, file)?;
    disk.sync_folder(file.parent().unwrap_or(Path::new(".")))
}

/// Gives a file that is not there its content and then its name, for what need not survive a loss of power.
///
/// # Errors
/// The system's.
pub fn write_whole(disk: &dyn Disk, file: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = beside(file);
    write_unsynced(disk, &fresh, bytes)?;
    disk.rename(&fresh, file)
}

/// Writes a file from its beginning.
pub fn write_unsynced(disk: &dyn Disk, file: &Path, bytes: &[u8]) -> io::Result<()> {
    let open = disk.open(file)?;
    open.set_len(0)?;
    write_all_at(&*open, 0, bytes)
}

/// Writes a file from its beginning and syncs it.
pub fn write_new(disk: &dyn Disk, file: &Path, bytes: &[u8]) -> io::Result<()> {
    let open = disk.open(file)?;
    open.set_len(0)?;
    write_all_at(&*open, 0, bytes)?;
    open.sync()
}

/// The name a file is written under before it takes its own.
pub fn beside(file: &Path) -> PathBuf {
    with_ending(file, "new")
}

/// Gives a file a name like `world-3.damaged-1` that none has had, and answers it.
///
/// # Errors
/// Those of the disk.
pub fn move_aside(disk: &dyn Disk, file: &Path, word: &str) -> io::Result<PathBuf> {
    let to = free_name(disk, file, word)?;
    disk.rename(file, &to)?;
    Ok(to)
}

/// The first name like `world-3.damaged-1` that no file has.
///
/// # Errors
/// The system's, when the folder cannot be listed.
pub fn free_name(disk: &dyn Disk, file: &Path, word: &str) -> io::Result<PathBuf> {
    let taken = disk.list(file.parent().unwrap_or(Path::new(".")))?;
    let mut number = 1_u32;
    loop {
        let name = with_ending(file, &format!("{word}-{number}"));
        if !taken.contains(&name) {
            return Ok(name);
        }
        number += 1;
    }
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}
