//! CloudFormation's API (awsQuery 2010-05-15) over the engine.

use super::call::{AwsError, Call, Outcome};
use super::world::World;

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(_world: &mut World, call: &Call<'_>) -> Outcome {
    Err(AwsError::unknown_action(call))
}
