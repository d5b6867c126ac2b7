//! How the journal's files are called and begin, and what all of it needs besides.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a journal begins with.
pub(super) const JOURNAL: &str = "espera-journal";
/// Generation, and the number of the last entry before its first.
pub(super) const JOURNAL_FIELDS: usize = 2;
/// The name of a generation's journal.
pub(super) fn path(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("journal-{generation}"))
}

pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each of these is valid after every statement, so a panic elsewhere cannot have broken it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
