//! CloudFormation statuses: kept as AWS wrote them, because the enum grows, and read as a phase.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A stack or resource status, verbatim, e.g. `CREATE_IN_PROGRESS`. Unknown values are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Status(pub String);

/// What a status means for a person who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Nothing has happened yet.
    Waiting,
    /// A change set is being looked at; nothing runs.
    Review,
    /// Being created.
    Creating,
    /// Being updated (the clean-up after an update included).
    Updating,
    /// Being deleted.
    Deleting,
    /// Going back after an error.
    RollingBack,
    /// Complete.
    Done,
    /// Went back after an error; for a new stack only deletion remains.
    RolledBack,
    /// Failed and stays where it is.
    Failed,
    /// Deleted.
    Deleted,
    /// A status this version does not know.
    Unknown,
}

impl Phase {
    /// Whether something is under way.
    #[must_use]
    pub fn is_moving(self) -> bool {
        matches!(self, Phase::Creating | Phase::Updating | Phase::Deleting | Phase::RollingBack)
    }
}

impl Status {
    /// The phase this status means.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let s = self.0.as_str();
        match s {
            "" => Phase::Waiting,
            "REVIEW_IN_PROGRESS" => Phase::Review,
            "DELETE_COMPLETE" | "DELETE_SKIPPED" => Phase::Deleted,
            "ROLLBACK_COMPLETE" | "UPDATE_ROLLBACK_COMPLETE" | "IMPORT_ROLLBACK_COMPLETE" => {
                Phase::RolledBack
            }
            _ if s.ends_with("_FAILED") => Phase::Failed,
            _ if s.contains("ROLLBACK") && s.ends_with("_IN_PROGRESS") => Phase::RollingBack,
            _ if s.starts_with("CREATE_") && s.ends_with("_IN_PROGRESS") => Phase::Creating,
            _ if s.starts_with("DELETE_") && s.ends_with("_IN_PROGRESS") => Phase::Deleting,
            _ if s.ends_with("_IN_PROGRESS") => Phase::Updating,
            _ if s.ends_with("_COMPLETE") => Phase::Done,
            _ => Phase::Unknown,
        }
    }

    /// Whether a stack with this status has all it wants and can be built upon. One whose update went
    /// back is whole: it is what it was before.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.phase() == Phase::Done || self.0 == "UPDATE_ROLLBACK_COMPLETE"
    }

    /// Whether a stack with this status never came to be, so that only deleting it is left.
    #[must_use]
    pub fn is_stillborn(&self) -> bool {
        matches!(self.0.as_str(), "CREATE_FAILED" | "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "DELETE_FAILED")
    }
}

impl From<&str> for Status {
    fn from(s: &str) -> Self {
        Status(s.to_owned())
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_whose_update_went_back_is_whole_and_never_deleted_for_it() {
        for status in ["UPDATE_ROLLBACK_COMPLETE", "CREATE_COMPLETE", "UPDATE_COMPLETE"] {
            assert!(Status::from(status).is_whole() && !Status::from(status).is_stillborn(), "{status}");
        }
        for status in ["ROLLBACK_COMPLETE", "CREATE_FAILED", "DELETE_FAILED"] {
            assert!(Status::from(status).is_stillborn() && !Status::from(status).is_whole(), "{status}");
        }
        assert!(!Status::from("UPDATE_ROLLBACK_FAILED").is_stillborn());
    }

    #[test]
    fn statuses_read_as_phases_and_unknown_ones_never_panic() {
        for (status, phase) in [
            ("", Phase::Waiting),
            ("REVIEW_IN_PROGRESS", Phase::Review),
            ("CREATE_IN_PROGRESS", Phase::Creating),
            ("CREATE_COMPLETE", Phase::Done),
            ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", Phase::Updating),
            ("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", Phase::RollingBack),
            ("ROLLBACK_IN_PROGRESS", Phase::RollingBack),
            ("ROLLBACK_COMPLETE", Phase::RolledBack),
            ("UPDATE_ROLLBACK_FAILED", Phase::Failed),
            ("DELETE_FAILED", Phase::Failed),
            ("DELETE_COMPLETE", Phase::Deleted),
            ("SOMETHING_NEW", Phase::Unknown),
        ] {
            assert_eq!(Status::from(status).phase(), phase, "{status}");
        }
    }
}
