//! Time for everything in Espera: the wall clock, or practice time that runs at a speed, can be
//! paused, jumps from event to event (`Speed::Max`), or moves only when a test says so.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

mod civil;
mod follow;
mod hold;
mod settle;
mod stops;
mod words;

pub use follow::Reading;
pub use hold::Hold;
use settle::wait_until_settled;
pub use words::{clock_face, parse_span, span};

/// A point in time: milliseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub u64);

impl Moment {
    /// The moment `d` after this one (saturating).
    #[must_use]
    pub fn after(self, d: Duration) -> Moment {
        Moment(self.0.saturating_add(millis(d)))
    }

    /// Time from `earlier` to this moment; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Moment) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// Whole seconds since the Unix epoch.
    #[must_use]
    pub fn unix_seconds(self) -> u64 {
        self.0 / 1000
    }

    /// ISO 8601 with milliseconds in UTC, as AWS writes it: `2026-11-22T23:26:00.123Z`.
    #[must_use]
    pub fn iso8601(self) -> String {
        civil::iso8601(self.0)
    }

    /// This moment as system time, for interfaces that want one.
    #[must_use]
    pub fn system_time(self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.0)
    }
}

impl From<SystemTime> for Moment {
    fn from(t: SystemTime) -> Self {
        Moment(t.duration_since(UNIX_EPOCH).map(millis).unwrap_or_default())
    }
}

fn millis(d: Duration) -> u64 {
    u64::try_from(d.as_millis()).unwrap_or(u64::MAX)
}

/// How fast practice time runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speed {
    /// So many practice seconds in one real second (0.1 to 10,000).
    Times(f64),
    /// As fast as the work allows: time jumps to the next moment anyone waits for.
    Max,
}

impl Default for Speed {
    /// Twenty practice seconds a second: the whole module in about ten minutes.
    fn default() -> Self {
        Speed::Times(20.0)
    }
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        if s.eq_ignore_ascii_case("max") {
            return Ok(Speed::Max);
        }
        match s.trim_start_matches(['x', '×']).parse::<f64>() {
            Ok(n) if (0.1..=10_000.0).contains(&n) => Ok(Speed::Times(n)),
            // As clap words a range, which the Spanish command line says in its own words.
            _ => Err(format!("{s} is not in 0.1..10000|max")),
        }
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Speed::Times(n) => write!(f, "×{n}"),
            Speed::Max => f.write_str("×max"),
        }
    }
}

#[derive(Debug)]
enum Hand {
    Wall,
    Running { real: Instant, at: Moment, speed: f64 },
    Paused { at: Moment, speed: Speed },
    Max { at: Moment },
    Manual { at: Moment },
}

#[derive(Debug)]
struct State {
    hand: Hand,
    /// Who waits for which moment; only `Max` and `Manual` are driven by it.
    waiting: BTreeMap<(Moment, u64), ()>,
    ticket: u64,
    /// How many are at work; a `Max` clock stands meanwhile.
    holds: usize,
    /// Counts everything that says that somebody is still at it: who begins or ends to wait, each jump.
    stirs: u64,
    /// When the program was last seen to run; `None` where stops count as time (`stops`).
    seen: Option<Instant>,
}

impl State {
    /// The present moment.
    fn now(&mut self) -> Moment {
        self.is_seen(Instant::now());
        now(&self.hand)
    }
}

/// A clock that all parts of one Espera share; clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock {
    state: Arc<Mutex<State>>,
    moved: Arc<Notify>,
}

impl Clock {
    fn with(hand: Hand) -> Clock {
        Clock {
            state: Arc::new(Mutex::new(State {
                hand,
                waiting: BTreeMap::new(),
                ticket: 0,
                holds: 0,
                stirs: 0,
                seen: None,
            })),
            moved: Arc::new(Notify::new()),
        }
    }

    /// The time of day; speed and pause do not apply.
    #[must_use]
    pub fn wall() -> Clock {
        Clock::with(Hand::Wall)
    }

    /// Practice time from `start` at `speed`.
    #[must_use]
    pub fn practice(start: Moment, speed: Speed) -> Clock {
        Clock::with(running(start, speed))
    }

    /// A clock that only `advance` moves: for tests.
    #[must_use]
    pub fn manual(start: Moment) -> Clock {
        Clock::with(Hand::Manual { at: start })
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.lock().now()
    }

    /// The speed, or `None` for wall and manual clocks.
    #[must_use]
    pub fn speed(&self) -> Option<Speed> {
        match self.lock().hand {
            Hand::Running { speed, .. } => Some(Speed::Times(speed)),
            Hand::Paused { speed, .. } => Some(speed),
            Hand::Max { .. } => Some(Speed::Max),
            Hand::Wall | Hand::Manual { .. } => None,
        }
    }

    /// Goes on at another speed from the present moment; a paused clock stays paused.
    pub fn set_speed(&self, speed: Speed) {
        let mut state = self.lock();
        let at = state.now();
        match state.hand {
            Hand::Running { .. } | Hand::Max { .. } => state.hand = running(at, speed),
            Hand::Paused { .. } => state.hand = Hand::Paused { at, speed },
            Hand::Wall | Hand::Manual { .. } => {}
        }
        drop(state);
        self.moved.notify_waiters();
    }

    /// Stops practice time; does nothing to wall and manual clocks.
    pub fn pause(&self) {
        let mut state = self.lock();
        let at = state.now();
        match state.hand {
            Hand::Running { speed, .. } => state.hand = Hand::Paused { at, speed: Speed::Times(speed) },
            Hand::Max { .. } => state.hand = Hand::Paused { at, speed: Speed::Max },
            _ => {}
        }
    }

