//! One entry of the journal as it lies on the disk. Before what happened stands a header with its number,
//! its moment, its length and two checksums: one of what follows, one of the header itself, so that
//! a damaged length is damage and no torn end.

use bytes::Bytes;

use crate::call::{Caller, RequestId};
use crate::route::{Parts, Target};
use ground::clock::Moment;

use super::record::{self, Event};

/// The bytes of a header: number, moment (8 each), length, checksum of the body, of the header (4 each).
pub(crate) const HEADER: usize = 28;

/// An entry to be written: all but its number and moment, which it gets while the world is locked.
#[derive(Debug)]
pub(crate) struct Entry(Vec<u8>);

impl Entry {
    /// That time has come so far.
    pub fn tick() -> Entry {
        Entry::new(1, record::tick)
    }

    pub fn request(id: RequestId, to: (Target, &str, Caller), parts: Parts<'_>) -> Entry {
        Entry::new(512 + parts.body.len(), |out| record::request(out, id, to, parts))
    }

    fn new(room: usize, write: impl FnOnce(&mut Vec<u8>)) -> Entry {
        let mut bytes = Vec::with_capacity(HEADER + room);
        bytes.resize(HEADER, 0);
        write(&mut bytes);
        let body = &bytes[HEADER..];
        let (length, sum) = (u32::try_from(body.len()).unwrap_or(u32::MAX), crc32fast::hash(body));
        bytes[16..20].copy_from_slice(&length.to_be_bytes());
        bytes[20..24].copy_from_slice(&sum.to_be_bytes());
        Entry(bytes)
    }

    /// The entry as it is written, under its number.
    pub fn seal(&mut self, number: u64, at: Moment) -> &[u8] {
        self.0[..8].copy_from_slice(&number.to_be_bytes());
        self.0[8..16].copy_from_slice(&at.0.to_be_bytes());
        let sum = crc32fast::hash(&self.0[..24]);
        self.0[24..HEADER].copy_from_slice(&sum.to_be_bytes());
        &self.0
    }
}

/// How reading entries ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With a whole entry.
    Clean,
    /// In the middle of its last entry: the process ended while it was writing it.
    Torn,
    /// With something that is no entry, or not the next one.
    Damaged,
}

/// An entry read back.
#[derive(Debug)]
pub(crate) struct Found {
    pub number: u64,
    /// When it happened.
    pub at: Moment,
    pub event: Event,
    /// Where it ends.
    pub end: usize,
}

/// The entries of a journal, from `place`; the first has the number after `last`.
pub(crate) struct Entries<'a> {
    bytes: &'a Bytes,
    place: usize,
    last: u64,
    end: Option<End>,
}

impl<'a> Entries<'a> {
    /// Reads from a place.
    pub fn new(bytes: &'a Bytes, place: usize, last: u64) -> Entries<'a> {
        Entries { bytes, place, last, end: None }
    }

    /// Where the good part ends, with the number of its last entry.
    pub fn good(&self) -> (usize, u64) {
        (self.place, self.last)
    }

    /// How it ended, once it has.
    pub fn end(&self) -> Option<End> {
        self.end
    }

    fn read(&self) -> Result<Found, End> {
        let rest = &self.bytes[self.place..];
        if rest.is_empty() {
            return Err(End::Clean);
        }
        let header = rest.get(..HEADER).ok_or(End::Torn)?;
        let word = |at: usize| header[at..at + 4].iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        let long = |at: usize| u64::from(word(at)) << 32 | u64::from(word(at + 4));
        let number = long(0);
        if crc32fast::hash(&header[..24]) != word(24) || number != self.last + 1 {
            return Err(End::Damaged);
        }
        let length = usize::try_from(word(16)).map_err(|_| End::Damaged)?;
        if rest.len() - HEADER < length {
            return Err(End::Torn);
        }
        let end = self.place + HEADER + length;
        let body = self.bytes.slice(self.place + HEADER..end);
        let sound = crc32fast::hash(&body) == word(20);
        let event = sound.then(|| record::read(body)).flatten().ok_or(End::Damaged)?;
        Ok(Found { number, at: Moment(long(8)), event, end })
    }
}

impl Iterator for Entries<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        if self.end.is_some() {
            return None;
        }
        match self.read() {
            Ok(found) => {
                (self.place, self.last) = (found.end, found.number);
                Some(found)
            }
            Err(end) => {
                self.end = Some(end);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue, Method};

    use super::*;
    use crate::call::Service;

    fn three() -> Vec<u8> {
        let headers: HeaderMap = [("authorization", "secret"), ("x-amz-target", "D.PutItem")]
            .into_iter()
            .map(|(n, v)| (n.parse::<HeaderName>().unwrap(), HeaderValue::from_static(v)))
            .collect();
        let mut out = Vec::new();
        for n in 1..=3_u64 {
            let body = Bytes::from(format!("body {n}"));
            let (method, query) = (&Method::POST, "");
            let parts = Parts { method, host: "h", path: "/", query, headers: &headers, body: &body };
            let to = (Target::Service(Service::DynamoDb), "us-east-1", Caller::Account);
            out.extend_from_slice(Entry::request(RequestId(n), to, parts).seal(n, Moment(n)));
        }
        out.extend_from_slice(Entry::tick().seal(4, Moment(9)));
        out
    }

    fn bodies(bytes: &[u8]) -> (Vec<String>, End) {
        let bytes = Bytes::copy_from_slice(bytes);
        let mut entries = Entries::new(&bytes, 0, 0);
        let mut seen = Vec::new();
        for found in &mut entries {
            if let Event::Request(r) = found.event {
                assert!(!r.headers.contains_key("authorization") && r.headers.contains_key("x-amz-target"));
                assert_eq!((found.at, r.id), (Moment(found.number), RequestId(found.number)));
                seen.push(String::from_utf8(r.body.to_vec()).unwrap());
            }
        }
        (seen, entries.end().unwrap())
    }

    #[test]
    fn a_journal_cut_anywhere_gives_its_whole_entries_and_is_torn() {
        let all = three();
        assert_eq!(bodies(&all), (vec!["body 1".into(), "body 2".into(), "body 3".into()], End::Clean));
        for cut in 0..all.len() {
            let (seen, end) = bodies(&all[..cut]);
            assert!(seen.len() <= 3 && end != End::Damaged, "{cut}");
            assert!(seen.iter().enumerate().all(|(n, b)| *b == format!("body {}", n + 1)), "{cut}");
        }
    }

    #[test]
    fn every_changed_bit_is_damage_and_never_a_torn_end() {
        let all = three();
        for bit in 0..all.len() * 8 {
            let mut bytes = all.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let (seen, end) = bodies(&bytes);
            assert_eq!(end, End::Damaged, "bit {bit}");
            assert!(seen.len() <= 3);
        }
    }

    #[test]
    fn an_entry_left_out_or_twice_there_is_damage() {
        let all = three();
        let one = bodies(&all[..all.len() / 2]).0.len();
        assert!(one >= 1);
        let length = all.len() - HEADER - 1;
        let each = length / 3;
        let without = [&all[..each], &all[2 * each..]].concat();
        assert_eq!(bodies(&without), (vec!["body 1".into()], End::Damaged));
        let twice = [&all[..each], &all[..]].concat();
        assert_eq!(bodies(&twice), (vec!["body 1".into()], End::Damaged));
    }
}
