//! What is broken at present: whole Regions, a Region's API, the network between the Regions, and
//! replication that falls behind. Set by control requests or by the scenario.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use ground::clock::Moment;

/// The faults of the moment and those planned.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Faults {
    broken: BTreeMap<String, Moment>,
    /// What the scenario planned, the latest first.
    planned: Vec<(Moment, String, Turn)>,
    /// Regions whose API answers 5xx.
    #[serde(default)]
    apis: BTreeMap<String, Moment>,
    /// Since when the Regions do not reach each other.
    #[serde(default)]
    cut: Option<Moment>,
    /// Since when replication falls behind.
    #[serde(default)]
    lagging: Option<Moment>,
}

/// Which way a fault goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Turn {
    /// It breaks.
    Break,
    /// It is well again.
    Mend,
}

impl Faults {
    /// Since when a Region is broken; `None` when it is well.
    #[must_use]
    pub fn broken_since(&self, region: &str) -> Option<Moment> {
        self.broken.get(region).copied()
    }

    /// The Regions that are broken, with the moment each broke.
    pub fn all(&self) -> impl Iterator<Item = (&str, Moment)> {
        self.broken.iter().map(|(region, at)| (region.as_str(), *at))
    }

    /// The Regions whose API answers 5xx, with the moment each began to.
    pub(crate) fn apis(&self) -> impl Iterator<Item = (&str, Moment)> {
        self.apis.iter().map(|(region, at)| (region.as_str(), *at))
    }

    /// Since when a Region's API answers 5xx.
    #[must_use]
    pub fn api(&self, region: &str) -> Option<Moment> {
        self.apis.get(region).copied()
    }

    /// Since when the network between the Regions is cut.
    #[must_use]
    pub fn cut_since(&self) -> Option<Moment> {
        self.cut
    }

    /// Since when replication falls behind.
    #[must_use]
    pub fn lagging(&self) -> Option<Moment> {
        self.lagging
    }

    /// Since when two Regions do not reach each other: either is broken, or the network is cut.
    #[must_use]
    pub(crate) fn apart_since(&self, a: &str, b: &str) -> Option<Moment> {
        let cut = self.cut.filter(|_| a != b);
        [self.broken_since(a), self.broken_since(b), cut].into_iter().flatten().min()
    }

    /// How much longer than usual a change takes to the other Region when it is made at `now`: for
    /// each second that the fault lasts, half a second more.
    #[must_use]
    pub(crate) fn slowdown(&self, now: Moment) -> Duration {
        self.lagging.map_or(Duration::ZERO, |since| now.since(since) / 2)
    }

    /// Breaks or mends a Region at `at`; a Region broken already keeps its first moment.
    pub fn turn(&mut self, region: &str, turn: Turn, at: Moment) {
        set(&mut self.broken, region, turn, at);
    }

    /// Breaks or mends a Region's API: it answers 500.
    pub(crate) fn turn_api(&mut self, region: &str, turn: Turn, at: Moment) {
        set(&mut self.apis, region, turn, at);
    }

    /// Cuts or mends the network between the Regions.
    pub(crate) fn turn_network(&mut self, turn: Turn, at: Moment) {
        since(&mut self.cut, turn, at);
    }

    /// Lets replication fall behind, or stops it from doing so; what is on its way arrives when it was due.
    pub(crate) fn turn_lag(&mut self, turn: Turn, at: Moment) {
        since(&mut self.lagging, turn, at);
    }

    /// Takes in what comes by itself, given as moment, Region and turn.
    pub fn plan(&mut self, planned: impl IntoIterator<Item = (Moment, String, Turn)>) {
        self.planned.extend(planned);
        self.planned.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    }

    /// The next planned fault that is due.
    pub fn take(&mut self, at: Moment) -> Option<(Moment, String, Turn)> {
        self.next_due().filter(|due| *due <= at)?;
        self.planned.pop()
    }

    /// When the next planned fault comes.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.planned.last().map(|(at, ..)| *at)
    }
}

fn set(regions: &mut BTreeMap<String, Moment>, region: &str, turn: Turn, at: Moment) {
    match turn {
        Turn::Break => {
            regions.entry(region.to_owned()).or_insert(at);
        }
        Turn::Mend => {
            regions.remove(region);
        }
    }
}

fn since(fault: &mut Option<Moment>, turn: Turn, at: Moment) {
    *fault = match turn {
        Turn::Break => Some(fault.unwrap_or(at)),
        Turn::Mend => None,
    };
}
