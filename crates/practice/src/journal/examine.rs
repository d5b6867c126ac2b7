//! Looking at a saved world without opening it: each file and whether it is sound, and what it can be taken
//! back to. Only `restore` changes anything.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use ground::clock::Moment;
use ground::disk::{self, Disk};

use super::entry::{End, Entries};
use super::files::Files;
use super::names::{JOURNAL, JOURNAL_FIELDS};
use super::read::Saved;
use super::snapshot::{self, Read};
use super::{PracticeError, first, load, mark, promise, stack};
use crate::file_header::{self, FileHeader};
use crate::keys;

/// What a file of a saved world is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The world as it was at a moment.
    Snapshot {
        /// The moment, where the file still says it.
        at: Option<Moment>,
    },
    /// So many changes since.
    Journal {
        /// How many can be read.
        entries: u64,
    },
    /// How far all was saved.
    Mark,
    /// The keys that clients of the world sign with.
    Keys,
    /// The latest moment its clock was shown at.
    Clock,
    /// The change a start was at.
    Start,
    /// Kept from earlier damage.
    Aside,
}

/// Whether a file is sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It is as it was written.
    Sound,
    /// It ends in the middle of a change that was being written.
    Torn,
    /// It is not as it was written.
    Damaged,
    /// It must be there and is not, or lacks so many changes at its end.
    Missing(u64),
    /// A newer Espera wrote it.
    Newer(u32),
}

/// A file looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub file: PathBuf,
    /// What it is.
    pub role: Role,
    /// Whether it is sound.
    pub condition: Condition,
}

/// A world that a folder can be taken back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The snapshot.
    pub file: PathBuf,
    /// The moment it shows.
    pub at: Moment,
}

/// Looks at every file of a saved world. Another process may hold the folder and go on writing meanwhile.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn examine(folder: &Path) -> Result<Vec<Finding>, PracticeError> {
    let disk = disk::real();
    let files = look(&*disk, folder)?;
    stack::deep(|| all(&*disk, folder, &files))
}

fn look(disk: &dyn Disk, folder: &Path) -> Result<Files, PracticeError> {
    Files::of(disk, folder).map_err(|source| PracticeError::Unreadable { file: folder.to_owned(), source })
}

fn bytes(disk: &dyn Disk, file: &Path) -> Result<Vec<u8>, PracticeError> {
    disk.read(file).map_err(|source| PracticeError::Unreadable { file: file.to_owned(), source })
}

fn all(disk: &dyn Disk, folder: &Path, files: &Files) -> Result<Vec<Finding>, PracticeError> {
    let mut found = Vec::new();
    let mut snapshots = Vec::new();
    for file in files.first.iter().chain(files.snapshots.values()) {
        let bytes = bytes(disk, file)?;
        let mut at = snapshot::moment(&bytes);
        let condition = match snapshot::decode(&bytes) {
            Read::World(read) => {
                at = Some(read.world.now);
                snapshots.push((read.generation, read.number, read.first));
                Condition::Sound
            }
            Read::Damaged => Condition::Damaged,
            Read::Newer(version) => Condition::Newer(version),
        };
        found.push(Finding { file: file.clone(), role: Role::Snapshot { at }, condition });
    }
    let mut last = 0;
    for (generation, file) in &files.journals {
        let bytes = Bytes::from(bytes(disk, file)?);
        let was_first = snapshots.iter().any(|(from, _, first)| *first && generation >= from);
        let (entries, condition, number) = journal(&bytes, *generation, was_first);
        last = last.max(number);
        found.push(Finding { file: file.clone(), role: Role::Journal { entries }, condition });
    }
    if let Some((generation, number, first)) = snapshots.iter().max() {
        last = last.max(*number);
        if !*first && !files.journals.contains_key(generation) {
            let file = super::path(folder, *generation);
            found.push(Finding {
                file,
                role: Role::Journal { entries: 0 },
                condition: Condition::Missing(0),
            });
        }
    }
    examine_mark(disk, folder, files, last, &mut found)?;
    found.extend(
        files.beside.iter().filter_map(|beside| Some(self::beside(beside, &bytes(disk, &beside.0).ok()?))),
    );
    let is_keyed = files.mark.is_some() && !found.iter().any(|finding| finding.role == Role::Keys);
    found.extend(is_keyed.then(|| Finding {
        file: folder.join(keys::NAME),
        role: Role::Keys,
        condition: Condition::Missing(0),
    }));
    let aside =
        |file: &PathBuf| Finding { file: file.clone(), role: Role::Aside, condition: Condition::Sound };
    found.extend(files.aside.iter().map(aside));
    Ok(found)
}

