//! Change sets at work: what would be done to a stack is worked out a moment after it was asked for.

use std::sync::Arc;

use super::Engine;
use super::change_set::ChangeSet;
use super::diff;
use super::host::Host;
use super::model::{Model, pseudo};
use super::operation::Task;
use super::stack::Stack;
use super::status::{ChangeSetStatus, ExecutionStatus};
use ground::clock::Moment;

const EMPTY: &str =
    "The submitted information didn't contain changes. Submit different information to create a change set.";

/// Adds a change set to stack `stack_id`; it is worked out at `ready`.
pub fn add(engine: &mut Engine, stack_id: &str, set: ChangeSet, ready: Moment) {
    let Some(mut stack) = engine.stacks.remove(stack_id) else { return };
    engine.schedule(ready, &stack, Task::ChangeSet(set.id.clone()));
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
