//! Aurora's global database through RDS's calls: roles, statuses over time, refusals.

use std::time::Duration;
use testbed::{EAST, WEST, World};

use practice::advance;
use practice::faults::Turn;
use practice::outages::turn_region;
use practice::rds::failover::{self, Manner};
use practice::wire::Node;

/// A global database with a cluster and an instance in both Regions; gives the two ARNs.
fn global(world: &World) -> (String, String) {
    let id = |region: &str| format!("shop-{region}");
    let make = |region: &str, more: &[(&str, &str)]| {
        let id = id(region);
        let mut params = vec![("DBClusterIdentifier", id.as_str()), ("Engine", "aurora-mysql")];
        params.extend_from_slice(more);
        let made = world.query("rds", region, "CreateDBCluster", &params).unwrap();
        world.settle();
        let instance = format!("{id}-1");
        let params = [
            ("DBInstanceIdentifier", instance.as_str()),
            ("DBClusterIdentifier", id.as_str()),
            ("Engine", "aurora-mysql"),
            ("DBInstanceClass", "db.r6g.large"),
        ];
        world.query("rds", region, "CreateDBInstance", &params).unwrap();
        world.settle();
        made.at("DBCluster/DBClusterArn").unwrap().to_owned()
    };
    let east = make(EAST, &[("MasterUsername", "admin"), ("MasterUserPassword", "unicorns-all")]);
    world
        .query(
            "rds",
            EAST,
            "CreateGlobalCluster",
            &[("GlobalClusterIdentifier", "g"), ("SourceDBClusterIdentifier", &east)],
        )
        .unwrap();
    let west = make(WEST, &[("GlobalClusterIdentifier", "g"), ("EnableGlobalWriteForwarding", "true")]);
    (east, west)
}

fn shown(world: &World, region: &str) -> Node {
    let found =
        world.query("rds", region, "DescribeGlobalClusters", &[("GlobalClusterIdentifier", "g")]).unwrap();
    found.node("GlobalClusters/GlobalClusterMember").unwrap().clone()
}

fn writer(world: &World, region: &str) -> String {
    let global = shown(world, region);
    let members = global.child("GlobalClusterMembers").unwrap();
    let writer = members.all("GlobalClusterMember").find(|m| m.at("IsWriter") == Some("true"));
    writer.unwrap().at("DBClusterArn").unwrap().to_owned()
}

fn member(world: &World, region: &str, arn: &str, what: &str) -> Option<String> {
    let global = shown(world, region);
    let members = global.child("GlobalClusterMembers").unwrap();
    let found = members.all("GlobalClusterMember").find(|m| m.at("DBClusterArn") == Some(arn))?;
    found.at(what).map(str::to_owned)
}

#[test]
fn a_switchover_changes_the_roles_and_keeps_the_topology() {
    let world = World::seeded(5);
    let (east, west) = global(&world);
    assert_eq!(writer(&world, EAST), east);
    assert_eq!(member(&world, EAST, &west, "GlobalWriteForwardingStatus").as_deref(), Some("enabled"));
    let endpoint = shown(&world, EAST).at("Endpoint").unwrap().to_owned();
    let target = [("GlobalClusterIdentifier", "g"), ("TargetDbClusterIdentifier", west.as_str())];
    world.query("rds", WEST, "SwitchoverGlobalCluster", &target).unwrap();
    assert_eq!(shown(&world, WEST).at("FailoverState/Status"), Some("pending"));
    assert_eq!(
        world.query("rds", WEST, "SwitchoverGlobalCluster", &target).unwrap_err().1,
        "InvalidGlobalClusterStateFault"
    );
    world.wait(30);
    assert_eq!(shown(&world, WEST).at("FailoverState/Status"), Some("switching-over"));
    assert_eq!(writer(&world, WEST), east);
    world.wait(150);
    assert_eq!(shown(&world, WEST).at("FailoverState/Status"), None);
    assert_eq!(writer(&world, WEST), west);
    assert_eq!(member(&world, EAST, &east, "SynchronizationStatus").as_deref(), Some("connected"));
    assert_eq!(shown(&world, WEST).at("Endpoint"), Some(endpoint.as_str()));
}

