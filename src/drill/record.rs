//! Writing a drill down: each event goes to the log, then into what is known, then to whoever watches.

use std::sync::Arc;

use super::context::DrillContext;
use super::event::{Event, What};
use super::log::{Log, is_durable};
use super::report::Report;
use super::{DrillError, fold};
use crate::cloud::Switchboard;
use ground::clock::Moment;

/// The events of a running drill and their log.
pub(super) struct Recorder<T> {
    log: Log,
    boards: Vec<Arc<dyn Switchboard>>,
    pub events: Vec<Event>,
    tell: T,
}

impl<T: Fn(&Event)> Recorder<T> {
    /// Goes on with a log.
    pub fn new(context: &DrillContext, log: Log, events: Vec<Event>, tell: T) -> Recorder<T> {
        Recorder { log, boards: context.switchboards.clone(), events, tell }
    }

    /// Begins the log of a new run with its first event.
    pub fn begin(
        context: &DrillContext,
        run: &str,
        first: Event,
        tell: T,
    ) -> Result<Recorder<T>, DrillError> {
        let log = Log::create(&context.folder, run, std::slice::from_ref(&first))?;
        tell(&first);
        Ok(Recorder::new(context, log, vec![first], tell))
    }

    /// Writes events down. When this returns, what must not be lost is on the disk.
    pub fn record(&mut self, events: Vec<Event>) -> Result<(), DrillError> {
        if events.iter().any(is_durable) {
            // The log must not know of a write that the world has lost.
            self.boards.iter().for_each(|board| board.settle());
        }
        self.log.write(&events)?;
        events.iter().for_each(&self.tell);
        self.events.extend(events);
        Ok(())
    }

    /// Writes one event down.
    pub fn record_one(&mut self, at: Moment, what: What) -> Result<(), DrillError> {
        self.record(vec![Event { at, what }])
    }

    pub fn report(&self) -> Report {
        fold(&self.events)
    }
}
