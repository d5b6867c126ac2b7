//! The keys of one practice world: drawn by the system's chance when the world is first made, kept
//! beside it in a file that only its owner can read, and what every request from outside is signed with.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file_header::{self, FileHeader};
use ground::disk::{self, Disk, DiskFile};

/// The name of the file within the world's folder.
pub(super) const NAME: &str = "keys";
/// What its first line begins with.
pub(super) const WORD: &str = "espera-keys";
/// Length and checksum of what follows that line.
pub(super) const FIELDS: usize = 2;
/// How an access key begins, so that nobody takes it for one of AWS's.
const MARK: &str = "ESPERA";
/// The characters of an access key and of a secret.
const LENGTHS: (usize, usize) = (20, 40);
const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
// No sign that a shell, a form or a file of settings would read as something else.
const MIXED: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// An access key and its secret. What prints it for debugging leaves the secret out.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    access_key: String,
    secret: String,
}

/// The keys of a folder, and whether others had to be made in place of those it had.
pub(super) struct Kept {
    pub keys: Keys,
    /// The file whose keys are not the ones clients were given before.
    pub renewed: Option<PathBuf>,
    /// Where a damaged file was kept; `Some(None)` when it could not be moved.
    pub aside: Option<Option<PathBuf>>,
    /// Their file, when it is new and waits for its first sync.
    pub unsynced: Option<Arc<dyn DiskFile>>,
}

impl Keys {
    /// Draws new ones.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn random() -> io::Result<Keys> {
        let (access, secret) = LENGTHS;
        let access_key = format!("{MARK}{}", letters(UPPER, access - MARK.len())?);
        Ok(Keys { access_key, secret: letters(MIXED, secret)? })
    }

    /// The access key id: no secret.
    #[must_use]
    pub fn access_key(&self) -> &str {
        &self.access_key
    }

    /// The secret: handed to the learner's own clients, never drawn and never logged.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The keys that a world's folder keeps; `None` when there are none that can be read.
    #[must_use]
    pub fn of(folder: &Path) -> Option<Keys> {
        Keys::read(&*disk::real(), folder)
    }

    fn read(disk: &dyn Disk, folder: &Path) -> Option<Keys> {
        decode(&disk.read(&folder.join(NAME)).ok()?)
    }

    /// The keys of a folder that this process holds. New ones are kept there; where that cannot be
    /// done they are good as long as the process lives. A file of a newer Espera has been refused before.
    pub(super) fn keep(disk: &dyn Disk, folder: &Path, had_some: bool) -> io::Result<Kept> {
        if let Some(keys) = Keys::read(disk, folder) {
            return Ok(Kept { keys, renewed: None, aside: None, unsynced: None });
        }
        let (keys, file) = (Keys::random()?, folder.join(NAME));
        let there = !matches!(disk.read(&file), Err(error) if error.kind() == io::ErrorKind::NotFound);
        let aside = there.then(|| disk::move_aside(disk, &file, "damaged").ok());
        // The disk has time until the next sync: who opens a new world waits for its first screen.
        let written = disk::write_whole(disk, &file, encode(&keys).as_bytes());
        let unsynced = written.and_then(|()| disk.open(&file)).ok();
        Ok(Kept { keys, renewed: (had_some || there).then_some(file), aside, unsynced })
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keys").field(&self.access_key).finish()
    }
}

fn encode(keys: &Keys) -> String {
    let body = body(keys);
    file_header::line(WORD, &proof(&body)) + &body
}

fn body(keys: &Keys) -> String {
    format!("{}\n{}\n", keys.access_key, keys.secret)
}

/// Length and checksum of what follows the first line.
fn proof(body: &str) -> [u64; FIELDS] {
    [body.len() as u64, u64::from(crc32fast::hash(body.as_bytes()))]
}

/// Whether the file's content is as it was written.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    decode(bytes).is_some()
}

fn decode(bytes: &[u8]) -> Option<Keys> {
    let text = std::str::from_utf8(bytes).ok()?;
    let FileHeader::Ours { fields, length, .. } = file_header::read(text.as_bytes(), WORD, FIELDS) else {
        return None;
    };
    let mut lines = text[length..].lines();
    let (access_key, secret) = (lines.next()?.to_owned(), lines.next()?.to_owned());
    let keys = Keys { access_key, secret };
    // Compared whole, so that one wrong bit anywhere is seen. The first line proves itself.
    let found = &text[length..];
    (body(&keys) == found && proof(found)[..] == fields).then_some(keys)
}

/// So many letters, each as likely as the others.
fn letters(alphabet: &[u8], count: usize) -> io::Result<String> {
    let even = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(count);
    let mut bytes = [0; 64];
    while text.len() < count {
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let drawn = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < even);
        let wanted = count - text.len();
        text.extend(drawn.map(|byte| char::from(alphabet[byte % alphabet.len()])).take(wanted));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn keep(folder: &Path, had_some: bool) -> Kept {
        Keys::keep(&*disk::real(), folder, had_some).unwrap()
    }

    #[test]
    fn keys_are_recognised_as_practice_and_never_the_same() {
        let (a, b) = (Keys::random().unwrap(), Keys::random().unwrap());
        assert!(a.access_key().starts_with("ESPERA") && a.access_key().len() == 20, "{a:?}");
        assert!(a.secret().len() == 40 && a.secret().bytes().all(|b| b.is_ascii_alphanumeric()));
        assert_ne!(a, b);
        assert!(!format!("{a:?}").contains(a.secret()), "a secret is not printed");
    }

    #[test]
    fn a_folder_keeps_its_keys_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Keys::of(folder.path()), None);
        let made = keep(folder.path(), false);
        assert_eq!(made.renewed, None);
        let again = keep(folder.path(), true);
        assert_eq!((&again.keys, again.renewed), (&made.keys, None));
        assert_eq!(Keys::of(folder.path()).as_ref(), Some(&made.keys));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(folder.path().join(NAME)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn damaged_keys_are_replaced_and_it_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let first = keep(folder.path(), false).keys;
        let file = folder.path().join(NAME);
        let good = fs::read(&file).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&file, &bad).unwrap();
            assert_eq!(Keys::of(folder.path()), None, "byte {at}");
        }
        for bad in [&good[..good.len() - 1], b"", &[good.as_slice(), b"x"].concat()] {
            fs::write(&file, bad).unwrap();
            let kept = keep(folder.path(), true);
            assert_eq!(kept.renewed.as_ref(), Some(&file));
            assert_ne!(kept.keys, first);
            let aside = kept.aside.flatten().unwrap();
            assert_eq!(fs::read(aside).unwrap(), bad, "what was there is kept");
        }
    }
}
