//! What is known of the learner's cloud, as plain data: the one picture that checks, panes and the
//! diagram read. A field that nobody has observed yet is `None` or empty, never a guess.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use ground::clock::Moment;
use ground::lang::Said;

mod service;
mod status;

pub use service::{DistributionStatus, FailoverStatus, ForwardingStatus, SynchronizationStatus, TableStatus};
pub use status::{Phase, Status};

/// Which part a Region plays in the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Serves the traffic (us-east-1).
    Primary,
    /// Fully provisioned with live data, used only for recovery (us-west-1).
    Standby,
}

impl Role {
    /// Both roles, primary first.
    pub const ALL: [Role; 2] = [Role::Primary, Role::Standby];

    /// The Region that plays this role in the workshop.
    #[must_use]
    pub fn region(self) -> &'static str {
        match self {
            Role::Primary => "us-east-1",
            Role::Standby => "us-west-1",
        }
    }
}

/// Everything observed, at its latest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// When the newest observation was made, in the clock of the world.
    pub at: Moment,
    /// Who the credentials belong to.
    pub identity: Option<Identity>,
    /// The client outside Espera that last reached this world.
    pub client: Option<Client>,
    /// The Region that serves.
    pub primary: RegionFacts,
    /// The Region that stands by.
    pub standby: RegionFacts,
    /// The Aurora global database, once it exists.
    pub database: Option<GlobalDatabase>,
    /// The basket table, once it exists.
    pub table: Option<Table>,
    /// The CloudFront distribution, once it exists.
    pub edge: Option<Edge>,
    /// The last probe item's journey through the global table.
    pub basket_probe: Option<BasketProbe>,
    /// What the last sweep after clean-up found; `None` before the first.
    pub sweep: Option<Sweep>,
    /// What the learner answered and chose: question id to option index.
    pub answers: BTreeMap<String, usize>,
    /// Ids of the questions answered right.
    pub right_answers: std::collections::BTreeSet<String>,
    /// What the last finished drill measured; filled from what is saved, as the answers are.
    pub drill: Option<Measured>,
    /// Trouble with observing itself (throttled, no credentials): the latest, cleared when it passes.
    pub trouble: Option<Said>,
}

impl Facts {
    /// The facts of the Region that plays `role`.
    #[must_use]
    pub fn region(&self, role: Role) -> &RegionFacts {
        match role {
            Role::Primary => &self.primary,
            Role::Standby => &self.standby,
        }
    }

    /// The facts of the Region that plays `role`, to change.
    pub fn region_mut(&mut self, role: Role) -> &mut RegionFacts {
        match role {
            Role::Primary => &mut self.primary,
            Role::Standby => &mut self.standby,
        }
    }

    /// The stack called `name` in either Region, if it is ours: somebody else's counts for nothing.
    #[must_use]
    pub fn stack(&self, name: &str) -> Option<&Stack> {
        self.stacks().map(|(_, s)| s).find(|s| s.name == name && s.whose == Whose::Ours)
    }

    /// Whether both Regions have told which stacks they hold; before that "none" would be a guess.
    #[must_use]
    pub fn knows_both_regions(&self) -> bool {
        Role::ALL.into_iter().all(|r| self.region(r).heard)
    }

    /// All stacks with the role of their Region, primary first, somebody else's of our names too.
    pub fn stacks(&self) -> impl Iterator<Item = (Role, &Stack)> {
        Role::ALL.into_iter().flat_map(|r| self.region(r).stacks.iter().map(move |s| (r, s)))
    }

    /// Whether anything is under way that deserves close watching.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.stacks().any(|(_, s)| s.status.phase().is_moving())
            || self.database.as_ref().is_some_and(|d| d.failover.is_some())
            || self.edge.as_ref().is_some_and(|e| e.status == DistributionStatus::InProgress)
            || self.table.as_ref().is_some_and(|t| t.replicas.iter().any(|r| r.status != TableStatus::Active))
    }

    /// Which Region holds the Aurora writer, when one is known.
    #[must_use]
    pub fn writer_region(&self) -> Option<&str> {
        self.database.as_ref()?.members.iter().find(|m| m.writer).map(|m| m.region.as_str())
    }
}

