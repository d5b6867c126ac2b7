//! What a drill cost, measured: times and losses apart for reads, for users and for baskets.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::event::{Ending, Kind, Signal};
use super::millis;
use super::plan::{Plan, Step};
use ground::clock::Moment;
use ground::lang::Said;

/// The version of the report's JSON.
pub const SCHEMA: u32 = 1;

/// A drill's result. Every field comes from the log by [`super::fold`]; it can be asked for at any time
/// of a running drill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Version of this form.
    pub schema: u32,
    /// The run's id; empty before the drill began.
    pub run: String,
    /// What was to be done.
    pub plan: Plan,
    /// When it began.
    pub began: Moment,
    /// When service was first put at stake: the fault, or the first step of a planned move.
    pub disrupted: Option<Moment>,
    /// When it ended; `None` while it runs or when it was cut off.
    pub ended: Option<Moment>,
    /// How it ended.
    pub ending: Option<Ending>,
    /// From the disruption to the moment it was noticed, and by what.
    pub detected: Option<Detection>,
    /// From the disruption to the first step of the recovery.
    #[serde(with = "millis::option")]
    pub decided: Option<Duration>,
    /// The steps of the recovery in order.
    pub steps: Vec<StepTaken>,
    /// Reads at the edge.
    pub reads: Service,
    /// Writes of users to Aurora.
    pub users: Service,
    /// Writes of baskets to DynamoDB.
    pub baskets: Service,
    /// What Aurora lost.
    pub users_lost: Loss,
    /// What DynamoDB lost.
    pub baskets_lost: Loss,
    /// The largest replication lag of Aurora in us-west-1 that was seen before the writer moved there, in
    /// milliseconds.
    pub lag_most_ms: Option<u64>,
    /// Which of the learner's targets were met.
    pub verdicts: Vec<Verdict>,
}

impl Report {
    /// The service a kind of probe measured.
    #[must_use]
    pub fn service(&self, kind: Kind) -> &Service {
        match kind {
            Kind::Read => &self.reads,
            Kind::User => &self.users,
            Kind::Basket => &self.baskets,
        }
    }

    /// What a store lost; `None` for reads, which have no store.
    #[must_use]
    pub fn loss(&self, kind: Kind) -> Option<&Loss> {
        match kind {
            Kind::Read => None,
            Kind::User => Some(&self.users_lost),
            Kind::Basket => Some(&self.baskets_lost),
        }
    }

    /// Errors a user would have seen from the disruption on, of all kinds.
    #[must_use]
    pub fn errors(&self) -> u64 {
        Kind::ALL.iter().map(|k| self.service(*k).errors).sum()
    }
}

/// How and when the fault was noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detection {
    /// From the disruption.
    #[serde(with = "millis")]
    pub after: Duration,
    /// By what.
    pub by: Signal,
}

/// A step of the recovery as it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTaken {
    /// Which.
    pub step: Step,
    /// When it began.
    pub began: Moment,
    /// When it ended; `None` while it is under way.
    pub ended: Option<Moment>,
    /// Why it failed, when it did.
    pub trouble: Option<Said>,
}

/// How one kind of request fared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Probes that ended.
    pub probes: u64,
    /// Of these, those that got what they wanted: reads served, writes acknowledged.
    pub good: u64,
    /// Errors before the disruption: not its doing.
    pub errors_before: u64,
    /// Errors a user would have seen from the disruption on.
    pub errors: u64,
    /// The longest a good answer took.
    #[serde(with = "millis")]
    pub slowest: Duration,
    /// The recovery time that was achieved.
    pub recovery: Recovery,
}

/// The recovery time that was achieved, counted from the disruption to the first good answer after the
/// last failed probe: from then on service was unbroken to the end of the drill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Recovery {
    /// Nothing to measure: there was no disruption, or no probe ended after it.
    #[default]
    Unmeasured,
    /// No probe failed: users noticed nothing.
    Unbroken,
    /// It was away and came back.
    Back {
        /// The RTO achieved: from the disruption to the good answer.
        #[serde(with = "millis")]
        after: Duration,
        /// From the moment the first failed probe was sent to the good answer.
        away: Span,
    },
    /// It was away when the drill ended.
    Away {
        /// From the disruption to the last failure: the RTO is at least this.
        #[serde(with = "millis")]
        least: Duration,
        /// From the moment the first failed probe was sent to the last failure.
        away: Span,
    },
}

impl Recovery {
    /// How long it has been away without coming back; `None` when it answers.
    #[must_use]
    pub fn away_for(self) -> Option<Duration> {
        match self {
            Recovery::Away { away, .. } => Some(away.length()),
            Recovery::Unmeasured | Recovery::Unbroken | Recovery::Back { .. } => None,
        }
    }

    /// The time to compare with a target; `None` when there is none or it never came back.
    #[must_use]
    pub fn time(self) -> Option<Duration> {
        match self {
            Recovery::Unbroken => Some(Duration::ZERO),
            Recovery::Back { after, .. } => Some(after),
            Recovery::Unmeasured | Recovery::Away { .. } => None,
        }
    }
}

/// A stretch of time in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Its first moment.
    pub from: Moment,
    /// Its last moment.
    pub to: Moment,
}

impl Span {
    /// How long it is.
    #[must_use]
    pub fn length(self) -> Duration {
        self.to.since(self.from)
    }
}

/// What a store lost. Always `acknowledged = present + lost.len() + unknown.len()`.
///
/// The RPO in time is the age of the recovery point at the disruption: from the oldest lost acknowledged
/// write (whatever was acknowledged before it is there) to the disruption, or to the newest lost one when
/// the old writer still acknowledged after it. Nothing lost is zero. So the stretch holds all lost writes,
/// begins with one, and is never longer than the losses and the fault make it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// Writes acknowledged to the user.
    pub acknowledged: u64,
    /// Of these, those found in the surviving Region.
    pub present: u64,
    /// Those not found there, by number and id.
    pub lost: Vec<LostWrite>,
    /// Those that could not be looked up (yet), by number.
    pub unknown: Vec<u64>,
    /// The RPO in time; `None` when nothing was lost.
    pub window: Option<Span>,
    /// Of the lost, those that came back once the fault had been undone: late, not gone.
    pub returned: Vec<u64>,
}

impl Loss {
    /// The RPO in time; `None` while writes are yet to be looked up.
    #[must_use]
    pub fn rpo(&self) -> Option<Duration> {
        match self.window {
            Some(window) => Some(window.length()),
            None if self.unknown.is_empty() => Some(Duration::ZERO),
            None => None,
        }
    }
}

/// An acknowledged write that is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostWrite {
    /// The probe's number.
    pub number: u64,
    /// What it is looked up by: a user's e-mail, a basket's id.
    pub id: String,
    /// When it was acknowledged.
    pub acknowledged: Moment,
}

/// What is measured against a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "measure", content = "of", rename_all = "kebab-case")]
pub enum Measure {
    /// Time without service.
    Rto(Kind),
    /// Acknowledged writes lost, in time.
    Rpo(Kind),
}

/// A target and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// What was measured.
    #[serde(flatten)]
    pub measure: Measure,
    /// What the learner wanted at most.
    #[serde(with = "millis")]
    pub target: Duration,
    /// What it was; `None` when it has no end or could not be measured.
    #[serde(with = "millis::option")]
    pub actual: Option<Duration>,
    /// Whether the target was met.
    pub met: Met,
}

/// Whether a target was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Met {
    /// It was.
    Yes,
    /// It was not.
    No,
    /// It cannot be told.
    Unknown,
}
