//! One clock that goes by another, in another process: for an Espera that only looks on.

use serde::{Deserialize, Serialize};

use super::{Clock, Hand, Moment, Speed, running};

/// What a practice clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The present moment.
    pub now: Moment,
    /// The speed, also of a clock that stands.
    pub speed: Speed,
    /// Whether it stands.
    pub paused: bool,
}

impl Clock {
    /// What this clock shows; `None` for wall and manual clocks.
    #[must_use]
    pub fn reading(&self) -> Option<Reading> {
        let speed = self.speed()?;
        Some(Reading { now: self.now(), speed, paused: self.is_paused() })
    }

    /// Goes on as another clock was read; does nothing to wall and manual clocks. Where that one runs at
    /// full speed this one waits for the next reading: it does not know who is waited for over there.
    pub fn follow(&self, reading: Reading) {
        let mut state = self.lock();
        if matches!(state.hand, Hand::Wall | Hand::Manual { .. }) {
            return;
        }
        let at = reading.now;
        state.hand = match reading.speed {
            speed if reading.paused => Hand::Paused { at, speed },
            Speed::Max => running(at, Speed::Times(1.0)),
            speed => running(at, speed),
        };
        drop(state);
        self.moved.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn it_shows_what_was_read() {
        let (first, second) = (
            Clock::practice(Moment(7_000), Speed::Times(60.0)),
            Clock::practice(Moment(0), Speed::default()),
        );
        second.follow(first.reading().unwrap());
        assert_eq!(second.speed(), first.speed());
        assert!(second.now() >= Moment(7_000));
        first.pause();
        second.follow(first.reading().unwrap());
        assert!(second.is_paused());
        assert_eq!(second.now(), first.now());
        first.resume();
        second.follow(first.reading().unwrap());
        assert!(!second.is_paused());
    }

    #[tokio::test]
    async fn it_does_not_run_ahead_of_one_at_full_speed() {
        let clock = Clock::practice(Moment(0), Speed::default());
        clock.follow(Reading { now: Moment(5_000), speed: Speed::Max, paused: false });
        let day = clock.sleep(Duration::from_secs(86_400));
        assert!(tokio::time::timeout(Duration::from_millis(5), day).await.is_err());
        assert!(clock.now() < Moment(86_400_000));
    }

    #[test]
    fn a_reading_keeps_its_form_on_the_way() {
        for speed in [Speed::Times(20.0), Speed::Max] {
            let reading = Reading { now: Moment(1), speed, paused: true };
            let text = serde_json::to_string(&reading).unwrap();
            assert_eq!(serde_json::from_str::<Reading>(&text).unwrap(), reading, "{text}");
        }
    }
}
