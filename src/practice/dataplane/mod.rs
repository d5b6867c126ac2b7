//! What the learner's systems do: Aurora's replication, DynamoDB's replicas, the edge, the APIs and the
//! shop that runs behind them.

use serde::{Deserialize, Serialize};

pub mod aurora;
pub(crate) mod edge;
pub(crate) mod gateway;
pub(crate) mod loopback;
mod routes;
pub(crate) mod shops;
pub(crate) mod sites;
pub mod tables;
pub(crate) mod users;

/// The state of what flows between Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DataPlane {
    /// Aurora global databases.
    pub aurora: aurora::Aurora,
}
