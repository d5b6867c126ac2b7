//! What is broken at present: whole Regions, set by control requests or by the scenario.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

use super::world::World;
use super::{dataplane, dynamodb, rds};

/// The faults of the moment and those planned.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Faults {
    broken: BTreeMap<String, Moment>,
    /// What the scenario planned, the latest first.
    planned: Vec<(Moment, String, Turn)>,
}

/// Which way a Region goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Turn {
    /// It stops answering.
    Break,
    /// It answers again.
    Mend,
}

impl Faults {
    /// Since when a Region is broken; `None` when it is well.
    #[must_use]
    pub fn broken(&self, region: &str) -> Option<Moment> {
        self.broken.get(region).copied()
    }

    /// The Regions that are broken, with the moment each broke.
    pub fn all(&self) -> impl Iterator<Item = (&str, Moment)> {
        self.broken.iter().map(|(region, at)| (region.as_str(), *at))
    }

    /// Breaks or mends a Region at `at`; a Region broken already keeps its first moment.
    pub fn turn(&mut self, region: &str, turn: Turn, at: Moment) {
        match turn {
            Turn::Break => {
                self.broken.entry(region.to_owned()).or_insert(at);
            }
            Turn::Mend => {
                self.broken.remove(region);
            }
        }
    }

    /// Takes in what comes by itself, given as moment, Region and turn.
    pub fn plan(&mut self, planned: impl IntoIterator<Item = (Moment, String, Turn)>) {
        self.planned.extend(planned);
        self.planned.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    }

    /// When the next planned fault comes.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.planned.last().map(|(at, ..)| *at)
    }
}

/// Carries out what was planned up to `at`.
pub fn step(world: &mut World, at: Moment) {
    while world.faults.next_due().is_some_and(|due| due <= at) {
        if let Some((at, region, turn)) = world.faults.planned.pop() {
            turn_region(world, &region, turn, at);
        }
    }
}

/// Breaks or mends a Region, with what follows for what was on its way between Regions.
pub fn turn_region(world: &mut World, region: &str, turn: Turn, at: Moment) {
    world.faults.turn(region, turn, at);
    if turn == Turn::Mend {
        rds::failover::recover(world, at);
        dynamodb::release(world, at);
        dataplane::aurora::step(world, at);
    }
}
