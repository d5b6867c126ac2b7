//! The turns of a job, whichever system tells of them.

/// What job control tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(unix), allow(dead_code, reason = "never told there"))]
pub(crate) enum Turn {
    /// Somebody asks the program to stop (SIGTSTP).
    Stop,
    /// It goes on after a stop (SIGCONT).
    GoesOn,
}
