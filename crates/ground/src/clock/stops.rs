//! A program that is stopped (Ctrl-Z, SIGSTOP, a frozen container) and goes on later: practice time stands
//! meanwhile, so that nobody comes back to a world that has run for hours without them.

use std::time::{Duration, Instant};

use super::{Clock, Hand, State};

/// How often the clock is looked at while the program runs.
const BEAT: Duration = Duration::from_secs(1);
/// A gap between two looks that is longer than this one is a stop and does not count. A machine that is
/// only busy leaves shorter ones; were it not so, practice time would merely run a little slower.
const STOP: Duration = Duration::from_secs(3);

impl Clock {
    /// From here on a running practice clock stands while the whole program is stopped. It takes a thread
    /// that looks at the clock once a second, for as long as the clock is used.
    pub fn stand_while_stopped(&self) {
        let state = std::sync::Arc::downgrade(&self.state);
        let beat = move || {
            while let Some(state) = state.upgrade() {
                state.lock().unwrap_or_else(std::sync::PoisonError::into_inner).now();
                drop(state);
                std::thread::sleep(BEAT);
            }
        };
        // Without the thread a long silence is no sign of a stop, and time goes on as ever.
        if std::thread::Builder::new().name("beat".into()).spawn(beat).is_ok() {
            self.lock().seen = Some(Instant::now());
        }
    }
}

impl State {
    /// Takes note that the program runs at `present`; a stop since the last time is taken out of the time
    /// that passed.
    pub(super) fn is_seen(&mut self, present: Instant) {
        let Some(last) = &mut self.seen else { return };
        let gap = present.saturating_duration_since(*last);
        *last = present;
        if gap > STOP
            && let Hand::Running { real, .. } = &mut self.hand
        {
            *real += gap;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Moment, Speed};
    use super::*;

    #[test]
    fn hours_in_which_the_program_was_stopped_do_not_count() {
        let clock = Clock::practice(Moment(0), Speed::Times(20.0));
        let mut state = clock.lock();
        let began = match state.hand {
            Hand::Running { real, .. } => real,
            _ => panic!("a practice clock runs"),
        };
        let after = |seconds| began + Duration::from_secs(seconds);
        state.seen = Some(began);
        for seconds in [1, 2, 3, 3603, 3604, 3606] {
            state.is_seen(after(seconds));
        }
        // Six seconds were lived through: it is as if the program had begun an hour later.
        assert!(matches!(state.hand, Hand::Running { real, .. } if real == after(3600)));
        state.seen = None;
        state.is_seen(after(9999));
        assert!(matches!(state.hand, Hand::Running { real, .. } if real == after(3600)), "not asked to");
    }

    #[test]
    fn time_never_goes_back() {
        let clock = Clock::practice(Moment(0), Speed::Times(10_000.0));
        clock.stand_while_stopped();
        let mut before = clock.now();
        for _ in 0..1000 {
            let now = clock.now();
            assert!(now >= before);
            before = now;
        }
    }
}
