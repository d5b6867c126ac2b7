//! Before a drill: the stage it is given, what it will probe, and the writer back in the primary Region.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::DrillError;
use super::event::{Event, Scene, What};
use super::history::unfinished;
use super::plan::Plan;
use super::probe::Prober;
use super::web::Web;
use crate::clock::{Clock, Moment};
use crate::cloud::facts::{DistributionStatus, Facts, Role};
use crate::cloud::{Cloud, Note, Switchboard, names};
use crate::lang::Lang;

/// What a drill works with. It cannot tell practice from an account.
#[derive(Clone)]
pub struct Stage {
    /// The learner's cloud.
    pub cloud: Cloud,
    /// How the probes travel: from outside, as any visitor's requests.
    pub http: SharedHttpClient,
    /// The world's time.
    pub clock: Clock,
    /// What can break and mend here; the first that offers a fault is asked.
    pub switchboards: Vec<Arc<dyn Switchboard>>,
    /// Where drills are kept, each in a folder of its own.
    pub folder: PathBuf,
    /// The language of the exported reports.
    pub lang: Lang,
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage").field("folder", &self.folder).field("offers", &self.offers()).finish()
    }
}

/// A drill that may begin.
pub(super) struct Ready {
    pub prober: Prober,
    /// The global database's id, for its lag.
    pub database: String,
}

impl Stage {
    pub(super) fn web(&self, plan: &Plan) -> Web {
        Web { http: self.http.clone(), clock: self.clock.clone(), patience: plan.patience }
    }

    /// Looks whether a drill may begin, and takes the writer home if an earlier drill moved it: that
    /// takes minutes, and `tell` hears of it in notes that are part of no drill.
    pub(super) async fn prepare(&self, plan: &Plan, tell: &impl Fn(&Event)) -> Result<Ready, DrillError> {
        if let Some(cut_off) = unfinished(&self.folder).filter(|u| !u.undo.is_empty()) {
            return Err(DrillError::Unfinished(cut_off.run));
        }
        if let Some(fault) = plan.breaks() {
            self.switchboard(fault)?;
        }
        let facts = self.cloud.observe().await;
        let scene = scene(&facts)?;
        let database = facts.database.as_ref().map(|d| d.id.clone()).unwrap_or_default();
        self.take_writer_home(&facts, tell).await?;
        let run = self.name(plan);
        Ok(Ready { prober: Prober::ready(self.web(plan), scene, run).await?, database })
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
                tell(&event_of(line));
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

/// A line of an action as an event.
pub(super) fn event_of(line: Note) -> Event {
    Event { at: line.at, what: What::Note { text: line.text } }
}

fn scene(facts: &Facts) -> Result<Scene, DrillError> {
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
    Ok(Scene { edge: format!("https://{}", edge.domain), primary, standby, product: uuid::Uuid::nil() })
}

/// The next whole beat after a moment: all probes of a drill go out on one.
pub(super) fn beat(now: Moment, every: std::time::Duration) -> Moment {
    let every = u64::try_from(every.as_millis()).unwrap_or(u64::MAX).max(1);
    Moment((now.0 / every).saturating_add(1).saturating_mul(every))
}
