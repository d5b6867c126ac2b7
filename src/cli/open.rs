//! Opens the world that the options ask for.

use super::context::Context;
use super::host::Loopback;
use super::options::{GlobalOptions, WorldChoice};
use super::start_error::StartError;
use super::workspace::Workspace;
use super::{account, practice_world, watch};
use crate::app::Seat;

impl Context {
    /// Wires the world the options ask for. Call it within a tokio runtime.
    ///
    /// # Errors
    /// When the world cannot be opened; a state folder that cannot be used is a warning only.
    pub async fn open(options: &GlobalOptions, loopback: Loopback) -> Result<Context, StartError> {
        if options.world == WorldChoice::Aws {
            return account::open(options).await;
        }
        let (workspace, settings) = Workspace::open(options, options.practice_folder()?)?;
        match workspace.seat {
            Seat::Learner => practice_world::open(options, workspace, settings, loopback),
            Seat::Watcher => watch::open(workspace, settings).await,
        }
    }
}
