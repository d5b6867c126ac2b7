//! Where a running drill stands and what is due next. It knows only what the events tell, so a rule of
//! the drill can be tested without probing anything.

use std::collections::BTreeMap;
use std::time::Duration;

use super::event::{Ending, Endpoints, Event, Kind, Probe, Signal, What};
use super::plan::{Hands, Plan, Step};
use crate::cloud::Move;
use ground::clock::Moment;

/// Between two tries of a step that failed.
const AGAIN: Duration = Duration::from_secs(30);

/// Where a drill stands.
#[derive(Clone, Debug)]
pub(super) struct State {
    plan: Plan,
    endpoints: Endpoints,
    /// The API that the edge's pages named last: where writes go.
    pub host: String,
    /// Whether the fault is on its way.
    pub striking: bool,
    disrupted: Option<Moment>,
    detected: bool,
    edge: Edge,
    /// Failed probes in a row.
    failing: [u32; 3],
    /// Lag as last seen since the fault, and the most of it before: what was so already is no sign.
    lag: u64,
    calm: u64,
    /// The last time anything went wrong or was changed.
    unsteady: Moment,
    began: Moment,
    /// When each step was last begun, and how it ended.
    steps: BTreeMap<Step, (Moment, Outcome)>,
}

/// Which Region's pages the edge served.
#[derive(Clone, Debug, Default)]
struct Edge {
    first: Option<String>,
    other: Option<String>,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Running,
    Done,
    Failed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Fault,
    /// The fault has been noticed.
    Notice(Signal),
    /// A step, by Espera's own hands.
    Step(Step),
    /// The end of probing.
    End(Ending),
}

impl State {
    pub fn new(plan: Plan, endpoints: Endpoints, began: Moment) -> State {
        State {
            host: endpoints.primary.clone(),
            plan,
            endpoints,
            striking: false,
            disrupted: None,
            detected: false,
            edge: Edge::default(),
            failing: [0; 3],
            lag: 0,
            calm: 0,
            unsteady: began,
            began,
            steps: BTreeMap::new(),
        }
    }

    /// Takes in what happened.
    pub fn take(&mut self, event: &Event) {
        match &event.what {
            What::Probe(probe) => self.probe(probe, event.at),
            What::Fault { .. } => (self.disrupted, self.unsteady) = (Some(event.at), event.at),
            What::Detected { .. } => self.detected = true,
            What::Step { step } => {
                self.steps.insert(*step, (event.at, Outcome::Running));
                if self.plan.mode == Move::Switchover {
                    self.disrupted.get_or_insert(event.at);
                }
            }
            What::Ended { step, trouble } => {
                let ended = if trouble.is_none() { Outcome::Done } else { Outcome::Failed };
                self.steps.insert(*step, (event.at, ended));
                self.unsteady = event.at;
            }
            What::Lag { ms } if self.disrupted.is_none() => self.calm = self.calm.max(*ms),
            What::Lag { ms } => self.lag = *ms,
            _ => {}
        }
    }

    fn probe(&mut self, probe: &Probe, at: Moment) {
        let failing = &mut self.failing[probe.kind as usize];
        if !probe.outcome.is_good() {
            *failing += 1;
            self.unsteady = at;
            return;
        }
        *failing = 0;
        if probe.kind == Kind::Read {
            match &self.edge.first {
                None => self.edge.first.clone_from(&probe.region),
                first if *first != probe.region => self.edge.other.clone_from(&probe.region),
                Some(_) => {}
            }
        }
    }

    /// What is due now; nothing most of the time.
    pub fn due(&self, now: Moment) -> Option<Due> {
        let Some(disrupted) = self.disrupted else { return self.due_before(now) };
        if now.since(disrupted) >= self.plan.limit {
            return Some(Due::End(Ending::Limit));
        }
        if self.plan.mode == Move::Failover && !self.detected {
            return self.signal(disrupted, now).map(Due::Notice);
        }
        if self.is_settled(now) {
            return Some(Due::End(Ending::Recovered));
        }
        self.next_step(now).map(Due::Step)
    }

    fn due_before(&self, now: Moment) -> Option<Due> {
        let steady = now.since(self.unsteady) >= self.plan.steady;
        match (self.plan.mode, self.plan.hands) {
            (Move::Failover, _) if self.striking => None,
            (Move::Failover, _) if steady => Some(Due::Fault),
            (Move::Switchover, Hands::Auto) if steady => Some(Due::Step(Step::SwitchOver)),
            _ if now.since(self.began) >= self.plan.limit => Some(Due::End(Ending::Limit)),
            _ => None,
        }
    }

    /// What a person on duty would notice first.
    fn signal(&self, disrupted: Moment, now: Moment) -> Option<Signal> {
        for kind in Kind::ALL {
            let failed = self.failing[kind as usize];
            if failed >= self.plan.detect_after {
                return Some(Signal::Probes { kind, failed });
            }
        }
        if let Some(region) = &self.edge.other {
            return Some(Signal::Edge { region: region.clone() });
        }
        if u128::from(self.lag) > self.plan.targets.rpo.as_millis() && self.lag > 2 * self.calm {
            return Some(Signal::Lag { ms: self.lag });
        }
        let patient = self.plan.hands == Hands::Learner || now.since(disrupted) < self.plan.grace;
        (!patient).then_some(Signal::Grace)
    }

    /// The step that moves the writer in this plan.
    fn main_step(&self) -> Step {
        match self.plan.mode {
            Move::Failover => Step::FailOver,
            Move::Switchover => Step::SwitchOver,
        }
    }

    fn next_step(&self, now: Moment) -> Option<Step> {
        if self.plan.hands == Hands::Learner {
            return None;
        }
        let main = self.main_step();
        let wanted = match self.steps.get(&main) {
            Some((_, Outcome::Running)) => return None,
            Some((_, Outcome::Done)) if self.writes_at_primary() => Step::SwitchWrites,
            Some((_, Outcome::Done)) => return None,
            Some((_, Outcome::Failed)) | None => main,
        };
        match self.steps.get(&wanted) {
            Some((_, Outcome::Running)) => None,
            // What was done shows in the pages only with the next read; what failed is tried again.
            Some((at, _)) if now.since(*at) < AGAIN => None,
            _ => Some(wanted),
        }
    }

    /// Whether writes still go to the primary's API.
    pub fn writes_at_primary(&self) -> bool {
        self.host == self.endpoints.primary
    }

    fn is(&self, step: Step, outcome: Outcome) -> bool {
        self.steps.get(&step).is_some_and(|(_, o)| *o == outcome)
    }

    /// Whether a step is under way.
    pub fn is_running(&self, step: Step) -> bool {
        self.is(step, Outcome::Running)
    }

    /// Whether something was done about it and all has been well for long enough since.
    fn is_settled(&self, now: Moment) -> bool {
        let moved = [Step::FailOver, Step::SwitchOver].iter().any(|s| self.is(*s, Outcome::Done));
        let acted = self.steps.values().any(|(_, o)| *o == Outcome::Done);
        let ready = match self.plan.hands {
            Hands::Auto => moved,
            Hands::Learner => acted,
        };
        let resting = !self.steps.values().any(|(_, o)| *o == Outcome::Running);
        // A probe sent in bad times may fail only when its patience is over.
        let long = self.plan.steady.max(self.plan.patience + self.plan.every);
        ready
            && resting
            && !(moved && self.writes_at_primary())
            && self.failing == [0; 3]
            && now.since(self.unsteady) >= long
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
