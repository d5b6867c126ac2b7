//! A scenario: how practice AWS differs from the measured averages (`assets/scenarios/*.toml`, or a
//! file of the learner's or instructor's own). Unknown fields are refused.

use serde::{Deserialize, Serialize};

/// Lags, durations and faults of one world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// Factor on every measured duration (1.0 = as measured).
    pub duration_scale: f64,
    /// Lags of replication.
    pub lag: Lag,
    /// What goes wrong, in order of time.
    pub fault: Vec<PlannedFault>,
    /// Resources of stacks that cannot be created or changed.
    pub failure: Vec<PlannedFailure>,
}

impl Default for Scenario {
    fn default() -> Self {
        Scenario { duration_scale: 1.0, lag: Lag::default(), fault: Vec::new(), failure: Vec::new() }
    }
}

/// Lags of replication between Regions, in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lag {
    /// Aurora global database: from a commit in the writer to the standby.
    pub aurora_ms: u64,
    /// DynamoDB global tables: from a write to the other replicas.
    pub table_ms: u64,
    /// One round trip between the two Regions, which a forwarded write pays.
    pub round_trip_ms: u64,
}

impl Default for Lag {
    fn default() -> Self {
        Lag { aurora_ms: 180, table_ms: 1100, round_trip_ms: 62 }
    }
}

/// A fault that comes by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedFault {
    /// Seconds of practice time after the world began.
    pub after_s: u64,
    /// The Region that breaks.
    pub region: String,
    /// Seconds until it is mended; never unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts_s: Option<u64>,
}

/// A resource that fails whenever a stack creates or changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedFailure {
    /// The stack's name.
    pub stack: String,
    /// The resource's logical id.
    pub resource: String,
    /// What its event says.
    pub reason: String,
}
