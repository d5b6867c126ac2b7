//! From events to report: pure, at any moment of a drill. All arithmetic of RTO and RPO is here.

use std::collections::BTreeMap;
use std::time::Duration;

use super::event::{Ending, Event, Kind, Presence, Probe, What};
use super::identity;
use super::plan::{Plan, Step, Targets};
use super::report::{
    Detection, Loss, LostWrite, Measure, Met, Recovery, Report, SCHEMA, Service, Span, StepTaken, Verdict,
};
use crate::cloud::Move;
use ground::clock::Moment;

/// The report of what has happened so far.
#[must_use]
pub fn fold(events: &[Event]) -> Report {
    let mut fold = Fold::default();
    for event in events {
        fold.take(event);
    }
    fold.report()
}

/// What one look at the events gathers.
#[derive(Default)]
struct Fold<'a> {
    run: &'a str,
    plan: Plan,
    began: Moment,
    disrupted: Option<Moment>,
    ended: Option<(Moment, Ending)>,
    detected: Option<Detection>,
    decided: Option<Moment>,
    steps: Vec<StepTaken>,
    probes: Vec<(Moment, &'a Probe)>,
    found: BTreeMap<(Kind, u64), Presence>,
    returned: Vec<(Kind, u64)>,
    lag: Option<u64>,
}

impl<'a> Fold<'a> {
    fn take(&mut self, event: &'a Event) {
        let at = event.at;
        match &event.what {
            What::Began { run, plan, .. } => {
                (self.run, self.plan, self.began) = (run, plan.clone(), at);
            }
            What::Probe(probe) => self.probes.push((at, probe)),
            What::Fault { .. } => {
                self.disrupted.get_or_insert(at);
            }
            What::Detected { by } => {
                let after = at.since(self.disrupted.unwrap_or(at));
                self.detected.get_or_insert(Detection { after, by: by.clone() });
            }
            What::Step { step } => self.step(*step, at),
            What::Ended { step, trouble } => {
                let open = self.steps.iter_mut().rfind(|s| s.step == *step && s.ended.is_none());
                if let Some(taken) = open {
                    (taken.ended, taken.trouble) = (Some(at), trouble.clone());
                }
            }
            // Once the writer has moved it is the other Region that is behind, and nothing hangs on it.
            What::Lag { ms } if !self.has_writer_moved() => self.lag = self.lag.max(Some(*ms)),
            What::Found { kind, number, presence } => {
                self.found.insert((*kind, *number), *presence);
            }
            What::Returned { kind, number } => self.returned.push((*kind, *number)),
            What::Finished { ending } => self.ended = Some((at, *ending)),
            What::Lag { .. }
            | What::Undo { .. }
            | What::Asked { .. }
            | What::Note { .. }
            | What::Reconciling { .. }
            | What::Undone { .. } => {}
        }
    }

    fn has_writer_moved(&self) -> bool {
        let moves = |s: &StepTaken| matches!(s.step, Step::FailOver | Step::SwitchOver);
        self.steps.iter().any(|s| moves(s) && s.ended.is_some() && s.trouble.is_none())
    }

    fn step(&mut self, step: Step, at: Moment) {
        if self.plan.mode == Move::Switchover {
            self.disrupted.get_or_insert(at);
        }
        if self.disrupted.is_some() {
            self.decided.get_or_insert(at);
        }
        self.steps.push(StepTaken { step, began: at, ended: None, trouble: None });
    }

