//! Parameter groups, engine versions, orderable classes and events in XML.

use crate::rds::catalog::Version;
use crate::rds::model::{Note, ParameterGroup, Scope};
use crate::wire::Xml;

/// A parameter group's inside.
pub fn parameter_group(xml: &mut Xml, g: &ParameterGroup) {
    let (name, arn) = match g.scope {
        Scope::Cluster => ("DBClusterParameterGroupName", "DBClusterParameterGroupArn"),
        Scope::Instance => ("DBParameterGroupName", "DBParameterGroupArn"),
    };
    xml.text(name, &g.name);
    xml.text("DBParameterGroupFamily", &g.family);
    xml.text("Description", &g.description);
    xml.text(arn, &g.arn);
}

/// An engine version's inside; `later` are the versions it can be upgraded to.
pub fn version(xml: &mut Xml, v: &Version, later: &[Version]) {
    let mysql = v.engine == "aurora-mysql";
    xml.text("Engine", v.engine);
    xml.text("MajorEngineVersion", &v.major);
    xml.text("EngineVersion", &v.version);
    xml.text("DBParameterGroupFamily", &v.family);
    xml.text("DBEngineDescription", if mysql { "Aurora MySQL" } else { "Aurora PostgreSQL" });
    xml.text("DBEngineVersionDescription", &v.description);
    xml.list("ValidUpgradeTarget", "UpgradeTarget", later, |xml, t| {
        xml.text("Engine", t.engine);
        xml.text("EngineVersion", &t.version);
        xml.text("Description", &t.description);
        xml.display("AutoUpgrade", false);
        xml.display("IsMajorVersionUpgrade", false);
        xml.display("SupportsGlobalDatabases", true);
    });
    let logs: &[&str] = if mysql { &["audit", "error", "general", "slowquery"] } else { &["postgresql"] };
    xml.list("ExportableLogTypes", "member", logs, |xml, l| xml.escape(l));
    xml.display("SupportsLogExportsToCloudwatchLogs", true);
    xml.display("SupportsReadReplica", false);
    xml.list("SupportedEngineModes", "member", ["provisioned"], |xml, m| xml.escape(m));
    xml.list("SupportedFeatureNames", "member", [(); 0], |_, ()| {});
    xml.text("Status", "available");
    xml.display("SupportsParallelQuery", mysql);
    xml.display("SupportsGlobalDatabases", true);
    xml.list("TagList", "Tag", [(); 0], |_, ()| {});
    xml.display("SupportsBabelfish", !mysql);
    xml.display("SupportsLocalWriteForwarding", mysql);
}

/// An orderable class's inside.
pub fn orderable(xml: &mut Xml, class: &str, v: &Version, zones: &[String], global: bool) {
    xml.text("Engine", v.engine);
    xml.text("EngineVersion", &v.version);
    xml.text("DBInstanceClass", class);
    xml.text("LicenseModel", "general-public-license");
    xml.list("AvailabilityZones", "AvailabilityZone", zones, |xml, z| xml.text("Name", z));
    xml.display("MultiAZCapable", false);
    xml.display("ReadReplicaCapable", false);
    xml.display("Vpc", true);
    xml.display("SupportsStorageEncryption", true);
    xml.text("StorageType", "aurora");
    xml.display("SupportsIops", false);
    xml.display("SupportsEnhancedMonitoring", true);
    xml.display("SupportsIAMDatabaseAuthentication", true);
    xml.display("SupportsPerformanceInsights", true);
    xml.list("AvailableProcessorFeatures", "AvailableProcessorFeature", [(); 0], |_, ()| {});
    xml.list("SupportedEngineModes", "member", ["provisioned"], |xml, m| xml.escape(m));
    xml.display("SupportsStorageAutoscaling", false);
    xml.display("SupportsKerberosAuthentication", true);
    xml.display("OutpostCapable", false);
    xml.list("SupportedActivityStreamModes", "member", ["async"], |xml, m| xml.escape(m));
    xml.display("SupportsGlobalDatabases", global);
    xml.display("SupportsClusters", true);
    xml.list("SupportedNetworkTypes", "member", ["IPV4", "DUAL"], |xml, t| xml.escape(t));
}

/// An event's inside.
pub fn event(xml: &mut Xml, n: &Note) {
    xml.text("SourceIdentifier", &n.source);
    xml.text("SourceType", &n.source_type);
    xml.text("Message", &n.message);
    xml.list("EventCategories", "EventCategory", [&n.category], |xml, c| xml.escape(c));
    xml.text("Date", n.at.iso8601());
    xml.text("SourceArn", &n.arn);
}
