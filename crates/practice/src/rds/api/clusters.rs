//! CreateDBCluster, ModifyDBCluster, DeleteDBCluster, DescribeDBClusters.

use std::time::Duration;

use super::shape::{many, one, required_text, serverless, tags_of, text, texts};
use crate::call::{AwsError, Call, Outcome, Request};
use crate::rds::Drawn as _;
use crate::rds::clusters::{self, ClusterChange, Last, NewCluster};
use crate::rds::{Cluster, Rds, errors, listing, show};

const KIND: &str = "AWS::RDS::DBCluster";

fn reply(rds: &Rds, call: &Call<'_>, arn: &str) -> Outcome {
    let cluster = rds.cluster_by_arn(arn).ok_or_else(|| errors::no_cluster(arn))?;
    one(call, "DBCluster", |xml| show::cluster(xml, rds, cluster))
}

pub fn create(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let p = &call.params;
    let new = NewCluster {
        id: required_text(p, "DBClusterIdentifier")?,
        engine: required_text(p, "Engine")?,
        version: text(p, "EngineVersion"),
        database: text(p, "DatabaseName"),
        master: text(p, "MasterUsername"),
        password: text(p, "MasterUserPassword"),
        managed_password: p.flag("ManageMasterUserPassword").unwrap_or(false),
        subnet_group: text(p, "DBSubnetGroupName"),
        parameter_group: text(p, "DBClusterParameterGroupName"),
        security_groups: texts(p, "VpcSecurityGroupIds", "VpcSecurityGroupId"),
        zones: texts(p, "AvailabilityZones", "AvailabilityZone"),
        encrypted: p.flag("StorageEncrypted"),
        kms: text(p, "KmsKeyId"),
        protected: p.flag("DeletionProtection").unwrap_or(false),
        backup_days: p.number("BackupRetentionPeriod"),
        backup_window: text(p, "PreferredBackupWindow"),
        maintenance_window: text(p, "PreferredMaintenanceWindow"),
        logs: texts(p, "EnableCloudwatchLogsExports", "member"),
        port: p.number("Port"),
        iam: p.flag("EnableIAMDatabaseAuthentication").unwrap_or(false),
        copy_tags: p.flag("CopyTagsToSnapshot").unwrap_or(false),
        serverless: serverless(p),
        global: text(p, "GlobalClusterIdentifier"),
        forwarding: p.flag("EnableGlobalWriteForwarding").unwrap_or(false),
        tags: tags_of(p)?,
    };
    let takes = call.scene.takes(KIND, &new.id);
    let arn = clusters::create(rds, &call.scene, new, takes)?;
    reply(rds, call, &arn)
}

pub fn modify(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let p = &call.params;
    let groups = texts(p, "VpcSecurityGroupIds", "VpcSecurityGroupId");
    let change = ClusterChange {
        version: text(p, "EngineVersion"),
        password: text(p, "MasterUserPassword"),
        protected: p.flag("DeletionProtection"),
        backup_days: p.number("BackupRetentionPeriod"),
        parameter_group: text(p, "DBClusterParameterGroupName"),
        security_groups: (!groups.is_empty()).then_some(groups),
        forwarding: p.flag("EnableGlobalWriteForwarding"),
        iam: p.flag("EnableIAMDatabaseAuthentication"),
        copy_tags: p.flag("CopyTagsToSnapshot"),
        serverless: serverless(p),
        backup_window: text(p, "PreferredBackupWindow"),
        maintenance_window: text(p, "PreferredMaintenanceWindow"),
    };
    let id = required_text(p, "DBClusterIdentifier")?;
    let takes = call.scene.spread(Duration::from_secs(45), &id);
    let arn = clusters::modify(rds, &call.scene, &id, change, takes)?;
    reply(rds, call, &arn)
}

/// What a deletion should leave.
pub(super) fn last(call: &Call<'_>, name: &str) -> Result<Last, AwsError> {
    match (call.params.flag("SkipFinalSnapshot").unwrap_or(false), text(&call.params, name)) {
        (true, None) => Ok(Last::Skip),
        (true, Some(_)) => {
            Err(errors::combination(format!("{name} can not be specified when SkipFinalSnapshot is true.")))
        }
        (false, Some(id)) => Ok(Last::Snapshot(id)),
        (false, None) => {
            Err(errors::combination(format!("{name} is required unless SkipFinalSnapshot is specified.")))
        }
    }
}

pub fn delete(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let id = required_text(&call.params, "DBClusterIdentifier")?;
    let found = rds.cluster(call.region, &id).ok_or_else(|| errors::no_cluster(&id))?;
    let last = if found.protected { Last::Skip } else { last(call, "FinalDBSnapshotIdentifier")? };
    let takes = call.scene.spread(crate::durations::delete(KIND), &id);
    let arn = clusters::delete(rds, &call.scene, &id, last, takes)?;
    reply(rds, call, &arn)
}

pub fn describe(rds: &Rds, call: &Request<'_>) -> Outcome {
    let known = ["db-cluster-id", "db-cluster-resource-id", "engine", "clone-group-id", "domain"];
    let filters = listing::filters(&call.params, &known)?;
    let wanted = call.params.get("DBClusterIdentifier");
    if let Some(id) = wanted {
        rds.cluster(call.region, id).ok_or_else(|| errors::no_cluster(id))?;
    }
    let matches = |c: &Cluster| {
        c.region == call.region
            && wanted.is_none_or(|id| c.arn == id || c.id.eq_ignore_ascii_case(id))
            && listing::passes(&filters, |name| match name {
                "db-cluster-id" => vec![c.id.clone(), c.arn.clone()],
                "db-cluster-resource-id" => vec![c.resource_id.clone()],
                "engine" => vec![c.engine.clone()],
                _ => Vec::new(),
            })
    };
    let found = rds.clusters.values().filter(|c| matches(c)).map(|c| (c.id.clone(), c)).collect();
    let page = listing::page(&call.params, found)?;
    many(call, ("DBClusters", "DBCluster"), page, |xml, c| show::cluster(xml, rds, c))
}
