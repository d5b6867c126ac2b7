//! Files and folders for their owner alone, written beside the old ones and put in their place whole:
//! a shell may be reading them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Read and written by their owner.
pub(super) const READ: u32 = 0o600;
/// Run by their owner too.
pub(super) const RUN: u32 = 0o700;

/// Makes a folder for its owner alone, or closes the one that is there.
pub(super) fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

/// Writes a file unless it is so already. One that can be made again at the next start, so that nobody waits
/// for the disk on the way to the first screen: a loss of power may leave it empty, and then it is not so.
pub(super) fn write(file: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    if fs::read(file).is_ok_and(|old| old == bytes) && has_mode(file, mode) {
        return Ok(());
    }
    replace(file, mode, |to| to.write_all(bytes))
}

/// Writes a file whole or not at all, a loss of power included; the one it replaces stays until then.
pub(super) fn write_atomically(file: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    replace(file, mode, |to| {
        to.write_all(bytes)?;
        to.sync_all()
    })
}

/// Writes a file beside the old one, then gives it its name.
fn replace(file: &Path, mode: u32, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let new = temporary_path(file);
    // A file that is there keeps its mode: it must be made.
    let _ = fs::remove_file(&new);
    let written = create(&new, mode).and_then(|mut to| write(&mut to));
    let put = written.and_then(|()| fs::rename(&new, file));
    if put.is_err() {
        let _ = fs::remove_file(&new);
    }
    put
}

fn create(file: &Path, mode: u32) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let file = options.open(file)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    Ok(file)
}

fn temporary_path(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    file.with_file_name(name)
}

#[cfg(unix)]
fn has_mode(file: &Path, mode: u32) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::symlink_metadata(file).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o777 == mode)
}

#[cfg(not(unix))]
fn has_mode(_: &Path, _: u32) -> bool {
    true
}
