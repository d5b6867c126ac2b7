//! When the watcher looks again: soon while something moves, seldom at rest, and ever more seldom while
//! AWS asks for fewer questions. For the watcher alone.

use std::time::Duration;

use ground::seed::{STEP, mix};

/// Between looks while something moves, in the world's time: CloudFormation allows no faster.
const BUSY: Duration = Duration::from_secs(4);
/// Between looks at rest, in the world's time.
const REST: Duration = Duration::from_secs(30);
/// The longest pause when looks fail, in the world's time.
const MOST: Duration = Duration::from_secs(120);

/// How hard it was to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Strain {
    /// All that was asked was answered, or only one lost Region was not: no reason to look less often.
    #[default]
    None,
    /// Something was refused, or nothing answers at all.
    Failing,
    /// AWS asks for fewer questions.
    Throttled,
}

/// The pauses between looks: doubled with every hard look in a row up to a limit, and spread by chance so
/// that many who were throttled together do not come back together.
#[derive(Clone, Debug)]
pub(super) struct Backoff {
    hard: u32,
    chance: u64,
}

impl Backoff {
    /// A backoff whose chance is fixed by `seed`.
    pub(super) fn new(seed: u64) -> Backoff {
        Backoff { hard: 0, chance: seed }
    }

    /// The pause after a look, in the world's time.
    pub(super) fn pause(&mut self, busy: bool, strain: Strain) -> Duration {
        let base = if busy { BUSY } else { REST };
        if strain == Strain::None {
            self.hard = 0;
            return base;
        }
        self.hard = (self.hard + 1).min(6);
        let most = base.saturating_mul(1 << self.hard).min(MOST);
        // Never less than the usual pause: chance only spreads what was added.
        base + (most - base).mul_f64(0.5 + self.draw() / 2.0)
    }

    /// A number from 0 to 1.
    fn draw(&mut self) -> f64 {
        let drawn = mix(self.chance);
        self.chance = self.chance.wrapping_add(STEP);
        f64::from(u32::try_from(drawn >> 32).unwrap_or_default()) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(seed: u64) -> Vec<Duration> {
        let mut backoff = Backoff::new(seed);
        (0..12).map(|_| backoff.pause(true, Strain::Throttled)).collect()
    }

    #[test]
    fn throttled_looks_come_ever_more_seldom_up_to_a_limit() {
        for seed in 0..500 {
            let pauses = pauses(seed);
            for (n, pause) in pauses.iter().enumerate() {
                let most = (BUSY * (2 << n.min(5))).min(MOST);
                let least = BUSY + (most - BUSY) / 2;
                assert!((least..=most).contains(pause), "{seed}, {n}: {pause:?}");
            }
            assert!(pauses[4..].iter().all(|p| *p >= Duration::from_secs(62)), "{pauses:?}");
        }
    }

    #[test]
    fn chance_spreads_them_and_the_seed_repeats_them() {
        assert_eq!(pauses(7), pauses(7));
        let mut thirds: Vec<Duration> = (0..200).map(|seed| pauses(seed)[2]).collect();
        thirds.sort();
        thirds.dedup();
        assert!(thirds.len() > 150, "only {} different pauses", thirds.len());
        assert!(thirds[thirds.len() - 1] - thirds[0] > Duration::from_secs(10));
    }

    #[test]
    fn one_look_without_trouble_ends_it() {
        let mut backoff = Backoff::new(1);
        for _ in 0..9 {
            backoff.pause(false, Strain::Failing);
        }
        assert_eq!(backoff.pause(false, Strain::None), REST);
        assert!(backoff.pause(true, Strain::Throttled) <= BUSY * 2);
    }
}
