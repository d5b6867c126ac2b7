//! (being built)

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::practice::world::World;

/// What DynamoDB replicas still have to receive.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tables {}

impl Tables {
    /// The moment something next becomes due by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        None
    }
}

/// Does everything due at or before `at`.
pub fn step(_world: &mut World, _at: Moment) {}
