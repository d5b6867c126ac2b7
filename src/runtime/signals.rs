//! The signals that end the program in good order.

use std::time::{Duration, Instant};

/// How long after a signal more of them are the same request: a terminal that closes and the `timeout`
/// command both send theirs to the program and again to its group.
const ECHO: Duration = Duration::from_millis(500);

/// Who asks the program to end, by the signal's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The terminal has gone (SIGHUP).
    Hangup,
    /// Ctrl-C (SIGINT).
    Interrupt,
    /// Ctrl-\ (SIGQUIT).
    Quit,
    /// The system (SIGTERM).
    Terminate,
}

impl Ending {
    /// The exit code of a program that ended on this signal, as shells have it: 128 and its number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Ending::Hangup => 129,
            Ending::Interrupt => 130,
            Ending::Quit => 131,
            Ending::Terminate => 143,
        }
    }

    /// Whether it comes from a key, which is meant for whoever has the terminal.
    pub(super) fn is_a_key(self) -> bool {
        matches!(self, Ending::Interrupt | Ending::Quit)
    }
}

/// The signals that end the program in good order.
pub struct Signals {
    #[cfg(unix)]
    list: Vec<(Ending, tokio::signal::unix::Signal)>,
    last: Option<Instant>,
    /// Until when keys were pressed for somebody else.
    deaf: Option<Instant>,
}

impl Default for Signals {
    fn default() -> Signals {
        Signals::new()
    }
}

impl Signals {
    /// Listens from now on. Call it within a tokio runtime.
    #[cfg(unix)]
    #[must_use]
    pub fn new() -> Signals {
        use tokio::signal::unix::{SignalKind, signal};
        let all = [
            (Ending::Hangup, SignalKind::hangup()),
            (Ending::Interrupt, SignalKind::interrupt()),
            (Ending::Quit, SignalKind::quit()),
            (Ending::Terminate, SignalKind::terminate()),
        ];
        let wanted = all.into_iter().filter(|(ending, _)| *ending != Ending::Hangup || !outlives_terminal());
        let list = wanted.filter_map(|(ending, kind)| Some((ending, signal(kind).ok()?))).collect();
        Signals { list, last: None, deaf: None }
    }

    /// Listens for nothing: this system has no such signals.
    #[cfg(not(unix))]
    #[must_use]
    pub fn new() -> Signals {
        Signals { last: None, deaf: None }
    }

    /// Listens from now on, after somebody else had the terminal: a key that ended them may still be on its
    /// way to us.
    pub(super) fn after_others() -> Signals {
        Signals { deaf: Some(Instant::now() + ECHO), ..Signals::new() }
    }

    /// Waits until the program is asked to end. May be asked again for the next time.
    pub async fn wait_for_end(&mut self) -> Ending {
        loop {
            let ending = self.next().await;
            let echo = self.last.is_some_and(|last| last.elapsed() < ECHO);
            let others = ending.is_a_key() && self.deaf.is_some_and(|until| Instant::now() < until);
            if !echo && !others {
                self.last = Some(Instant::now());
                return ending;
            }
        }
    }

    #[cfg(unix)]
    async fn next(&mut self) -> Ending {
        let waits = self.list.iter_mut().map(|(ending, signal)| {
            let ending = *ending;
            Box::pin(async move {
                signal.recv().await;
                ending
            })
        });
        if waits.len() == 0 {
            return std::future::pending().await;
        }
        futures_util::future::select_all(waits).await.0
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> Ending {
        std::future::pending().await
    }
}

/// Whether the program was started to outlive its terminal (`nohup`): then a hangup does not end it.
/// Told by Linux only; elsewhere a hangup always ends it.
#[cfg(unix)]
fn outlives_terminal() -> bool {
    // Once we listen, the signal is no longer ignored: what counts is how we were started.
    static IGNORED: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *IGNORED.get_or_init(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|l| l.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|m| u64::from_str_radix(m.trim(), 16).ok()).unwrap_or_default();
        // The first bit is signal 1, SIGHUP.
        mask & 1 == 1
    })
}

/// Waits until the system asks this process to end.
pub async fn wait_until_asked_to_end() -> Ending {
    Signals::new().wait_for_end().await
}
