//! The line that every file of a saved world begins with: a word that says what it is, the version of
//! its form, its fields, and a checksum of the line itself, so that damage is told from a newer form.

use std::fmt::Write as _;

/// The version of the form that this Espera writes.
pub(crate) const VERSION: u32 = 2;

/// What a first line turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// As this version writes it: its fields, and where what follows the line begins.
    Ours { fields: Vec<u64>, length: usize },
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
pub(crate) fn read(bytes: &[u8], word: &str, count: usize) -> Head {
    // No line of any version is longer; without a bound a damaged file would be searched to its end.
    let start = &bytes[..bytes.len().min(512)];
    let Some(end) = start.iter().position(|byte| *byte == b'\n') else { return Head::Damaged };
    let Ok(line) = std::str::from_utf8(&start[..end]) else { return Head::Damaged };
    let mut words = line.split(' ');
    if words.next() != Some(word) {
        return Head::Damaged;
    }
    let Some(version) = words.next().and_then(|version| version.parse::<u32>().ok()) else {
        return Head::Damaged;
    };
    let words: Vec<String> = words.map(str::to_owned).collect();
    let length = end + 1;
    match version {
        1 => Head::First { words, length },
        VERSION => ours(line, &words, count, length).unwrap_or(Head::Damaged),
        0 => Head::Damaged,
        _ if is_flip_of_ours(line, word, count) => Head::Damaged,
        newer => Head::Newer(newer),
    }
}

fn ours(line: &str, words: &[String], count: usize, length: usize) -> Option<Head> {
    let (sum, fields) = words.split_last()?;
    let summed = line.strip_suffix(sum.as_str())?.strip_suffix(' ')?;
    let right = *sum == format!("{:08x}", crc32fast::hash(summed.as_bytes()));
    let fields: Vec<u64> = fields.iter().map(|field| field.parse().ok()).collect::<Option<_>>()?;
    (right && fields.len() == count).then_some(Head::Ours { fields, length })
}

/// Whether a line that names another version is ours with one bit changed.
fn is_flip_of_ours(line: &str, word: &str, count: usize) -> bool {
    let mut bytes = line.as_bytes().to_vec();
    (0..bytes.len() * 8).any(|bit| {
        bytes[bit / 8] ^= 1 << (bit % 8);
        let mended = std::str::from_utf8(&bytes).is_ok_and(|line| {
            let mut words = line.split(' ');
            let ours_by_name = words.next() == Some(word) && words.next() == Some(&*VERSION.to_string());
            let words: Vec<String> = words.map(str::to_owned).collect();
            ours_by_name && ours(line, &words, count, 0).is_some()
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
        assert_eq!(
            read(line.as_bytes(), "espera-thing", 2),
            Head::Ours { fields: vec![7, 1_234_567], length: line.len() }
        );
        for bit in 0..line.len() * 8 {
            let mut bytes = line.clone().into_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(read(&bytes, "espera-thing", 2), Head::Damaged, "bit {bit}");
        }
        for cut in 0..line.len() {
            assert_eq!(read(&line.as_bytes()[..cut], "espera-thing", 2), Head::Damaged);
        }
    }

    #[test]
    fn a_newer_line_is_newer_whatever_else_it_says() {
        for newer in ["espera-thing 3\n{}", "espera-thing 99 1 2 00000000\n", "espera-thing 4 x y z\n"] {
            assert!(matches!(read(newer.as_bytes(), "espera-thing", 2), Head::Newer(_)), "{newer}");
        }
        let first = read(b"espera-thing 1 abc 4\n", "espera-thing", 2);
        assert_eq!(first, Head::First { words: vec!["abc".into(), "4".into()], length: 21 });
    }
}
