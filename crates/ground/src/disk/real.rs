//! The file system of this machine.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::private::{close, private_file, private_folder};
use super::{Disk, DiskFile, Held};

/// How long what is written may wait for a sync.
const BEAT: Duration = Duration::from_secs(1);
/// How often a lock that another has is asked for again: a program that is just ending lets it go.
const TRIES: u32 = 10;
/// The time between.
const BREATH: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub(super) struct RealDisk;

#[derive(Debug)]
struct RealFile(File);

impl Disk for RealDisk {
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        private_folder(folder)
    }

    fn hold(&self, file: &Path) -> io::Result<Option<Held>> {
        let mut lock = private_file().create(true).truncate(false).write(true).open(file)?;
        close(file);
        for _ in 0..TRIES {
            match lock.try_lock() {
                Ok(()) => {
                    // The number is for people; a full disk must not keep anybody out.
                    let _ = lock.set_len(0).and_then(|()| writeln!(lock, "{}", std::process::id()));
                    return Ok(Some(Box::new(lock)));
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(BREATH),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    fn open(&self, file: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let open = private_file().create(true).truncate(false).write(true).open(file)?;
        close(file);
        Ok(Arc::new(RealFile(open)))
    }

    fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        fs::read(file)
    }

    fn read_start(&self, file: &Path) -> io::Result<Vec<u8>> {
        let mut start = Vec::with_capacity(512);
        File::open(file)?.take(512).read_to_end(&mut start)?;
        Ok(start)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut found = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        found.sort();
        Ok(found)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        fs::remove_file(file)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        // Not every system opens folders.
        let Ok(folder) = File::open(folder) else { return Ok(()) };
        match folder.sync_all() {
            Err(error)
                if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) =>
            {
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
            other => other,
        }
    }

    fn beat(&self) -> Option<Duration> {
        Some(BEAT)
    }
}

impl DiskFile for RealFile {
    #[cfg(unix)]
    fn write_at(&self, place: u64, bytes: &[u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::write_at(&self.0, bytes, place)
    }

    #[cfg(windows)]
    fn write_at(&self, place: u64, bytes: &[u8]) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_write(&self.0, bytes, place)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}
