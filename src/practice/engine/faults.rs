//! What a scenario does to CloudFormation: durations scaled, resources made to fail.

use super::stack::StackResource;
use crate::practice::world::World;

/// The scenario's factor on every duration.
pub(super) fn scale(world: &World) -> f64 {
    world.scenario.duration_scale
}

/// The reason for which the scenario lets the creation or change of this resource fail.
pub(super) fn planned(world: &World, stack_name: &str, resource: &StackResource) -> Option<String> {
    let means = |said: &str, name: &str| said == "*" || said == name;
    let planned = world.scenario.failure.iter();
    planned
        .filter(|failure| means(&failure.stack, stack_name))
        .find(|failure| means(&failure.resource, &resource.logical_id))
        .map(|failure| failure.reason.clone())
}
