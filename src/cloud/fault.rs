//! What can be broken on purpose, by name, and the port through which a world breaks and mends it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ActionError;

ground::every! {
    /// A fault of the primary Region, or of the way between the Regions.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Fault {
        /// The primary's pages bucket denies reading (403): the public lab's own fault.
        Bucket,
        /// The primary's API answers 5xx.
        Api,
        /// The primary's instance is stopped: its connections are refused.
        Instance,
        /// The whole primary Region connects and never answers.
        Region,
        /// The network between the Regions is cut: replication and forwarding stop, both sides live.
        Network,
        /// The replication lag grows and keeps growing.
        Lag,
    }
}

impl Fault {
    /// The name as commands and files write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Fault::Bucket => "bucket",
            Fault::Api => "api",
            Fault::Instance => "instance",
            Fault::Region => "region",
            Fault::Network => "network",
            Fault::Lag => "lag",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Fault::ALL.into_iter().find(|f| f.as_str() == s).ok_or_else(|| format!("no fault is called `{s}`"))
    }
}

/// Which way a fault is switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is broken.
    Break,
    /// It is mended.
    Mend,
}

/// What a switchboard answers in its own time.
pub type Switching<'a> = Pin<Box<dyn Future<Output = Result<(), ActionError>> + Send + 'a>>;

/// Breaks and mends. What a world cannot break it does not offer. Both ways are idempotent, so that an
/// undo can be repeated after a crash without asking whether it had been done.
pub trait Switchboard: Send + Sync {
    /// What can be broken here.
    fn offers(&self) -> Vec<Fault>;
    /// Breaks it.
    fn apply(&self, fault: Fault) -> Switching<'_>;
    /// Mends it, whoever broke it.
    fn undo(&self, fault: Fault) -> Switching<'_>;
    /// Makes what has happened so far survive a loss of power, before a log says that it happened.
    fn settle(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names serde has of all variants, from what it says of one that is none.
    #[test]
    fn all_faults_are_in_the_list_and_saved_under_the_names_that_commands_know() {
        let refusal = serde_json::from_str::<Fault>("\"none\"").unwrap_err().to_string();
        let (_, expected) = refusal.split_once("expected").unwrap();
        let saved: Vec<_> = expected.split('`').skip(1).step_by(2).collect();
        assert_eq!(saved, Fault::ALL.map(Fault::as_str));
    }
}
