//! What a scenario does to CloudFormation: durations scaled, resources made to fail.

use super::stack::StackResource;
use crate::practice::world::World;

/// The scenario's factor on every duration.
pub(super) fn scale(_world: &World) -> f64 {
    1.0
}

/// The reason for which the scenario lets the creation or change of this resource fail.
pub(super) fn planned(_world: &World, _stack_name: &str, _resource: &StackResource) -> Option<String> {
    None
}
