//! The snapshot: a first line with its generation, the number of the last entry it holds, length and
//! checksum, then the world as JSON. Before it counts it is read back whole and compared.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::world::World;
use ground::clock::Moment;
use ground::disk::{self, Disk, DiskFile};

use super::stack;
use crate::file_header::{self, FileHeader};

/// What the first line begins with.
pub(crate) const WORD: &str = "espera-world";
/// Generation, number, length and checksum of what follows, moment.
pub(crate) const FIELDS: usize = 5;

/// A snapshot read back.
pub(crate) enum Read {
    /// It is not what was written.
    Damaged,
    /// A newer Espera wrote it.
    Newer(u32),
    World(Snapshot),
}

/// A world as it was saved.
pub(crate) struct Snapshot {
    pub world: Box<World>,
    /// The journal of this number goes on from it.
    pub generation: u64,
    /// The number of the last entry it holds.
    pub number: u64,
    /// Whether version 1 wrote it.
    pub first: bool,
}

/// The name of a generation's snapshot. Version 1 had one, named `world`.
pub(crate) fn path(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("world-{generation}"))
}

pub(crate) fn encode(world: &World, generation: u64, number: u64) -> io::Result<Vec<u8>> {
    let body = serde_json::to_vec(world).map_err(io::Error::other)?;
    let sum = u64::from(crc32fast::hash(&body));
    let line = file_header::line(WORD, &[generation, number, body.len() as u64, sum, world.now.0]);
    let mut bytes = Vec::with_capacity(line.len() + body.len());
    bytes.extend_from_slice(line.as_bytes());
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

/// Writes a snapshot beside, proves it and gives it its name.
pub(crate) fn store(disk: &dyn Disk, folder: &Path, generation: u64, bytes: &[u8]) -> io::Result<()> {
    put(disk, folder, generation, bytes, disk::write_new)?;
    disk.sync_folder(folder)
}

/// The same for a world that holds nothing yet: its file waits for the next sync.
pub(crate) fn begin(
    disk: &dyn Disk,
    folder: &Path,
    generation: u64,
    bytes: &[u8],
) -> io::Result<Arc<dyn DiskFile>> {
    put(disk, folder, generation, bytes, disk::write_unsynced)?;
    disk.open(&path(folder, generation))
}

fn put(
    disk: &dyn Disk,
    folder: &Path,
    generation: u64,
    bytes: &[u8],
    write: fn(&dyn Disk, &Path, &[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let file = path(folder, generation);
    let fresh = disk::beside(&file);
    let stored = write(disk, &fresh, bytes).and_then(|()| prove(&disk.read(&fresh)?, bytes));
    if let Err(error) = stored {
        let _ = disk.remove(&fresh);
        return Err(error);
    }
    disk.rename(&fresh, &file)
}

/// Whether what is on the disk is what was written, and reads back as a world that is written the same.
fn prove(found: &[u8], written: &[u8]) -> io::Result<()> {
    if found != written {
        return Err(io::Error::other("what was read back is not what was written"));
    }
    stack::deep(|| {
        let (world, body) = match (decode(found), body_of(found)) {
            (Read::World(snapshot), Some(body)) => (snapshot.world, body),
            _ => return Err(io::Error::other("what was written cannot be read back")),
        };
        let mut same = Same { rest: body };
        serde_json::to_writer(&mut same, &*world).map_err(io::Error::other)?;
        if same.rest.is_empty() { Ok(()) } else { Err(Same::differs()) }
    })
}

/// Takes only what was written before.
struct Same<'a> {
    rest: &'a [u8],
}

impl Same<'_> {
    fn differs() -> io::Error {
        io::Error::other("what was read back makes another world")
    }
}

impl Write for Same<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.rest = self.rest.strip_prefix(bytes).ok_or_else(Same::differs)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn body_of(bytes: &[u8]) -> Option<&[u8]> {
    bytes.iter().position(|byte| *byte == b'\n').map(|end| &bytes[end + 1..])
}

/// Reads a snapshot.
pub(crate) fn decode(bytes: &[u8]) -> Read {
    match file_header::read(bytes, WORD, FIELDS) {
        FileHeader::Newer(version) => Read::Newer(version),
        FileHeader::Damaged => Read::Damaged,
        FileHeader::First { words, length } => first(&words, &bytes[length..]).unwrap_or(Read::Damaged),
        FileHeader::Ours { fields, length, .. } => {
            let body = &bytes[length..];
            let [generation, number, long, sum, _] = fields[..] else { return Read::Damaged };
            let sound = body.len() as u64 == long && u64::from(crc32fast::hash(body)) == sum;
            match sound.then(|| serde_json::from_slice(body).ok()).flatten() {
                Some(world) => Read::World(Snapshot { world, generation, number, first: false }),
                None => Read::Damaged,
            }
        }
    }
}

/// As version 1 wrote it: `espera-world 1 SUM GENERATION`.
fn first(words: &[String], body: &[u8]) -> Option<Read> {
    let [sum, generation] = words else { return None };
    let sound = u32::from_str_radix(sum, 16).ok()? == crc32fast::hash(body);
    let generation = generation.parse().ok()?;
    let world = sound.then(|| serde_json::from_slice(body).ok()).flatten()?;
    Some(Read::World(Snapshot { world, generation, number: 0, first: true }))
}

/// The moment a snapshot shows, by its first line.
pub(crate) fn moment(start: &[u8]) -> Option<Moment> {
    match file_header::read(start, WORD, FIELDS) {
        FileHeader::Ours { fields, .. } => fields.get(4).copied().map(Moment),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use ground::disk::FaultyDisk;

    fn world() -> World {
        World::new(7, Scenario::default(), Moment(1_795_392_000_000))
    }

    #[test]
    fn a_snapshot_comes_back_and_every_changed_byte_is_damage() {
        let bytes = encode(&world(), 3, 41).unwrap();
        let Read::World(read) = decode(&bytes) else { panic!("unread") };
        assert_eq!((read.generation, read.number, read.first), (3, 41, false));
        assert_eq!(moment(&bytes[..bytes.len().min(200)]), Some(world().now));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 4;
            assert!(matches!(decode(&damaged), Read::Damaged), "byte {at}");
        }
        assert!(matches!(decode(&bytes[..bytes.len() - 1]), Read::Damaged));
        assert!(matches!(decode(&[&bytes[..], b" "].concat()), Read::Damaged));
    }

    #[test]
    fn one_of_version_1_is_read_and_one_of_a_later_version_is_newer() {
        let body = serde_json::to_vec(&world()).unwrap();
        let line = format!("espera-world 1 {:08x} 5\n", crc32fast::hash(&body));
        let Read::World(read) = decode(&[line.as_bytes(), &body].concat()) else { panic!("unread") };
        assert_eq!((read.generation, read.first), (5, true));
        assert!(matches!(decode(b"espera-world 4 whatever comes\n{}"), Read::Newer(4)));
    }

    #[test]
    fn what_cannot_be_read_back_does_not_become_a_snapshot() {
        let (disk, folder) = (FaultyDisk::new(), Path::new("/w"));
        let mut deep = serde_json::Value::Null;
        for _ in 0..200 {
            deep = serde_json::Value::Array(vec![deep]);
        }
        let body = serde_json::to_vec(&deep).unwrap();
        let sum = u64::from(crc32fast::hash(&body));
        let line = file_header::line(WORD, &[1, 0, body.len() as u64, sum, 0]);
        let stored = store(&disk, folder, 1, &[line.as_bytes(), &body].concat());
        assert!(stored.unwrap_err().to_string().contains("read back"));
        assert_eq!(disk.files(), Vec::<PathBuf>::new());
        store(&disk, folder, 1, &encode(&world(), 1, 0).unwrap()).unwrap();
        assert_eq!(disk.files(), [path(folder, 1)]);
    }
}
