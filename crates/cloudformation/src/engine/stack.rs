//! A stack as CloudFormation remembers it, with its resources, outputs and parameters.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::change_set::ChangeSet;
use super::event::Event;
use super::model::Model;
use super::operation::Operation;
use super::resource::StackResource;
use super::status::{OnFailure, OperationType, ResourceStatus, StackStatus};
use super::wish::{Output, Parent, ShownParameter, Wish};
use ground::clock::Moment;

/// One stack, alive or deleted.
#[derive(Debug, Serialize, Deserialize)]
pub struct Stack {
    /// Its ARN.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its Region.
    pub region: String,
    /// Its account.
    pub account: String,
    /// What it is, or is becoming.
    pub wish: Wish,
    /// The template's description.
    pub description: Option<String>,
    /// Where it stands.
    pub status: StackStatus,
    /// Why.
    pub reason: Option<String>,
    /// When it was asked for.
    pub created: Moment,
    /// When its last update began.
    pub updated: Option<Moment>,
    /// When it was gone.
    pub deleted: Option<Moment>,
    /// What a failed creation leads to.
    pub on_failure: OnFailure,
    /// Whether a failed update stays as it is.
    pub keep_failed_update: bool,
    /// Minutes a creation may take.
    pub timeout_minutes: Option<u64>,
    /// Whether deletion is refused.
    pub termination_protection: bool,
    /// The stack whose resource this one is, and the top of that tree.
    pub parent: Option<Parent>,
    /// Resources in the order they came to be.
    pub resources: IndexMap<String, StackResource>,
    /// Its parameters as they may be shown.
    pub parameters: Vec<ShownParameter>,
    /// Outputs, evaluated.
    pub outputs: Vec<Output>,
    /// Names of the exports it imports.
    pub imports: BTreeSet<String>,
    /// Oldest first.
    pub events: Vec<Event>,
    /// By id, oldest first.
    pub change_sets: IndexMap<String, ChangeSet>,
    /// The change set that made it what it is.
    pub change_set: Option<String>,
    /// What is being done to it now.
    pub operation: Option<Operation>,
    /// The `ClientRequestToken` of the last operation.
    pub token: Option<String>,
    /// What was done to it, newest last.
    pub history: Vec<(OperationType, String)>,
    /// Counts phases, so that a task of an earlier phase is known to be stale.
    pub turn: u64,
    /// Counts events, for their ids.
    pub serial: u64,
    /// The template parsed and bound; made anew after a restart.
    #[serde(skip)]
    pub model: Option<Arc<Model>>,
    /// Its `DescribeStacks` member, once somebody asked for it and until something of it changes.
    #[serde(skip)]
    pub rendered: OnceLock<Box<str>>,
}

impl Stack {
    /// The resource `logical_id`, if it exists and has a physical id.
    #[must_use]
    pub fn live(&self, logical_id: &str) -> Option<&StackResource> {
        self.resources
            .get(logical_id)
            .filter(|r| r.physical_id.is_some() && r.status != ResourceStatus::DeleteComplete)
    }

    /// The change set meant by name or ARN.
    #[must_use]
    pub fn change_set(&self, name_or_id: &str) -> Option<&ChangeSet> {
        self.change_sets.values().find(|set| set.id == name_or_id || set.name == name_or_id)
    }
}
