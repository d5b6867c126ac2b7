//! The log of a drill on disk: one event a line. An acknowledged write is on the disk before it counts,
//! and the undo of a fault before the fault; a line torn by a kill is dropped.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::DrillError;
use super::event::{Event, VERSION, What};

/// The file's name in the run's folder.
const NAME: &str = "log.jsonl";

/// The log of one run, open for writing.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: File,
}

impl Log {
    /// Begins the log of a new run in a folder of its own.
    pub(super) fn create(folder: &Path, run: &str) -> Result<Log, DrillError> {
        let own = folder.join(run);
        let path = own.join(NAME);
        let made = fs::create_dir_all(&own)
            .and_then(|()| OpenOptions::new().append(true).create_new(true).open(&path))
            .and_then(|file| {
                // The names themselves must outlive a crash, or the log is there and cannot be found.
                sync_folder(&own)?;
                sync_folder(folder)?;
                Ok(file)
            });
        let file = made.map_err(|error| DrillError::Log { path: path.clone(), error })?;
        Ok(Log { path, file })
    }

    /// Goes on with the log of a run that was cut off; what a kill tore is cut away first.
    pub(super) fn resume(folder: &Path, run: &str) -> Result<(Log, Vec<Event>), DrillError> {
        let path = folder.join(run).join(NAME);
        let (events, whole) = read_file(&path)?;
        let opened = OpenOptions::new().append(true).open(&path).and_then(|file| {
            file.set_len(whole)?;
            Ok(file)
        });
        let mut file = opened.map_err(|error| DrillError::Log { path: path.clone(), error })?;
        if whole > 0 && fs::read(&path).is_ok_and(|bytes| bytes.last() != Some(&b'\n')) {
            file.write_all(b"\n").map_err(|error| DrillError::Log { path: path.clone(), error })?;
        }
        Ok((Log { path, file }, events))
    }

    /// Writes events; when any of them must not be lost, only returns once all are on the disk.
    pub(super) fn write(&mut self, events: &[Event]) -> Result<(), DrillError> {
        let mut lines = Vec::with_capacity(events.len() * 128);
        let written = events
            .iter()
            .try_for_each(|event| {
                serde_json::to_writer(&mut lines, event)?;
                lines.push(b'\n');
                Ok::<_, io::Error>(())
            })
            .and_then(|()| self.file.write_all(&lines))
            .and_then(|()| if events.iter().any(durable) { self.file.sync_data() } else { Ok(()) });
        written.map_err(|error| DrillError::Log { path: self.path.clone(), error })
    }
}

/// Whether an event must be on the disk before the drill goes on: all but failures, reads and notes.
fn durable(event: &Event) -> bool {
    match &event.what {
        What::Probe(probe) => probe.outcome.good() && probe.kind != super::Kind::Read,
        What::Note { .. } | What::Lag { .. } | What::Found { .. } => false,
        _ => true,
    }
}

/// Reads the log of a run.
pub(super) fn read(folder: &Path, run: &str) -> Result<Vec<Event>, DrillError> {
    read_file(&folder.join(run).join(NAME)).map(|(events, _)| events)
}

/// The events of a log, and how many of its bytes they take: what follows was torn by a kill.
fn read_file(path: &Path) -> Result<(Vec<Event>, u64), DrillError> {
    let bytes = fs::read(path).map_err(|error| DrillError::Log { path: path.to_owned(), error })?;
    let (mut events, mut whole) = (Vec::new(), 0);
    let lines = bytes.split_inclusive(|b| *b == b'\n');
    for (number, line) in lines.enumerate() {
        if number == 0 {
            known(path, line)?;
        }
        match serde_json::from_slice::<Event>(line) {
            Ok(event) => events.push(event),
            // Only the last line can lack its end, and then it was being written when all stopped.
            Err(_) if !line.ends_with(b"\n") => break,
            Err(error) => {
                let why = error.to_string();
                return Err(DrillError::Damaged { path: path.to_owned(), line: number + 1, why });
            }
        }
        whole += line.len();
    }
    Ok((events, whole as u64))
}

/// Refuses a log of a later version, whatever else its first line says.
fn known(path: &Path, line: &[u8]) -> Result<(), DrillError> {
    let head: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
    match head["version"].as_u64() {
        Some(found) if found > u64::from(VERSION) => Err(DrillError::Newer { path: path.to_owned(), found }),
        _ => Ok(()),
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened as a file, and its entries are durable with it.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::super::samples::{Drill, good};
    use super::*;

    fn sample() -> Vec<Event> {
        let mut drill = Drill::new();
        drill.probe(Kind::User, 1, good()).fault(2).found(Kind::User, 1, 'l');
        drill.events()
    }

    fn written(folder: &Path) -> Vec<u8> {
        let mut log = Log::create(folder, "one").unwrap();
        log.write(&sample()).unwrap();
        fs::read(folder.join("one").join(NAME)).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path());
        assert_eq!(read(folder.path(), "one").unwrap(), sample());
    }

    #[test]
    fn a_log_torn_at_any_byte_keeps_all_whole_lines_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = written(folder.path());
        let path = folder.path().join("one").join(NAME);
        for cut in 0..bytes.len() {
            fs::write(&path, &bytes[..cut]).unwrap();
            let lines = bytes[..cut].iter().filter(|b| **b == b'\n').count();
            let (mut log, events) = Log::resume(folder.path(), "one").unwrap();
            // A line that only lacks its end is whole as well.
            assert!(events.len() == lines || events.len() == lines + 1, "cut at {cut}");
            assert_eq!(events, sample()[..events.len()], "cut at {cut}");
            log.write(&sample()[3..]).unwrap();
            let after = read(folder.path(), "one").unwrap();
            assert_eq!((after.len(), after.last()), (events.len() + 1, sample().last()), "cut at {cut}");
        }
    }

    #[test]
    fn a_later_version_is_refused_with_advice() {
        let folder = tempfile::tempdir().unwrap();
        let text =
            String::from_utf8(written(folder.path())).unwrap().replace("\"version\":1", "\"version\":9");
        fs::write(folder.path().join("one").join(NAME), text).unwrap();
        let error = read(folder.path(), "one").unwrap_err();
        assert!(matches!(error, DrillError::Newer { found: 9, .. }), "{error}");
        assert!(error.text(crate::lang::Lang::Es).contains("actualízala"));
    }

    #[test]
    fn damage_in_the_middle_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let text = String::from_utf8(written(folder.path())).unwrap().replace("\"fault\",\"fault\"", "\"fa");
        let text = text.replacen("probe", "prob", 1);
        fs::write(folder.path().join("one").join(NAME), text).unwrap();
        let error = read(folder.path(), "one").unwrap_err();
        assert!(matches!(error, DrillError::Damaged { line: 2, .. }), "{error}");
    }
}
