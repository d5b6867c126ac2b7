//! Unishop: its routes as a client sees them, its stores against one suite, and itself as a Lambda
//! function. The tests that need a real database are run by the gate, which starts one
//! (`.ci/suites/40-shop.sh`).

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should fail loudly")]

mod conformance;
mod events;
mod function;
mod live;
mod memory;
mod routes;
mod runtime;
mod tables;
