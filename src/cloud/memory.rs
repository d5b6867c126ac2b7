//! What looks at the cloud leave behind for the next one, and what actions found out: ids, events and
//! templates that stay as they are, and the last answer of whoever does not answer now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::estimate::Outline;
use super::facts::{BasketProbe, Bucket, Client, Edge, GlobalDatabase, Identity, Role, Stack, Sweep, Table};
use ground::clock::Moment;

/// What is known of a stack for good.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) id: String,
    pub(super) last_event: Option<String>,
    pub(super) stack: Stack,
    pub(super) outline: Option<(Moment, Outline)>,
    pub(super) positions: BTreeMap<String, usize>,
}

/// What looks leave behind for the next: also what actions found out.
#[derive(Debug, Default)]
pub(super) struct Memory {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) identity: Option<Identity>,
    pub(super) client: Option<Client>,
    pub(super) zones: BTreeMap<&'static str, Vec<String>>,
    pub(super) versions: BTreeMap<&'static str, Vec<String>>,
    pub(super) probe: Option<BasketProbe>,
    pub(super) sweep: Option<Sweep>,
    /// The Regions that have told of their stacks.
    pub(super) heard: BTreeSet<Role>,
    pub(super) stacks: BTreeMap<&'static str, Known>,
    pub(super) buckets: BTreeMap<Role, Bucket>,
    pub(super) database: Option<GlobalDatabase>,
    pub(super) table: Option<Table>,
    pub(super) edge: Option<Edge>,
}

impl Memory {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // Every statement leaves the state whole, so a panic elsewhere cannot have broken it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
