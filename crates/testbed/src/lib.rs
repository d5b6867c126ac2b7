//! A practice world for tests and benchmarks, on a clock that the test moves, and short ways to ask it.
#![doc = include_str!("../README.md")]
#![expect(clippy::expect_used, reason = "a test that cannot set its stage has failed")]

mod bare;
mod calls;
mod request;
mod setup;
mod stacks;
pub mod templates;
mod world;

pub use bare::{BareWorld, Told, failing, place};
pub use calls::Refused;
pub use request::{form, request, signed};
pub use setup::{START, Setup};
pub use world::World;

/// The Region in which the workshop's primary stands.
pub const EAST: &str = "us-east-1";
/// The Region in which its standby stands.
pub const WEST: &str = "us-west-1";
