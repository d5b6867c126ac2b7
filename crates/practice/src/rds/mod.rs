//! RDS (awsQuery 2014-10-31): Aurora clusters, instances, groups and the global database.

mod api;
pub mod catalog;
pub mod clusters;
pub mod errors;
mod event;
pub mod failover;
pub mod globals;
pub mod groups;
pub mod instances;
mod lifecycle;
mod listing;
pub mod model;
mod show;
pub mod snapshots;
mod state;

use crate::scene::Scene;
pub(super) use api::{Change, OPERATIONS, Read};
pub use lifecycle::step;
pub use model::{
    Cluster, Failover, FailoverStatus, Forwarding, Global, Instance, Member, Note, ParameterGroup, Scope,
    Snapshot, Status, SubnetGroup, Synchronization, Tags,
};
pub use show::{address, endpoint, hosted_zone, reader_endpoint};
use state::Drawn;
pub use state::{Rds, Replication};