    /// Lets a paused clock go on.
    pub fn resume(&self) {
        let mut state = self.lock();
        if let Hand::Paused { at, speed } = state.hand {
            state.hand = running(at, speed);
        }
        drop(state);
        self.moved.notify_waiters();
    }

    /// Whether practice time stands still.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        matches!(self.lock().hand, Hand::Paused { .. })
    }

    /// Moves practice or manual time ahead by `d` at once; the wall clock cannot be moved.
    pub fn advance(&self, d: Duration) {
        let mut state = self.lock();
        let to = state.now().after(d);
        set(&mut state.hand, to);
        drop(state);
        self.moved.notify_waiters();
    }

    /// Goes on from `at`, earlier or later, at the same speed: where a saved world was left.
    pub fn set_to(&self, at: Moment) {
        set(&mut self.lock().hand, at);
        self.moved.notify_waiters();
    }

    /// Waits until `d` of this clock's time has passed.
    pub async fn sleep(&self, d: Duration) {
        self.sleep_until(self.now().after(d)).await;
    }

    /// Waits until this clock shows `deadline` or later. On a `Max` clock time jumps to the earliest
    /// moment waited for once all others have said what they wait for.
    pub async fn sleep_until(&self, deadline: Moment) {
        let waiting = Waiting::new(self, deadline);
        loop {
            // Created before the time is read, so that a move in between is not missed.
            let moved = self.moved.notified();
            match self.wait_for(deadline) {
                Wait::Over => break,
                Wait::Real(d) => {
                    let _ = tokio::time::timeout(d, moved).await;
                }
                Wait::Moved => moved.await,
                Wait::Jump => {
                    wait_until_settled(self, deadline).await;
                    self.jump();
                }
            }
        }
        drop(waiting);
    }

    fn wait_for(&self, deadline: Moment) -> Wait {
        let mut state = self.lock();
        let now = state.now();
        if now >= deadline {
            return Wait::Over;
        }
        let left = deadline.since(now);
        match state.hand {
            Hand::Wall => Wait::Real(left),
            Hand::Running { speed, .. } => Wait::Real(left.div_f64(speed).max(Duration::from_millis(1))),
            Hand::Paused { .. } | Hand::Manual { .. } => Wait::Moved,
            Hand::Max { .. } => Wait::Jump,
        }
    }

    /// Moves a `Max` clock to the earliest moment anyone waits for.
    fn jump(&self) {
        let mut state = self.lock();
        if state.holds > 0 {
            return;
        }
        let next = state.waiting.keys().next().map(|(m, _)| *m);
        if let (Hand::Max { at }, Some(next)) = (&mut state.hand, next)
            && *at < next
        {
            *at = next;
            state.stirs += 1;
        }
        drop(state);
        self.moved.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is valid after every statement, so a panic elsewhere cannot have broken it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Wait {
    Over,
    Real(Duration),
    Moved,
    Jump,
}

/// One sleeper's entry in the list, taken out again even when its future is dropped.
struct Waiting<'a> {
    clock: &'a Clock,
    key: (Moment, u64),
}

impl<'a> Waiting<'a> {
    fn new(clock: &'a Clock, deadline: Moment) -> Self {
        let mut state = clock.lock();
        state.ticket += 1;
        state.stirs += 1;
        let key = (deadline, state.ticket);
        state.waiting.insert(key, ());
        Waiting { clock, key }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.clock.lock();
        state.waiting.remove(&self.key);
        state.stirs += 1;
    }
}

fn running(at: Moment, speed: Speed) -> Hand {
    match speed {
        Speed::Times(speed) => Hand::Running { real: Instant::now(), at, speed },
        Speed::Max => Hand::Max { at },
    }
}

fn now(hand: &Hand) -> Moment {
    match hand {
        Hand::Wall => SystemTime::now().into(),
        Hand::Running { real, at, speed } => at.after(real.elapsed().mul_f64(*speed)),
        Hand::Paused { at, .. } | Hand::Max { at } | Hand::Manual { at } => *at,
    }
}

fn set(hand: &mut Hand, to: Moment) {
    match hand {
        Hand::Wall => {}
        Hand::Running { real, at, .. } => (*real, *at) = (Instant::now(), to),
        Hand::Paused { at, .. } | Hand::Max { at } | Hand::Manual { at } => *at = to,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_max_clock_jumps_to_the_earliest_waiter_first() {
        let clock = Clock::practice(Moment(0), Speed::Max);
        let (a, b) = (clock.clone(), clock.clone());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (sa, sb) = (seen.clone(), seen.clone());
        let late = async move {
            a.sleep(Duration::from_secs(3600)).await;
            sa.lock().unwrap().push("late");
        };
        let early = async move {
            b.sleep(Duration::from_secs(60)).await;
            sb.lock().unwrap().push("early");
        };
        tokio::join!(late, early);
        assert_eq!(*seen.lock().unwrap(), ["early", "late"]);
        assert_eq!(clock.now(), Moment(3_600_000));
    }

    #[test]
    fn a_paused_clock_stands_and_goes_on() {
        let clock = Clock::practice(Moment(5), Speed::Times(20.0));
        clock.pause();
        let at = clock.now();
        assert!(clock.is_paused());
        clock.advance(Duration::from_secs(1));
        assert_eq!(clock.now(), at.after(Duration::from_secs(1)));
        clock.resume();
        assert_eq!(clock.speed(), Some(Speed::Times(20.0)));
    }

    #[test]
    fn speeds_read_as_people_write_them() {
        assert_eq!("20".parse(), Ok(Speed::Times(20.0)));
        assert_eq!("x2.5".parse(), Ok(Speed::Times(2.5)));
        assert_eq!("max".parse(), Ok(Speed::Max));
        assert!("0".parse::<Speed>().is_err());
        assert!("NaN".parse::<Speed>().is_err());
    }
}
