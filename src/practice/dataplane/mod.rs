//! What flows between Regions: Aurora's replication, DynamoDB's replicas, and the edge's requests.

use serde::{Deserialize, Serialize};

pub mod aurora;
pub mod edge;
pub mod tables;

/// The state of what flows between Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DataPlane {
    /// Aurora global databases.
    pub aurora: aurora::Aurora,
}
