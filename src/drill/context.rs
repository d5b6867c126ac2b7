//! What a drill works with: the learner's cloud, its time, how probes travel and what can break here.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::DrillError;
use super::plan::Plan;
use super::web::Web;
use crate::cloud::{Cloud, Fault, Switchboard};
use ground::clock::Clock;
use ground::lang::Lang;

/// The cloud, clock and switchboards of a drill. It cannot tell practice from an account.
#[derive(Clone)]
pub struct DrillContext {
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

impl fmt::Debug for DrillContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DrillContext").field("folder", &self.folder).field("offers", &self.offers()).finish()
    }
}

impl DrillContext {
    /// How this plan's probes ask the shop, with its patience.
    pub(super) fn web(&self, plan: &Plan) -> Web {
        Web { http: self.http.clone(), clock: self.clock.clone(), patience: plan.patience }
    }

    /// The switchboard that can break and mend this.
    pub(super) fn switchboard(&self, fault: Fault) -> Result<Arc<dyn Switchboard>, DrillError> {
        let offering = self.switchboards.iter().find(|s| s.offers().contains(&fault));
        offering.cloned().ok_or_else(|| DrillError::NotOffered(fault.to_string()))
    }

    /// What can be broken in this world, in the order of [`Fault::ALL`].
    #[must_use]
    pub fn offers(&self) -> Vec<Fault> {
        Fault::ALL.into_iter().filter(|f| self.switchboard(*f).is_ok()).collect()
    }
}
