//! RDS (awsQuery 2014-10-31): Aurora clusters, instances, groups and the global database.

use serde::{Deserialize, Serialize};

use super::call::{AwsError, Call, Outcome};
use super::world::World;
use crate::clock::Moment;

/// Everything RDS holds, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Rds {}

impl Rds {
    /// The moment something next becomes due by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        None
    }
}

/// Does everything due at or before `at`.
pub fn step(_world: &mut World, _at: Moment) {}

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(_world: &mut World, call: &Call<'_>) -> Outcome {
    Err(AwsError::unknown_action(call))
}
