//! What EC2 keeps beside the stacks: which instances do not run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::agenda::Agenda;
use ::cloudformation::engine::resource::StackResource;
use ::cloudformation::engine::status::ResourceStatus;
use ground::clock::Moment;

use super::power::Power;

/// What is not as the stacks made it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ec2 {
    /// Instances that do not run, by id.
    pub(super) power: BTreeMap<String, Power>,
    pub(super) agenda: Agenda<String>,
}

impl Ec2 {
    /// Whether the instance with this id runs, as far as nobody stopped it.
    #[must_use]
    pub fn runs(&self, id: &str) -> bool {
        self.power(id) == Power::Running
    }

    pub(super) fn power(&self, id: &str) -> Power {
        self.power.get(id).copied().unwrap_or_default()
    }

    /// What an instance of a stack shows.
    pub(super) fn state(&self, resource: &StackResource, id: &str) -> Power {
        match resource.status {
            ResourceStatus::DeleteInProgress => Power::ShuttingDown,
            _ => self.power(id),
        }
    }

    /// The instance is gone for good.
    pub(crate) fn forget(&mut self, id: &str) {
        self.power.remove(id);
        self.agenda.retain(|other| other != id);
    }

    /// When something happens next by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.agenda.next_due()
    }
}
