//! The files of a saved world by what they are: snapshots and journals by generation, the mark, what was
//! set aside, what a kill left half-written.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use crate::keys;
use ground::disk::Disk;

use super::names::{JOURNAL, JOURNAL_FIELDS};
use super::{mark, promise, snapshot, suspect};
use crate::file_header::{self, FileHeader};

/// The files that lie beside a world's own: name, word and fields of the first line.
const BESIDE: [(&str, &str, usize); 3] = [
    (keys::NAME, keys::WORD, keys::FIELDS),
    ("clock", promise::WORD, promise::FIELDS),
    ("replaying", suspect::WORD, suspect::FIELDS),
];

/// The files of a folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    /// By generation.
    pub snapshots: BTreeMap<u64, PathBuf>,
    /// The snapshot of version 1.
    pub first: Option<PathBuf>,
    /// By generation.
    pub journals: BTreeMap<u64, PathBuf>,
    pub mark: Option<PathBuf>,
    /// What lies beside them, each with what its first line begins with and how many fields that has.
    pub beside: Vec<(PathBuf, &'static str, usize)>,
    /// The numbers of entries that were set aside.
    pub entries_aside: BTreeSet<u64>,
    /// Everything that was set aside, entries too.
    pub aside: Vec<PathBuf>,
    /// What was being written when a process ended.
    pub half: Vec<PathBuf>,
}

impl Files {
    /// Looks at a folder.
    pub fn of(disk: &dyn Disk, folder: &Path) -> io::Result<Files> {
        let mut files = Files::default();
        for path in disk.list(folder)? {
            let Some(name) = path.file_name().and_then(|name| name.to_str()).map(str::to_owned) else {
                continue;
            };
            let number = |prefix: &str| name.strip_prefix(prefix).and_then(|n| n.parse::<u64>().ok());
            if let Some(generation) = number("world-") {
                files.snapshots.insert(generation, path);
            } else if let Some(generation) = number("journal-") {
                files.journals.insert(generation, path);
            } else if name == "world" {
                files.first = Some(path);
            } else if name == "mark" {
                files.mark = Some(path);
            } else if let Some((_, word, fields)) = BESIDE.iter().find(|(own, ..)| *own == name) {
                files.beside.push((path, word, *fields));
            } else if name.ends_with(".new") {
                files.half.push(path);
            } else if let Some(number) = suspect::number_of(&name) {
                files.entries_aside.insert(number);
                files.aside.push(path);
            } else if [".damaged-", ".end-", ".left-"].iter().any(|word| name.contains(word)) {
                files.aside.push(path);
            }
        }
        Ok(files)
    }

    /// Whether nothing is saved here, nor ever was.
    pub fn is_empty(&self) -> bool {
        self.snapshots.is_empty() && self.first.is_none() && self.journals.is_empty() && self.mark.is_none()
    }

    /// The first file that a newer Espera wrote, and its version.
    pub fn newer(&self, disk: &dyn Disk) -> io::Result<Option<(PathBuf, u32)>> {
        let snapshots = self.snapshots.values().chain(&self.first);
        let words = snapshots.map(|file| (file, snapshot::WORD, snapshot::FIELDS));
        let journals = self.journals.values().map(|file| (file, JOURNAL, JOURNAL_FIELDS));
        let beside = self.beside.iter().map(|(file, word, fields)| (file, *word, *fields));
        for (file, word, fields) in words.chain(journals).chain(beside) {
            if let FileHeader::Newer(version) = file_header::read(&disk.read_start(file)?, word, fields) {
                return Ok(Some((file.clone(), version)));
            }
        }
        if let Some(file) = &self.mark
            && let mark::Read::Newer(version) = mark::read(&disk.read(file)?)
        {
            return Ok(Some((file.clone(), version)));
        }
        Ok(None)
    }

    /// The first generation that no file has.
    pub fn next_generation(&self) -> u64 {
        let last = |map: &BTreeMap<u64, PathBuf>| map.keys().next_back().copied().unwrap_or(0);
        last(&self.snapshots).max(last(&self.journals)) + 1
    }

    /// Removes what the two newest snapshots make needless: theirs stay, with all journals since the older.
    pub fn sweep(disk: &dyn Disk, folder: &Path) {
        let Ok(files) = Files::of(disk, folder) else { return };
        let mut newest = files.snapshots.keys().rev();
        let (Some(_), Some(before)) = (newest.next(), newest.next()) else { return };
        let old =
            |map: &BTreeMap<u64, PathBuf>| map.range(..before).map(|(_, f)| f.clone()).collect::<Vec<_>>();
        for file in old(&files.snapshots).into_iter().chain(old(&files.journals)).chain(files.first) {
            let _ = disk.remove(&file);
        }
    }
}
