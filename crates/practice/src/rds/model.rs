//! What RDS knows: clusters, instances, global clusters, groups, snapshots, events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use ground::clock::Moment;

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// A status, as a cluster or an instance shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Being made.
    #[default]
    Creating,
    /// Ready.
    Available,
    /// Being changed.
    Modifying,
    /// Becoming a cluster of its own.
    Promoting,
    /// Changing the writer.
    FailingOver,
    /// Restarting.
    Rebooting,
    /// Going away.
    Deleting,
}

impl Status {
    /// As the service writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Creating => "creating",
            Status::Available => "available",
            Status::Modifying => "modifying",
            Status::Promoting => "promoting",
            Status::FailingOver => "failing-over",
            Status::Rebooting => "rebooting",
            Status::Deleting => "deleting",
        }
    }
}

/// Whether a secondary cluster forwards writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Forwarding {
    /// It does not.
    #[default]
    Disabled,
    /// Soon.
    Enabling,
    /// It does.
    Enabled,
    /// Not any more soon.
    Disabling,
}

impl Forwarding {
    /// As the service writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Forwarding::Disabled => "disabled",
            Forwarding::Enabling => "enabling",
            Forwarding::Enabled => "enabled",
            Forwarding::Disabling => "disabling",
        }
    }
}

/// An Aurora cluster.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Cluster {
    pub region: String,
    /// Its identifier, lower case.
    pub id: String,
    pub arn: String,
    /// `cluster-…`.
    pub resource_id: String,
    /// The twelve letters in its endpoints.
    pub label: String,
    /// When it was made.
    pub created: Moment,
    pub status: Status,
    /// `aurora-mysql` or `aurora-postgresql`.
    pub engine: String,
    pub version: String,
    pub port: u64,
    /// The initial database.
    pub database: Option<String>,
    /// The master user; a secondary takes the primary's.
    pub master: Option<String>,
    pub subnet_group: String,
    /// The cluster parameter group.
    pub parameter_group: String,
    /// Security group ids.
    pub security_groups: Vec<String>,
    /// Availability zones.
    pub zones: Vec<String>,
    /// Whether storage is encrypted.
    pub encrypted: bool,
    /// The KMS key, if encrypted.
    pub kms: Option<String>,
    /// Whether deletion is refused.
    pub protected: bool,
    pub backup_days: u64,
    /// `hh:mm-hh:mm`.
    pub backup_window: String,
    /// `ddd:hh:mm-ddd:hh:mm`.
    pub maintenance_window: String,
    /// Exported logs.
    pub logs: Vec<String>,
    /// Whether IAM authentication is on.
    pub iam: bool,
    /// Whether tags go to snapshots.
    pub copy_tags: bool,
    /// Serverless capacity: least and most units.
    pub serverless: Option<(f64, f64)>,
    /// The ARN of the secret that RDS keeps the password in, if it does.
    pub secret: Option<String>,
    /// Whether write forwarding was asked for.
    pub forwarding_requested: bool,
    /// Whether writes are forwarded (while it is a secondary).
    pub forwarding: Forwarding,
    pub tags: Tags,
}

/// An instance, in a cluster or alone.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Instance {
    pub region: String,
    /// Its identifier, lower case.
    pub id: String,
    pub arn: String,
    /// `db-…`.
    pub resource_id: String,
    /// The twelve letters in its endpoint.
    pub label: String,
    /// When it was made.
    pub created: Moment,
    pub status: Status,
    /// `db.r6g.large`.
    pub class: String,
    /// Its cluster's identifier.
    pub cluster: Option<String>,
    pub engine: String,
    pub version: String,
    pub zone: String,
    pub port: u64,
    pub subnet_group: String,
    /// The instance parameter group.
    pub parameter_group: String,
    /// Security group ids.
    pub security_groups: Vec<String>,
    /// Order in which a reader is promoted, 0 first.
    pub tier: u64,
    /// Whether it has a public address.
    pub public: bool,
    /// The master user.
    pub master: String,
    /// The initial database.
    pub database: Option<String>,
    /// Whether storage is encrypted.
    pub encrypted: bool,
    /// The KMS key, if encrypted.
    pub kms: Option<String>,
    /// Gibibytes; 1 for Aurora.
    pub storage: u64,
    /// Whether deletion is refused.
    pub protected: bool,
    /// Whether minor versions come by themselves.
    pub minor_upgrades: bool,
    pub tags: Tags,
}