/// A finished drill, as far as the course looks at it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// Id of the run: the name of its folder.
    pub run: String,
    /// Writes that had been acknowledged.
    pub acknowledged: u64,
    /// Those of them that the surviving Region does not hold.
    pub lost: u64,
}

/// A client that is not Espera, as the world met it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// What it calls itself: `aws-cli/2.31.0`.
    pub name: String,
    /// The account it was answered for; empty when only the world itself tells of it.
    pub account: String,
}

/// The caller, from `sts:GetCallerIdentity`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Twelve-digit account id. Masked in presenter mode by whoever draws it.
    pub account: String,
    /// The caller's ARN.
    pub arn: String,
    /// The account's alias, if it has one and the caller may know it.
    #[serde(default)]
    pub alias: Option<String>,
}

impl Identity {
    /// The partition of the caller's ARN: `aws`, `aws-cn`, `aws-us-gov`.
    #[must_use]
    pub fn partition(&self) -> &str {
        self.arn.split(':').nth(1).filter(|p| !p.is_empty()).unwrap_or("aws")
    }

    /// Who it is within the account: `user/ana`, `assumed-role/Admin/ana`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.arn.splitn(6, ':').nth(5).unwrap_or(&self.arn)
    }
}

/// Whether a Region serves, as seen from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Not observed yet.
    #[default]
    Unknown,
    /// Its shop answers.
    Serving,
    /// It has nothing deployed that could serve.
    Empty,
    /// Something that should answer does not, and why (in AWS's words).
    Impaired {
        /// What was seen, e.g. `403 AccessDenied`.
        symptom: String,
    },
}

/// What one Region holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RegionFacts {
    /// Availability zone names, empty until inspected.
    pub zones: Vec<String>,
    /// Aurora MySQL versions offered here, newest last; empty until inspected.
    pub engine_versions: Vec<String>,
    /// Whether this Region has ever told of its stacks; until then they are unknown, not none.
    #[serde(default)]
    pub heard: bool,
    /// The workshop's stacks here, in order of creation.
    pub stacks: Vec<Stack>,
    /// The pages bucket, once the stack made it.
    pub bucket: Option<Bucket>,
    /// Whether the Region serves.
    pub health: Health,
}

/// A CloudFormation stack and its resources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stack {
    /// The stack's name.
    pub name: String,
    /// The stack's ARN: the only way to ask after a deleted stack.
    pub id: String,
    /// The stack's status.
    pub status: Status,
    /// AWS's reason for the status, if it gave one.
    pub reason: Option<String>,
    /// When the running or last operation began.
    pub began: Moment,
    /// When the last operation ended; `None` while one is running.
    pub ended: Option<Moment>,
    /// Resources in template order, then any seen only in events.
    pub resources: Vec<Resource>,
    /// Resources the template declares for this operation (to show "18 of 29").
    pub expected: usize,
    /// The first real error of the running or last operation: not the cancellations that followed it.
    pub first_error: Option<StackError>,
    /// Output keys and values.
    pub outputs: BTreeMap<String, String>,
    /// Tag keys and values.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// Estimated time left of the running operation.
    pub left: Option<Duration>,
    /// Whose it is, by its tags and what this run of the workshop knows.
    #[serde(default)]
    pub whose: Whose,
}

/// Whose a stack of one of the workshop's names is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Whose {
    /// This run's.
    #[default]
    Ours,
    /// Another run's of the workshop: the learner's from before, or somebody else's.
    Claimable,
    /// Somebody else's.
    Foreign,
}

impl Stack {
    /// How many resources are complete, for "18 of 29".
    #[must_use]
    pub fn done_count(&self) -> usize {
        self.resources.iter().filter(|r| r.status.phase() == Phase::Done).count()
    }

    /// The resource with this logical id.
    #[must_use]
    pub fn resource(&self, logical_id: &str) -> Option<&Resource> {
        self.resources.iter().find(|r| r.logical_id == logical_id)
    }
}

