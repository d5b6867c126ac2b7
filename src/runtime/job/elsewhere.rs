//! Where there is no job control: nothing is ever heard or stopped.

use super::turn::Turn;

/// Hears nothing: this system knows no jobs.
pub(crate) struct Jobs;

impl Jobs {
    pub(crate) fn new() -> Jobs {
        Jobs
    }

    pub(crate) async fn turn(&mut self) -> Turn {
        std::future::pending().await
    }
}

pub(crate) fn is_job() -> bool {
    false
}

pub(crate) fn has_terminal() -> bool {
    false
}

pub(crate) fn stop() {}

pub(crate) fn hang_up(_: u32) {}
