//! Aurora's global database through RDS's calls: roles, statuses over time, refusals.

use super::sky::{EAST, Sky, WEST};
use std::time::Duration;

use practice::advance;
use practice::faults::Turn;
use practice::outages::turn_region;
use practice::rds::failover::{self, Manner};
use practice::wire::Node;
use practice::world::World;

/// A global database with a cluster and an instance in both Regions; gives the two ARNs.
fn global(sky: &Sky) -> (String, String) {
    let id = |region: &str| format!("shop-{region}");
    let make = |region: &str, more: &[(&str, &str)]| {
        let id = id(region);
        let mut params = vec![("DBClusterIdentifier", id.as_str()), ("Engine", "aurora-mysql")];
        params.extend_from_slice(more);
        let made = sky.rds(region, "CreateDBCluster", &params);
        sky.settle();
        let instance = format!("{id}-1");
        let params = [
            ("DBInstanceIdentifier", instance.as_str()),
            ("DBClusterIdentifier", id.as_str()),
            ("Engine", "aurora-mysql"),
            ("DBInstanceClass", "db.r6g.large"),
        ];
        sky.rds(region, "CreateDBInstance", &params);
        sky.settle();
        made.at("DBCluster/DBClusterArn").unwrap().to_owned()
    };
    let east = make(EAST, &[("MasterUsername", "admin"), ("MasterUserPassword", "unicorns-all")]);
    sky.rds(
        EAST,
        "CreateGlobalCluster",
        &[("GlobalClusterIdentifier", "g"), ("SourceDBClusterIdentifier", &east)],
    );
    let west = make(WEST, &[("GlobalClusterIdentifier", "g"), ("EnableGlobalWriteForwarding", "true")]);
    (east, west)
}

fn shown(sky: &Sky, region: &str) -> Node {
    let found = sky.rds(region, "DescribeGlobalClusters", &[("GlobalClusterIdentifier", "g")]);
    found.node("GlobalClusters/GlobalClusterMember").unwrap().clone()
}

fn writer(sky: &Sky, region: &str) -> String {
    let global = shown(sky, region);
    let members = global.child("GlobalClusterMembers").unwrap();
    let writer = members.all("GlobalClusterMember").find(|m| m.at("IsWriter") == Some("true"));
    writer.unwrap().at("DBClusterArn").unwrap().to_owned()
}

fn member(sky: &Sky, region: &str, arn: &str, what: &str) -> Option<String> {
    let global = shown(sky, region);
    let members = global.child("GlobalClusterMembers").unwrap();
    let found = members.all("GlobalClusterMember").find(|m| m.at("DBClusterArn") == Some(arn))?;
    found.at(what).map(str::to_owned)
}

#[test]
fn a_switchover_changes_the_roles_and_keeps_the_topology() {
    let sky = Sky::new(5);
    let (east, west) = global(&sky);
    assert_eq!(writer(&sky, EAST), east);
    assert_eq!(member(&sky, EAST, &west, "GlobalWriteForwardingStatus").as_deref(), Some("enabled"));
    let endpoint = shown(&sky, EAST).at("Endpoint").unwrap().to_owned();
    let target = [("GlobalClusterIdentifier", "g"), ("TargetDbClusterIdentifier", west.as_str())];
    sky.rds(WEST, "SwitchoverGlobalCluster", &target);
    assert_eq!(shown(&sky, WEST).at("FailoverState/Status"), Some("pending"));
    assert_eq!(sky.rds_refuses(WEST, "SwitchoverGlobalCluster", &target).1, "InvalidGlobalClusterStateFault");
    sky.wait(30);
    assert_eq!(shown(&sky, WEST).at("FailoverState/Status"), Some("switching-over"));
    assert_eq!(writer(&sky, WEST), east);
    sky.wait(150);
    assert_eq!(shown(&sky, WEST).at("FailoverState/Status"), None);
    assert_eq!(writer(&sky, WEST), west);
    assert_eq!(member(&sky, EAST, &east, "SynchronizationStatus").as_deref(), Some("connected"));
    assert_eq!(shown(&sky, WEST).at("Endpoint"), Some(endpoint.as_str()));
}

