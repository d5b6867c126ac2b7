//! STS (awsQuery 2011-06-15): who the caller is.

use super::call::{AwsError, Call, Outcome};
use super::world::World;

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(_world: &mut World, call: &Call<'_>) -> Outcome {
    Err(AwsError::unknown_action(call))
}
