//! The snapshot: one line of header with version, checksum and the journal that follows it, then the
//! world as JSON. It is written beside the old one and renamed over it.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::practice::world::World;

/// The version of the format; a newer one is not read.
const VERSION: u32 = 1;
/// The name of the file.
const NAME: &str = "world";

/// A snapshot read back.
pub(crate) enum Read {
    /// There is none.
    None,
    /// It could not be read as this version writes it.
    Unreadable,
    /// The world, and the journal file that goes on from it.
    World(Box<World>, u64),
}

pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

pub(crate) fn encode(world: &World, generation: u64) -> io::Result<Vec<u8>> {
    let body = serde_json::to_vec(world).map_err(io::Error::other)?;
    let sum = crc32fast::hash(&body);
    let mut bytes = format!("espera-world {VERSION} {sum:08x} {generation}\n").into_bytes();
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

pub(crate) fn store(folder: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = folder.join("world.new");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&temporary, path(folder))?;
    // The rename itself must survive a loss of power; where folders cannot be synced, it may not.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

pub(crate) fn read(folder: &Path) -> io::Result<Read> {
    let bytes = match fs::read(path(folder)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Read::None),
        Err(error) => return Err(error),
    };
    Ok(decode(&bytes)
        .map_or(Read::Unreadable, |(world, generation)| Read::World(Box::new(world), generation)))
}

fn decode(bytes: &[u8]) -> Option<(World, u64)> {
    let end = bytes.iter().position(|b| *b == b'\n')?;
    let header = std::str::from_utf8(&bytes[..end]).ok()?;
    let body = &bytes[end + 1..];
    let mut words = header.split(' ');
    let (magic, version) = (words.next()?, words.next()?.parse::<u32>().ok()?);
    let sum = u32::from_str_radix(words.next()?, 16).ok()?;
    let generation = words.next()?.parse().ok()?;
    let ours = magic == "espera-world" && version == VERSION && sum == crc32fast::hash(body);
    ours.then(|| serde_json::from_slice(body).ok()).flatten().map(|world| (world, generation))
}

/// Removes the journal files before `generation`.
pub(crate) fn sweep(folder: &Path, generation: u64) {
    for (file, number) in journals(folder) {
        if number < generation {
            let _ = fs::remove_file(file);
        }
    }
}

/// The journal files of a folder, by generation.
pub(crate) fn journals(folder: &Path) -> Vec<(PathBuf, u64)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(PathBuf, u64)> = entries
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix("journal-")?.parse().ok()?;
            Some((entry.path(), number))
        })
        .collect();
    found.sort_by_key(|(_, number)| *number);
    found
}
