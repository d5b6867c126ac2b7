//! Work that takes real time but no practice time: a `Max` clock must not jump on meanwhile.

use super::Clock;

/// Keeps a `Max` clock from jumping while it lives; other clocks do not mind it.
#[derive(Debug)]
pub struct Hold {
    clock: Clock,
}

impl Clock {
    /// Holds a `Max` clock still until the guard is dropped. Whoever sleeps on the clock must not
    /// hold it: it would never wake.
    #[must_use]
    pub fn hold(&self) -> Hold {
        let mut state = self.lock();
        state.holds += 1;
        state.stirs += 1;
        drop(state);
        Hold { clock: self.clone() }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut state = self.clock.lock();
        state.holds -= 1;
        state.stirs += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::clock::{Clock, Moment, Speed};

    #[tokio::test]
    async fn work_takes_no_time_of_a_clock_that_jumps() {
        let clock = Clock::practice(Moment(0), Speed::Max);
        let hold = clock.hold();
        let other = clock.clone();
        let sleeper = tokio::spawn(async move { other.sleep(Duration::from_secs(60)).await });
        // Real time, long enough for many jumps: none happens.
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(clock.now(), Moment(0));
        drop(hold);
        sleeper.await.unwrap();
        assert_eq!(clock.now(), Moment(60_000));
    }
}
