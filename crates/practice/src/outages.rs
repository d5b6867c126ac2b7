//! What a fault, and its end, mean for what is on its way between Regions.

use super::faults::Turn;
use super::world::World;
use super::{dynamodb, rds};
use ground::clock::Moment;

/// Carries out what was planned up to `at`.
pub fn step(world: &mut World, at: Moment) {
    while let Some((at, region, turn)) = world.faults.take(at) {
        turn_region(world, &region, turn, at);
    }
}

/// Breaks or mends a Region, with what follows for what was on its way between Regions.
pub fn turn_region(world: &mut World, region: &str, turn: Turn, at: Moment) {
    world.faults.turn(region, turn, at);
    if turn == Turn::Mend {
        rejoin(world, at);
    }
}

/// Cuts or mends the network between the Regions; both sides live on.
pub(crate) fn turn_network(world: &mut World, turn: Turn, at: Moment) {
    world.faults.turn_network(turn, at);
    if turn == Turn::Mend {
        rejoin(world, at);
    }
}

/// Regions reach each other again: what waited goes on.
fn rejoin(world: &mut World, at: Moment) {
    let (_, services) = world.split();
    let scene = services.scene("", at);
    rds::failover::recover(services.rds, &scene);
    dynamodb::release(services.dynamodb, services.faults, at);
    services.aurora.step(services.faults, at);
}
