//! Stack events: what `DescribeStackEvents` and `DescribeEvents` tell, oldest first here.

use serde::{Deserialize, Serialize};

use super::status::{OperationType, ResourceStatus, StackStatus};
use ground::clock::Moment;

/// The status an event tells: the stack's own, or a resource's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventStatus {
    /// Of the stack itself.
    Stack(StackStatus),
    /// Of one of its resources.
    Resource(ResourceStatus),
}

impl EventStatus {
    /// The spelling on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            EventStatus::Stack(status) => status.as_str(),
            EventStatus::Resource(status) => status.as_str(),
        }
    }
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Unique in its stack.
    pub id: String,
    /// When.
    pub at: Moment,
    /// The resource, or the stack's name.
    pub logical_id: String,
    /// The thing itself; empty before it has an id.
    pub physical_id: String,
    /// The type; `AWS::CloudFormation::Stack` for the stack itself.
    pub kind: String,
    /// The status reached.
    pub status: EventStatus,
    /// Why.
    pub reason: Option<String>,
    /// The properties as JSON text, on the first event of a resource in an operation.
    pub props: Option<String>,
    /// The operation it belongs to.
    pub operation: Option<(OperationType, String)>,
    /// The token the caller gave with the operation.
    pub token: Option<String>,
    /// `CONFIGURATION_COMPLETE` on a resource that is configured but not yet stable.
    pub configured: bool,
}

impl Event {
    /// Whether it tells of a failure.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.status.as_str().ends_with("FAILED")
    }
}

/// A physical resource as an event names it.
#[derive(Clone, Copy, Debug)]
pub(super) struct PhysicalResource<'t> {
    /// Its name in the template.
    pub logical_id: &'t str,
    /// What `Ref` gives.
    pub physical_id: &'t str,
    /// Its type.
    pub kind: &'t str,
}
