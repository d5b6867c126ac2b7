//! Practice AWS as its users see it: the SDK over the connector, other clients over the loopback
//! port, and a world that survives whatever happens to its process.

#![expect(clippy::expect_used, reason = "a test that cannot set its stage has failed")]

mod bytes;
#[allow(dead_code, clippy::unwrap_used, reason = "the suite is shared; another test runs its other half")]
#[path = "../../crates/unishop/tests/shop/conformance.rs"]
mod conformance;
mod crowd;
mod dataplane;
mod deployed;
mod door;
mod earlier;
mod edge;
mod gate;
mod operations;
mod origins;
mod proxy;
mod saved;
mod sdk;
mod signature;
mod signed;
mod store;
mod world;
