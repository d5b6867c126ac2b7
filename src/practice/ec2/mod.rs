//! EC2 (ec2Query 2016-11-15): Regions, zones, and what stacks made.

use serde::{Deserialize, Serialize};

pub mod regions;

use super::call::{AwsError, Call, Outcome};
use super::world::World;

/// Instances and networks, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Ec2 {}

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(_world: &mut World, call: &Call<'_>) -> Outcome {
    Err(AwsError::unknown_action(call))
}
