//! The shop's program as the zip that Lambda and the instance take: `bootstrap`, stored as it is.

use std::io;
use std::path::Path;

use super::options::{GlobalOptions, WorldChoice};

/// What `bootstrap` is in practice: the practice Regions run the shop inside Espera, so nothing runs this.
const PRACTICE: &[u8] =
    b"#!/bin/sh\n# Practice Regions run Unishop inside Espera; an account gets the real program here.\n\
    echo 'unishop: this file comes from a practice world' >&2\nexit 1\n";
/// A 64-bit ELF program for ARM.
const ELF: &[u8] = b"\x7fELF\x02\x01";
const AARCH64: [u8; 2] = [0xB7, 0];
/// 1980-01-01, the first day a zip knows: the same program always makes the same zip.
const DATE: u16 = (1 << 5) | 1;
/// `rwxr-xr-x` of a regular file, as Unix systems write it into zips.
const MODE: u32 = 0o100_755 << 16;

/// Why the program cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// It is something else.
    #[error("no 64-bit ELF program for ARM")]
    Foreign,
}

/// The zip for the world asked for; empty when an account needs a program and none is named.
///
/// # Errors
/// When the program named cannot be read or runs on other machines.
pub(super) fn zip_for(options: &GlobalOptions) -> Result<Vec<u8>, PackageError> {
    match (options.world, &options.unishop) {
        (_, Some(file)) => zip_file(file),
        (WorldChoice::Practice, None) => Ok(zip(PRACTICE)),
        (WorldChoice::Aws, None) => Ok(Vec::new()),
    }
}

fn zip_file(file: &Path) -> Result<Vec<u8>, PackageError> {
    let bytes = std::fs::read(file)?;
    if !bytes.starts_with(ELF) || bytes.get(18..20) != Some(&AARCH64) {
        return Err(PackageError::Foreign);
    }
    Ok(zip(&bytes))
}

/// A zip that holds `program` as `bootstrap`, uncompressed: what the network saves would cost a
/// dependency, and the instance is in the same Region.
fn zip(program: &[u8]) -> Vec<u8> {
    let name = b"bootstrap";
    let size = u32::try_from(program.len()).unwrap_or(u32::MAX).to_le_bytes();
    let mut shared = Vec::new();
    shared.extend([20_u16, 0, 0, 0, DATE].iter().flat_map(|n| n.to_le_bytes()));
    shared.extend(crc32fast::hash(program).to_le_bytes());
    shared.extend([size, size].concat());
    shared.extend(u16::try_from(name.len()).unwrap_or_default().to_le_bytes());
    shared.extend([0, 0]);

    let mut zip = b"PK\x03\x04".to_vec();
    zip.extend(&shared);
    zip.extend(name);
    zip.extend(program);
    let directory = zip.len();
    zip.extend(b"PK\x01\x02\x14\x03"); // made on Unix, so that the mode counts
    zip.extend(&shared);
    zip.extend([0; 6]);
    zip.extend(MODE.to_le_bytes());
    zip.extend([0; 4]);
    zip.extend(name);
    let length = u32::try_from(zip.len() - directory).unwrap_or_default();
    zip.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    zip.extend(length.to_le_bytes());
    zip.extend(u32::try_from(directory).unwrap_or(u32::MAX).to_le_bytes());
    zip.extend([0, 0]);
    zip
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_programs_for_arm_are_taken() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("unishop");
        std::fs::write(&file, std::fs::read(std::env::current_exe().unwrap()).unwrap()).unwrap();
        let named =
            |file: &Path| zip_for(&GlobalOptions { unishop: Some(file.into()), ..GlobalOptions::default() });
        if cfg!(not(target_arch = "aarch64")) {
            assert!(matches!(named(&file), Err(PackageError::Foreign)));
        }
        let mut arm = vec![0; 64];
        arm[..6].copy_from_slice(ELF);
        arm[18..20].copy_from_slice(&AARCH64);
        std::fs::write(&file, &arm).unwrap();
        assert!(named(&file).unwrap().windows(64).any(|w| w == arm));
        assert!(matches!(named(Path::new("/nowhere")), Err(PackageError::Read(_))));
    }

    #[test]
    fn others_can_open_the_zip() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("unishop.zip");
        std::fs::write(&file, zip(PRACTICE)).unwrap();
        // Python is on every machine that runs the gate; without it there is nobody to ask here.
        let script = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
                      i = z.getinfo('bootstrap')\nassert i.external_attr >> 16 == 0o100755, oct(i.external_attr >> 16)\n\
                      sys.stdout.buffer.write(z.read('bootstrap'))";
        let Ok(read) = std::process::Command::new("python3").args(["-c", script]).arg(&file).output() else {
            return;
        };
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        assert_eq!(read.stdout, PRACTICE);
    }
}
