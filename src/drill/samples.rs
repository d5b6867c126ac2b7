//! Drills written by hand, for the tests of this module.

use super::event::{Ending, Endpoints, Event, Kind, Outcome, Presence, Probe, VERSION, What};
use super::fold;
use super::plan::Plan;
use super::report::Report;
use crate::cloud::Fault;
use ground::clock::Moment;

/// Events in the making. Moments are whole seconds unless said otherwise.
pub(super) struct Drill {
    pub plan: Plan,
    events: Vec<Event>,
    numbers: [u64; 3],
}

/// A probe that got what it wanted.
pub(super) fn good() -> Outcome {
    Outcome::Good
}

/// A probe that did not.
pub(super) fn bad() -> Outcome {
    Outcome::Status { code: 503 }
}

impl Drill {
    pub fn new() -> Drill {
        Drill { plan: Plan::failover(Fault::Region), events: Vec::new(), numbers: [0; 3] }
    }

    /// A probe sent at `second` and answered 100 ms later.
    pub fn probe(&mut self, kind: Kind, second: u64, outcome: Outcome) -> &mut Drill {
        self.answered(kind, second * 1000, second * 1000 + 100, outcome)
    }

    /// A probe sent and answered at these milliseconds.
    pub fn answered(&mut self, kind: Kind, sent: u64, at: u64, outcome: Outcome) -> &mut Drill {
        let number = &mut self.numbers[kind as usize];
        *number += 1;
        let probe = Probe { kind, number: *number, sent: Moment(sent), outcome, region: None };
        self.events.push(Event { at: Moment(at), what: What::Probe(probe) });
        self
    }

    pub fn fault(&mut self, second: u64) -> &mut Drill {
        self.at(second, What::Fault { fault: self.plan.fault })
    }

    /// A look-up: `p`resent, `l`ost or unknown.
    pub fn found(&mut self, kind: Kind, number: u64, presence: char) -> &mut Drill {
        let presence = match presence {
            'p' => Presence::Present,
            'l' => Presence::Lost,
            _ => Presence::Unknown,
        };
        let at = self.events.last().map_or(0, |e| e.at.0 / 1000);
        self.at(at, What::Found { kind, number, presence })
    }

    pub fn finish(&mut self, second: u64) -> &mut Drill {
        self.at(second, What::Finished { ending: Ending::Recovered })
    }

    pub fn at(&mut self, second: u64, what: What) -> &mut Drill {
        self.events.push(Event { at: Moment(second * 1000), what });
        self
    }

    /// The events, beginning with the beginning at zero.
    pub fn events(&self) -> Vec<Event> {
        let (plan, scene) = (self.plan.clone(), Endpoints::default());
        let began = What::Began { version: VERSION, run: "sample".to_owned(), plan, scene };
        let mut events = vec![Event { at: Moment(0), what: began }];
        events.extend(self.events.iter().cloned());
        events
    }

    pub fn report(&self) -> Report {
        fold(&self.events())
    }
}
