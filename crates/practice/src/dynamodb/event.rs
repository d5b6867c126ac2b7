//! What happens to tables by themselves.

use serde::{Deserialize, Serialize};

use crate::agenda::Agenda;

/// What is due at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A table's creation or change is done: Region and name.
    Active(String, String),
    /// A table is gone: Region and name.
    Gone(String, String),
    /// A replica is ready: where from, where to, name.
    ReplicaReady(String, String, String),
    /// A replica is gone: where from, where it was, name.
    ReplicaGone(String, String, String),
}

/// The tables' agenda.
pub type Timers = Agenda<Event>;
