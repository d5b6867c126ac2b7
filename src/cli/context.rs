//! What a command works in: the way to a world, and what is kept about it.

use super::host::Host;
use super::workspace::Workspace;
use crate::app::World;
use crate::cloud::ActionId;
use crate::progress::{Progress, ProgressError};
use crate::runtime::WorldHandle;
use ground::lang::Lang;

/// What a command works in.
pub struct Context {
    /// The course, and what is kept about it.
    pub workspace: Workspace,
    /// How the screen names the world.
    pub world: World,
    /// What leads to the world.
    pub world_handle: WorldHandle,
    /// The practice world, when this process runs it. Kept for closing it in order.
    pub host: Option<Host>,
}

impl Context {
    pub(super) fn lang(&self) -> Lang {
        self.workspace.lang
    }

    /// Keeps the progress, with what the cloud knows of this run.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn save_progress(&self) -> Result<(), ProgressError> {
        let Workspace { store: Some(store), progress, .. } = &self.workspace else { return Ok(()) };
        let run = progress.run.as_ref().map(|_| self.world_handle.cloud.run_so_far());
        store.save(&Progress { run, ..progress.clone() })
    }

    /// What the course calls an action.
    pub(super) fn title(&self, action: ActionId) -> String {
        let all = self.workspace.course.steps.iter().flat_map(|s| &s.actions);
        let known = all.filter(|a| a.id == action).map(|a| a.title.get(self.lang()).to_owned()).next();
        known.unwrap_or_else(|| action.as_str().to_owned())
    }
}
