//! S3 (REST-XML 2006-03-01): buckets and objects.

use serde::{Deserialize, Serialize};

use super::call::{AwsError, Call, Outcome};
use super::world::World;

/// Buckets and objects, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct S3 {}

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(_world: &mut World, call: &Call<'_>) -> Outcome {
    Err(AwsError::unknown_action(call))
}
