//! Before a drill: whether it may begin, what it will probe, and the writer back in the primary Region.

use super::DrillError;
use super::context::DrillContext;
use super::event::{Endpoints, Event};
use super::history::find_unfinished;
use super::plan::Plan;
use super::probe::Prober;
use crate::cloud::facts::{DistributionStatus, Facts, Role};
use crate::cloud::{Note, names};

/// A drill that may begin.
pub(super) struct Ready {
    pub prober: Prober,
    /// The global database's id, for its lag.
    pub database: String,
}

impl DrillContext {
    /// Looks whether a drill may begin, and takes the writer home if an earlier drill moved it: that
    /// takes minutes, and `tell` hears of it in notes that are part of no drill.
    pub(super) async fn prepare(&self, plan: &Plan, tell: &impl Fn(&Event)) -> Result<Ready, DrillError> {
        if let Some(cut_off) = find_unfinished(&self.folder).filter(|u| !u.undo.is_empty()) {
            return Err(DrillError::Unfinished(cut_off.run));
        }
        if let Some(fault) = plan.breaks() {
            self.switchboard(fault)?;
        }
        let facts = self.cloud.observe().await;
        let endpoints = endpoints(&facts)?;
        let database = facts.database.as_ref().map(|d| d.id.clone()).unwrap_or_default();
        self.take_writer_home(&facts, tell).await?;
        let run = self.name(plan);
        Ok(Ready { prober: Prober::prepare(self.web(plan), endpoints, run).await?, database })
    }

    async fn take_writer_home(&self, facts: &Facts, tell: &impl Fn(&Event)) -> Result<(), DrillError> {
        if facts.writer_region() == Some(Role::Primary.region()) {
            return Ok(());
        }
        let (sender, mut notes) = tokio::sync::mpsc::unbounded_channel();
        let note = move |line: Note| drop(sender.send(line));
        let moving = async {
            // The sender lives in `note` and ends with it, and with it the list of notes.
            let note = note;
            self.cloud.switch_over(Role::Primary, &note).await
        };
        let telling = async {
            while let Some(line) = notes.recv().await {
                tell(&line.into());
            }
        };
        tokio::join!(moving, telling).0?;
        Ok(())
    }

    /// The run's id: when it began and what it is, unlike any earlier one.
    fn name(&self, plan: &Plan) -> String {
        let at = self.clock.now().iso8601().replace(':', "-");
        let at = at.split('.').next().unwrap_or_default();
        let what = plan.breaks().map_or("switchover", |fault| fault.as_str());
        let name = format!("{at}-{what}");
        let taken = |name: &str| self.folder.join(name).exists();
        let others = (2..).map(|n| format!("{name}-{n}"));
        std::iter::once(name.clone()).chain(others).find(|n| !taken(n)).unwrap_or(name)
    }
}

fn endpoints(facts: &Facts) -> Result<Endpoints, DrillError> {
    let missing = |missing: &str| DrillError::NotReady { missing: missing.to_owned() };
    let api = |stack: &str| {
        let url = facts.stack(stack).and_then(|s| s.outputs.get("ApiUrl"));
        url.map(|u| u.trim_end_matches('/').to_owned()).ok_or_else(|| missing(stack))
    };
    let (primary, standby) = (api(names::PRIMARY)?, api(names::STANDBY)?);
    let edge = facts
        .edge
        .as_ref()
        .filter(|e| e.status == DistributionStatus::Deployed)
        .ok_or_else(|| missing(names::EDGE))?;
    facts.database.as_ref().ok_or_else(|| missing("Aurora"))?;
    Ok(Endpoints { edge: format!("https://{}", edge.domain), primary, standby, product: uuid::Uuid::nil() })
}