/// One resource of a stack.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// Name in the template.
    pub logical_id: String,
    /// Name in AWS, once it has one.
    pub physical_id: Option<String>,
    /// CloudFormation type, e.g. `AWS::RDS::DBCluster`.
    pub kind: String,
    /// Its status; default (unknown) before anything happened to it.
    pub status: Status,
    /// AWS's reason for the status, if it gave one.
    pub reason: Option<String>,
    /// When the running or last operation on it began.
    pub began: Moment,
    /// When that operation ended; `None` while it runs.
    pub ended: Option<Moment>,
}

/// The first real error of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackError {
    /// The resource that failed.
    pub logical_id: String,
    /// AWS's reason, as it gave it.
    pub reason: String,
}

/// A bucket that holds a Region's pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Bucket name.
    pub name: String,
    /// Number of objects seen in it.
    pub objects: usize,
    /// Whether `index.html` and `config.json` are both there.
    pub published: bool,
    /// Whether Espera's own Deny statement stands in its policy (the fault of step 6).
    pub blocked: bool,
}

/// An Aurora global database, from `rds:DescribeGlobalClusters`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlobalDatabase {
    /// Identifier of the global cluster.
    pub id: String,
    /// Its status in AWS's word, e.g. `available`. Told, never judged.
    pub status: String,
    /// The global writer endpoint, which follows the writer.
    pub endpoint: Option<String>,
    /// Its members.
    pub members: Vec<DatabaseMember>,
    /// A switchover or failover under way.
    pub failover: Option<FailoverState>,
    /// Replication lag from writer to reader in milliseconds, as CloudWatch last had it.
    pub lag_ms: Option<u64>,
}

/// One cluster of a global database.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseMember {
    /// Cluster ARN, the target of a switchover or failover.
    pub arn: String,
    /// Its Region.
    pub region: String,
    /// Whether it is the writer.
    pub writer: bool,
    /// Whether it passes writes on to the writer.
    pub forwarding: ForwardingStatus,
    /// Whether it follows the writer.
    pub synchronization: SynchronizationStatus,
}

/// A switchover or failover in progress.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailoverState {
    /// How far it is.
    pub status: FailoverStatus,
    /// ARN of the cluster that gives the writer's part up.
    pub from: String,
    /// ARN of the cluster that takes it.
    pub to: String,
}

/// The basket table and its replicas, from `dynamodb:DescribeTable`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Table name.
    pub name: String,
    /// Status of the table in the primary Region.
    pub status: TableStatus,
    /// Replicas in other Regions.
    pub replicas: Vec<Replica>,
}

/// A replica of a global table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replica {
    /// Its Region.
    pub region: String,
    /// Its status.
    pub status: TableStatus,
    /// `ReplicaStatusPercentProgress`, 0 to 100, while it is created.
    pub percent: Option<u8>,
}

/// The CloudFront distribution, from `cloudfront:GetDistribution` and from asking it for a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// Distribution id.
    pub id: String,
    /// Its `*.cloudfront.net` name.
    pub domain: String,
    /// Whether all of the edge has its latest form.
    pub status: DistributionStatus,
    /// Region whose `config.json` the edge returned last; `None` when it returned none.
    pub served_by: Option<String>,
    /// HTTP status of that last answer.
    pub last_code: Option<u16>,
}

/// An item written to the primary's table and looked for in the standby's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketProbe {
    /// Key of the item.
    pub key: String,
    /// When the primary acknowledged it.
    pub written: Moment,
    /// When the standby first returned it; `None` until then.
    pub arrived: Option<Moment>,
}

/// What a sweep found after clean-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sweep {
    /// When it was made.
    pub at: Moment,
    /// What is left; empty is the proof.
    pub left: Vec<Leftover>,
    /// What AWS alone removes, and will: no left-over of ours.
    #[serde(default)]
    pub expiring: Vec<Expiring>,
}

/// Something that nobody but AWS can remove.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiring {
    /// What it is.
    pub what: Leftover,
    /// When AWS removes it.
    pub until: Moment,
}

/// One thing of the workshop that still exists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftover {
    /// Its Region.
    pub region: String,
    /// What it is, as a CloudFormation type or AWS term.
    pub kind: String,
    /// Its name.
    pub name: String,
}
