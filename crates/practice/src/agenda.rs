//! What happens in a service by itself, in the order of time: each service keeps one.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use ground::clock::Moment;

/// Events and when they are due, the earliest first; those of one moment in the order they were added.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Agenda<E>(VecDeque<(Moment, E)>);

impl<E> Default for Agenda<E> {
    fn default() -> Self {
        Agenda(VecDeque::new())
    }
}

impl<E> Agenda<E> {
    /// Adds an event.
    pub fn add(&mut self, due: Moment, event: E) {
        let at = self.0.partition_point(|(d, _)| *d <= due);
        self.0.insert(at, (due, event));
    }

    /// When the next event is due.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.0.front().map(|(due, _)| *due)
    }

    /// Takes the next event that is due by `at`.
    pub fn take(&mut self, at: Moment) -> Option<E> {
        self.0.pop_front_if(|(due, _)| *due <= at).map(|(_, event)| event)
    }

    /// Drops the events for which `keep` says no.
    pub fn retain(&mut self, mut keep: impl FnMut(&E) -> bool) {
        self.0.retain(|(_, event)| keep(event));
    }
}
