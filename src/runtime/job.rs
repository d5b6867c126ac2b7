//! Job control: whether there is a shell that stopped programs come back from, stopping, and being told
//! of both. Nothing of it exists outside Unix.

#[cfg(not(unix))]
mod elsewhere;
mod turn;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(super) use elsewhere::{Jobs, hang_up, has_terminal, is_job, stop};
pub(super) use turn::Turn;
#[cfg(unix)]
pub(super) use unix::{Jobs, hang_up, has_terminal, is_job, stop};
