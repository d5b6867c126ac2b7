//! What happens to databases by themselves.

use serde::{Deserialize, Serialize};

/// What is due at a moment; clusters and instances by ARN, global clusters by identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A cluster's creation or change is done.
    ClusterReady(String),
    /// A cluster is gone.
    ClusterGone(String),
    /// An instance's creation or change is done.
    InstanceReady(String),
    /// An instance is gone.
    InstanceGone(String),
    /// A change of the writer leaves `pending`.
    FailoverStarts(String),
    /// The writer changes.
    FailoverEnds(String),
    /// An old writer follows the new one again: global cluster, cluster.
    Resynced(String, String),
    /// The retention of an automated snapshot is over.
    SnapshotExpires(String),
}
