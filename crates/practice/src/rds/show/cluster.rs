//! Clusters, global clusters and cluster snapshots in XML.

use crate::rds::model::{Cluster, Global, Snapshot, Status, Synchronization};
use crate::rds::{Rds, show};
use crate::wire::Xml;

/// A cluster's inside.
pub fn cluster(xml: &mut Xml, rds: &Rds, c: &Cluster) {
    xml.display("AllocatedStorage", 1);
    xml.list("AvailabilityZones", "AvailabilityZone", &c.zones, |xml, z| xml.escape(z));
    xml.display("BackupRetentionPeriod", c.backup_days);
    xml.optional("DatabaseName", c.database.as_ref());
    xml.text("DBClusterIdentifier", &c.id);
    xml.text("DBClusterParameterGroup", &c.parameter_group);
    xml.text("DBSubnetGroup", &c.subnet_group);
    xml.text("Status", c.status.name());
    xml.text("EarliestRestorableTime", c.created.iso8601());
    endpoints(xml, c);
    xml.display("MultiAZ", rds.instances_of(c).len() > 1);
    xml.text("Engine", &c.engine);
    xml.text("EngineVersion", &c.version);
    xml.text("LatestRestorableTime", c.created.iso8601());
    xml.display("Port", c.port);
    xml.optional("MasterUsername", c.master.as_ref());
    xml.text("PreferredBackupWindow", &c.backup_window);
    xml.text("PreferredMaintenanceWindow", &c.maintenance_window);
    let writer = rds.is_writer(c);
    let source = rds.global_of(&c.arn).and_then(Global::writer).filter(|_| !writer);
    xml.optional("ReplicationSourceIdentifier", source.map(|w| &w.arn));
    xml.list("ReadReplicaIdentifiers", "ReadReplicaIdentifier", [(); 0], |_, ()| {});
    members(xml, rds, c, writer);
    show::security_groups(xml, &c.security_groups);
    xml.text("HostedZoneId", hosted_zone(&c.region));
    xml.display("StorageEncrypted", c.encrypted);
    xml.optional("KmsKeyId", c.kms.as_ref());
    xml.text("DbClusterResourceId", &c.resource_id);
    xml.text("DBClusterArn", &c.arn);
    xml.list("AssociatedRoles", "DBClusterRole", [(); 0], |_, ()| {});
    xml.display("IAMDatabaseAuthenticationEnabled", c.iam);
    xml.text("ClusterCreateTime", c.created.iso8601());
    xml.list("EnabledCloudwatchLogsExports", "member", &c.logs, |xml, l| xml.escape(l));
    settings(xml, rds, c);
}

fn endpoints(xml: &mut Xml, c: &Cluster) {
    xml.text("Endpoint", endpoint(c));
    xml.text("ReaderEndpoint", reader_endpoint(c));
}

/// A cluster's writer endpoint (it answers only while the cluster is the writer).
pub fn endpoint(c: &Cluster) -> String {
    format!("{}.cluster-{}.{}.rds.amazonaws.com", c.id, c.label, c.region)
}

/// A cluster's reader endpoint: forwarded writes go through it too.
pub fn reader_endpoint(c: &Cluster) -> String {
    format!("{}.cluster-ro-{}.{}.rds.amazonaws.com", c.id, c.label, c.region)
}

fn members(xml: &mut Xml, rds: &Rds, c: &Cluster, writer: bool) {
    let instances = rds.instances_of(c);
    // The writer is the first that is ready, or the first at all.
    let first = instances.iter().find(|i| i.status == Status::Available).or(instances.first());
    let first = first.map(|i| i.id.clone()).unwrap_or_default();
    xml.list("DBClusterMembers", "DBClusterMember", instances, |xml, i| {
        xml.text("DBInstanceIdentifier", &i.id);
        xml.display("IsClusterWriter", writer && i.id == first);
        xml.text("DBClusterParameterGroupStatus", "in-sync");
        xml.display("PromotionTier", i.tier);
    });
}

fn settings(xml: &mut Xml, rds: &Rds, c: &Cluster) {
    xml.text("EngineMode", "provisioned");
    if let Some((least, most)) = c.serverless {
        xml.nest("ServerlessV2ScalingConfiguration", |xml| {
            xml.display("MinCapacity", least);
            xml.display("MaxCapacity", most);
        });
    }
    xml.text("StorageType", "aurora");
    xml.display("DeletionProtection", c.protected);
    xml.display("HttpEndpointEnabled", false);
    xml.text("ActivityStreamStatus", "stopped");
    xml.display("CopyTagsToSnapshot", c.copy_tags);
    xml.display("CrossAccountClone", false);
    xml.list("DomainMemberships", "DomainMembership", [(); 0], |_, ()| {});
    show::tags(xml, "TagList", &c.tags);
    if let Some(global) = rds.global_of(&c.arn) {
        xml.text("GlobalClusterIdentifier", &global.id);
        if !rds.is_writer(c) {
            xml.text("GlobalWriteForwardingStatus", c.forwarding.name());
        }
    }
    if c.forwarding_requested {
        xml.display("GlobalWriteForwardingRequested", true);
    }
    xml.text("NetworkType", "IPV4");
    xml.display("AutoMinorVersionUpgrade", true);
    if let Some(secret) = &c.secret {
        xml.nest("MasterUserSecret", |xml| {
            xml.text("SecretArn", secret);
            xml.text("SecretStatus", "active");
        });
    }
    xml.text("LocalWriteForwardingStatus", "disabled");
    xml.text("EngineLifecycleSupport", "open-source-rds-extended-support");
}

