//! What a stack is asked to be, and what it shows of that.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
pub struct ShownParameter {
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