#[test]
fn with_the_primary_down_only_a_failover_helps_and_leaves_a_snapshot() {
    let sky = Sky::new(5);
    let (east, west) = global(&sky);
    sky.practice.break_region(EAST);
    let target = [("GlobalClusterIdentifier", "g"), ("TargetDbClusterIdentifier", west.as_str())];
    let refused = sky.rds_refuses(WEST, "SwitchoverGlobalCluster", &target);
    assert_eq!((refused.0, refused.1.as_str()), (400, "InvalidDBClusterStateFault"));
    let mut params = target.to_vec();
    params.push(("AllowDataLoss", "true"));
    sky.rds(WEST, "FailoverGlobalCluster", &params);
    sky.wait(480);
    assert_eq!(writer(&sky, WEST), west);
    assert_eq!(member(&sky, WEST, &east, "SynchronizationStatus").as_deref(), Some("pending-resync"));
    sky.practice.mend_region(EAST);
    let snapshots = sky.rds(EAST, "DescribeDBClusterSnapshots", &[]);
    let id = snapshots.at("DBClusterSnapshots/DBClusterSnapshot/DBClusterSnapshotIdentifier").unwrap();
    assert!(id.starts_with("rds:unplanned-global-failover-shop-us-east-1-"), "{id}");
    assert_eq!(snapshots.at("DBClusterSnapshots/DBClusterSnapshot/SnapshotType"), Some("automated"));
    // It is AWS's: nobody else deletes it, and AWS does when its day is over.
    let mine = [("DBClusterSnapshotIdentifier", id)];
    let refused = sky.rds_refuses(EAST, "DeleteDBClusterSnapshot", &mine);
    assert_eq!((refused.0, refused.1.as_str()), (400, "InvalidDBClusterSnapshotStateFault"));
    assert_eq!(refused.2, "Only manual snapshots may be deleted.");
    sky.wait(600);
    assert_eq!(member(&sky, WEST, &east, "SynchronizationStatus").as_deref(), Some("connected"));
    sky.wait(25 * 3600);
    let later = sky.rds(EAST, "DescribeDBClusterSnapshots", &[]);
    assert!(later.at("DBClusterSnapshots/DBClusterSnapshot/DBClusterSnapshotIdentifier").is_none());
}

#[test]
fn the_order_of_deletion_is_aws_own() {
    let sky = Sky::new(5);
    let (east, west) = global(&sky);
    let skip = ("SkipFinalSnapshot", "true");
    let last =
        sky.rds_refuses(EAST, "DeleteDBInstance", &[("DBInstanceIdentifier", "shop-us-east-1-1"), skip]);
    assert!(last.2.starts_with("Cannot delete the last instance of the master cluster."), "{}", last.2);
    let full = sky.rds_refuses(WEST, "DeleteDBCluster", &[("DBClusterIdentifier", "shop-us-west-1"), skip]);
    assert_eq!(full.2, "Cluster cannot be deleted, it still contains DB instances in non-deleting state.");
    sky.rds(WEST, "DeleteDBInstance", &[("DBInstanceIdentifier", "shop-us-west-1-1"), skip]);
    let joined = sky.rds_refuses(WEST, "DeleteDBCluster", &[("DBClusterIdentifier", "shop-us-west-1"), skip]);
    assert!(joined.2.contains("please remove it from globalcluster first"), "{}", joined.2);
    let out = |arn: &str| {
        sky.query(
            "rds",
            WEST,
            "RemoveFromGlobalCluster",
            &[("GlobalClusterIdentifier", "g"), ("DbClusterIdentifier", arn)],
        )
    };
    assert_eq!(out(&east).unwrap_err().1, "InvalidGlobalClusterStateFault");
    out(&west).unwrap();
    let busy = sky.rds_refuses(EAST, "DeleteGlobalCluster", &[("GlobalClusterIdentifier", "g")]);
    assert!(busy.2.ends_with("is not empty"), "{}", busy.2);
    out(&east).unwrap();
    sky.rds(EAST, "DeleteGlobalCluster", &[("GlobalClusterIdentifier", "g")]);
    sky.rds(WEST, "DeleteDBCluster", &[("DBClusterIdentifier", "shop-us-west-1"), skip]);
    sky.settle();
    let none = sky.rds_refuses(WEST, "DescribeDBClusters", &[("DBClusterIdentifier", "shop-us-west-1")]);
    assert_eq!((none.0, none.1.as_str()), (404, "DBClusterNotFoundFault"));
}

