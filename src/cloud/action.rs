//! What the workshop can do to the learner's cloud, by name, and how it tells of it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::OwnClient;
use ground::clock::Moment;
use ground::lang::Said;

/// An action of the course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActionId {
    /// Who am I, which zones and engine versions are there (step 1).
    Inspect,
    /// Deploy `unishop-primary` in us-east-1 and publish its pages (step 2).
    DeployPrimary,
    /// Deploy `unishop-standby` in us-west-1 and publish its pages (step 3).
    DeployStandby,
    /// Give the table a replica, enable write forwarding, send a probe basket across (step 4).
    JoinData,
    /// Deploy `unishop-edge` (step 5).
    DeployEdge,
    /// Deny reading the primary's pages bucket (step 6).
    BreakPrimary,
    /// Fail the global database over to the standby (step 6).
    FailOver,
    /// Undo `BreakPrimary` (step 6).
    MendPrimary,
    /// Delete all that the workshop made, in the order AWS demands (step 7).
    CleanUp,
    /// Look for anything the workshop left (step 7).
    Sweep,
}

impl ActionId {
    /// All actions in the order of the course.
    pub const ALL: [ActionId; 10] = [
        ActionId::Inspect,
        ActionId::DeployPrimary,
        ActionId::DeployStandby,
        ActionId::JoinData,
        ActionId::DeployEdge,
        ActionId::BreakPrimary,
        ActionId::FailOver,
        ActionId::MendPrimary,
        ActionId::CleanUp,
        ActionId::Sweep,
    ];

    /// The id as the course writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ActionId::Inspect => "inspect",
            ActionId::DeployPrimary => "deploy-primary",
            ActionId::DeployStandby => "deploy-standby",
            ActionId::JoinData => "join-data",
            ActionId::DeployEdge => "deploy-edge",
            ActionId::BreakPrimary => "break-primary",
            ActionId::FailOver => "fail-over",
            ActionId::MendPrimary => "mend-primary",
            ActionId::CleanUp => "clean-up",
            ActionId::Sweep => "sweep",
        }
    }
}

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ActionId {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        ActionId::ALL
            .into_iter()
            .find(|a| a.as_str() == s)
            .ok_or_else(|| format!("no action is called `{s}`"))
    }
}

/// A line of a running action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When, in the clock of the world.
    pub at: Moment,
    /// What it tells.
    pub text: Said,
}

/// Where an action tells of what it does.
pub(super) type Notes<'a> = &'a (dyn Fn(Note) + Send + Sync);

/// What actions deploy and publish: the files that come with the program, byte for byte.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The template of both Regions' stacks.
    pub unishop: String,
    /// The template of the edge.
    pub edge: String,
    /// Pages by object key.
    pub pages: BTreeMap<String, Vec<u8>>,
    /// The shop's program as a zip with `bootstrap` for linux/arm64; empty when there is none.
    pub program: Vec<u8>,
    /// The learner's own client, to see whether it reaches the same world; unset where nobody has one.
    pub own_client: Option<Arc<dyn OwnClient>>,
}

/// How the writer's place moves from one Region to the other.
// Practice has a word of its own for it: it stands for AWS and shall not know the course.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Move {
    /// Unplanned, after a fault: what had not arrived is lost.
    #[default]
    Failover,
    /// Planned, with nothing broken: the old writer stops first, and nothing is lost.
    Switchover,
}
