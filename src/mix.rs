//! One number from another, for all that follows from a seed: the same seed always gives the same.

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
