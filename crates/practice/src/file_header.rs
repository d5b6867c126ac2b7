//! The line that every file of a saved world begins with: a word that says what it is, the version of
//! its form, its fields, and a checksum of the line itself, so that damage is told from a newer form.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

/// The version of the form that this Espera writes. 3 has writes in its journals where 2 has sign-ups
/// (`former`); all else is as in 2.
pub(crate) const VERSION: u32 = 3;
/// The versions whose form it reads as its own. Version 1 had another.
const READ: RangeInclusive<u32> = 2..=VERSION;

/// What a first line turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileHeader {
    /// In the form of this version: which one wrote it, its fields, and where what follows the line begins.
    Ours { version: u32, fields: Vec<u64>, length: usize },
    /// As version 1 wrote it: its words after the version.
    First { words: Vec<String>, length: usize },
    /// Of a newer Espera.
    Newer(u32),
    /// Nothing that any Espera wrote.
    Damaged,
}

/// A first line; `fields` are numbers, whose meaning is the file's.
pub(crate) fn line(word: &str, fields: &[u64]) -> String {
    let mut line = String::with_capacity(96);
    // Writing into a string does not fail.
    let _ = write!(line, "{word} {VERSION}");
    for field in fields {
        let _ = write!(line, " {field}");
    }
    let sum = crc32fast::hash(line.as_bytes());
    let _ = writeln!(line, " {sum:08x}");
    line
}

/// Reads a first line. `count` is how many fields ours has.
pub(crate) fn read(bytes: &[u8], word: &str, count: usize) -> FileHeader {
    // No line of any version is longer; without a bound a damaged file would be searched to its end.
    let start = &bytes[..bytes.len().min(512)];
    let Some(end) = start.iter().position(|byte| *byte == b'\n') else { return FileHeader::Damaged };
    let Ok(line) = std::str::from_utf8(&start[..end]) else { return FileHeader::Damaged };
    let mut words = line.split(' ');
    if words.next() != Some(word) {
        return FileHeader::Damaged;
    }
    let Some(version) = words.next().and_then(|version| version.parse::<u32>().ok()) else {
        return FileHeader::Damaged;
    };
    let words: Vec<String> = words.map(str::to_owned).collect();
    let length = end + 1;
    match version {
        version if READ.contains(&version) => ours(line, &words, count)
            .map_or(FileHeader::Damaged, |fields| FileHeader::Ours { version, fields, length }),
        0 => FileHeader::Damaged,
        _ if is_flip_of_ours(line, word, count) => FileHeader::Damaged,
        1 => FileHeader::First { words, length },
        newer => FileHeader::Newer(newer),
    }
}

fn ours(line: &str, words: &[String], count: usize) -> Option<Vec<u64>> {
    let (sum, fields) = words.split_last()?;
    let summed = line.strip_suffix(sum.as_str())?.strip_suffix(' ')?;
    let right = *sum == format!("{:08x}", crc32fast::hash(summed.as_bytes()));
    let fields: Vec<u64> = fields.iter().map(|field| field.parse().ok()).collect::<Option<_>>()?;
    (right && fields.len() == count).then_some(fields)
}

/// Whether a line that names another version is ours with one bit changed.
fn is_flip_of_ours(line: &str, word: &str, count: usize) -> bool {
    let mut bytes = line.as_bytes().to_vec();
    (0..bytes.len() * 8).any(|bit| {
        bytes[bit / 8] ^= 1 << (bit % 8);
        let mended = std::str::from_utf8(&bytes).is_ok_and(|line| {
            let mut words = line.split(' ');
            let ours_by_name = words.next() == Some(word)
                && words.next().and_then(|n| n.parse().ok()).is_some_and(|n| READ.contains(&n));
            let words: Vec<String> = words.map(str::to_owned).collect();
            ours_by_name && ours(line, &words, count).is_some()
        });
        bytes[bit / 8] ^= 1 << (bit % 8);
        mended
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_back_and_every_changed_bit_of_it_is_damage() {
        let line = line("espera-thing", &[7, 1_234_567]);
        is_read_and_proves_itself(&line, 3);
        // What the program before this one wrote.
        is_read_and_proves_itself("espera-thing 2 7 1234567 f5b43702\n", 2);
    }

    fn is_read_and_proves_itself(line: &str, version: u32) {
        assert_eq!(
            read(line.as_bytes(), "espera-thing", 2),
            FileHeader::Ours { version, fields: vec![7, 1_234_567], length: line.len() }
        );
        for bit in 0..line.len() * 8 {
            let mut bytes = line.as_bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read(&bytes, "espera-thing", 2), FileHeader::Damaged, "bit {bit}");
        }
        for cut in 0..line.len() {
            assert_eq!(read(&line.as_bytes()[..cut], "espera-thing", 2), FileHeader::Damaged);
        }
    }

    #[test]
    fn a_newer_line_is_newer_whatever_else_it_says() {
        for newer in ["espera-thing 4\n{}", "espera-thing 99 1 2 00000000\n", "espera-thing 5 x y z\n"] {
            assert!(matches!(read(newer.as_bytes(), "espera-thing", 2), FileHeader::Newer(_)), "{newer}");
        }
        let first = read(b"espera-thing 1 abc 4\n", "espera-thing", 2);
        assert_eq!(first, FileHeader::First { words: vec!["abc".into(), "4".into()], length: 21 });
    }
}
