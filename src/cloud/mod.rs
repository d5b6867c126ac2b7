//! AWS as the workshop sees it: clients per Region, plain `Facts`, the watcher that publishes them,
//! the actions, and SDK errors turned into a sentence and advice. Which world answers is not known here.
//!
//! From the ground up, each using only those before it:
//!
//! 1. values: `names`, `facts`, `run`, `error`, `fault`, `backoff`, `estimate`
//! 2. the way there: `silence_monitor`, `access`, `own_client`, `fetch`, `clients`
//! 3. what is known: `owner`, `memory`
//! 4. the `connection` ([`Cloud`]), and what keeps its users in bounds: `guard`, `ours`, `action`
//! 5. what is done with it: `caller`, `observe`, `act`, `watch`

mod access;
mod act;
mod action;
mod backoff;
mod caller;
mod clients;
mod connection;
mod error;
mod estimate;
pub mod facts;
pub mod fault;
mod fetch;
mod guard;
mod memory;
pub mod names;
mod observe;
mod ours;
mod own_client;
mod owner;
mod run;
mod silence_monitor;
pub mod watch;

#[cfg(test)]
pub(crate) use access::APP;
pub use access::Access;
pub use action::{ActionId, Move, Note, Settings};
pub use connection::Cloud;
pub use error::ActionError;
pub use fault::{Fault, Switchboard, Turn};
#[cfg(test)]
pub(crate) use own_client::CLIENTS;
pub use own_client::{Calling, ClientCall, OwnClient, StandInReason, stand_in};
pub use run::{Claim, Run};
