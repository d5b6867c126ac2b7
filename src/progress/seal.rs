//! The form of `progress.json`: JSON for people and tools, whose last field is the checksum of every
//! byte before it, so that a single changed bit shows.

use super::{Progress, VERSION};

/// What stands between the fields and the checksum, and what closes the file.
const LEAD: &str = ",\n  \"checksum\": \"";
const CLOSE: &str = "\"\n}\n";
/// Digits of the checksum.
const DIGITS: usize = 8;
/// The first version with a checksum.
const SEALED: u32 = 2;

/// What the bytes of a progress file are.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// As it was written.
    Sound(Box<Progress>),
    /// Of an Espera before checksums: it can be read, but a changed value would not show.
    Unsealed(Box<Progress>),
    /// Not what was written, and why.
    Damaged(String),
    /// Of a newer Espera.
    Newer(u32),
}

/// Progress as the bytes of its file.
pub(super) fn write(progress: &Progress) -> Result<Vec<u8>, serde_json::Error> {
    let progress = Progress { version: VERSION, ..progress.clone() };
    let mut bytes = serde_json::to_vec_pretty(&progress)?;
    // The brace that closes the object comes after the checksum.
    bytes.truncate(bytes.len().saturating_sub("\n}".len()));
    let sum = sum(&bytes);
    bytes.extend_from_slice(format!("{LEAD}{sum}{CLOSE}").as_bytes());
    Ok(bytes)
}

/// Reads the bytes of a progress file.
pub(super) fn read(bytes: &[u8]) -> Content {
    #[derive(serde::Deserialize)]
    struct Head {
        version: u32,
    }
    let version = match serde_json::from_slice(bytes) {
        Ok(Head { version }) => version,
        Err(error) => return Content::Damaged(error.to_string()),
    };
    // Whatever its checksum says: only the newer Espera knows how to read it.
    if version > VERSION && !is_flip_of_ours(bytes, version) {
        return Content::Newer(version);
    }
    let sealed = split(bytes);
    let right = match sealed {
        Some(sealed) => is_right(sealed),
        None => (1..SEALED).contains(&version),
    };
    if !right {
        return Content::Damaged("checksum".to_owned());
    }
    match serde_json::from_slice(bytes) {
        Ok(progress) if sealed.is_some() => Content::Sound(Box::new(progress)),
        Ok(progress) => Content::Unsealed(Box::new(progress)),
        Err(error) => Content::Damaged(error.to_string()),
    }
}

/// The bytes that are summed, and the sum that is told of them.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = bytes.strip_suffix(CLOSE.as_bytes())?;
    let (rest, told) = rest.split_at_checked(rest.len().checked_sub(DIGITS)?)?;
    Some((rest.strip_suffix(LEAD.as_bytes())?, told))
}

fn is_right((fields, told): (&[u8], &[u8])) -> bool {
    told == sum(fields).as_bytes()
}

/// Whether a file that names a later version is ours with one bit of the version changed.
fn is_flip_of_ours(bytes: &[u8], version: u32) -> bool {
    let one_bit = version < 10 && (version ^ VERSION).count_ones() == 1;
    let [is, was] = [version, VERSION].map(|version| format!("\"version\": {version}"));
    let mended = || String::from_utf8_lossy(bytes).replacen(&is, &was, 1);
    one_bit && split(mended().as_bytes()).is_some_and(is_right)
}

fn sum(bytes: &[u8]) -> String {
    format!("{:08x}", crc32fast::hash(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Progress {
        let passed = ["primary-complete", "pages-up"].map(str::to_owned).into();
        Progress { step: 3, passed, answers: [("rpo".to_owned(), 2)].into(), ..Progress::default() }
    }

    #[test]
    fn it_is_json_with_the_checksum_as_its_last_field() {
        let bytes = write(&some()).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let fields: Vec<_> = value.as_object().unwrap().keys().collect();
        assert_eq!(*fields.last().unwrap(), "checksum");
        assert_eq!(value["step"], 3);
        assert_eq!(read(&bytes), Content::Sound(Box::new(some())));
    }

    #[test]
    fn no_changed_bit_is_silent() {
        let bytes = write(&some()).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            let found = read(&other);
            assert!(matches!(found, Content::Damaged(_)), "bit {bit}: {found:?}");
        }
    }

    #[test]
    fn no_cut_and_no_addition_is_silent() {
        let bytes = write(&some()).unwrap();
        for end in 0..bytes.len() {
            assert!(matches!(read(&bytes[..end]), Content::Damaged(_)), "cut at {end}");
        }
        for more in ["x", "\n", "\0\0", "}", "{}"] {
            let longer = [&bytes[..], more.as_bytes()].concat();
            assert!(matches!(read(&longer), Content::Damaged(_)), "{more:?} behind it");
        }
    }

    #[test]
    fn a_file_from_before_checksums_opens_and_a_newer_one_is_known() {
        let old = br#"{"version": 1, "step": 4, "passed": ["a"]}"#;
        let Content::Unsealed(progress) = read(old) else { panic!("{:?}", read(old)) };
        assert_eq!((progress.step, progress.passed.len()), (4, 1));
        assert_eq!(read(br#"{"version": 99, "future": true}"#), Content::Newer(99));
        let ours = String::from_utf8(write(&some()).unwrap()).unwrap();
        assert_eq!(read(ours.replace("\"version\": 2", "\"version\": 99").as_bytes()), Content::Newer(99));
    }
}