/// How well a member follows the writer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Synchronization {
    /// It follows.
    #[default]
    Connected,
    /// It must be made anew from the writer, after an unplanned failover.
    PendingResync,
}

/// A cluster's part in a global cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The cluster's ARN.
    pub arn: String,
    /// Whether it takes writes.
    pub writer: bool,
    /// Whether it follows.
    pub synchronization: Synchronization,
    /// Whether its resynchronization has begun.
    pub resyncing: bool,
}

impl Member {
    /// The member's Region.
    #[must_use]
    pub fn region(&self) -> &str {
        self.arn.split(':').nth(3).unwrap_or_default()
    }
}

/// How a change of the writer is going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailoverStatus {
    /// Asked for.
    Pending,
    /// Unplanned, under way.
    FailingOver,
    /// Planned, under way.
    SwitchingOver,
}

impl FailoverStatus {
    /// As the service writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FailoverStatus::Pending => "pending",
            FailoverStatus::FailingOver => "failing-over",
            FailoverStatus::SwitchingOver => "switching-over",
        }
    }
}

/// A change of the writer under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failover {
    /// How it is going.
    pub status: FailoverStatus,
    /// The old writer's ARN.
    pub from: String,
    /// The new writer's ARN.
    pub to: String,
    /// Whether data may be lost: unplanned.
    pub data_loss: bool,
}

/// A global database.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Global {
    /// Its identifier, lower case.
    pub id: String,
    pub arn: String,
    /// `cluster-…`.
    pub resource_id: String,
    /// The twelve letters in its endpoint.
    pub label: String,
    /// `available` and so on.
    pub status: Status,
    pub engine: String,
    pub version: String,
    /// The initial database.
    pub database: Option<String>,
    /// Whether storage is encrypted.
    pub encrypted: bool,
    /// Whether deletion is refused.
    pub protected: bool,
    /// The clusters in it.
    pub members: Vec<Member>,
    /// The change of the writer under way.
    pub failover: Option<Failover>,
    pub tags: Tags,
}

impl Global {
    /// The member that takes writes.
    #[must_use]
    pub fn writer(&self) -> Option<&Member> {
        self.members.iter().find(|m| m.writer)
    }

    /// The member with this ARN.
    #[must_use]
    pub fn member(&self, arn: &str) -> Option<&Member> {
        self.members.iter().find(|m| m.arn == arn)
    }

    /// The global writer endpoint: it follows the writer.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("{}.global-{}.global.rds.amazonaws.com", self.id, self.label)
    }
}

/// Subnets a database may stand in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SubnetGroup {
    pub region: String,
    /// Its name, lower case.
    pub name: String,
    pub arn: String,
    /// What it is for.
    pub description: String,
    /// The network.
    pub vpc: String,
    /// Subnet ids and their zones.
    pub subnets: Vec<(String, String)>,
    pub tags: Tags,
}

/// Which kind of parameter group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    #[default]
    Cluster,
    Instance,
}

/// A parameter group.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ParameterGroup {
    pub region: String,
    /// For clusters or for instances.
    pub scope: Scope,
    /// Its name, lower case.
    pub name: String,
    pub arn: String,
    /// `aurora-mysql8.0`.
    pub family: String,
    /// What it is for.
    pub description: String,
    /// What it sets.
    pub parameters: BTreeMap<String, String>,
    pub tags: Tags,
}

/// A cluster's snapshot.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Snapshot {
    pub region: String,
    /// Its identifier.
    pub id: String,
    pub arn: String,
    /// `manual` or `automated`.
    pub kind: String,
    /// When it was taken.
    pub taken: Moment,
    /// The cluster as it was.
    pub cluster: Cluster,
    pub tags: Tags,
}

/// Something that happened, for DescribeEvents.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Note {
    pub region: String,
    pub at: Moment,
    /// `db-cluster`, `db-instance` or `db-cluster-snapshot`.
    pub source_type: String,
    /// The thing's identifier.
    pub source: String,
    /// The thing's ARN.
    pub arn: String,
    pub message: String,
    /// `creation`, `failover` and so on.
    pub category: String,
}
