//! RDS's operations: parameters in, XML out. One file a group of operations.

use super::Rds;
use crate::call::{Outcome, Request};
use crate::operation::{Operation, by_name};

mod catalog;
mod clusters;
mod globals;
mod groups;
mod instances;
mod shape;
mod snapshots;
mod tags;

/// What answers a call.
pub(crate) type Read = fn(&Rds, &Request<'_>) -> Outcome;
/// What answers a call and changes what there is.
pub(crate) type Change = fn(&mut Rds, &Request<'_>) -> Outcome;
type Op = Operation<Read, Change>;

/// What RDS answers.
pub static OPERATIONS: &[Op] = &by_name([
    Op::changes("AddTagsToResource", tags::add),
    Op::changes("CreateDBCluster", clusters::create),
    Op::changes("CreateDBClusterParameterGroup", groups::create_parameters),
    Op::changes("CreateDBClusterSnapshot", snapshots::create),
    Op::changes("CreateDBInstance", instances::create),
    Op::changes("CreateDBParameterGroup", groups::create_parameters),
    Op::changes("CreateDBSubnetGroup", groups::create_subnets),
    Op::changes("CreateGlobalCluster", globals::create),
    Op::changes("DeleteDBCluster", clusters::delete),
    Op::changes("DeleteDBClusterParameterGroup", groups::delete_parameters),
    Op::changes("DeleteDBClusterSnapshot", snapshots::delete),
    Op::changes("DeleteDBInstance", instances::delete),
    Op::changes("DeleteDBParameterGroup", groups::delete_parameters),
    Op::changes("DeleteDBSubnetGroup", groups::delete_subnets),
    Op::changes("DeleteGlobalCluster", globals::delete),
    Op::reads("DescribeDBClusterParameterGroups", groups::describe_parameters),
    Op::reads("DescribeDBClusterParameters", groups::describe_values),
    Op::reads("DescribeDBClusterSnapshots", snapshots::describe),
    Op::reads("DescribeDBClusters", clusters::describe),
    Op::reads("DescribeDBEngineVersions", catalog::versions),
    Op::reads("DescribeDBInstances", instances::describe),
    Op::reads("DescribeDBParameterGroups", groups::describe_parameters),
    Op::reads("DescribeDBParameters", groups::describe_values),
    Op::reads("DescribeDBSnapshots", snapshots::describe_instances),
    Op::reads("DescribeDBSubnetGroups", groups::describe_subnets),
    Op::reads("DescribeEvents", catalog::events),
    Op::reads("DescribeGlobalClusters", globals::describe),
    Op::reads("DescribeOrderableDBInstanceOptions", catalog::orderable),
    Op::changes("FailoverGlobalCluster", globals::failover),
    Op::reads("ListTagsForResource", tags::list),
    Op::changes("ModifyDBCluster", clusters::modify),
    Op::changes("ModifyDBClusterParameterGroup", groups::modify_parameters),
    Op::changes("ModifyDBInstance", instances::modify),
    Op::changes("ModifyDBParameterGroup", groups::modify_parameters),
    Op::changes("ModifyDBSubnetGroup", groups::modify_subnets),
    Op::changes("ModifyGlobalCluster", globals::modify),
    Op::changes("RebootDBInstance", instances::reboot),
    Op::changes("RemoveFromGlobalCluster", globals::remove),
    Op::changes("RemoveTagsFromResource", tags::remove),
    Op::changes("SwitchoverGlobalCluster", globals::switchover),
]);
