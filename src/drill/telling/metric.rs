//! What a drill measures: which metrics there are and in which order, their ids, units and names, and what
//! each came to in a report.

use std::time::Duration;

use super::amount::Amount;
use super::terms;
use crate::cloud::Move;
use crate::drill::{Kind, Loss, Recovery, Report, Signal};
use ground::lang::Lang;
use ground::tr;

/// What a figure measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Recovery time of a kind of request.
    Rto(Kind),
    /// Recovery point of a store, in time.
    Rpo(Kind),
    /// Writes a store acknowledged and lost.
    Lost(Kind),
    /// From the fault to its first sign.
    Detection,
    /// From the fault to the first step of the recovery.
    Action,
    /// Probes that failed, as a user would have seen.
    Errors,
    /// The furthest Aurora's replica was behind.
    Lag,
}

impl Metric {
    /// What is measured in a drill of this kind, in the order of reading. A planned switchover has no fault
    /// to detect; all else is always told, if only as unknown.
    #[must_use]
    pub fn of(mode: Move) -> Vec<Metric> {
        let mut all: Vec<Metric> = Kind::ALL.map(Metric::Rto).into();
        all.extend(Kind::WRITES.into_iter().flat_map(|kind| [Metric::Rpo(kind), Metric::Lost(kind)]));
        if mode == Move::Failover {
            all.extend([Metric::Detection, Metric::Action]);
        }
        all.extend([Metric::Errors, Metric::Lag]);
        all
    }

    /// Its name in JSON, which never changes.
    #[must_use]
    pub fn id(self) -> String {
        match self {
            Metric::Rto(kind) => format!("rto-{}", kind.as_str()),
            Metric::Rpo(kind) => format!("rpo-{}", kind.as_str()),
            Metric::Lost(kind) => format!("lost-{}", kind.as_str()),
            Metric::Detection => "time-to-detect".to_owned(),
            Metric::Action => "time-to-act".to_owned(),
            Metric::Errors => "errors".to_owned(),
            Metric::Lag => "aurora-lag-most".to_owned(),
        }
    }

    /// What its number counts, for JSON.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Metric::Lost(_) => "writes",
            Metric::Errors => "errors",
            Metric::Rto(_) | Metric::Rpo(_) | Metric::Detection | Metric::Action | Metric::Lag => "ms",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn name(self, l: Lang) -> String {
        match self {
            Metric::Rto(kind) => format!("RTO · {}", terms::kind(kind, l)),
            Metric::Rpo(kind) => format!("RPO · {}", terms::kind(kind, l)),
            Metric::Lost(kind) => tr!(l, "Perdidas · {}", "Lost · {}", terms::kind(kind, l)),
            Metric::Detection => tr!(l, "Tiempo de detección", "Time to detect"),
            Metric::Action => tr!(l, "Tiempo hasta actuar", "Time to act"),
            Metric::Errors => tr!(l, "Errores que vio un usuario", "Errors a user saw"),
            Metric::Lag => tr!(l, "Mayor retardo de Aurora", "Largest lag of Aurora"),
        }
    }

    /// What it came to.
    #[must_use]
    pub fn amount(self, report: &Report) -> Amount {
        match self {
            Metric::Rto(kind) => match report.service(kind).recovery {
                Recovery::Unmeasured => Amount::Unknown,
                Recovery::Unbroken => Amount::Unbroken,
                Recovery::Back { after, .. } => Amount::Time(after),
                Recovery::Away { least, .. } => Amount::Away(least),
            },
            Metric::Rpo(kind) => report.loss(kind).map_or(Amount::Unknown, rpo),
            Metric::Lost(kind) => report.loss(kind).map_or(Amount::Unknown, |loss| Amount::Lost {
                lost: loss.lost.len() as u64,
                of: loss.acknowledged,
                unknown: loss.unknown.len() as u64,
            }),
            // When the grace was over Espera acted without a sign: nobody had detected anything.
            Metric::Detection => match report.detected.as_ref().filter(|found| found.by != Signal::Grace) {
                Some(found) => Amount::Time(found.after),
                None => Amount::Unnoticed,
            },
            Metric::Action => report.decided.map_or(Amount::NobodyActed, Amount::Time),
            Metric::Errors => Amount::Count(report.errors()),
            Metric::Lag => match report.lag_most_ms {
                Some(ms) => Amount::Time(Duration::from_millis(ms)),
                None => Amount::Unknown,
            },
        }
    }
}

fn rpo(loss: &Loss) -> Amount {
    match loss.rpo() {
        None => Amount::Unknown,
        Some(rpo) if loss.unknown.is_empty() => Amount::Time(rpo),
        Some(rpo) => Amount::AtLeast(rpo),
    }
}
