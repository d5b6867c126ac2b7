//! The log of a drill on disk: one event a line, with a running checksum. An acknowledged write is on the
//! disk before it counts, and the undo of a fault before the fault; a line torn by a kill is dropped.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::DrillError;
use super::chain::{self, Chain, Line};
use super::event::{Event, VERSION, What};
use ground::disk::{private_file, private_folder};

/// The file's name in the run's folder.
pub(super) const NAME: &str = "log.jsonl";
/// What is written beside the log once the drill has ended.
pub(super) const REPORT: &str = "report.json";

/// The log of one run, open for writing.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: File,
    chain: Chain,
}

impl Log {
    /// Begins the log of a new run, with its first events, in a folder of its own. The folder gets its
    /// name when it holds a log: a run without one, or with an empty one, has lost it.
    pub(super) fn create(folder: &Path, run: &str, first: &[Event]) -> Result<Log, DrillError> {
        let (own, fresh) = (folder.join(run), folder.join(format!(".{run}.new")));
        let path = own.join(NAME);
        let mut chain = Chain::new();
        let mut make = || -> io::Result<File> {
            if own.exists() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            private_folder(&fresh)?;
            let mut file = private_file().create(true).truncate(true).write(true).open(fresh.join(NAME))?;
            file.write_all(&lines(&mut chain, first)?)?;
            file.sync_all()?;
            drop(file);
            // The names themselves must outlive a crash, or the log is there and cannot be found.
            sync_folder(&fresh)?;
            fs::rename(&fresh, &own)?;
            sync_folder(folder)?;
            OpenOptions::new().append(true).open(&path)
        };
        match make() {
            Ok(file) => Ok(Log { path, file, chain }),
            Err(error) => Err(DrillError::Log { path, error }),
        }
    }

    /// Goes on with the log of a run that was cut off; what a kill tore is cut away first.
    pub(super) fn resume(folder: &Path, run: &str) -> Result<(Log, Vec<Event>), DrillError> {
        let path = folder.join(run).join(NAME);
        let Found { events, whole, chain, .. } = read_file(&path)?;
        let opened = OpenOptions::new().append(true).open(&path).and_then(|file| {
            file.set_len(whole)?;
            Ok(file)
        });
        let mut file = opened.map_err(|error| DrillError::Log { path: path.clone(), error })?;
        if whole > 0 && fs::read(&path).is_ok_and(|bytes| bytes.last() != Some(&b'\n')) {
            file.write_all(b"\n").map_err(|error| DrillError::Log { path: path.clone(), error })?;
        }
        Ok((Log { path, file, chain }, events))
    }

    /// Writes events; when any of them must not be lost, only returns once all are on the disk.
    pub(super) fn write(&mut self, events: &[Event]) -> Result<(), DrillError> {
        let mut chain = self.chain;
        let written = lines(&mut chain, events)
            .and_then(|lines| self.file.write_all(&lines))
            .and_then(|()| if events.iter().any(is_durable) { self.file.sync_data() } else { Ok(()) });
        self.chain = chain;
        written.map_err(|error| DrillError::Log { path: self.path.clone(), error })
    }
}

fn lines(chain: &mut Chain, events: &[Event]) -> io::Result<Vec<u8>> {
    let mut lines = Vec::with_capacity(events.len() * 128);
    for event in events {
        chain.push(&mut lines, event)?;
    }
    Ok(lines)
}

/// Whether an event must be on the disk before the drill goes on: all but failures, reads and notes.
pub(super) fn is_durable(event: &Event) -> bool {
    match &event.what {
        What::Probe(probe) => probe.outcome.is_good() && probe.kind != super::Kind::Read,
        What::Note { .. } | What::Lag { .. } | What::Found { .. } => false,
        _ => true,
    }
}

/// Reads the log of a run.
pub(super) fn read(folder: &Path, run: &str) -> Result<Vec<Event>, DrillError> {
    read_file(&folder.join(run).join(NAME)).map(|found| found.events)
}

