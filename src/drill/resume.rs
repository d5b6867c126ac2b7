//! Taking up a drill that was cut off: finish it, or only undo what it did.

use super::DrillError;
use super::closing::{close, finish, take_back};
use super::context::DrillContext;
use super::event::{Ending, Event, What};
use super::history::Unfinished;
use super::log::Log;
use super::probe::Prober;
use super::record::Recorder;
use super::report::Report;

impl Unfinished {
    /// How many acknowledged writes its log holds.
    #[must_use]
    pub fn acknowledged_writes(&self) -> u64 {
        self.report.users_lost.acknowledged + self.report.baskets_lost.acknowledged
    }

    /// Looks up what the log holds as acknowledged, undoes what was done, and reports.
    ///
    /// # Errors
    /// When the log cannot be used, or something cannot be undone.
    pub async fn finish(self, context: DrillContext, tell: impl Fn(&Event)) -> Result<Report, DrillError> {
        let (log, events) = Log::resume(&context.folder, &self.run)?;
        let endpoints = events.iter().find_map(|event| match &event.what {
            What::Began { scene, .. } => Some(scene.clone()),
            _ => None,
        });
        let mut recorder = Recorder::new(&context, log, events, tell);
        let Some(endpoints) = endpoints else { return finish(&context, &mut recorder, Ending::Abandoned) };
        let prober = Prober { web: context.web(&self.report.plan), endpoints, run: self.run };
        close(&context, &prober, &mut recorder, Ending::Resumed).await
    }

    /// Undoes what was done and ends the drill without looking anything up.
    ///
    /// # Errors
    /// When the log cannot be used, or something cannot be undone.
    pub async fn undo(self, context: DrillContext, tell: impl Fn(&Event)) -> Result<Report, DrillError> {
        let (log, events) = Log::resume(&context.folder, &self.run)?;
        let mut recorder = Recorder::new(&context, log, events, tell);
        take_back(&context, &mut recorder).await?;
        finish(&context, &mut recorder, Ending::Abandoned)
    }
}
