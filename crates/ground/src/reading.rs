//! Reads files that others wrote or named: lessons, a site's settings, scenarios. Only regular files, opened
//! without waiting for anybody, and never more than the caller's limit.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use crate::lang::Lang;
use crate::tr;

/// What stands at a path where a regular file was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// A folder.
    Folder,
    /// A pipe: reading it would wait for a writer.
    Pipe,
    /// A socket.
    Socket,
    /// A device: it may never end.
    Device,
}

impl Other {
    fn of(metadata: &Metadata) -> Option<Other> {
        let kind = metadata.file_type();
        if kind.is_file() {
            return None;
        }
        if kind.is_dir() {
            return Some(Other::Folder);
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt as _;
            if kind.is_fifo() {
                return Some(Other::Pipe);
            }
            if kind.is_socket() {
                return Some(Other::Socket);
            }
        }
        Some(Other::Device)
    }

    /// What it is, with its article.
    #[must_use]
    pub fn text(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Other::Folder, Lang::Es) => "una carpeta",
            (Other::Folder, Lang::En) => "a folder",
            (Other::Pipe, Lang::Es) => "una tubería",
            (Other::Pipe, Lang::En) => "a pipe",
            (Other::Socket, Lang::Es) => "un socket",
            (Other::Socket, Lang::En) => "a socket",
            (Other::Device, Lang::Es) => "un dispositivo",
            (Other::Device, Lang::En) => "a device",
        }
    }
}

/// Why a file is not read.
#[derive(Debug)]
pub enum Refused {
    /// The system could not open or read it.
    System(io::Error),
    /// It is no regular file.
    NotAFile(Other),
    /// It has more bytes than the limit.
    TooLarge,
}

impl Refused {
    /// What is wrong, as the end of a sentence that begins with the file's name, and what to do.
    #[must_use]
    pub fn text(&self, lang: Lang, limit: u64) -> String {
        match self {
            Refused::System(cause) => tr!(
                lang,
                "no se puede leer ({cause}). Comprueba la ruta y los permisos.",
                "can't be read ({cause}). Check the path and its permissions."
            ),
            Refused::NotAFile(other) => {
                let what = other.text(lang);
                tr!(
                    lang,
                    "es {what}, no un fichero. Indica un fichero normal.",
                    "is {what}, not a file. Name a regular file."
                )
            }
            Refused::TooLarge => {
                let kib = limit / 1024;
                tr!(
                    lang,
                    "pasa de {kib} KiB, que es lo más que se lee. Acórtalo.",
                    "has more than {kib} KiB, the most that is read. Shorten it."
                )
            }
        }
    }
}

/// All bytes of the regular file at `path`, if they are at most `limit`. Links are followed.
///
/// # Errors
/// When it can't be opened or read, is no regular file, or is longer.
pub fn regular(path: &Path, limit: u64) -> Result<Vec<u8>, Refused> {
    // Asked first, because opening a device can do something to it.
    if let Some(other) = Other::of(&std::fs::metadata(path).map_err(Refused::System)?) {
        return Err(Refused::NotAFile(other));
    }
    let file = open(path).map_err(Refused::System)?;
    // And again of what was opened, which need not be what stood there a moment ago.
    let metadata = file.metadata().map_err(Refused::System)?;
    if let Some(other) = Other::of(&metadata) {
        return Err(Refused::NotAFile(other));
    }
    if metadata.len() > limit {
        return Err(Refused::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // A file can grow, and some say they have no length: the limit is that of what is read.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(Refused::System)?;
    if bytes.len() as u64 > limit { Err(Refused::TooLarge) } else { Ok(bytes) }
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// As [`regular`], as text: bytes that are not UTF-8 are an error of the system.
///
/// # Errors
/// As [`regular`], and for bytes that are not UTF-8.
pub fn text(path: &Path, limit: u64) -> Result<String, Refused> {
    let bytes = regular(path, limit)?;
    String::from_utf8(bytes)
        .map_err(|error| Refused::System(io::Error::new(io::ErrorKind::InvalidData, error.utf8_error())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_the_limit_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        std::fs::write(&file, b"12345").unwrap();
        assert_eq!(regular(&file, 5).unwrap(), b"12345");
        assert!(matches!(regular(&file, 4), Err(Refused::TooLarge)));
        assert!(matches!(regular(folder.path(), 9), Err(Refused::NotAFile(Other::Folder))));
        assert!(matches!(regular(&folder.path().join("y"), 9), Err(Refused::System(_))));
        std::fs::write(&file, b"\xff").unwrap();
        assert!(matches!(text(&file, 5), Err(Refused::System(_))));
    }

    #[cfg(unix)]
    #[test]
    fn what_would_wait_or_never_end_is_told_by_its_kind() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("zero");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        assert!(matches!(regular(&link, 9), Err(Refused::NotAFile(Other::Device))));
        // A socket's name has some hundred bytes at most, and TMPDIR may be longer than that.
        let short = tempfile::tempdir_in("/tmp").unwrap();
        let socket = short.path().join("s");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(matches!(regular(&socket, 9), Err(Refused::NotAFile(Other::Socket))));
        // A file that says it is empty and is not.
        if let Ok(bytes) = regular(Path::new("/proc/self/status"), 1 << 20) {
            assert!(!bytes.is_empty());
            assert!(matches!(regular(Path::new("/proc/self/status"), 9), Err(Refused::TooLarge)));
        }
        let ring = folder.path().join("ring");
        std::os::unix::fs::symlink(&ring, &ring).unwrap();
        assert!(matches!(regular(&ring, 9), Err(Refused::System(_))));
    }
}
