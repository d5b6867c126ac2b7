//! What RDS holds, and what of it follows from a scene.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::model::{Cluster, Global, Instance, Note, ParameterGroup, Snapshot, SubnetGroup};
use crate::agenda::Agenda;
use crate::durations;
use crate::scene::Scene;
use ground::clock::Moment;
use ground::seed;

/// Everything RDS holds, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Rds {
    /// By ARN.
    pub(super) clusters: BTreeMap<String, Cluster>,
    /// By ARN.
    pub(super) instances: BTreeMap<String, Instance>,
    /// By identifier: they belong to the account, not to a Region.
    pub(super) globals: BTreeMap<String, Global>,
    /// By ARN.
    pub(super) subnet_groups: BTreeMap<String, SubnetGroup>,
    /// By ARN.
    pub(super) parameter_groups: BTreeMap<String, ParameterGroup>,
    /// By ARN.
    pub(super) snapshots: BTreeMap<String, Snapshot>,
    /// The newest last.
    pub(super) notes: Vec<Note>,
    pub(super) agenda: Agenda<Event>,
}

/// Names and times of RDS's own that follow from a scene.
pub(super) trait Drawn {
    /// An ARN in this Region: `arn("cluster", "x")`.
    fn arn(&self, kind: &str, id: &str) -> String;

    /// The part of endpoints that is the same for all databases of an account in a Region.
    fn label(&self) -> String;

    /// Seeded letters for the thing called `id`.
    fn letters(&self, id: &str, what: &str, count: usize, alphabet: &[u8]) -> String;

    /// The measured time to create something of this CloudFormation type, spread and scaled.
    fn takes(&self, kind: &str, id: &str) -> Duration;

    /// A time around `mean`, spread by the seed and scaled by the scenario.
    fn spread(&self, mean: Duration, id: &str) -> Duration;
}

impl Drawn for Scene<'_> {
    fn arn(&self, kind: &str, id: &str) -> String {
        format!("arn:aws:rds:{}:{}:{kind}:{id}", self.region, self.account)
    }

    fn label(&self) -> String {
        let hash = seed::hash(self.seed, &[self.region, self.account, "label"]);
        format!("c{}", seed::letters(hash, 11, seed::LOWER))
    }

    fn letters(&self, id: &str, what: &str, count: usize, alphabet: &[u8]) -> String {
        let now = self.now.0.to_string();
        seed::letters(seed::hash(self.seed, &[self.region, id, what, &now]), count, alphabet)
    }

    fn takes(&self, kind: &str, id: &str) -> Duration {
        self.spread(durations::create(kind), id)
    }

    fn spread(&self, mean: Duration, id: &str) -> Duration {
        let draw = seed::hash(self.seed, &[self.region, id, &self.now.0.to_string(), "takes"]);
        seed::spread(draw, mean).mul_f64(self.scale())
    }
}

/// What carries the data of global databases from the writer to the others: RDS tells it who is who.
pub trait Replication {
    /// The writer is lost, and `to` takes its place: gives how many commits had not arrived there.
    fn fail_over(&mut self, global: &str, to: &str) -> usize;

    /// The writer and `to` change places, and nothing is lost.
    fn switch_over(&mut self, global: &str, to: &str);

    /// A cluster follows again.
    fn resynchronize(&mut self, global: &str, cluster: &str);
}

impl Rds {
    /// The cluster with this identifier (or ARN) in a Region.
    #[must_use]
    pub fn cluster(&self, region: &str, id: &str) -> Option<&Cluster> {
        let wanted = id.to_ascii_lowercase();
        self.clusters.values().find(|c| c.arn == id || (c.region == region && c.id == wanted))
    }

    /// The cluster with this ARN.
    #[must_use]
    pub fn cluster_by_arn(&self, arn: &str) -> Option<&Cluster> {
        self.clusters.get(arn)
    }

    /// The instance with this identifier (or ARN) in a Region.
    #[must_use]
    pub fn instance(&self, region: &str, id: &str) -> Option<&Instance> {
        let wanted = id.to_ascii_lowercase();
        self.instances.values().find(|i| i.arn == id || (i.region == region && i.id == wanted))
    }

    /// The global cluster with this identifier.
    #[must_use]
    pub fn global(&self, id: &str) -> Option<&Global> {
        self.globals.get(&id.to_ascii_lowercase())
    }

    /// All global clusters.
    pub fn globals(&self) -> impl Iterator<Item = &Global> {
        self.globals.values()
    }

    /// The global cluster that a cluster is a member of.
    #[must_use]
    pub fn global_of(&self, cluster_arn: &str) -> Option<&Global> {
        self.globals.values().find(|g| g.member(cluster_arn).is_some())
    }

    /// The instances of a cluster that are not going away, those first in line for promotion first.
    #[must_use]
    pub fn instances_of(&self, cluster: &Cluster) -> Vec<&Instance> {
        let mut found: Vec<&Instance> = self
            .instances
            .values()
            .filter(|i| i.region == cluster.region && i.cluster.as_deref() == Some(&cluster.id))
            .collect();
        found.sort_by_key(|i| (i.tier, i.created, i.id.clone()));
        found
    }

    /// Whether a cluster takes writes: alone, or as the writer of its global cluster.
    #[must_use]
    pub fn is_writer(&self, cluster: &Cluster) -> bool {
        self.global_of(&cluster.arn).and_then(|g| g.member(&cluster.arn)).is_none_or(|m| m.writer)
    }

    /// When something happens next by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.agenda.next_due()
    }

    pub(super) fn note(&mut self, scene: &Scene<'_>, kind: &str, arn: &str, category: &str, message: &str) {
        // Enough for two weeks of a workshop, and never without bound.
        const KEPT: usize = 1000;
        if self.notes.len() >= KEPT {
            self.notes.remove(0);
        }
        self.notes.push(Note {
            region: arn.split(':').nth(3).unwrap_or(scene.region).to_owned(),
            at: scene.now,
            source_type: kind.into(),
            source: arn.rsplit(':').next().unwrap_or_default().into(),
            arn: arn.into(),
            message: message.into(),
            category: category.into(),
        });
    }
}
