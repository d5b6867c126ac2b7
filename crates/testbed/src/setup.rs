//! How a world is opened: its seed, its scenario, its folder, its guest and its clock.

use std::path::Path;
use std::sync::Arc;

use ground::clock::{Clock, Moment, Speed};
use practice::scenario::Scenario;
use practice::{Options, Practice, PracticeError, Workload};

use super::World;

/// When the clocks of all worlds begin: 2026-11-23T00:00:00Z.
pub const START: Moment = Moment(1_795_392_000_000);

/// A world to be opened. Unless something else is said it is in memory, hosts nothing, nothing goes wrong in it,
/// and its clock stands at `START` until the test moves it.
#[derive(Clone, Debug)]
pub struct Setup {
    options: Options,
}

impl Setup {
    /// A world with this seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Setup {
        let (scenario, clock) = (Scenario::default(), Clock::manual(START));
        Setup { options: Options { folder: None, seed, scenario, clock, workload: None } }
    }

    /// Another seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Setup {
        self.options.seed = seed;
        self
    }

    /// Lags, durations and faults of its own.
    #[must_use]
    pub fn scenario(mut self, scenario: Scenario) -> Setup {
        self.options.scenario = scenario;
        self
    }

    /// Saved in a folder; the world that the folder has, if there is one.
    #[must_use]
    pub fn saved_in(mut self, folder: &Path) -> Setup {
        self.options.folder = Some(folder.to_owned());
        self
    }

    /// What runs where stacks install it.
    #[must_use]
    pub fn guest(mut self, guest: impl Workload + 'static) -> Setup {
        self.options.workload = Some(Arc::new(guest));
        self
    }

    /// Nothing runs where stacks install it.
    #[must_use]
    pub fn without_guest(mut self) -> Setup {
        self.options.workload = None;
        self
    }

    /// A clock of the test's own.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Setup {
        self.options.clock = clock;
        self
    }

    /// A clock that jumps from `START` to the next moment anyone waits for, once all wait.
    #[must_use]
    pub fn jumping(self) -> Setup {
        self.clock(Clock::practice(START, Speed::Max))
    }

    /// What `Practice::open` and `Practice::open_on` take.
    #[must_use]
    pub fn options(self) -> Options {
        self.options
    }

    /// Opens the world.
    ///
    /// # Panics
    /// If it cannot be opened.
    #[must_use]
    pub fn open(self) -> World {
        self.try_open().expect("a world that opens")
    }

    /// Opens the world.
    ///
    /// # Errors
    /// As `Practice::open`.
    pub fn try_open(self) -> Result<World, PracticeError> {
        Practice::open(self.options).map(World::of)
    }
}
