//! What the learner has done, kept in the state folder: versioned, written atomically, by one writer.

mod seal;
mod store;
mod trouble;
mod verify;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::cloud::facts::Measured;
use crate::cloud::{ActionId, Fault, Run};
use ground::lang::Lang;

pub use store::{Opened, Store};
pub use trouble::{Instead, ProgressError, Warning};
pub use verify::{Examined, Soundness, verify};

/// The version of the saved form; a newer one is not touched. Version 1 had no checksum.
pub const VERSION: u32 = 2;

/// What is kept between sessions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Version of this form.
    pub version: u32,
    /// Index of the current step.
    #[serde(default)]
    pub step: usize,
    /// Ids of the checks that passed once.
    #[serde(default)]
    pub passed: BTreeSet<String>,
    /// Answers to questions: id to option index.
    #[serde(default)]
    pub answers: BTreeMap<String, usize>,
    /// The action that was running; taken up again at the next start.
    #[serde(default)]
    pub running: Option<ActionId>,
    /// The last finished drill.
    #[serde(default)]
    pub drill: Option<Measured>,
    /// What the learner broke and has not mended yet.
    #[serde(default)]
    pub broken: BTreeSet<Fault>,
    /// The language chosen by key; the command line and a later choice win.
    #[serde(default)]
    pub lang: Option<Lang>,
    /// The account that all this is about, as partition, id and endpoint; `None` in practice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What this run of the workshop has made in that account; `None` in practice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
}

impl Progress {
    /// Whether anything was done: an account is known before that.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        let own = Progress { account: None, run: None, ..self.clone() };
        own != Progress::default()
    }
}

impl Default for Progress {
    fn default() -> Self {
        Progress {
            version: VERSION,
            step: 0,
            passed: BTreeSet::new(),
            answers: BTreeMap::new(),
            running: None,
            drill: None,
            broken: BTreeSet::new(),
            lang: None,
            account: None,
            run: None,
        }
    }
}
