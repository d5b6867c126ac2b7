//! Secrets Manager (AWS JSON 1.1): the secrets of stacks.

use serde::{Deserialize, Serialize};

use super::call::{AwsError, Call, Outcome};
use super::world::World;

/// Secrets, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SecretsManager {}

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(_world: &mut World, call: &Call<'_>) -> Outcome {
    Err(AwsError::unknown_action(call))
}
