//! A stack as CloudFormation remembers it, with its resources, outputs and parameters.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::change_set::ChangeSet;
use super::event::Event;
use super::host::Attributes;
use super::model::Model;
use super::operation::Operation;
use super::status::{OnFailure, OperationType, Policy, ResourceStatus, StackStatus};
use crate::clock::Moment;

/// What a caller asks a stack to be: the input of a creation, an update or a change set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The template as sent.
    pub template: String,
    /// Parameter values as given (previous values filled in), before defaults.
    pub parameters: BTreeMap<String, String>,
    /// Stack tags.
    pub tags: BTreeMap<String, String>,
    /// Acknowledged capabilities.
    pub capabilities: Vec<String>,
    /// Topics to notify; shown, never used.
    pub notification_arns: Vec<String>,
    /// Service role; shown, never used.
    pub role_arn: Option<String>,
}

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
    pub parameters: Vec<Shown>,
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

/// Where a nested stack belongs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Parent {
    /// The stack one level up.
    pub stack_id: String,
    /// The stack at the top.
    pub root_id: String,
    /// How many stacks are above this one.
    #[serde(default)]
    pub depth: u32,
}

/// A parameter as it may be shown: `NoEcho` values are stars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Its name.
    pub key: String,
    /// The value given, or the default.
    pub value: String,
    /// What Systems Manager holds under that value.
    pub resolved: Option<String>,
}

/// One output of a stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Its name in the template.
    pub key: String,
    /// Its value as text.
    pub value: String,
    /// Its description.
    pub description: Option<String>,
    /// The name other stacks import it by.
    pub export: Option<String>,
}

/// One resource of a stack.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StackResource {
    /// Its name in the template.
    pub logical_id: String,
    /// Its type.
    pub kind: String,
    /// What `Ref` gives.
    pub physical_id: Option<String>,
    /// Where it stands.
    pub status: ResourceStatus,
    /// Why.
    pub reason: Option<String>,
    /// Since when.
    pub at: Moment,
    /// Its properties, evaluated.
    pub props: Value,
    /// What `GetAtt` gives.
    pub attributes: Attributes,
    /// What it depends on.
    pub needs: BTreeSet<String>,
    /// Which physical resource of this name it is.
    pub generation: u64,
    /// What becomes of it when the stack lets it go.
    pub deletion: Policy,
    /// What becomes of it when it is replaced.
    pub replacement: Policy,
    /// The template's `Metadata` for it.
    pub metadata: Option<Value>,
    /// What it was before the update under way.
    pub former: Option<Box<StackResource>>,
}

impl Stack {
    /// The resource `logical_id`, if it exists and has a physical id.
    #[must_use]
    pub fn live(&self, logical_id: &str) -> Option<&StackResource> {
        self.resources
            .get(logical_id)
            .filter(|r| r.physical_id.is_some() && r.status != ResourceStatus::DeleteComplete)
    }

    /// Whether the name in a call means this stack: its name or its id.
    #[must_use]
    pub fn called(&self, name_or_id: &str) -> bool {
        self.name == name_or_id || self.id == name_or_id
    }
}
