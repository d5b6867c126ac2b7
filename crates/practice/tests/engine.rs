//! Practice CloudFormation as its callers see it: every test goes through the awsQuery surface of a
//! world whose moments the test gives.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail anywhere")]

#[path = "engine/life.rs"]
mod life;
#[path = "engine/properties.rs"]
mod properties;
#[path = "engine/shop.rs"]
mod shop;
#[path = "engine/stuck.rs"]
mod stuck;
#[path = "engine/updates.rs"]
mod updates;
