//! The lines of a log with a checksum each. The sum runs over all lines so far, so that a line changed,
//! taken out or put in shows at once, and the last sum stands for the whole log.

use serde_json::error::Category;

use super::event::{Event, VERSION};

/// What stands between an event's fields and the sum, and what closes the line.
const LEAD: &[u8] = b",\"sum\":\"";
const CLOSE: &[u8] = b"\"}\n";
/// Digits of the sum.
const DIGITS: usize = 8;
/// The first version of the format whose lines carry sums.
const SUMMED: u64 = 2;

/// Where a log stands: what the next line's sum goes on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chain {
    /// The sum over all lines so far.
    Summed(u32),
    /// The log of an Espera before sums, which goes on without.
    Plain,
}

/// What a line is.
#[derive(Debug)]
pub(super) enum Line {
    /// Whole and as it was written.
    Event(Box<Event>),
    /// The beginning of a line: a kill or a loss of power stopped its writing.
    Torn,
    /// Not what was written, and why.
    Damaged(String),
}

impl Chain {
    /// The chain of a new log.
    pub fn new() -> Chain {
        Chain::Summed(0)
    }

    /// The chain of a log with this first line's version.
    pub fn of(version: Option<u64>) -> Chain {
        if version.is_some_and(|version| (1..SUMMED).contains(&version)) {
            Chain::Plain
        } else {
            Chain::new()
        }
    }

    /// Appends an event as a line.
    pub fn push(&mut self, out: &mut Vec<u8>, event: &Event) -> Result<(), serde_json::Error> {
        let start = out.len();
        serde_json::to_writer(&mut *out, event)?;
        if let Chain::Summed(sum) = self {
            out.pop();
            *sum = extend_sum(*sum, &out[start..]);
            out.extend_from_slice(LEAD);
            out.extend_from_slice(digits(*sum).as_bytes());
            out.extend_from_slice(CLOSE);
        } else {
            out.push(b'\n');
        }
        Ok(())
    }

    /// Reads the next line, its end included; only the last one may lack it.
    pub fn read(&mut self, line: &[u8]) -> Line {
        match self {
            Chain::Plain => read_without_sum(line),
            Chain::Summed(sum) => {
                let (line_sum, read) = read_with_sum(*sum, line);
                *sum = line_sum;
                read
            }
        }
    }
}

fn read_without_sum(line: &[u8]) -> Line {
    match serde_json::from_slice(line) {
        Ok(event) => Line::Event(Box::new(event)),
        Err(_) if !line.ends_with(b"\n") && is_beginning(line) => Line::Torn,
        Err(error) => Line::Damaged(error.to_string()),
    }
}

/// Reads a line with a sum; answers also the sum to go on from.
fn read_with_sum(before: u32, line: &[u8]) -> (u32, Line) {
    let ended = line.ends_with(b"\n");
    let whole = line.strip_suffix(CLOSE).or_else(|| line.strip_suffix(&CLOSE[..CLOSE.len() - 1]));
    let Some((fields, told)) = whole.and_then(split) else {
        let torn = !ended && is_beginning(line);
        return (before, if torn { Line::Torn } else { Line::Damaged("checksum".to_owned()) });
    };
    let sum = extend_sum(before, fields);
    if told != digits(sum).as_bytes() {
        return (before, Line::Damaged("checksum".to_owned()));
    }
    match serde_json::from_slice(line) {
        Ok(event) => (sum, Line::Event(Box::new(event))),
        Err(error) => (before, Line::Damaged(error.to_string())),
    }
}

/// Whether a first line that names a later version is ours with one bit of the version changed.
pub(super) fn is_flip_of_ours(line: &[u8], version: u64) -> bool {
    let one_bit = version < 10 && (version ^ u64::from(VERSION)).count_ones() == 1;
    let [is, was] = [version, VERSION.into()].map(|version| format!("\"version\":{version}"));
    let mended = || String::from_utf8_lossy(line).replacen(&is, &was, 1);
    one_bit && matches!(Chain::new().read(mended().as_bytes()), Line::Event(_))
}

/// An event's fields and the sum told of them, of a line without its close.
fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (rest, told) = line.split_at_checked(line.len().checked_sub(DIGITS)?)?;
    Some((rest.strip_suffix(LEAD)?, told))
}

/// Whether these bytes can be the beginning of an event's line: an object that is not at its end yet.
fn is_beginning(bytes: &[u8]) -> bool {
    let error = serde_json::from_slice::<serde_json::Value>(bytes).err();
    bytes.starts_with(b"{") && error.is_some_and(|error| error.classify() == Category::Eof)
}

fn extend_sum(sum: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(sum);
    hasher.update(bytes);
    hasher.finalize()
}

fn digits(sum: u32) -> String {
    format!("{sum:08x}")
}
