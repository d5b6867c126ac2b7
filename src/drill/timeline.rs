//! The drill as a chart, as plain data: phases as bands, probes as marks, lag as a line. The screen and
//! the SVG draw the same.

use serde::{Deserialize, Serialize};

use super::event::{Kind, Span};
use crate::clock::Moment;

/// The chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// From the first event to the last.
    pub span: Option<Span>,
    /// The phases in order, without gaps.
    pub bands: Vec<Band>,
    /// Every probe in the order of sending.
    pub marks: Vec<Mark>,
    /// Replication lag of Aurora in milliseconds, in order of time.
    pub lag: Vec<(Moment, u64)>,
}

/// A phase of the drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// All is well, before the fault.
    Steady,
    /// The fault is there and nobody has noticed.
    Fault,
    /// It has been noticed; nothing is done yet.
    Detected,
    /// The recovery is under way.
    FailingOver,
    /// All is well again.
    Recovered,
    /// Every acknowledged write is being looked up.
    Reconciling,
}

/// A phase with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// Which phase.
    pub phase: Phase,
    /// Its time.
    pub span: Span,
}

/// A probe on the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What it tried.
    pub kind: Kind,
    /// Its number among those of its kind.
    pub number: u64,
    /// When it was sent.
    pub sent: Moment,
    /// When it ended.
    pub at: Moment,
    /// What became of it.
    pub sign: Sign,
}

/// What became of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// Served or acknowledged.
    Good,
    /// Failed.
    Failed,
    /// Acknowledged and lost.
    Lost,
}

/// The chart in so many columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The phase of each column.
    pub phases: Vec<Phase>,
    /// For each kind, in the order of [`Kind::ALL`], the worst sign of each column; `None` where none was sent.
    pub signs: [Vec<Option<Sign>>; 3],
    /// The largest lag of each column in milliseconds; `None` where none was seen.
    pub lag: Vec<Option<u64>>,
}
