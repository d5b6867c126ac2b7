//! The simulated world: everything practice AWS knows, one field a service.

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

/// All state of practice AWS.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct World {
    /// What every seeded choice follows from.
    pub seed: u64,
    /// The twelve-digit account.
    pub account: String,
    /// The present moment.
    pub now: Moment,
    /// CloudFormation's stacks.
    pub cloudformation: crate::practice::engine::Engine,
}
