//! Practice time: everything that becomes due by itself happens in the order of its moments, whatever
//! the moments at which somebody looks.

use crate::clock::Moment;

use super::world::World;
use super::{cloudfront, dataplane, dynamodb, ec2, engine, faults, rds};

type Due = fn(&World) -> Option<Moment>;
type Step = fn(&mut World, Moment);

/// Who has something to do by itself; at the same moment, in this order.
const ACTORS: [(Due, Step); 7] = [
    (|w| w.faults.next_due(), faults::step),
    (|w| w.rds.next_due(), rds::step),
    (|w| w.dynamodb.next_due(), dynamodb::step),
    (|w| w.cloudfront.next_due(), cloudfront::step),
    (|w| w.ec2.next_due(), ec2::step),
    (|w| w.dataplane.aurora.next_due(), dataplane::aurora::step),
    (|w| w.cloudformation.next_due(), engine::step),
];

/// Steps without time moving on after which an actor is taken to be stuck and is left for later.
const STUCK: u32 = 100_000;

/// The moment anything next happens by itself; `None` when nothing is under way.
#[must_use]
pub fn next_due(world: &World) -> Option<Moment> {
    ACTORS.iter().filter_map(|(due, _)| due(world)).min()
}

/// Lets everything happen that is due up to `now`, in order, and sets the world's moment to `now`
/// (never back).
pub fn advance(world: &mut World, now: Moment) {
    let mut still = 0;
    while let Some(at) = next_due(world).filter(|at| *at <= now) {
        still = if at > world.now { 0 } else { still + 1 };
        if still > STUCK {
            break;
        }
        world.now = world.now.max(at);
        if let Some((_, step)) = ACTORS.iter().find(|(due, _)| due(world).is_some_and(|d| d <= at)) {
            step(world, at);
        }
    }
    world.now = world.now.max(now);
}