/// What a log holds.
#[derive(Debug)]
pub(super) struct Found {
    pub events: Vec<Event>,
    /// How many of its bytes they take: what follows was torn by a kill.
    whole: u64,
    /// Whether something follows.
    pub torn: bool,
    pub chain: Chain,
}

/// Reads a log as far as it goes.
pub(super) fn read_file(path: &Path) -> Result<Found, DrillError> {
    let bytes = fs::read(path).map_err(|error| DrillError::Log { path: path.to_owned(), error })?;
    let damaged = |line, why: &str| DrillError::Damaged { path: path.to_owned(), line, why: why.to_owned() };
    let mut lines = bytes.split_inclusive(|b| *b == b'\n').peekable();
    let first = lines.peek().ok_or_else(|| damaged(1, "empty"))?;
    let mut chain = Chain::of(read_version(path, first)?);
    let (mut events, mut whole, mut torn) = (Vec::new(), 0, false);
    for (number, line) in lines.enumerate() {
        match chain.read(line) {
            Line::Event(event) => events.push(*event),
            // The first line is there before the log has its name.
            Line::Torn if number > 0 => {
                torn = true;
                break;
            }
            Line::Torn => return Err(damaged(1, "incomplete")),
            Line::Damaged(why) => return Err(damaged(number + 1, &why)),
        }
        whole += line.len();
    }
    let ended = events.iter().any(|event| matches!(event.what, What::Finished { .. }));
    // The report is written behind the last line: where it stands, that line has stood.
    if !ended && path.with_file_name(REPORT).exists() {
        return Err(damaged(events.len() + 1, "its end is missing"));
    }
    Ok(Found { events, whole: whole as u64, torn, chain })
}

