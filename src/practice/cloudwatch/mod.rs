//! CloudWatch: the metrics of replication.

use serde::{Deserialize, Serialize};

use super::call::{AwsError, Call, Outcome};
use super::world::World;

/// Alarms, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CloudWatch {}

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(_world: &mut World, call: &Call<'_>) -> Outcome {
    Err(AwsError::unknown_action(call))
}
