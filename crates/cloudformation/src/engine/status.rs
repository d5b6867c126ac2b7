//! The statuses of stacks, resources, change sets and operations, spelt as CloudFormation spells them.

use serde::{Deserialize, Serialize};

macro_rules! statuses {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// The spelling on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            /// The status so spelt.
            #[must_use]
            pub fn parse(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$variant),)+ _ => None }
            }
        }
    };
}

statuses! {
    /// Where a stack stands.
    StackStatus {
        /// Made by a change set that has not been executed.
        ReviewInProgress = "REVIEW_IN_PROGRESS",
        /// Being created.
        CreateInProgress = "CREATE_IN_PROGRESS",
        /// Creation failed and nothing was rolled back.
        CreateFailed = "CREATE_FAILED",
        /// Created.
        CreateComplete = "CREATE_COMPLETE",
        /// A failed creation is being undone.
        RollbackInProgress = "ROLLBACK_IN_PROGRESS",
        /// The undoing failed.
        RollbackFailed = "ROLLBACK_FAILED",
        /// A failed creation was undone; can only be deleted.
        RollbackComplete = "ROLLBACK_COMPLETE",
        /// Being deleted.
        DeleteInProgress = "DELETE_IN_PROGRESS",
        /// Something could not be deleted.
        DeleteFailed = "DELETE_FAILED",
        /// Gone; still describable by id.
        DeleteComplete = "DELETE_COMPLETE",
        /// Being updated.
        UpdateInProgress = "UPDATE_IN_PROGRESS",
        /// Updated; replaced and removed resources are being deleted.
        UpdateCompleteCleanup = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        /// Updated.
        UpdateComplete = "UPDATE_COMPLETE",
        /// The update failed and nothing was rolled back.
        UpdateFailed = "UPDATE_FAILED",
        /// A failed update is being undone.
        UpdateRollbackInProgress = "UPDATE_ROLLBACK_IN_PROGRESS",
        /// The undoing of an update failed.
        UpdateRollbackFailed = "UPDATE_ROLLBACK_FAILED",
        /// The update is undone; what it had created is being deleted.
        UpdateRollbackCleanup = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        /// The update is undone.
        UpdateRollbackComplete = "UPDATE_ROLLBACK_COMPLETE",
    }
}

impl StackStatus {
    /// Whether an operation is under way.
    #[must_use]
    pub fn in_progress(self) -> bool {
        self.as_str().ends_with("IN_PROGRESS") && self != StackStatus::ReviewInProgress
    }
}

statuses! {
    /// Where a resource stands.
    ResourceStatus {
        /// Being created.
        CreateInProgress = "CREATE_IN_PROGRESS",
        /// Not created, or given up half-way.
        CreateFailed = "CREATE_FAILED",
        /// Created.
        CreateComplete = "CREATE_COMPLETE",
        /// Being deleted.
        DeleteInProgress = "DELETE_IN_PROGRESS",
        /// Could not be deleted.
        DeleteFailed = "DELETE_FAILED",
        /// Deleted.
        DeleteComplete = "DELETE_COMPLETE",
        /// Kept on purpose when its stack let go of it.
        DeleteSkipped = "DELETE_SKIPPED",
        /// Being changed or replaced.
        UpdateInProgress = "UPDATE_IN_PROGRESS",
        /// The change failed.
        UpdateFailed = "UPDATE_FAILED",
        /// Changed or replaced.
        UpdateComplete = "UPDATE_COMPLETE",
    }
}

impl ResourceStatus {
    /// Whether it tells of a failure.
    #[must_use]
    pub fn is_failure(self) -> bool {
        matches!(
            self,
            ResourceStatus::CreateFailed | ResourceStatus::DeleteFailed | ResourceStatus::UpdateFailed
        )
    }
}

statuses! {
    /// Where a change set stands.
    ChangeSetStatus {
        /// Asked for.
        CreatePending = "CREATE_PENDING",
        /// Being worked out.
        CreateInProgress = "CREATE_IN_PROGRESS",
        /// Worked out.
        CreateComplete = "CREATE_COMPLETE",
        /// It has no changes or could not be worked out.
        Failed = "FAILED",
    }
}

statuses! {
    /// Whether a change set can be executed.
    ExecutionStatus {
        /// Not yet, or never.
        Unavailable = "UNAVAILABLE",
        /// Now.
        Available = "AVAILABLE",
        /// It is being executed.
        InProgress = "EXECUTE_IN_PROGRESS",
        /// It was executed.
        Complete = "EXECUTE_COMPLETE",
        /// Its execution failed.
        Failed = "EXECUTE_FAILED",
        /// The stack changed since.
        Obsolete = "OBSOLETE",
    }
}

statuses! {
    /// What an operation does to its stack.
    OperationType {
        /// Creation.
        Create = "CREATE_STACK",
        /// Update.
        Update = "UPDATE_STACK",
        /// Deletion.
        Delete = "DELETE_STACK",
        /// Going on with a stuck rollback.
        ContinueRollback = "CONTINUE_ROLLBACK",
        /// Undoing.
        Rollback = "ROLLBACK",
        /// Working out a change set.
        ChangeSet = "CREATE_CHANGESET",
    }
}

statuses! {
    /// What happens when a creation fails.
    OnFailure {
        /// Undo it.
        Rollback = "ROLLBACK",
        /// Leave everything as it is.
        DoNothing = "DO_NOTHING",
        /// Delete the stack.
        Delete = "DELETE",
    }
}

statuses! {
    /// What becomes of a resource that its stack lets go of.
    Policy {
        /// Deleted.
        Delete = "Delete",
        /// Kept.
        Retain = "Retain",
        /// Kept, unless the operation that created it is undone.
        RetainExceptOnCreate = "RetainExceptOnCreate",
        /// Deleted, with a snapshot taken first.
        Snapshot = "Snapshot",
    }
}
