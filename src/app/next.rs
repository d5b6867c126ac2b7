//! What a learner may want to do next in a drill under way, from what has been measured so far.

use super::drill_screen::{DrillRun, RunState};
use crate::cloud::facts::Role;
use crate::cloud::{Fault, Move};
use crate::drill::{Event, Hands, Kind, Report, Step, What};

/// The next thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Watch: the fault is yet to come.
    Watch,
    /// Espera acts by itself.
    Auto,
    /// A step is under way.
    Wait(Step),
    /// Take this step.
    Take(Step),
    /// All has been done; service has to come back.
    Recovering,
    /// The writes are being looked up.
    LookUp,
}

impl DrillRun {
    /// What to do next.
    #[must_use]
    pub fn next(&self) -> Next {
        if matches!(self.state, RunState::Ending) {
            return Next::LookUp;
        }
        let Some(report) = &self.report else { return Next::Watch };
        if let Some(step) = report.steps.iter().find(|s| s.ended.is_none()) {
            return Next::Wait(step.step);
        }
        if self.plan.hands == Hands::Auto {
            return if report.disrupted.is_some() { Next::Auto } else { Next::Watch };
        }
        next_by_hand(report, self.has_moved_writes())
    }

    /// Whether the pages that users get send their writes to the standby already: those of the standby do,
    /// and the edge serves them by itself once the primary's are gone.
    fn has_moved_writes(&self) -> bool {
        let read = |e: &Event| match &e.what {
            What::Probe(p) if p.kind == Kind::Read && p.outcome.is_good() => p.region.clone(),
            _ => None,
        };
        self.events.iter().rev().find_map(read).as_deref() == Some(Role::Standby.region())
    }
}

fn next_by_hand(report: &Report, writes_moved: bool) -> Next {
    let taken = |step: Step| report.steps.iter().any(|s| s.step == step && s.trouble.is_none());
    if report.plan.mode == Move::Switchover {
        return match () {
            () if !taken(Step::SwitchOver) => Next::Take(Step::SwitchOver),
            () if !taken(Step::SwitchWrites) => Next::Take(Step::SwitchWrites),
            () => Next::Recovering,
        };
    }
    if report.disrupted.is_none() {
        return Next::Watch;
    }
    // A database that lives takes forwarded writes: only the way to it is broken.
    let database_lives = matches!(report.plan.fault, Fault::Api | Fault::Instance);
    if !database_lives && !taken(Step::FailOver) && !taken(Step::SwitchOver) {
        return Next::Take(Step::FailOver);
    }
    if !writes_moved && !taken(Step::SwitchWrites) {
        return Next::Take(Step::SwitchWrites);
    }
    // Not by whether a probe fails just now: advice that comes and goes with each probe helps nobody.
    Next::Recovering
}