/// The hosted zone of a Region's database endpoints.
pub fn hosted_zone(region: &str) -> &'static str {
    match region {
        "us-east-1" => "Z2R2ITUGPM61AM",
        "us-east-2" => "Z2XHWR1WZ565X2",
        "us-west-1" => "Z10WI91S59XXQN",
        "us-west-2" => "Z1PVIF0B656C1W",
        "eu-west-1" => "Z29XKXDKYMONMX",
        _ => "Z1TTGA775OQIYO",
    }
}

/// A global cluster's inside.
pub fn global(xml: &mut Xml, rds: &Rds, g: &Global) {
    xml.text("GlobalClusterIdentifier", &g.id);
    xml.text("GlobalClusterResourceId", &g.resource_id);
    xml.text("GlobalClusterArn", &g.arn);
    let status = match &g.failover {
        Some(failover) if g.status == Status::FailingOver => match failover.status.name() {
            "pending" => "available",
            other => other,
        },
        _ => g.status.name(),
    };
    xml.text("Status", status);
    xml.text("Engine", &g.engine);
    xml.text("EngineVersion", &g.version);
    xml.text("EngineLifecycleSupport", "open-source-rds-extended-support");
    xml.optional("DatabaseName", g.database.as_ref());
    xml.display("StorageEncrypted", g.encrypted);
    xml.display("DeletionProtection", g.protected);
    let others = |writer: bool| g.members.iter().filter(move |m| writer && !m.writer).map(|m| &m.arn);
    xml.list("GlobalClusterMembers", "GlobalClusterMember", &g.members, |xml, m| {
        xml.text("DBClusterArn", &m.arn);
        xml.list("Readers", "member", others(m.writer), |xml, arn| xml.escape(arn));
        xml.display("IsWriter", m.writer);
        let forwarding = rds.cluster_by_arn(&m.arn).map_or("unknown", |c| c.forwarding.name());
        if !m.writer {
            xml.text("GlobalWriteForwardingStatus", forwarding);
            xml.text(
                "SynchronizationStatus",
                match m.synchronization {
                    Synchronization::Connected => "connected",
                    Synchronization::PendingResync => "pending-resync",
                },
            );
        }
    });
    xml.text("Endpoint", g.endpoint());
    if let Some(failover) = &g.failover {
        xml.nest("FailoverState", |xml| {
            xml.text("Status", failover.status.name());
            xml.text("FromDbClusterArn", &failover.from);
            xml.text("ToDbClusterArn", &failover.to);
            xml.display("IsDataLossAllowed", failover.data_loss);
        });
    }
    show::tags(xml, "TagList", &g.tags);
}

/// A cluster snapshot's inside.
pub fn snapshot(xml: &mut Xml, s: &Snapshot) {
    let c = &s.cluster;
    xml.list("AvailabilityZones", "AvailabilityZone", &c.zones, |xml, z| xml.escape(z));
    xml.text("DBClusterSnapshotIdentifier", &s.id);
    xml.text("DBClusterIdentifier", &c.id);
    xml.text("SnapshotCreateTime", s.taken.iso8601());
    xml.text("Engine", &c.engine);
    xml.text("EngineMode", "provisioned");
    xml.display("AllocatedStorage", 1);
    xml.text("Status", "available");
    xml.display("Port", c.port);
    xml.text("ClusterCreateTime", c.created.iso8601());
    xml.optional("MasterUsername", c.master.as_ref());
    xml.text("EngineVersion", &c.version);
    xml.text("SnapshotType", &s.kind);
    xml.display("PercentProgress", 100);
    xml.display("StorageEncrypted", c.encrypted);
    xml.optional("KmsKeyId", c.kms.as_ref());
    xml.text("DBClusterSnapshotArn", &s.arn);
    xml.display("IAMDatabaseAuthenticationEnabled", c.iam);
    show::tags(xml, "TagList", &s.tags);
    xml.text("StorageType", "aurora");
    xml.text("DbClusterResourceId", &c.resource_id);
}
