//! What a drill is to do: the fault or the planned move, whose hands recover, the learner's targets,
//! and the rhythm of the probes.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::millis;
use crate::cloud::{Fault, Move};

/// Who carries the recovery out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hands {
    /// Espera does, as soon as it has detected the fault.
    #[default]
    Auto,
    /// The learner does, by orders.
    Learner,
}

/// What the learner wants to hold. Both count for every store and for the edge alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Targets {
    /// The longest time without service.
    #[serde(with = "millis")]
    pub rto: Duration,
    /// The longest stretch of acknowledged writes that may be lost.
    #[serde(with = "millis")]
    pub rpo: Duration,
}

impl Default for Targets {
    /// The module's own: back within fifteen minutes, five seconds of writes at most.
    fn default() -> Self {
        Targets { rto: Duration::from_secs(900), rpo: Duration::from_secs(5) }
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Fault or planned move.
    pub mode: Move,
    /// What breaks; not used by a planned switchover.
    pub fault: Fault,
    /// Who recovers.
    pub hands: Hands,
    /// What the learner wants to hold.
    pub targets: Targets,
    /// Between two probes of one kind.
    #[serde(with = "millis")]
    pub every: Duration,
    /// How long a probe waits for its answer before it counts as failed.
    #[serde(with = "millis")]
    pub patience: Duration,
    /// The steady phase before the fault, and how long all must be well again before the drill ends.
    #[serde(with = "millis")]
    pub steady: Duration,
    /// So many failed probes of a kind in a row count as detected.
    pub detect_after: u32,
    /// When nothing fails for a person to see, Espera recovers all the same after this time.
    #[serde(with = "millis")]
    pub grace: Duration,
    /// The longest the drill goes on after the fault before it is counted as not recovered.
    #[serde(with = "millis")]
    pub limit: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Plan {
            mode: Move::Failover,
            fault: Fault::Region,
            hands: Hands::Auto,
            targets: Targets::default(),
            every: Duration::from_secs(1),
            patience: Duration::from_secs(10),
            steady: Duration::from_secs(30),
            detect_after: 3,
            grace: Duration::from_secs(60),
            limit: Duration::from_secs(30 * 60),
        }
    }
}

impl Plan {
    /// A drill of this fault, recovered by Espera.
    #[must_use]
    pub fn failover(fault: Fault) -> Plan {
        Plan { fault, ..Plan::default() }
    }

    /// A planned switchover, carried out by Espera.
    #[must_use]
    pub fn switchover() -> Plan {
        Plan { mode: Move::Switchover, ..Plan::default() }
    }

    /// What breaks; `None` in a planned move.
    #[must_use]
    pub fn breaks(&self) -> Option<Fault> {
        (self.mode == Move::Failover).then_some(self.fault)
    }

    /// Requests a second that the probes send to the learner's account: two reads at the edge, a user
    /// and a basket. At one probe a kind a second, ten minutes are 2,400 requests: under a cent.
    #[must_use]
    pub fn requests_per_second(&self) -> f64 {
        4.0 / self.every.as_secs_f64().max(0.001)
    }
}

/// A step of the recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Make the standby's cluster the writer, accepting loss.
    FailOver,
    /// Make the standby's cluster the writer as planned, losing nothing.
    SwitchOver,
    /// Let the primary's pages name the standby's API, so that writes go there.
    SwitchWrites,
    /// Undo the fault.
    Mend,
}

impl Step {
    /// The name as the log and JSON write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Step::FailOver => "fail-over",
            Step::SwitchOver => "switch-over",
            Step::SwitchWrites => "switch-writes",
            Step::Mend => "mend",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the learner asks a running drill to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Fail the database over.
    FailOver,
    /// Switch the database over as planned.
    SwitchOver,
    /// Send the writes to the standby's API.
    SwitchWrites,
    /// Undo the fault now.
    Mend,
    /// Stop probing, reconcile, undo and report.
    Stop,
}

impl Order {
    /// The step an order asks for; `None` for `Stop`.
    #[must_use]
    pub fn step(self) -> Option<Step> {
        match self {
            Order::FailOver => Some(Step::FailOver),
            Order::SwitchOver => Some(Step::SwitchOver),
            Order::SwitchWrites => Some(Step::SwitchWrites),
            Order::Mend => Some(Step::Mend),
            Order::Stop => None,
        }
    }
}
