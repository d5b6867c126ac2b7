//! Folders of mode 0700 and files of mode 0600, where the system knows modes: what a learner does is
//! nobody else's to read.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Makes a folder of Espera's, and those above it that are not there, for its owner alone. One that is
/// there already is closed to others too.
///
/// # Errors
/// The system's, when it cannot be made.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    mode::of_folder(&mut builder);
    builder.create(folder)?;
    mode::close(folder);
    Ok(())
}

/// How a file of Espera's is opened: add `create`, `write` and so on. A file that it makes is its
/// owner's alone.
#[must_use]
pub fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    mode::of_file(&mut options);
    options
}

/// Writes a file of Espera's that can be made again: its owner's alone, not synced.
///
/// # Errors
/// The system's.
pub fn write_private(file: &Path, content: &[u8]) -> io::Result<()> {
    let mut open = private_file().create(true).truncate(true).write(true).open(file)?;
    mode::close(file);
    open.write_all(content)
}

/// Closes a file or folder that an earlier Espera left open to others, if it is ours to close.
pub(super) fn close(path: &Path) {
    mode::close(path);
}

#[cfg(unix)]
mod mode {
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};

    use super::{DirBuilder, OpenOptions, Path, fs};

    pub fn of_folder(builder: &mut DirBuilder) {
        builder.mode(0o700);
    }

    pub fn of_file(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    pub fn close(path: &Path) {
        let Ok(found) = fs::symlink_metadata(path) else { return };
        let mode = found.permissions().mode();
        if mode & 0o077 != 0 && (found.is_dir() || found.is_file()) {
            // Not ours, or a file system without modes: then there is nothing to be done.
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o7700));
        }
    }
}

#[cfg(not(unix))]
mod mode {
    use super::{DirBuilder, OpenOptions, Path};

    pub fn of_folder(_: &mut DirBuilder) {}

    pub fn of_file(_: &mut OpenOptions) {}

    pub fn close(_: &Path) {}
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_made_is_its_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("state/practice");
        private_folder(&folder).unwrap();
        assert_eq!((mode(&folder), mode(folder.parent().unwrap())), (0o700, 0o700));
        let file = folder.join("file");
        private_file().create(true).truncate(true).write(true).open(&file).unwrap();
        assert_eq!(mode(&file), 0o600);
    }

    #[test]
    fn what_was_open_to_others_is_closed_and_what_is_above_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let above = dir.path().join("mine");
        let folder = above.join("practice");
        fs::create_dir_all(&folder).unwrap();
        for path in [&above, &folder] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        private_folder(&folder).unwrap();
        assert_eq!((mode(&folder), mode(&above)), (0o700, 0o755));
    }
}
