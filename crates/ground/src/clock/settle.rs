//! When a `Max` clock may jump: once nobody has anything left to do at this moment.

use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};

use super::{Clock, Moment};

/// Rounds of the runtime without a stir after which all is quiet: many times what a call of the SDK to
/// the practice world needs from one wait to the next.
const QUIET: u32 = 40;
/// The pause where rounds tell nothing, for the work is on other threads.
const PAUSE: Duration = Duration::from_millis(1);

/// Waits until all others on this clock wait too, or until it shows `deadline`. On one thread everything
/// that can go on has its turn in each round of the runtime, so some rounds in which nobody stirs are
/// proof enough; a jump made earlier would take someone past a moment it was about to wait for.
pub(super) async fn wait_until_settled(clock: &Clock, deadline: Moment) {
    if Handle::current().runtime_flavor() != RuntimeFlavor::CurrentThread {
        tokio::time::sleep(PAUSE).await;
        return;
    }
    let (mut stirs, mut quiet) = (clock.lock().stirs, 0);
    while quiet < QUIET && clock.now() < deadline {
        tokio::task::yield_now().await;
        let now = clock.lock().stirs;
        quiet = if now == stirs { quiet + 1 } else { 0 };
        stirs = now;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::clock::{Clock, Moment, Speed};

    /// One works a little between two waits; others, waiting all the time, must not run away from it.
    #[tokio::test]
    async fn nobody_is_taken_past_a_moment_it_was_about_to_wait_for() {
        let clock = Clock::practice(Moment(0), Speed::Max);
        for other in [333, 777, 1001] {
            let clock = clock.clone();
            tokio::spawn(async move {
                loop {
                    clock.sleep(Duration::from_millis(other)).await;
                }
            });
        }
        for second in 1..=200 {
            clock.sleep(Duration::from_secs(1)).await;
            assert_eq!(clock.now(), Moment(second * 1000));
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
        }
    }
}
