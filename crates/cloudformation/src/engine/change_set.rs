//! A change set: what would be done to a stack.

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::status::{ChangeSetStatus, ExecutionStatus, OnFailure};
use super::wish::{ShownParameter, Wish};
use ground::clock::Moment;

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
    pub shown: Vec<ShownParameter>,
    /// What would change.
    pub changes: Vec<Change>,
    /// What a failed execution leads to, if it was said.
    pub on_failure: Option<OnFailure>,
    /// The caller's token.
    pub token: Option<String>,
}
