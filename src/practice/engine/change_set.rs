//! Change sets: what would be done to a stack, worked out a moment after it was asked for.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::diff::{self, Change};
use super::host::Host;
use super::model::{Model, pseudo};
use super::stack::{Shown, Stack, Wish};
use super::status::{ChangeSetStatus, ExecutionStatus, OnFailure};
use crate::clock::Moment;

const EMPTY: &str =
    "The submitted information didn't contain changes. Submit different information to create a change set.";

/// One change set of a stack.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangeSet {
    /// Its ARN.
    pub id: String,
    /// Its name, unique among the stack's.
    pub name: String,
    /// Why it was made, in its author's words.
    pub description: Option<String>,
    /// What the stack would become.
    pub wish: Wish,
    /// Where it stands.
    pub status: ChangeSetStatus,
    /// Why.
    pub reason: Option<String>,
    /// Whether it can be executed.
    pub execution: ExecutionStatus,
    /// When it was asked for.
    pub created: Moment,
    /// Its parameters as they may be shown.
    pub shown: Vec<Shown>,
    /// What would change.
    pub changes: Vec<Change>,
    /// What a failed execution leads to, if it was said.
    pub on_failure: Option<OnFailure>,
    /// The caller's token.
    pub token: Option<String>,
}

/// Adds a change set to stack `stack_id`; it is worked out at `ready`.
pub fn add(engine: &mut Engine, stack_id: &str, set: ChangeSet, ready: Moment) {
    let Some(mut stack) = engine.stacks.remove(stack_id) else { return };
    engine.schedule(ready, &stack, super::Task::ChangeSet(set.id.clone()));
    stack.change_sets.retain(|_, other| other.name != set.name);
    stack.change_sets.insert(set.id.clone(), set);
    engine.stacks.insert(stack_id.to_owned(), stack);
}

/// Works the change set out; it may have been deleted meanwhile.
pub(super) fn settle(engine: &Engine, host: &dyn Host, stack: &mut Stack, id: &str, at: Moment) {
    let Some(set) = stack.change_sets.get(id).filter(|set| set.status != ChangeSetStatus::CreateComplete)
    else {
        return;
    };
    let wish = set.wish.clone();
    let outcome = Model::new(host, pseudo(stack), &wish)
        .and_then(|model| diff::compare(engine, host, stack, &wish, &Arc::new(model), at));
    let Some(set) = stack.change_sets.get_mut(id) else { return };
    match outcome {
        Ok(difference) if difference.is_empty() => {
            (set.status, set.reason) = (ChangeSetStatus::Failed, Some(EMPTY.to_owned()));
        }
        Ok(difference) => {
            set.changes = difference.changes;
            (set.status, set.execution) = (ChangeSetStatus::CreateComplete, ExecutionStatus::Available);
        }
        Err(error) => (set.status, set.reason) = (ChangeSetStatus::Failed, Some(error.to_string())),
    }
}

impl Stack {
    /// The change set meant by name or ARN.
    #[must_use]
    pub fn change_set(&self, name_or_id: &str) -> Option<&ChangeSet> {
        self.change_sets.values().find(|set| set.id == name_or_id || set.name == name_or_id)
    }
}
