//! Instances and subnet groups in XML.

use crate::rds::model::{Instance, Status, SubnetGroup};
use crate::rds::{Rds, show};
use crate::wire::Xml;

use super::cluster::hosted_zone;

/// An instance's inside.
pub fn instance(xml: &mut Xml, rds: &Rds, i: &Instance) {
    xml.text("DBInstanceIdentifier", &i.id);
    xml.text("DBInstanceClass", &i.class);
    xml.text("Engine", &i.engine);
    xml.text("DBInstanceStatus", i.status.name());
    xml.text("MasterUsername", &i.master);
    xml.optional("DBName", i.database.as_ref());
    if i.status != Status::Creating {
        xml.nest("Endpoint", |xml| {
            xml.text("Address", address(i));
            xml.display("Port", i.port);
            xml.text("HostedZoneId", hosted_zone(&i.region));
        });
        xml.text("InstanceCreateTime", i.created.iso8601());
    }
    xml.display("AllocatedStorage", i.storage);
    xml.text("PreferredBackupWindow", "08:14-08:44");
    xml.display("BackupRetentionPeriod", 1);
    xml.list("DBSecurityGroups", "DBSecurityGroup", [(); 0], |_, ()| {});
    show::security_groups(xml, &i.security_groups);
    xml.nest("DBParameterGroups", |xml| {
        xml.nest("DBParameterGroup", |xml| {
            xml.text("DBParameterGroupName", &i.parameter_group);
            xml.text("ParameterApplyStatus", "in-sync");
        });
    });
    xml.text("AvailabilityZone", &i.zone);
    if let Some(group) = rds.subnet_group(&i.region, &i.subnet_group) {
        xml.nest("DBSubnetGroup", |xml| subnet_group(xml, group));
    }
    xml.text("PreferredMaintenanceWindow", "sun:05:32-sun:06:02");
    xml.nest("PendingModifiedValues", |_| {});
    xml.display("MultiAZ", false);
    xml.text("EngineVersion", &i.version);
    xml.display("AutoMinorVersionUpgrade", i.minor_upgrades);
    xml.list("ReadReplicaDBInstanceIdentifiers", "ReadReplicaDBInstanceIdentifier", [(); 0], |_, ()| {});
    xml.text("LicenseModel", "general-public-license");
    rest(xml, i);
}

fn rest(xml: &mut Xml, i: &Instance) {
    xml.display("PubliclyAccessible", i.public);
    xml.text("StorageType", if i.cluster.is_some() { "aurora" } else { "gp3" });
    xml.display("DbInstancePort", 0);
    xml.optional("DBClusterIdentifier", i.cluster.as_ref());
    xml.display("StorageEncrypted", i.encrypted);
    xml.optional("KmsKeyId", i.kms.as_ref());
    xml.text("DbiResourceId", &i.resource_id);
    xml.text("CACertificateIdentifier", "rds-ca-rsa2048-g1");
    xml.list("DomainMemberships", "DomainMembership", [(); 0], |_, ()| {});
    xml.display("CopyTagsToSnapshot", false);
    xml.display("MonitoringInterval", 0);
    xml.display("PromotionTier", i.tier);
    xml.text("DBInstanceArn", &i.arn);
    xml.display("IAMDatabaseAuthenticationEnabled", false);
    xml.display("PerformanceInsightsEnabled", false);
    xml.display("DeletionProtection", i.protected);
    xml.list("AssociatedRoles", "DBInstanceRole", [(); 0], |_, ()| {});
    show::tags(xml, "TagList", &i.tags);
    xml.display("CustomerOwnedIpEnabled", false);
    xml.text("NetworkType", "IPV4");
    xml.text("BackupTarget", "region");
    xml.display("DedicatedLogVolume", false);
}

/// An instance's address.
pub fn address(i: &Instance) -> String {
    format!("{}.{}.{}.rds.amazonaws.com", i.id, i.label, i.region)
}

/// A subnet group's inside.
pub fn subnet_group(xml: &mut Xml, g: &SubnetGroup) {
    xml.text("DBSubnetGroupName", &g.name);
    xml.text("DBSubnetGroupDescription", &g.description);
    xml.text("VpcId", &g.vpc);
    xml.text("SubnetGroupStatus", "Complete");
    xml.list("Subnets", "Subnet", &g.subnets, |xml, (id, zone)| {
        xml.text("SubnetIdentifier", id);
        xml.nest("SubnetAvailabilityZone", |xml| xml.text("Name", zone));
        xml.nest("SubnetOutpost", |_| {});
        xml.text("SubnetStatus", "Active");
    });
    xml.text("DBSubnetGroupArn", &g.arn);
    xml.list("SupportedNetworkTypes", "member", ["IPV4"], |xml, t| xml.escape(t));
}
