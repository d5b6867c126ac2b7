//! What an update would do to one resource, and why.

use serde::{Deserialize, Serialize};

use super::causes::Cause;
use super::status::Policy;

/// What would happen to one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its name in the template.
    pub logical_id: String,
    /// What `Ref` gives now.
    pub physical_id: Option<String>,
    /// Its type.
    pub kind: String,
    /// What would happen.
    pub action: ChangeAction,
    /// Which parts of it: `Properties`, `Metadata`, `Tags`, ...
    pub scope: Vec<String>,
    /// What exactly, for a modification.
    pub details: Vec<Detail>,
}

/// What would happen to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeAction {
    /// It would be created.
    Add,
    /// It would be changed.
    Modify(Replacement),
    /// The stack would let it go.
    Remove(Policy),
}

/// Whether a modification makes a new physical resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Replacement {
    /// Yes.
    True,
    /// No.
    False,
    /// It depends on a value not yet known.
    Conditional,
}

/// One reason for a modification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// `Properties`, `Metadata`, `Tags`, ...
    pub attribute: String,
    /// The property, for properties.
    pub name: Option<String>,
    /// Whether a change of it needs a new physical resource.
    pub recreates: bool,
    /// Where the change comes from.
    pub cause: Cause,
}
