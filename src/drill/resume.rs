//! Taking up a drill that was cut off: finish it, or only undo what it did.

use super::DrillError;
use super::closing::{close, finish, take_back};
use super::event::{Ending, Event, What};
use super::history::Unfinished;
use super::log::Log;
use super::probe::Prober;
use super::record::Recorder;
use super::report::Report;
use super::stage::Stage;

impl Unfinished {
    /// How many acknowledged writes its log holds.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.report.users_lost.acknowledged + self.report.baskets_lost.acknowledged
    }

    /// Looks up what the log holds as acknowledged, undoes what was done, and reports.
    ///
    /// # Errors
    /// When the log cannot be used, or something cannot be undone.
    pub async fn finish(self, stage: Stage, tell: impl Fn(&Event)) -> Result<Report, DrillError> {
        let (log, events) = Log::resume(&stage.folder, &self.run)?;
        let scene = events.iter().find_map(|event| match &event.what {
            What::Began { scene, .. } => Some(scene.clone()),
            _ => None,
        });
        let mut recorder = Recorder::new(&stage, log, events, tell);
        let Some(scene) = scene else { return finish(&stage, &mut recorder, Ending::Abandoned) };
        let prober = Prober { web: stage.web(&self.report.plan), scene, run: self.run };
        close(&stage, &prober, &mut recorder, Ending::Resumed).await
    }

    /// Undoes what was done and ends the drill without looking anything up.
    ///
    /// # Errors
    /// When the log cannot be used, or something cannot be undone.
    pub async fn undo(self, stage: Stage, tell: impl Fn(&Event)) -> Result<Report, DrillError> {
        let (log, events) = Log::resume(&stage.folder, &self.run)?;
        let mut recorder = Recorder::new(&stage, log, events, tell);
        take_back(&stage, &mut recorder).await?;
        finish(&stage, &mut recorder, Ending::Abandoned)
    }
}