#[test]
fn with_the_primary_down_only_a_failover_helps_and_leaves_a_snapshot() {
    let world = World::seeded(5);
    let (east, west) = global(&world);
    world.practice.break_region(EAST);
    let target = [("GlobalClusterIdentifier", "g"), ("TargetDbClusterIdentifier", west.as_str())];
    let refused = world.query("rds", WEST, "SwitchoverGlobalCluster", &target).unwrap_err();
    assert_eq!((refused.0, refused.1.as_str()), (400, "InvalidDBClusterStateFault"));
    let mut params = target.to_vec();
    params.push(("AllowDataLoss", "true"));
    world.query("rds", WEST, "FailoverGlobalCluster", &params).unwrap();
    world.wait(480);
    assert_eq!(writer(&world, WEST), west);
    assert_eq!(member(&world, WEST, &east, "SynchronizationStatus").as_deref(), Some("pending-resync"));
    world.practice.mend_region(EAST);
    let snapshots = world.query("rds", EAST, "DescribeDBClusterSnapshots", &[]).unwrap();
    let id = snapshots.at("DBClusterSnapshots/DBClusterSnapshot/DBClusterSnapshotIdentifier").unwrap();
    assert!(id.starts_with("rds:unplanned-global-failover-shop-us-east-1-"), "{id}");
    assert_eq!(snapshots.at("DBClusterSnapshots/DBClusterSnapshot/SnapshotType"), Some("automated"));
    // It is AWS's: nobody else deletes it, and AWS does when its day is over.
    let mine = [("DBClusterSnapshotIdentifier", id)];
    let refused = world.query("rds", EAST, "DeleteDBClusterSnapshot", &mine).unwrap_err();
    assert_eq!((refused.0, refused.1.as_str()), (400, "InvalidDBClusterSnapshotStateFault"));
    assert_eq!(refused.2, "Only manual snapshots may be deleted.");
    world.wait(600);
    assert_eq!(member(&world, WEST, &east, "SynchronizationStatus").as_deref(), Some("connected"));
    world.wait(25 * 3600);
    let later = world.query("rds", EAST, "DescribeDBClusterSnapshots", &[]).unwrap();
    assert!(later.at("DBClusterSnapshots/DBClusterSnapshot/DBClusterSnapshotIdentifier").is_none());
}

#[test]
fn the_order_of_deletion_is_aws_own() {
    let world = World::seeded(5);
    let (east, west) = global(&world);
    let skip = ("SkipFinalSnapshot", "true");
    let last = world
        .query("rds", EAST, "DeleteDBInstance", &[("DBInstanceIdentifier", "shop-us-east-1-1"), skip])
        .unwrap_err();
    assert!(last.2.starts_with("Cannot delete the last instance of the master cluster."), "{}", last.2);
    let full = world
        .query("rds", WEST, "DeleteDBCluster", &[("DBClusterIdentifier", "shop-us-west-1"), skip])
        .unwrap_err();
    assert_eq!(full.2, "Cluster cannot be deleted, it still contains DB instances in non-deleting state.");
    world
        .query("rds", WEST, "DeleteDBInstance", &[("DBInstanceIdentifier", "shop-us-west-1-1"), skip])
        .unwrap();
    let joined = world
        .query("rds", WEST, "DeleteDBCluster", &[("DBClusterIdentifier", "shop-us-west-1"), skip])
        .unwrap_err();
    assert!(joined.2.contains("please remove it from globalcluster first"), "{}", joined.2);
    let out = |arn: &str| {
        world.query(
            "rds",
            WEST,
            "RemoveFromGlobalCluster",
            &[("GlobalClusterIdentifier", "g"), ("DbClusterIdentifier", arn)],
        )
    };
    assert_eq!(out(&east).unwrap_err().1, "InvalidGlobalClusterStateFault");
    out(&west).unwrap();
    let busy =
        world.query("rds", EAST, "DeleteGlobalCluster", &[("GlobalClusterIdentifier", "g")]).unwrap_err();
    assert!(busy.2.ends_with("is not empty"), "{}", busy.2);
    out(&east).unwrap();
    world.query("rds", EAST, "DeleteGlobalCluster", &[("GlobalClusterIdentifier", "g")]).unwrap();
    world.query("rds", WEST, "DeleteDBCluster", &[("DBClusterIdentifier", "shop-us-west-1"), skip]).unwrap();
    world.settle();
    let none = world
        .query("rds", WEST, "DescribeDBClusters", &[("DBClusterIdentifier", "shop-us-west-1")])
        .unwrap_err();
    assert_eq!((none.0, none.1.as_str()), (404, "DBClusterNotFoundFault"));
}

#[test]
fn clusters_that_cannot_be_are_refused_with_the_reason() {
    let world = World::seeded(5);
    let (east, _) = global(&world);
    let base = [("DBClusterIdentifier", "x"), ("Engine", "aurora-mysql")];
    let refused = |region: &str, more: &[(&str, &str)]| {
        world.query("rds", region, "CreateDBCluster", &[base.as_slice(), more].concat()).unwrap_err().2
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
        world
            .query("rds", WEST, "CreateDBInstance", &class)
            .unwrap_err()
            .2
            .contains("does not support creating a DB instance")
    );
    let again = world
        .query(
            "rds",
            EAST,
            "CreateGlobalCluster",
            &[("GlobalClusterIdentifier", "h"), ("SourceDBClusterIdentifier", &east)],
        )
        .unwrap_err();
    assert_eq!(again.1, "InvalidDBClusterStateFault");
}

#[test]
fn a_failover_keeps_what_had_arrived_and_loses_the_rest() {
    let world = World::seeded(5);
    let (east, west) = global(&world);
    let mut world: practice::world::World = serde_json::from_str(&world.image()).unwrap();
    let now = world.now;
    let commit = |world: &mut practice::world::World, n: u64| world.commit("g", &[], serde_json::json!(n));
    let count = |world: &practice::world::World, arn: &str| {
        world.dataplane.aurora.visible_commits(&world.rds, "g", arn).count()
    };
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
