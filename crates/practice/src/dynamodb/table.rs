//! A table as one Region has it: key, settings, replicas elsewhere, and its items.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::key::Schema;
use super::transit::Replica as Items;
use ground::clock::Moment;

/// `CREATING`, `ACTIVE` and so on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Being made.
    #[default]
    Creating,
    /// Being changed; items can be used.
    Updating,
    /// Going away.
    Deleting,
    /// Ready.
    Active,
}

impl Status {
    /// As the service writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Creating => "CREATING",
            Status::Updating => "UPDATING",
            Status::Deleting => "DELETING",
            Status::Active => "ACTIVE",
        }
    }
}

/// What reads and writes are paid by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Billing {
    /// Each request.
    #[default]
    OnDemand,
    /// Units a second, reserved.
    Provisioned {
        /// Read units.
        read: u64,
        /// Write units.
        write: u64,
    },
}

/// A replica in another Region, as this one sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replica {
    pub region: String,
    pub status: Status,
    /// When its state began, and when it will be over: for the progress in per cent.
    pub span: (Moment, Moment),
}

/// A secondary index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Index {
    pub name: String,
    /// Its key.
    pub schema: Schema,
    /// Whether it is local to a partition.
    pub local: bool,
    /// `ALL`, `KEYS_ONLY` or `INCLUDE`, and the attributes included.
    pub projection: (String, Vec<String>),
    /// Reserved units, for a provisioned global index.
    pub throughput: Billing,
}

/// A change stream's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// `NEW_AND_OLD_IMAGES` and so on.
    pub view: String,
    /// When it was switched on: its label.
    pub since: Moment,
}

/// What of a table is the same in all Regions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// The primary key.
    pub schema: Schema,
    /// Attribute names and type letters, as given.
    pub attributes: Vec<(String, String)>,
    /// How it is paid.
    pub billing: Billing,
    /// Secondary indexes.
    pub indexes: Vec<Index>,
    /// The change stream, if on.
    pub stream: Option<Stream>,
    /// Server-side encryption with a KMS key: its ARN, if on.
    pub kms: Option<String>,
    /// Whether deletion is refused.
    pub protected: bool,
    /// The attribute that holds the time to live, if on.
    pub ttl: Option<String>,
    /// Whether point-in-time recovery is on.
    pub recovery: bool,
    /// `STANDARD_INFREQUENT_ACCESS`, when not standard.
    pub class: Option<String>,
}

/// A table in one Region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    /// Its UUID.
    pub id: String,
    pub arn: String,
    pub status: Status,
    /// When it was made.
    pub created: Moment,
    /// Key, settings, indexes.
    pub definition: Definition,
    /// The other Regions of the global table; empty for a plain table.
    pub replicas: Vec<Replica>,
    /// When a replica elsewhere was last begun from here: the 24-hour rule counts from it.
    pub replicated_at: Option<Moment>,
    pub tags: BTreeMap<String, String>,
    pub items: Items,
}

impl Table {
    /// Whether items can be read and written.
    #[must_use]
    pub fn usable(&self) -> bool {
        matches!(self.status, Status::Active | Status::Updating)
    }

    /// The index called `name`.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.definition.indexes.iter().find(|i| i.name == name)
    }

    /// The Regions that get this table's writes.
    pub fn followers(&self) -> impl Iterator<Item = &str> {
        self.replicas.iter().filter(|r| r.status != Status::Deleting).map(|r| r.region.as_str())
    }

    /// The replica in `region`, as seen from here.
    #[must_use]
    pub fn replica(&self, region: &str) -> Option<&Replica> {
        self.replicas.iter().find(|r| r.region == region)
    }
}