/// The version the first line names; a later one is refused, whatever else the line says.
fn read_version(path: &Path, line: &[u8]) -> Result<Option<u64>, DrillError> {
    let head: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
    match head["version"].as_u64() {
        Some(found) if found > VERSION.into() && !chain::is_flip_of_ours(line, found) => {
            Err(DrillError::Newer { path: path.to_owned(), found })
        }
        version => Ok(version),
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

    fn path(folder: &Path) -> PathBuf {
        folder.join("one").join(NAME)
    }

    fn sample_bytes(folder: &Path) -> Vec<u8> {
        let mut log = Log::create(folder, "one", &sample()[..1]).unwrap();
        log.write(&sample()[1..]).unwrap();
        fs::read(path(folder)).unwrap()
    }

    /// What a log with these bytes is read as.
    fn read_bytes(folder: &Path, bytes: &[u8]) -> Result<Found, DrillError> {
        fs::write(path(folder), bytes).unwrap();
        read_file(&path(folder))
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        sample_bytes(folder.path());
        assert_eq!(read(folder.path(), "one").unwrap(), sample());
    }

    #[test]
    fn a_log_torn_at_any_byte_keeps_all_whole_lines_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = sample_bytes(folder.path());
        let path = path(folder.path());
        let first = bytes.iter().position(|b| *b == b'\n').unwrap();
        for cut in first..bytes.len() {
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
            String::from_utf8(sample_bytes(folder.path())).unwrap().replace("\"version\":2", "\"version\":9");
        fs::write(folder.path().join("one").join(NAME), text).unwrap();
        let error = read(folder.path(), "one").unwrap_err();
        assert!(matches!(error, DrillError::Newer { found: 9, .. }), "{error}");
        assert!(error.text(ground::lang::Lang::Es).contains("actualízala"));
    }

    #[test]
    fn a_line_is_json_with_its_sum_as_the_last_field() {
        let folder = tempfile::tempdir().unwrap();
        for line in sample_bytes(folder.path()).split_inclusive(|b| *b == b'\n') {
            let value: serde_json::Value = serde_json::from_slice(line).unwrap();
            assert_eq!(value.as_object().unwrap().keys().next_back().unwrap(), "sum");
        }
    }

    #[test]
    fn no_changed_bit_is_silent_and_its_line_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = sample_bytes(folder.path());
        for bit in 0..bytes.len() * 8 {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            let number = bytes[..bit / 8].iter().filter(|b| **b == b'\n').count() + 1;
            match read_bytes(folder.path(), &other) {
                Err(DrillError::Damaged { line, .. }) => {
                    // A new end of line in the middle of one may make two of it.
                    assert!(line == number || line == number + 1, "bit {bit}: {line} for {number}");
                }
                other => panic!("bit {bit}: {other:?}"),
            }
        }
    }

    #[test]
    fn lines_taken_out_doubled_or_changed_about_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = sample_bytes(folder.path());
        let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
        assert!(lines.len() >= 4);
        for order in [vec![0, 2, 3], vec![0, 1, 1, 2, 3], vec![0, 2, 1, 3], vec![1, 2, 3]] {
            let other = order.iter().map(|n| lines[*n]).collect::<Vec<_>>().concat();
            assert!(
                matches!(read_bytes(folder.path(), &other), Err(DrillError::Damaged { .. })),
                "{order:?}"
            );
        }
    }

    #[test]
    fn garbage_behind_the_end_is_told_from_a_torn_line() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = sample_bytes(folder.path());
        let last = bytes.split_inclusive(|b| *b == b'\n').count();
        for garbage in ["x", "\0\0\0", "{}", "{}\n", "\n", "garbage\n", "\u{feff}"] {
            let other = [&bytes[..], garbage.as_bytes()].concat();
            let found = read_bytes(folder.path(), &other);
            let there = matches!(found, Err(DrillError::Damaged { line, .. }) if line == last + 1);
            assert!(there, "{garbage:?}: {found:?}");
        }
        assert!(read_bytes(folder.path(), &[&bytes[..], b"{\"at\":17"].concat()).unwrap().torn);
    }

    #[test]
    fn a_finished_log_that_lost_its_end_is_told_from_one_a_kill_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = sample_bytes(folder.path());
        assert!(read_bytes(folder.path(), &bytes).is_ok());
        fs::write(folder.path().join("one").join(REPORT), "{}").unwrap();
        let found = read_bytes(folder.path(), &bytes);
        assert!(matches!(&found, Err(DrillError::Damaged { line: 5, .. })), "{found:?}");
        assert!(matches!(read_bytes(folder.path(), b""), Err(DrillError::Damaged { line: 1, .. })));
    }

    #[test]
    fn a_log_from_before_sums_is_read_and_goes_on_without() {
        let folder = tempfile::tempdir().unwrap();
        let mut text = Vec::new();
        for event in sample() {
            serde_json::to_writer(&mut text, &event).unwrap();
            text.push(b'\n');
        }
        let old = String::from_utf8(text).unwrap().replace("\"version\":2", "\"version\":1");
        fs::create_dir(folder.path().join("one")).unwrap();
        fs::write(path(folder.path()), &old).unwrap();
        let (mut log, events) = Log::resume(folder.path(), "one").unwrap();
        assert_eq!(events.len(), sample().len());
        log.write(&sample()[3..]).unwrap();
        assert_eq!(read(folder.path(), "one").unwrap().len(), sample().len() + 1);
    }

    #[test]
    fn what_a_step_told_is_kept_in_both_languages_under_the_same_keys_as_ever() {
        let note = r#"{"at":7,"event":"note","text":{"es":"Hecho.","en":"Done."}}"#;
        let ended = r#"{"at":8,"event":"ended","step":"fail-over","trouble":{"es":"No.","en":"No."}}"#;
        for line in [note, ended] {
            let event: Event = serde_json::from_str(line).unwrap();
            assert_eq!(serde_json::to_string(&event).unwrap(), line);
        }
    }

    #[test]
    fn damage_in_the_middle_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let text =
            String::from_utf8(sample_bytes(folder.path())).unwrap().replace("\"fault\",\"fault\"", "\"fa");
        let text = text.replacen("probe", "prob", 1);
        fs::write(folder.path().join("one").join(NAME), text).unwrap();
        let error = read(folder.path(), "one").unwrap_err();
        assert!(matches!(error, DrillError::Damaged { line: 2, .. }), "{error}");
    }
}
