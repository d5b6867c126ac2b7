//! Journals of version 1, which are only read: length and checksum of the body before each entry, no
//! numbers. A world opened from them is saved anew at once.

use bytes::Bytes;

use super::entry::{End, Found};
use super::record;

/// Length and checksum before each entry.
const FRAME: usize = 8;

/// The entries of a journal, numbered from the one after `last`; how it ended and where its good part did.
pub(super) fn read(bytes: &Bytes, mut last: u64, mut each: impl FnMut(Found)) -> (usize, u64, End) {
    let mut place = 0;
    loop {
        let rest = &bytes[place..];
        if rest.is_empty() {
            return (place, last, End::Clean);
        }
        let Some(frame) = rest.get(..FRAME) else { return (place, last, End::Torn) };
        let word = |at: usize| frame[at..at + 4].iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        let end = usize::try_from(word(0)).unwrap_or(usize::MAX).saturating_add(FRAME);
        if end > rest.len() {
            return (place, last, End::Torn);
        }
        let body = bytes.slice(place + FRAME..place + end);
        let sound = crc32fast::hash(&body) == word(4);
        let Some((at, event)) = sound.then(|| record::read_first(body)).flatten() else {
            return (place, last, End::Damaged);
        };
        (place, last) = (place + end, last + 1);
        each(Found { number: last, at, event, end: place });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::clock::Moment;

    fn ticks(count: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        for n in 1..=count {
            let body = [&[0][..], &n.to_be_bytes()].concat();
            bytes.extend_from_slice(&u32::try_from(body.len()).unwrap().to_be_bytes());
            bytes.extend_from_slice(&crc32fast::hash(&body).to_be_bytes());
            bytes.extend_from_slice(&body);
        }
        bytes
    }

    #[test]
    fn entries_of_version_1_get_numbers_and_a_torn_end_is_seen() {
        let (mut seen, bytes) = (Vec::new(), Bytes::from(ticks(3)));
        let (place, last, end) = read(&bytes, 0, |found| seen.push((found.number, found.at)));
        assert_eq!((place, last, end), (bytes.len(), 3, End::Clean));
        assert_eq!(seen, [(1, Moment(1)), (2, Moment(2)), (3, Moment(3))]);
        let torn = bytes.slice(..bytes.len() - 1);
        assert_eq!(read(&torn, 0, |_| ()), (34, 2, End::Torn));
    }
}