/// What lies beside a world's own files.
fn beside((file, word, fields): &(PathBuf, &'static str, usize), bytes: &[u8]) -> Finding {
    let sound = match *word {
        keys::WORD => keys::is_sound(bytes),
        _ => matches!(file_header::read(bytes, word, *fields), FileHeader::Ours { .. }),
    };
    let condition = match file_header::read(bytes, word, *fields) {
        FileHeader::Newer(version) => Condition::Newer(version),
        _ if sound => Condition::Sound,
        _ => Condition::Damaged,
    };
    let role = match *word {
        keys::WORD => Role::Keys,
        promise::WORD => Role::Clock,
        _ => Role::Start,
    };
    Finding { file: file.clone(), role, condition }
}

fn examine_mark(
    disk: &dyn Disk,
    folder: &Path,
    files: &Files,
    last: u64,
    found: &mut Vec<Finding>,
) -> Result<(), PracticeError> {
    let file = mark::path(folder);
    let mut finding = Finding { file, role: Role::Mark, condition: Condition::Sound };
    match &files.mark {
        Some(file) => match mark::read(&bytes(disk, file)?) {
            mark::Read::Damaged => finding.condition = Condition::Damaged,
            mark::Read::Newer(version) => finding.condition = Condition::Newer(version),
            mark::Read::Mark(mark, _) if mark.number > last => {
                let file = super::path(folder, mark.generation);
                let condition = Condition::Missing(mark.number - last);
                let entries = files.journals.get(&mark.generation).map_or(0, |_| last);
                found.push(Finding { file, role: Role::Journal { entries }, condition });
            }
            mark::Read::Mark(mark, _) if mark.generation > 0 && files.snapshots.is_empty() => {
                let file = snapshot::path(folder, mark.generation);
                let condition = Condition::Missing(0);
                found.push(Finding { file, role: Role::Snapshot { at: None }, condition });
            }
            mark::Read::Mark(..) => {}
        },
        None if files.snapshots.is_empty() => return Ok(()),
        None => finding.condition = Condition::Missing(0),
    }
    found.push(finding);
    Ok(())
}

/// How many entries a journal has, whether it is sound, and the number of its last.
fn journal(bytes: &Bytes, generation: u64, was_first: bool) -> (u64, Condition, u64) {
    let told = |end| match end {
        End::Clean => Condition::Sound,
        End::Torn => Condition::Torn,
        End::Damaged => Condition::Damaged,
    };
    match file_header::read(bytes, JOURNAL, JOURNAL_FIELDS) {
        FileHeader::Newer(version) => (0, Condition::Newer(version), 0),
        FileHeader::Ours { fields, length, .. } if fields[0] == generation => {
            let mut entries = Entries::new(bytes, length, fields[1]);
            while entries.next().is_some() {}
            let (_, last) = entries.good();
            (last - fields[1], told(entries.end().unwrap_or(End::Clean)), last)
        }
        _ if was_first && !bytes.starts_with(b"espera") => {
            let (_, last, end) = first::read(bytes, 0, |_| ());
            (last, told(end), last)
        }
        _ => (0, Condition::Damaged, 0),
    }
}

/// The worlds a folder can be taken back to, the newest first: its snapshots, and those kept from damage
/// that can be read after all.
///
/// # Errors
/// When the folder cannot be read.
pub fn pasts(folder: &Path) -> Result<Vec<Past>, PracticeError> {
    let disk = disk::real();
    let files = look(&*disk, folder)?;
    let candidates = files.snapshots.values().rev().chain(&files.first).chain(&files.aside);
    stack::deep(|| {
        let read = candidates.filter_map(|file| match snapshot::decode(&disk.read(file).ok()?) {
            Read::World(read) => Some(Past { file: file.clone(), at: read.world.now }),
            _ => None,
        });
        Ok(read.collect())
    })
}

/// Gives what is still damaged after the world was opened another name: nothing that the world needs, but an
/// older snapshot, say, that nobody came to. Answers what was moved and where to.
///
/// # Errors
/// When another Espera has the folder, or it cannot be read or written.
pub fn put_damage_aside(folder: &Path) -> Result<Vec<(PathBuf, PathBuf)>, PracticeError> {
    let disk = disk::real();
    let wrong = |source| PracticeError::Unreadable { file: folder.to_owned(), source };
    let held = disk.hold(&folder.join("lock")).map_err(wrong)?;
    let _held = held.ok_or_else(|| PracticeError::InUse { folder: folder.to_owned() })?;
    let files = look(&*disk, folder)?;
    let found = stack::deep(|| all(&*disk, folder, &files))?;
    let damaged = found.into_iter().filter(|finding| finding.condition == Condition::Damaged);
    let moved = damaged.map(|finding| {
        let to = disk::move_aside(&*disk, &finding.file, "damaged").map_err(wrong)?;
        Ok((finding.file, to))
    });
    moved.collect()
}

/// Takes a folder back to the world of a snapshot. All that is there now is kept under other names, which
/// are answered.
///
/// # Errors
/// When another Espera has the folder, or it cannot be read or written.
pub fn restore(folder: &Path, file: &Path) -> Result<Vec<PathBuf>, PracticeError> {
    let disk: Arc<dyn Disk> = disk::real();
    let wrong = |source| PracticeError::Unreadable { file: folder.to_owned(), source };
    let held = disk.hold(&folder.join("lock")).map_err(wrong)?;
    let held = held.ok_or_else(|| PracticeError::InUse { folder: folder.to_owned() })?;
    let files = look(&*disk, folder)?;
    if let Some((file, version)) = files.newer(&*disk).map_err(wrong)? {
        return Err(PracticeError::Newer { file, version });
    }
    let read = bytes(&*disk, file)?;
    let Read::World(past) = stack::deep(|| snapshot::decode(&read)) else {
        let source = std::io::Error::other("no world can be read from it");
        return Err(PracticeError::Unreadable { file: file.to_owned(), source });
    };
    let mut kept = Vec::new();
    let now = files.snapshots.values().chain(&files.first).chain(files.journals.values()).chain(&files.mark);
    for file in now {
        let to = disk::free_name(&*disk, file, "left").map_err(wrong)?;
        disk.rename(file, &to).map_err(wrong)?;
        kept.push(to);
    }
    let saved = Saved { first: past.first, ..Saved::up_to(past.number, past.world) };
    let (journal, trouble) = load::journal(&disk, folder, held, &files, &saved);
    if let Some(trouble) = trouble.or_else(|| journal.close().err()) {
        return Err(wrong(std::io::Error::other(trouble.why)));
    }
    Ok(kept)
}
