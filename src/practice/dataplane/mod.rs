//! What the learner's systems do: Aurora's replication and writes, DynamoDB's replicas, the edge, the APIs
//! and the programs that run behind them.

use serde::{Deserialize, Serialize};

pub mod aurora;
pub(crate) mod edge;
pub(crate) mod gateway;
pub(crate) mod loopback;
pub(crate) mod programs;
mod routes;
pub(crate) mod sites;
pub mod tables;
pub(crate) mod writes;

/// The state of what flows between Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DataPlane {
    /// Aurora global databases.
    pub aurora: aurora::Aurora,
}