#[test]
fn clusters_that_cannot_be_are_refused_with_the_reason() {
    let sky = Sky::new(5);
    let (east, _) = global(&sky);
    let base = [("DBClusterIdentifier", "x"), ("Engine", "aurora-mysql")];
    let refused = |region: &str, more: &[(&str, &str)]| {
        sky.rds_refuses(region, "CreateDBCluster", &[base.as_slice(), more].concat()).2
    };
    let old = refused(
        EAST,
        &[
            ("EngineVersion", "5.7.mysql_aurora.2.09.2"),
            ("MasterUsername", "a"),
            ("MasterUserPassword", "abcdefgh"),
        ],
    );
    assert_eq!(old, "Cannot find version 5.7.mysql_aurora.2.09.2 for aurora-mysql");
    assert!(
        refused(EAST, &[("MasterUsername", "a"), ("MasterUserPassword", "abc")]).contains("shorter than 8")
    );
    assert!(
        refused("eu-west-1", &[("GlobalClusterIdentifier", "g"), ("ManageMasterUserPassword", "true")])
            .contains("isn't supported")
    );
    assert!(
        refused(
            "eu-west-1",
            &[("GlobalClusterIdentifier", "g"), ("StorageEncrypted", "true"), ("KmsKeyId", "alias/aws/rds")]
        )
        .contains("encrypted")
    );
    assert!(refused(EAST, &[("GlobalClusterIdentifier", "g")]).contains("only one DB cluster per Region"));
    let class = [
        ("DBInstanceIdentifier", "i"),
        ("DBClusterIdentifier", "shop-us-west-1"),
        ("Engine", "aurora-mysql"),
        ("DBInstanceClass", "db.x2g.large"),
    ];
    assert!(
        sky.rds_refuses(WEST, "CreateDBInstance", &class)
            .2
            .contains("does not support creating a DB instance")
    );
    let again = sky.rds_refuses(
        EAST,
        "CreateGlobalCluster",
        &[("GlobalClusterIdentifier", "h"), ("SourceDBClusterIdentifier", &east)],
    );
    assert_eq!(again.1, "InvalidDBClusterStateFault");
}

#[test]
fn a_failover_keeps_what_had_arrived_and_loses_the_rest() {
    let sky = Sky::new(5);
    let (east, west) = global(&sky);
    let mut world: World =
        serde_json::from_str(&sky.practice.inspect(|w| serde_json::to_string(w).unwrap())).unwrap();
    let now = world.now;
    let commit = |world: &mut World, n: u64| world.commit("g", &[], serde_json::json!(n));
    let count =
        |world: &World, arn: &str| world.dataplane.aurora.visible_commits(&world.rds, "g", arn).count();
    assert_eq!(commit(&mut world, 1), Some(1));
    let later = now.after(Duration::from_secs(2));
    advance(&mut world, later);
    assert_eq!((count(&world, &east), count(&world, &west)), (1, 1));
    assert_eq!(commit(&mut world, 2), Some(2));
    turn_region(&mut world, EAST, Turn::Break, later);
    assert_eq!(commit(&mut world, 3), None);
    let (_, services) = world.split();
    let scene = services.scene(WEST, later);
    failover::begin(services.rds, &scene, "g", &west, Manner::Failover).unwrap();
    let done = later.after(Duration::from_secs(500));
    advance(&mut world, done);
    assert_eq!((count(&world, &west), count(&world, &east)), (1, 1));
    assert_eq!(commit(&mut world, 4), Some(2));
    turn_region(&mut world, EAST, Turn::Mend, done);
    advance(&mut world, done.after(Duration::from_secs(900)));
    assert_eq!((count(&world, &west), count(&world, &east)), (2, 2));
}
