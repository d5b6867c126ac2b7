//! Practice time: everything that becomes due by itself happens in the order of its moments, whatever
//! the moments at which somebody looks.

use ground::clock::Moment;

use super::world::World;
use super::{cloudfront, dynamodb, ec2, outages, rds};

type Due = fn(&World) -> Option<Moment>;
type Step = fn(&mut World, Moment);

/// Who has something to do by itself; at the same moment, in this order.
const ACTORS: [(Due, Step); 7] = [
    (|w| w.faults.next_due(), outages::step),
    (|w| w.rds.next_due(), step_databases),
    (|w| w.dynamodb.next_due(), |w, at| dynamodb::step(&mut w.dynamodb, &w.faults, at)),
    (|w| w.cloudfront.next_due(), |w, at| cloudfront::step(&mut w.cloudfront, at)),
    (|w| w.ec2.next_due(), |w, at| ec2::step(&mut w.ec2, at)),
    (|w| w.dataplane.aurora.next_due(), |w, at| w.dataplane.aurora.step(&w.faults, at)),
    (|w| w.cloudformation.next_due(), step_stacks),
];

fn step_databases(world: &mut World, at: Moment) {
    let (_, services) = world.split();
    // Each thing happens in its own Region.
    let scene = services.scene("", at);
    rds::step(services.rds, services.aurora, &scene);
}

fn step_stacks(world: &mut World, at: Moment) {
    let (engine, mut services) = world.split();
    engine.step(&mut services, at);
}

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
