//! The statuses of what services other than CloudFormation keep: read from AWS's words in one place, so that
//! nobody else compares texts.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An enum of AWS's words for a status. It is saved and shown by AWS's word, and what is not known here is
/// kept as it came; before anybody has asked it is empty.
macro_rules! status {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A word that this version does not know; empty when there is none.
            Other(String),
        }

        impl $name {
            /// AWS's word for it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $word,)+
                    $name::Other(word) => word,
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                $name::Other(String::new())
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($word => $name::$variant,)+
                    _ => $name::Other(word),
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                word.to_owned().into()
            }
        }

        impl From<$name> for String {
            fn from(status: $name) -> String {
                status.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

status! {
    /// The status of a CloudFront distribution.
    DistributionStatus {
        /// A change is on its way to the edge.
        InProgress = "InProgress",
        /// All of the edge has it.
        Deployed = "Deployed",
    }
}

status! {
    /// `TableStatus` of a DynamoDB table, or `ReplicaStatus` of one of its replicas.
    TableStatus {
        /// Ready for use.
        Active = "ACTIVE",
        /// Being created.
        Creating = "CREATING",
        /// Being changed.
        Updating = "UPDATING",
        /// Being deleted.
        Deleting = "DELETING",
    }
}

status! {
    /// `GlobalWriteForwardingStatus` of a member of a global database.
    ForwardingStatus {
        /// Writes are passed on to the writer.
        Enabled = "enabled",
        /// Being switched on.
        Enabling = "enabling",
        /// Writes are refused.
        Disabled = "disabled",
        /// Being switched off.
        Disabling = "disabling",
    }
}

status! {
    /// `SynchronizationStatus` of a member of a global database.
    SynchronizationStatus {
        /// It follows the writer.
        Connected = "connected",
        /// It is made anew from the writer, or waits for that.
        PendingResync = "pending-resync",
    }
}

status! {
    /// How far a switchover or failover of a global database is.
    FailoverStatus {
        /// Asked for, not begun.
        Pending = "pending",
        /// A planned change of the writer.
        SwitchingOver = "switching-over",
        /// An unplanned one.
        FailingOver = "failing-over",
        /// Being called off.
        Cancelling = "cancelling",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_saved_by_awss_word_and_an_unknown_one_is_kept() {
        for (status, word) in [
            (TableStatus::Active, "\"ACTIVE\""),
            (
                TableStatus::Other("INACCESSIBLE_ENCRYPTION_CREDENTIALS".into()),
                "\"INACCESSIBLE_ENCRYPTION_CREDENTIALS\"",
            ),
            (TableStatus::default(), "\"\""),
        ] {
            assert_eq!(serde_json::to_string(&status).unwrap(), word);
            assert_eq!(serde_json::from_str::<TableStatus>(word).unwrap(), status);
        }
        assert_eq!(FailoverStatus::from("failing-over"), FailoverStatus::FailingOver);
        assert_eq!(SynchronizationStatus::PendingResync.to_string(), "pending-resync");
    }
}
