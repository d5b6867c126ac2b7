//! `AWS::RDS::DBCluster`.

use std::time::Duration;

use serde_json::{Value, json};

use super::{AGAIN, failure, name, number, optional_flag, scene, tags, texts};
use crate::providers::{Attributes, Cx, Deleting, Ending, Failure, Measured, Provider, Started, Updating};
use crate::rds::clusters::{self, ClusterChange, Last, NewCluster};
use crate::rds::{self, Status, globals};
use crate::services::Services;

#[derive(Debug)]
pub(super) struct Cluster;

/// How long a secondary takes, on average.
const SECONDARY: Duration = Duration::from_secs(330);

impl Provider for Cluster {
    fn create(&self, services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let new = new_cluster(cx);
        let id = new.id.to_ascii_lowercase();
        let secondary =
            new.global.as_ref().and_then(|g| services.rds.global(g)).is_some_and(|g| g.writer().is_some());
        let takes = if secondary { cx.took(SECONDARY) } else { cx.creating() };
        let scene = scene(services, cx);
        clusters::create(services.rds, &scene, new, takes).map_err(failure(cx))?;
        Ok(Started { attributes: attributes(services, cx, &id), physical_id: id, takes })
    }

    fn finish_creation(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        check_available(services, cx, physical_id)?;
        Ok(attributes(services, cx, physical_id))
    }

    fn update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
        old: &Value,
    ) -> Result<Updating, Failure> {
        let changed = |name: &str| cx.props.get(name) != old.get(name);
        let text = |name: &str| cx.text(name).filter(|_| changed(name));
        let flag = |name: &str| changed(name).then(|| cx.flag(name));
        let change = ClusterChange {
            version: text("EngineVersion"),
            password: text("MasterUserPassword"),
            protected: flag("DeletionProtection"),
            backup_days: number(cx, "BackupRetentionPeriod"),
            parameter_group: text("DBClusterParameterGroupName"),
            security_groups: changed("VpcSecurityGroupIds").then(|| texts(cx, "VpcSecurityGroupIds")),
            forwarding: flag("EnableGlobalWriteForwarding"),
            iam: flag("EnableIAMDatabaseAuthentication"),
            copy_tags: flag("CopyTagsToSnapshot"),
            serverless: serverless(cx),
            backup_window: text("PreferredBackupWindow"),
            maintenance_window: text("PreferredMaintenanceWindow"),
        };
        let (scene, takes) = (scene(services, cx), cx.updating());
        clusters::modify(services.rds, &scene, physical_id, change, takes).map_err(failure(cx))?;
        Ok(Updating::InPlace { takes })
    }

    fn delete(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Deleting, Failure> {
        let Some(cluster) = services.rds.cluster(cx.region, physical_id) else {
            return Ok(Deleting { takes: Duration::ZERO });
        };
        if cluster.status == Status::Deleting {
            return Ok(Deleting { takes: AGAIN });
        }
        let (arn, scene, takes) = (cluster.arn.clone(), scene(services, cx), cx.deleting());
        // The handler leaves the global cluster first when the template had put the cluster in it.
        let joined = cx
            .text("GlobalClusterIdentifier")
            .filter(|id| services.rds.global(id).is_some_and(|g| g.member(&arn).is_some()));
        if let Some(global) = joined {
            globals::remove_member(services.rds, &scene, &global, &arn, AGAIN).map_err(failure(cx))?;
        }
        let last = match cx.ending {
            Ending::Delete => Last::Skip,
            Ending::Snapshot => {
                Last::Snapshot(format!("{physical_id}-snapshot-{}", cx.letters(12, b"abcdef0123456789")))
            }
        };
        clusters::delete(services.rds, &scene, physical_id, last, takes).map_err(failure(cx))?;
        Ok(Deleting { takes })
    }

    fn finish_deletion(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<(), Failure> {
        match services.rds.cluster(cx.region, physical_id) {
            Some(_) => Err(Failure::NotYet(AGAIN)),
            None => Ok(()),
        }
    }
}

fn check_available(services: &Services<'_>, cx: &Cx<'_>, id: &str) -> Result<(), Failure> {
    match services.rds.cluster(cx.region, id).map(|c| c.status) {
        Some(Status::Available) => Ok(()),
        Some(_) => Err(Failure::NotYet(AGAIN)),
        None => Err(Failure::handler("NotFound", format!("DBCluster {id} not found."))),
    }
}

fn serverless(cx: &Cx<'_>) -> Option<(f64, f64)> {
    let spec = cx.props.get("ServerlessV2ScalingConfiguration")?;
    let number = |name: &str| spec.get(name).and_then(|v| v.as_f64().or_else(|| v.as_str()?.parse().ok()));
    Some((number("MinCapacity")?, number("MaxCapacity")?))
}

fn new_cluster(cx: &Cx<'_>) -> NewCluster {
    // A restored cluster has the user of its snapshot or source; the template says none.
    let restored =
        ["SnapshotIdentifier", "SourceDBClusterIdentifier"].iter().any(|from| cx.text(from).is_some());
    let unsaid = restored && cx.text("MasterUsername").is_none();
    NewCluster {
        id: name(cx, "DBClusterIdentifier"),
        engine: cx.text("Engine").unwrap_or_default().to_ascii_lowercase(),
        version: cx.text("EngineVersion"),
        database: cx.text("DatabaseName"),
        master: cx.text("MasterUsername").or_else(|| unsaid.then(|| "admin".to_owned())),
        password: cx.text("MasterUserPassword").or_else(|| unsaid.then(|| "as-it-was".to_owned())),
        managed_password: cx.flag("ManageMasterUserPassword"),
        subnet_group: cx.text("DBSubnetGroupName"),
        parameter_group: cx.text("DBClusterParameterGroupName"),
        security_groups: texts(cx, "VpcSecurityGroupIds"),
        zones: texts(cx, "AvailabilityZones"),
        encrypted: optional_flag(cx, "StorageEncrypted"),
        kms: cx.text("KmsKeyId"),
        protected: cx.flag("DeletionProtection"),
        backup_days: number(cx, "BackupRetentionPeriod"),
        backup_window: cx.text("PreferredBackupWindow"),
        maintenance_window: cx.text("PreferredMaintenanceWindow"),
        logs: texts(cx, "EnableCloudwatchLogsExports"),
        port: number(cx, "Port"),
        iam: cx.flag("EnableIAMDatabaseAuthentication"),
        copy_tags: cx.flag("CopyTagsToSnapshot"),
        serverless: serverless(cx),
        global: cx.text("GlobalClusterIdentifier").filter(|g| !g.is_empty()),
        forwarding: cx.flag("EnableGlobalWriteForwarding"),
        tags: tags(cx),
    }
}

fn attributes(services: &Services<'_>, cx: &Cx<'_>, id: &str) -> Attributes {
    let Some(c) = services.rds.cluster(cx.region, id) else { return Attributes::new() };
    let mut out = Attributes::new();
    let mut set = |name: &str, value: String| out.insert(name.to_owned(), json!(value));
    set("DBClusterArn", c.arn.clone());
    set("DBClusterResourceId", c.resource_id.clone());
    set("Endpoint.Address", rds::endpoint(c));
    set("Endpoint.Port", c.port.to_string());
    set("ReadEndpoint.Address", rds::reader_endpoint(c));
    set("StorageThroughput", "0".into());
    if let Some(secret) = &c.secret {
        set("MasterUserSecret.SecretArn", secret.clone());
    }
    out
}
