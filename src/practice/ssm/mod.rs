//! Systems Manager (AWS JSON 1.1): parameters, the public ones of AWS among them.

use serde::{Deserialize, Serialize};

use super::call::{AwsError, Call, Outcome};
use super::world::World;

/// Parameters that stacks or people made, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Ssm {}

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(_world: &mut World, call: &Call<'_>) -> Outcome {
    Err(AwsError::unknown_action(call))
}
