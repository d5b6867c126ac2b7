//! What happens in a drill, one event a line of its log: everything the report and the timeline know
//! comes from here.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::plan::{Order, Plan, Step};
use crate::cloud::facts::Role;
use crate::cloud::{Fault, Note};
use ground::clock::Moment;
use ground::lang::Said;

/// The version of the log's format. A log of a later one is refused, not guessed at. Version 1 had no sums.
pub const VERSION: u32 = 2;

/// Something that happened, and when in the world's time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When it happened; of a probe, when it ended.
    pub at: Moment,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

impl From<Note> for Event {
    /// A line of what a step is doing.
    fn from(line: Note) -> Event {
        Event { at: line.at, what: What::Note { text: line.text } }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum What {
    /// The drill began. Always the first line.
    Began {
        /// Version of the log's format.
        version: u32,
        /// The run's id, also the name of its folder.
        run: String,
        /// What is to be done.
        plan: Plan,
        /// What is probed.
        scene: Endpoints,
    },
    /// A probe ended.
    Probe(Probe),
    /// What must be undone, written down before it is done.
    Undo {
        /// What to undo.
        undo: Undo,
    },
    /// The fault took effect.
    Fault {
        /// Which.
        fault: Fault,
    },
    /// The fault was noticed.
    Detected {
        /// By what.
        by: Signal,
    },
    /// The learner asked for something.
    Asked {
        /// What.
        order: Order,
    },
    /// A step of the recovery began.
    Step {
        /// Which.
        step: Step,
    },
    /// A step of the recovery ended.
    Ended {
        /// Which.
        step: Step,
        /// `None` when it succeeded.
        trouble: Option<Said>,
    },
    /// A line of what a step is doing.
    Note {
        /// The line in both languages.
        text: Said,
    },
    /// Replication lag of Aurora as CloudWatch last had it.
    Lag {
        /// In milliseconds.
        ms: u64,
    },
    /// Probing is over; every acknowledged write is now looked up in this Region.
    Reconciling {
        /// The surviving Region.
        region: String,
    },
    /// A write was looked up.
    Found {
        /// Which store.
        kind: Kind,
        /// Its number.
        number: u64,
        /// Whether it is there.
        presence: Presence,
    },
    /// A lost write turned up after the fault had been undone.
    Returned {
        /// Which store.
        kind: Kind,
        /// Its number.
        number: u64,
    },
    /// Something was undone.
    Undone {
        /// What.
        undo: Undo,
    },
    /// The drill ended. Always the last line.
    Finished {
        /// How.
        ending: Ending,
    },
}

/// What the drill probes, from the stacks' outputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    /// The edge's address, without a slash at its end.
    pub edge: String,
    /// The primary's API, without a slash at its end.
    pub primary: String,
    /// The standby's API, without a slash at its end.
    pub standby: String,
    /// Id of the product that the baskets are filled with.
    pub product: Uuid,
}

impl Endpoints {
    /// The API of a Region.
    #[must_use]
    pub fn api(&self, role: Role) -> &str {
        match role {
            Role::Primary => &self.primary,
            Role::Standby => &self.standby,
        }
    }
}

/// What a probe tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A page and its configuration through the edge.
    Read,
    /// A new user, written to Aurora.
    User,
    /// A basket, written to DynamoDB.
    Basket,
}

impl Kind {
    /// All kinds, reads first.
    pub const ALL: [Kind; 3] = [Kind::Read, Kind::User, Kind::Basket];
    /// The kinds that write.
    pub const WRITES: [Kind; 2] = [Kind::User, Kind::Basket];

    /// The name as the log and JSON write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Read => "read",
            Kind::User => "user",
            Kind::Basket => "basket",
        }
    }
}

/// One probe and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// What it tried.
    pub kind: Kind,
    /// Its number among those of its kind, from 1.
    pub number: u64,
    /// When it was sent. Probes are sent by the clock whether or not earlier ones were answered, so
    /// that a slow service does not hide its own slowness.
    pub sent: Moment,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The Region that answered, when the answer says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// How a probe ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// A read was served, or a write acknowledged.
    Good,
    /// It was answered with something else than success.
    Status {
        /// The HTTP status.
        code: u16,
    },
    /// The connection was refused or broke.
    Refused,
    /// No answer within the plan's patience.
    TimedOut,
    /// The answer could not be understood.
    Garbled,
}

impl Outcome {
    /// Whether the probe got what it wanted.
    #[must_use]
    pub fn is_good(&self) -> bool {
        matches!(self, Outcome::Good)
    }
}

/// How a fault was noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "signal", rename_all = "kebab-case")]
pub enum Signal {
    /// Probes of a kind failed in a row.
    Probes {
        /// Which kind.
        kind: Kind,
        /// How many.
        failed: u32,
    },
    /// The edge began to serve another Region's pages.
    Edge {
        /// The Region it serves now.
        region: String,
    },
    /// Replication fell behind by more than the target for lost writes.
    Lag {
        /// In milliseconds.
        ms: u64,
    },
    /// Nothing was seen; the plan's grace was over.
    Grace,
}

/// Something done to the learner's cloud that must be taken back. Taking it back twice does no harm.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Undo {
    /// Mend this fault.
    Mend {
        /// Which.
        fault: Fault,
    },
    /// Let the primary's pages name the primary's API again.
    Writes,
}

/// Whether an acknowledged write is in the surviving Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// It is there.
    Present,
    /// It is not there: lost.
    Lost,
    /// The Region could not be asked.
    Unknown,
}

/// How a drill ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// All was well again.
    Recovered,
    /// The plan's limit passed first.
    Limit,
    /// The learner stopped it.
    Stopped,
    /// Espera had been closed in the middle; what was there has been reconciled.
    Resumed,
    /// Espera had been closed in the middle, and all has been undone without reconciling.
    Abandoned,
}

/// How long a probe took to be answered, or to fail.
#[must_use]
pub fn time_taken(event: &Event) -> Option<Duration> {
    match &event.what {
        What::Probe(probe) => Some(event.at.since(probe.sent)),
        _ => None,
    }
}
