//! What CloudFront holds.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::documents::{Document, Kind};
use super::view::Distribution;
use crate::agenda::Agenda;
use crate::scene::Scene;
use crate::wire::Node;
use ground::clock::Moment;
use ground::seed;

/// Everything CloudFront holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CloudFront {
    /// By id.
    pub(super) distributions: BTreeMap<String, Stored>,
    /// Access controls and policies, by id.
    pub(super) documents: BTreeMap<String, Document>,
    pub(super) agenda: Agenda<Event>,
    /// The number of the next id or entity tag.
    pub(super) ticket: u64,
}

/// A distribution as it is kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Stored {
    pub id: String,
    pub arn: String,
    /// The configuration, element `DistributionConfig`, as it was given and completed.
    pub config: Node,
    /// The configuration's entity tag.
    pub etag: String,
    /// When it was last changed.
    pub modified: Moment,
    /// How many changes are still on their way to the edge.
    pub pending: u32,
    pub tags: BTreeMap<String, String>,
    /// Invalidations, the newest last.
    pub invalidations: Vec<Invalidation>,
    /// The same in plain terms.
    pub view: Distribution,
}

impl Stored {
    /// `InProgress` or `Deployed`.
    #[must_use]
    pub fn status(&self) -> &'static str {
        if self.pending == 0 { "Deployed" } else { "InProgress" }
    }
}

/// A request to forget cached pages.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Invalidation {
    pub id: String,
    /// When it was asked for.
    pub created: Moment,
    /// Whether it is done.
    pub completed: bool,
    /// What was asked: element `InvalidationBatch`.
    pub batch: Node,
}

/// What is due at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Event {
    /// A change of a distribution has reached the edge.
    Deployed(String),
    /// An invalidation is done: distribution, invalidation.
    Invalidated(String, String),
}

/// `mean` spread by the seed and scaled.
pub(super) fn spread(scene: &Scene<'_>, mean: Duration, id: &str) -> Duration {
    let draw = seed::hash(scene.seed, &[id, &scene.now.0.to_string()]);
    seed::spread(draw, mean).mul_f64(scene.scale())
}

impl CloudFront {
    /// The distribution that answers the host name `host` (its own domain or an alias).
    #[must_use]
    pub fn by_host(&self, host: &str) -> Option<&Distribution> {
        let answers = |d: &&Distribution| {
            d.domain.eq_ignore_ascii_case(host) || d.aliases.iter().any(|a| a.eq_ignore_ascii_case(host))
        };
        self.distributions.values().map(|s| &s.view).find(answers)
    }

    /// The distribution called `id`, in plain terms.
    #[must_use]
    pub fn view(&self, id: &str) -> Option<&Distribution> {
        self.distributions.get(id).map(|s| &s.view)
    }

    /// The distribution called `id`, as it is kept.
    #[must_use]
    pub fn distribution(&self, id: &str) -> Option<&Stored> {
        self.distributions.get(id)
    }

    /// All distributions.
    pub fn distributions(&self) -> impl Iterator<Item = &Stored> {
        self.distributions.values()
    }

    /// The document called `id` of a kind, AWS's own included.
    #[must_use]
    pub fn document(&self, kind: Kind, id: &str) -> Option<Document> {
        let own = self.documents.get(id).filter(|d| d.kind == kind).cloned();
        own.or_else(|| super::managed::find(kind, id))
    }

    /// When something happens next by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.agenda.next_due()
    }

    /// A new id or entity tag: `E` and thirteen letters or digits.
    pub(super) fn mint(&mut self, seed: u64, what: &str) -> String {
        self.ticket += 1;
        let hash = seed::hash(seed, &["cloudfront", what, &self.ticket.to_string()]);
        format!("E{}", seed::letters(hash, 13, seed::UPPER))
    }
}

/// Does everything due at or before `at`.
pub fn step(front: &mut CloudFront, at: Moment) {
    while let Some(event) = front.agenda.take(at) {
        match event {
            Event::Deployed(id) => {
                if let Some(stored) = front.distributions.get_mut(&id) {
                    stored.pending = stored.pending.saturating_sub(1);
                    stored.view.deployed = stored.pending == 0;
                }
            }
            Event::Invalidated(id, invalidation) => {
                let list = front.distributions.get_mut(&id).map(|s| s.invalidations.iter_mut());
                list.into_iter().flatten().filter(|i| i.id == invalidation).for_each(|i| i.completed = true);
            }
        }
    }
}
