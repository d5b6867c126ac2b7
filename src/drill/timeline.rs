//! The drill as a chart, as plain data: phases as bands, probes as marks, lag as a line. The screen and
//! the SVG draw the same.

use serde::{Deserialize, Serialize};

use super::event::{Event, Kind, What};
use super::fold;
use super::report::{Recovery, Report, Span};
use ground::clock::Moment;

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

/// The chart of what has happened so far.
#[must_use]
pub fn of(events: &[Event]) -> Timeline {
    let Some((first, last)) = events.first().zip(events.iter().map(|e| e.at).max()) else {
        return Timeline::default();
    };
    let report = fold(events);
    let span = Span { from: first.at, to: last };
    Timeline {
        span: Some(span),
        bands: bands(events, &report, span),
        marks: marks(events, &report),
        lag: events.iter().filter_map(|e| Some((e.at, lag(&e.what)?))).collect(),
    }
}

fn lag(what: &What) -> Option<u64> {
    match what {
        What::Lag { ms } => Some(*ms),
        _ => None,
    }
}

/// Where each phase begins. A later phase never goes back to an earlier one.
fn bands(events: &[Event], report: &Report, span: Span) -> Vec<Band> {
    let mut begins = vec![(span.from, Phase::Steady)];
    let mut reconciling = None;
    for event in events {
        let phase = match event.what {
            What::Fault { .. } => Phase::Fault,
            What::Detected { .. } => Phase::Detected,
            What::Step { .. } => Phase::FailingOver,
            What::Reconciling { .. } => Phase::Reconciling,
            _ => continue,
        };
        if phase == Phase::Reconciling {
            reconciling.get_or_insert(event.at);
        } else if begins.last().is_some_and(|(_, now)| (*now as u8) < phase as u8) {
            begins.push((event.at, phase));
        }
    }
    let end = reconciling.unwrap_or(span.to);
    if let Some(at) = recovery_moment(report).filter(|at| *at < end) {
        begins.push((at, Phase::Recovered));
    }
    begins.extend(reconciling.map(|at| (at, Phase::Reconciling)));
    let ends = begins.iter().skip(1).map(|(at, _)| *at).chain([span.to]).collect::<Vec<_>>();
    let bands = begins
        .iter()
        .zip(ends)
        .map(|((from, phase), to)| Band { phase: *phase, span: Span { from: *from, to } });
    bands.collect()
}

/// When all was well again: no step under way and every kind of probe answered; `None` before.
fn recovery_moment(report: &Report) -> Option<Moment> {
    let mut at = report.disrupted?;
    for step in &report.steps {
        at = at.max(step.ended?);
    }
    let mut touched = !report.steps.is_empty();
    for kind in Kind::ALL {
        match report.service(kind).recovery {
            Recovery::Away { .. } => return None,
            Recovery::Back { away, .. } => {
                touched = true;
                at = at.max(away.to);
            }
            Recovery::Unbroken | Recovery::Unmeasured => {}
        }
    }
    touched.then_some(at)
}

fn marks(events: &[Event], report: &Report) -> Vec<Mark> {
    let is_lost = |kind: Kind, number: u64| {
        let lost = report.loss(kind).map(|l| l.lost.as_slice()).unwrap_or_default();
        lost.binary_search_by_key(&number, |w| w.number).is_ok()
    };
    let mut marks: Vec<Mark> = events
        .iter()
        .filter_map(|event| {
            let What::Probe(probe) = &event.what else { return None };
            let sign = match probe.outcome.is_good() {
                false => Sign::Failed,
                true if is_lost(probe.kind, probe.number) => Sign::Lost,
                true => Sign::Good,
            };
            Some(Mark { kind: probe.kind, number: probe.number, sent: probe.sent, at: event.at, sign })
        })
        .collect();
    marks.sort_by_key(|m| (m.sent, m.kind));
    marks
}

impl Timeline {
    /// The column of a moment on a chart so many columns wide.
    #[must_use]
    pub fn column(&self, at: Moment, width: usize) -> usize {
        let Some(span) = self.span else { return 0 };
        let whole = span.length().as_millis().max(1);
        let part = at.since(span.from).as_millis().min(whole);
        let column = part * width as u128 / whole;
        usize::try_from(column).unwrap_or(usize::MAX).min(width.saturating_sub(1))
    }

    /// The chart scaled to `width` columns: of several probes in a column the worst shows, of several
    /// lags the largest, and the phase is the one at the column's middle.
    #[must_use]
    pub fn columns(&self, width: usize) -> Columns {
        let Some(span) = self.span.filter(|_| width > 0) else { return Columns::default() };
        let mut columns = Columns {
            phases: (0..width).map(|column| self.phase_at(middle(span, column, width))).collect(),
            signs: [vec![None; width], vec![None; width], vec![None; width]],
            lag: vec![None; width],
        };
        for mark in &self.marks {
            let row = &mut columns.signs[mark.kind as usize];
            let cell = &mut row[self.column(mark.sent, width)];
            *cell = (*cell).max(Some(mark.sign));
        }
        for (at, ms) in &self.lag {
            let cell = &mut columns.lag[self.column(*at, width)];
            *cell = (*cell).max(Some(*ms));
        }
        columns
    }

    fn phase_at(&self, at: Moment) -> Phase {
        let band = self.bands.iter().rev().find(|b| b.span.from <= at);
        band.map_or(Phase::Steady, |b| b.phase)
    }
}

fn middle(span: Span, column: usize, width: usize) -> Moment {
    let whole = span.length().as_millis();
    let part = whole * (2 * column as u128 + 1) / (2 * width as u128).max(1);
    Moment(span.from.0.saturating_add(u64::try_from(part).unwrap_or(u64::MAX)))
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
