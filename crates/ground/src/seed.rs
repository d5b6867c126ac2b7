//! Seeded chance: from the same seed and names follow the same numbers, ids and durations, whatever else
//! happens, so that a world that is opened again comes to the same end.

use std::time::Duration;

/// How far a seed goes on between two draws.
pub const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A well-mixed number that follows from `z` (a round of SplitMix64).
#[must_use]
pub fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(STEP);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Characters of generated physical names.
pub const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
/// Characters of generated names where capitals are not allowed.
pub const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
/// Hexadecimal digits.
pub const HEX: &[u8] = b"0123456789abcdef";

/// A well-mixed number of the seed and all parts.
#[must_use]
pub fn hash(seed: u64, parts: &[&str]) -> u64 {
    let mut h = mix(seed ^ STEP);
    for part in parts {
        for byte in part.bytes() {
            h = (h ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        h = mix(h ^ 0xff);
    }
    h
}

/// `count` characters of `alphabet` that follow from `state`.
#[must_use]
pub fn letters(mut state: u64, count: usize, alphabet: &[u8]) -> String {
    let size = alphabet.len().max(1) as u64;
    (0..count)
        .map(|_| {
            state = mix(state);
            let index = usize::try_from((state >> 16) % size).unwrap_or_default();
            alphabet.get(index).copied().map_or('0', char::from)
        })
        .collect()
}

/// A version-4-shaped UUID that follows from `state`.
#[must_use]
pub fn uuid(state: u64) -> String {
    let (a, b) = (mix(state), mix(state ^ 0x5555_5555_5555_5555));
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        0x8000 | ((b >> 48) & 0x3fff),
        b & 0xffff_ffff_ffff
    )
}

/// `mean` spread evenly by up to ±20 %.
#[must_use]
pub fn spread(state: u64, mean: Duration) -> Duration {
    let permille = mix(state) % 401;
    mean.mul_f64((800.0 + permille as f64) / 1000.0)
}
