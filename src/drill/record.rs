//! Writing a drill down: each event goes to the log, then into what is known, then to whoever watches.

use std::path::Path;

use super::event::{Event, What};
use super::log::Log;
use super::report::Report;
use super::{DrillError, fold};
use crate::clock::Moment;

/// The events of a running drill and their log.
pub(super) struct Recorder<T> {
    log: Log,
    pub events: Vec<Event>,
    tell: T,
}

impl<T: Fn(&Event)> Recorder<T> {
    pub fn new(log: Log, events: Vec<Event>, tell: T) -> Recorder<T> {
        Recorder { log, events, tell }
    }

    /// Begins the log of a new run with its first event.
    pub fn begin(folder: &Path, run: &str, first: Event, tell: T) -> Result<Recorder<T>, DrillError> {
        let log = Log::create(folder, run, std::slice::from_ref(&first))?;
        tell(&first);
        Ok(Recorder::new(log, vec![first], tell))
    }

    /// Writes events down. When this returns, what must not be lost is on the disk.
    pub fn record(&mut self, events: Vec<Event>) -> Result<(), DrillError> {
        self.log.write(&events)?;
        events.iter().for_each(&self.tell);
        self.events.extend(events);
        Ok(())
    }

    /// Writes one event down.
    pub fn one(&mut self, at: Moment, what: What) -> Result<(), DrillError> {
        self.record(vec![Event { at, what }])
    }

    pub fn report(&self) -> Report {
        fold(&self.events)
    }
}