    fn report(self) -> Report {
        let mut report = Report {
            schema: SCHEMA,
            run: self.run.to_owned(),
            began: self.began,
            disrupted: self.disrupted,
            ended: self.ended.map(|(at, _)| at),
            ending: self.ended.map(|(_, ending)| ending),
            detected: self.detected.clone(),
            decided: self.decided.zip(self.disrupted).map(|(at, from)| at.since(from)),
            steps: self.steps.clone(),
            reads: self.service(Kind::Read),
            users: self.service(Kind::User),
            baskets: self.service(Kind::Basket),
            users_lost: self.loss(Kind::User),
            baskets_lost: self.loss(Kind::Basket),
            lag_most_ms: self.lag,
            verdicts: Vec::new(),
            plan: self.plan,
        };
        report.verdicts = verdicts(&report);
        report
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = (Moment, &'a Probe)> + '_ {
        self.probes.iter().filter(move |(_, p)| p.kind == kind).copied()
    }

    fn service(&self, kind: Kind) -> Service {
        let mut service = Service { recovery: self.recovery(kind), ..Service::default() };
        for (at, probe) in self.of(kind) {
            service.probes += 1;
            if probe.outcome.is_good() {
                service.good += 1;
                service.slowest = service.slowest.max(at.since(probe.sent));
            } else if self.disrupted.is_some_and(|from| at >= from) {
                service.errors += 1;
            } else {
                service.errors_before += 1;
            }
        }
        service
    }

    fn recovery(&self, kind: Kind) -> Recovery {
        let Some(disrupted) = self.disrupted else { return Recovery::Unmeasured };
        let after: Vec<_> = self.of(kind).filter(|(at, _)| *at >= disrupted).collect();
        if after.is_empty() {
            return Recovery::Unmeasured;
        }
        let failed = || after.iter().filter(|(_, p)| !p.outcome.is_good());
        let Some(first) = failed().map(|(_, p)| p.sent).min() else { return Recovery::Unbroken };
        let last = failed().map(|(_, p)| p.sent).max().unwrap_or(first);
        let back =
            after.iter().filter(|(_, p)| p.outcome.is_good() && p.sent > last).map(|(at, _)| *at).min();
        match back {
            Some(to) => Recovery::Back { after: to.since(disrupted), away: Span { from: first, to } },
            None => {
                let to = failed().map(|(at, _)| *at).max().unwrap_or(last);
                Recovery::Away { least: to.since(disrupted), away: Span { from: first, to } }
            }
        }
    }

    fn loss(&self, kind: Kind) -> Loss {
        let mut loss = Loss::default();
        for (at, probe) in self.of(kind).filter(|(_, p)| p.outcome.is_good()) {
            loss.acknowledged += 1;
            match self.found.get(&(kind, probe.number)) {
                Some(Presence::Present) => loss.present += 1,
                Some(Presence::Lost) => loss.lost.push(LostWrite {
                    number: probe.number,
                    id: identity::key(self.run, kind, probe.number),
                    acknowledged: at,
                }),
                Some(Presence::Unknown) | None => loss.unknown.push(probe.number),
            }
        }
        loss.lost.sort_by_key(|w| w.number);
        loss.unknown.sort_unstable();
        let returned = |number: &u64| self.returned.contains(&(kind, *number));
        loss.returned = loss.lost.iter().map(|w| w.number).filter(returned).collect();
        loss.window = window(&loss.lost, self.disrupted);
        loss
    }
}

/// The RPO in time: from the oldest lost write to the disruption, or to the newest lost one if that
/// was acknowledged later.
fn window(lost: &[LostWrite], disrupted: Option<Moment>) -> Option<Span> {
    let from = lost.iter().map(|w| w.acknowledged).min()?;
    let newest = lost.iter().map(|w| w.acknowledged).max()?;
    Some(Span { from, to: newest.max(disrupted.unwrap_or(newest)) })
}

fn verdicts(report: &Report) -> Vec<Verdict> {
    let Targets { rto, rpo } = report.plan.targets;
    let times = Kind::ALL.map(|kind| {
        let recovery = report.service(kind).recovery;
        let met = match recovery {
            // A drill that was ended too early tells nothing of a target that had not passed yet.
            Recovery::Away { least, .. } if least > rto => Met::No,
            _ => met(recovery.time(), rto),
        };
        Verdict { measure: Measure::Rto(kind), target: rto, actual: recovery.time(), met }
    });
    let losses = Kind::WRITES.map(|kind| {
        let actual = report.loss(kind).and_then(Loss::rpo);
        let open = report.loss(kind).is_none_or(|l| !l.unknown.is_empty());
        let met = match met(actual, rpo) {
            Met::Yes if open => Met::Unknown,
            met => met,
        };
        Verdict { measure: Measure::Rpo(kind), target: rpo, actual, met }
    });
    times.into_iter().chain(losses).collect()
}

fn met(actual: Option<Duration>, target: Duration) -> Met {
    match actual {
        Some(actual) if actual <= target => Met::Yes,
        Some(_) => Met::No,
        None => Met::Unknown,
    }
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
