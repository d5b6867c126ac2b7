//! The latest moment that anybody may have been shown, written a little ahead: so that a clock that was read
//! is not behind that after a kill, and yet not every reading has to be written down.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ground::clock::{Moment, Speed};
use ground::disk::{self, Disk, DiskFile, write_all_at};

use crate::file_header::{self, FileHeader};

/// What the file holds.
pub(super) const WORD: &str = "espera-clock";
/// The moment.
pub(super) const FIELDS: usize = 1;
/// Filled up to this length, so that a shorter line leaves nothing of a longer one.
const LENGTH: usize = 64;
/// How far ahead a promise is made, in real time: a clock resumes up to so much later than it was.
const AHEAD: Duration = Duration::from_millis(250);

/// Up to which moment the clock may be shown without another word to the disk.
#[derive(Debug, Default)]
pub(crate) struct Promise {
    file: Option<Arc<dyn DiskFile>>,
    /// The file, while it is new and waits for its first sync.
    new: Option<Arc<dyn DiskFile>>,
    until: Moment,
}

pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join("clock")
}

/// The moment that was promised last. A file that cannot be read promises nothing: the world's own moment
/// is then gone on from, which is behind by a second at most.
pub(crate) fn read(disk: &dyn Disk, folder: &Path) -> Option<Moment> {
    match file_header::read(&disk.read(&path(folder)).ok()?, WORD, FIELDS) {
        FileHeader::Ours { fields, .. } => fields.first().copied().map(Moment),
        _ => None,
    }
}

/// Whether there is a file that nobody wrote like that.
pub(crate) fn is_damaged(disk: &dyn Disk, folder: &Path) -> bool {
    disk.read(&path(folder))
        .is_ok_and(|bytes| !matches!(file_header::read(&bytes, WORD, FIELDS), FileHeader::Ours { .. }))
}

impl Promise {
    /// Before `now` is shown. What cannot be written is shown all the same: nothing is lost by it.
    pub fn shows(&mut self, disk: &dyn Disk, folder: &Path, now: Moment, speed: Option<Speed>) {
        if now > self.until {
            let ahead = match speed {
                Some(Speed::Times(times)) => AHEAD.mul_f64(times),
                _ => Duration::ZERO,
            };
            self.write(disk, folder, Moment(now.0.saturating_add(millis(ahead))));
        }
    }

    /// The file, if it is new: to be synced with the next sync.
    pub fn take_unsynced_file(&mut self) -> Option<Arc<dyn DiskFile>> {
        self.new.take()
    }

    /// Promises exactly this: where a clock that is closed in order goes on.
    pub fn write(&mut self, disk: &dyn Disk, folder: &Path, until: Moment) {
        let line = file_header::line(WORD, &[until.0]);
        let mut bytes = [b' '; LENGTH];
        let length = line.len().min(LENGTH);
        bytes[..length].copy_from_slice(&line.as_bytes()[..length]);
        if self.file.is_none() {
            let file = path(folder);
            let is_new = disk.read_start(&file).is_err();
            // It has its content before its name, so that an empty one is damage. The disk has time until the
            // next sync: who opens a new world waits for the first moment it shows.
            if is_new && disk::write_whole(disk, &file, &bytes).is_err() {
                return;
            }
            self.file = disk.open(&file).ok();
            self.new = self.file.clone().filter(|_| is_new);
        }
        let Some(file) = &self.file else { return };
        if write_all_at(&**file, 0, &bytes).is_ok() {
            self.until = until;
        }
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::disk::FaultyDisk;

    #[test]
    fn what_was_shown_is_never_later_than_what_is_written_and_few_readings_write() {
        let (disk, folder) = (FaultyDisk::new(), Path::new("/w"));
        disk.make_folder(folder).unwrap();
        let mut promise = Promise::default();
        let mut written = std::collections::BTreeSet::new();
        for now in (10..10_000).step_by(10).map(Moment) {
            promise.shows(&disk, folder, now, Some(Speed::Times(20.0)));
            let until = read(&disk, folder).unwrap();
            assert!(until >= now && until.0 <= now.0 + 5_000);
            written.insert(until);
        }
        assert!(written.len() <= 3, "{written:?}");
        assert!(!is_damaged(&disk, folder));
        for at in 0..LENGTH {
            let mut bytes = disk.content(&path(folder)).unwrap();
            bytes[at] ^= 1;
            let filling = bytes[..at].contains(&b'\n');
            disk.put(&path(folder), &bytes);
            assert_eq!(is_damaged(&disk, folder), !filling, "byte {at}");
            bytes[at] ^= 1;
            disk.put(&path(folder), &bytes);
        }
        disk.put(&path(folder), b"");
        assert!(is_damaged(&disk, folder));
        let mut promise = Promise::default();
        promise.write(&disk, folder, Moment(42));
        assert_eq!(read(&disk, folder), Some(Moment(42)));
    }
}
