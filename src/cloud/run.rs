//! A run of the workshop: what it has made in an account, how far what bears the tag is trusted, and what
//! of an earlier run may be taken over. Plain values, kept with the progress.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What this run of the workshop has made in an account, kept with the progress.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id, which everything newly made carries as a tag.
    pub id: String,
    /// Ids of its stacks: made by it, or taken over after a yes.
    #[serde(default)]
    pub stacks: BTreeSet<String>,
    /// Buckets for the shop's program that were taken over after a yes.
    #[serde(default)]
    pub buckets: BTreeSet<String>,
    /// Names of the database clusters that its stacks had: whose snapshots outlive them.
    #[serde(default)]
    pub clusters: BTreeSet<String>,
}

impl Run {
    /// A run that has made nothing yet.
    #[must_use]
    pub fn begin() -> Run {
        let id = uuid::Uuid::new_v4().simple().to_string();
        Run { id: id.chars().take(12).collect(), ..Run::default() }
    }
}

/// How strictly what bears the workshop's tag is taken for one's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Trust {
    /// An account, where others may follow the same workshop: only what this run knows is its own.
    #[default]
    Run,
    /// The practice world, which is nobody else's: the tag says enough.
    Tag,
}

/// Something of an earlier run that the learner may take over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its Region.
    pub region: String,
    /// Stack id or bucket name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The run that made it, if it says so.
    pub run: Option<String>,
}
