//! Whole drills in the practice world, on a clock that jumps: the real runner, the real shop, the real
//! templates. And the arithmetic over event streams made up by chance.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should fail loudly")]

mod lost;
mod mend;
mod pages;
mod streams;
mod whole;
mod world;
