//! Job control: whether there is a shell that stopped programs come back from, stopping, and being told
//! of both. Nothing of it exists outside Unix.

#[cfg(not(unix))]
pub(super) use elsewhere::{Jobs, hang_up, has_terminal, is_job, stop};
#[cfg(unix)]
pub(super) use unix::{Jobs, hang_up, has_terminal, is_job, stop};

/// What job control tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(unix), allow(dead_code, reason = "never told there"))]
pub(super) enum Turn {
    /// Somebody asks the program to stop (SIGTSTP).
    Stop,
    /// It goes on after a stop (SIGCONT).
    GoesOn,
}

#[cfg(unix)]
mod unix {
    use rustix::process::{
        Pid, Signal, getpgrp, getpid, getppid, getsid, kill_current_process_group, kill_process,
    };
    use tokio::signal::unix::{Signal as Heard, SignalKind, signal};

    use super::Turn;

    /// Hears when the program is asked to stop, and when it goes on after it was stopped.
    pub(in super::super) struct Jobs {
        stop: Option<Heard>,
        goes_on: Option<Heard>,
    }

    impl Jobs {
        /// Listens from now on. From here on SIGTSTP does not stop the program by itself.
        pub(in super::super) fn new() -> Jobs {
            let hear = |number: Signal| signal(SignalKind::from_raw(number.as_raw())).ok();
            Jobs { stop: hear(Signal::TSTP), goes_on: hear(Signal::CONT) }
        }

        /// The next turn.
        pub(in super::super) async fn turn(&mut self) -> Turn {
            tokio::select! {
                () = heard(&mut self.stop) => Turn::Stop,
                () = heard(&mut self.goes_on) => Turn::GoesOn,
            }
        }
    }

    async fn heard(signal: &mut Option<Heard>) {
        match signal {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        }
    }

    /// Whether a shell waits that can take the terminal and let the program go on later. A program that
    /// was opened by the terminal itself has none: stopped, it would never come back. POSIX calls its
    /// process group orphaned.
    pub(in super::super) fn is_job() -> bool {
        let group = getpgrp();
        let parent = if group == getpid() { getppid() } else { parent_of(group) };
        match (parent, getsid(None)) {
            (Some(parent), Ok(own)) => getsid(Some(parent)).is_ok_and(|session| session == own),
            // A member of somebody else's group, of which this system tells nothing: its leader answers.
            (None, Ok(own)) => group != own,
            _ => false,
        }
    }

    /// The parent of another process, where the system tells it as Linux does.
    fn parent_of(process: Pid) -> Option<Pid> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero())).ok()?;
        // The name before stands in brackets and may hold anything.
        let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
        Pid::from_raw(parent)
    }

    /// Whether the terminal is this group's at the moment, and not a child's.
    pub(in super::super) fn has_terminal() -> bool {
        rustix::termios::tcgetpgrp(std::io::stdin()).is_ok_and(|group| group == getpgrp())
    }

    /// Stops this program and all that were started with it, as one job; returns when it goes on. All of
    /// them, since a shell sees only those it started itself: `cargo run`, a script, a pipe.
    pub(in super::super) fn stop() {
        // Nothing can be done about a refusal, and the program then simply goes on.
        let _ = kill_current_process_group(Signal::STOP);
    }

    /// Tells a child that its terminal has gone.
    pub(in super::super) fn hang_up(child: u32) {
        if let Some(pid) = i32::try_from(child).ok().and_then(Pid::from_raw) {
            // It may have ended by itself, or be stopped: then it must go on to hear of it.
            let _ = kill_process(pid, Signal::HUP);
            let _ = kill_process(pid, Signal::CONT);
        }
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use super::Turn;

    /// Hears nothing: this system knows no jobs.
    pub(in super::super) struct Jobs;

    impl Jobs {
        pub(in super::super) fn new() -> Jobs {
            Jobs
        }

        pub(in super::super) async fn turn(&mut self) -> Turn {
            std::future::pending().await
        }
    }

    pub(in super::super) fn is_job() -> bool {
        false
    }

    pub(in super::super) fn has_terminal() -> bool {
        false
    }

    pub(in super::super) fn stop() {}

    pub(in super::super) fn hang_up(_: u32) {}
}
