//! What a service is told beside its own state: where and when something happens, and what the world around it
//! is like; and what it may see of the others.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::faults::Faults;
use super::keys::Keys;
use super::scenario::Scenario;
use ground::clock::Moment;

/// The account of practice AWS: whoever holds the world's keys is its user.
pub const ACCOUNT: &str = "123456789012";

/// Where and when something is asked of a service, or happens in it.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'w> {
    pub region: &'w str,
    /// The twelve-digit account.
    pub account: &'w str,
    /// The present.
    pub now: Moment,
    /// The world's seed.
    pub seed: u64,
    /// Lags, durations and faults that were asked for.
    pub scenario: &'w Scenario,
    /// What is broken at present.
    pub faults: &'w Faults,
    /// What sessions are sealed with; absent while a saved world is replayed.
    pub keys: Option<&'w Keys>,
}

impl<'w> Scene<'w> {
    /// The same elsewhere.
    #[must_use]
    pub fn in_region(self, region: &'w str) -> Scene<'w> {
        Scene { region, ..self }
    }

    /// The scenario's factor on every duration.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.scenario.duration_scale
    }

    /// How long writes to a global table are on their way to other Regions at present, on average.
    #[must_use]
    pub fn table_lag(&self) -> Duration {
        Duration::from_millis(self.scenario.lag.table_ms) + self.faults.slowdown(self.now)
    }
}

/// Numbers for ids that nothing else makes unique.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tickets(u64);

impl Tickets {
    /// A number not given before.
    pub fn draw(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}
