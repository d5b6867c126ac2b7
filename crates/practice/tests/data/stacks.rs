//! The workshop's own templates: what their stacks make is what the services' calls see.

use testbed::{EAST, WEST, World, templates};

fn both(world: &World) {
    assert_eq!(
        world.create_stack(EAST, "unishop-primary", templates::UNISHOP, &[("Role", "primary")]),
        "CREATE_COMPLETE"
    );
    assert_eq!(
        world.create_stack(WEST, "unishop-standby", templates::UNISHOP, &[("Role", "standby")]),
        "CREATE_COMPLETE"
    );
}

fn join(world: &World) {
    let east = [("Role", "primary"), ("TableReplicaRegion", WEST), ("WriteForwarding", "enabled")];
    assert_eq!(world.update_stack(EAST, "unishop-primary", templates::UNISHOP, &east), "UPDATE_COMPLETE");
    let west = [("Role", "standby"), ("WriteForwarding", "enabled")];
    assert_eq!(world.update_stack(WEST, "unishop-standby", templates::UNISHOP, &west), "UPDATE_COMPLETE");
}

#[test]
fn the_shops_stacks_make_a_global_database_and_joining_them_a_global_table() {
    let world = World::seeded(11);
    both(&world);
    let table = r#"{"TableName":"unishop-basket"}"#;
    assert!(world.dynamodb(WEST, "DescribeTable", table).is_err());
    join(&world);
    assert_eq!(world.dynamodb(WEST, "DescribeTable", table).unwrap()["Table"]["TableStatus"], "ACTIVE");
    let found = world.query("rds", EAST, "DescribeGlobalClusters", &[]).unwrap();
    let members = found.node("GlobalClusters/GlobalClusterMember/GlobalClusterMembers").unwrap();
    let status: Vec<_> =
        members.all("GlobalClusterMember").map(|m| m.at("GlobalWriteForwardingStatus")).collect();
    assert_eq!(status, [None, Some("enabled")]);
}

#[test]
fn after_a_failover_the_stacks_cannot_just_be_deleted() {
    let world = World::seeded(11);
    both(&world);
    join(&world);
    let clusters = world.query("rds", WEST, "DescribeDBClusters", &[]).unwrap();
    let west = clusters.at("DBClusters/DBCluster/DBClusterArn").unwrap().to_owned();
    let change = [
        ("GlobalClusterIdentifier", "unishop-global"),
        ("TargetDbClusterIdentifier", west.as_str()),
        ("AllowDataLoss", "true"),
    ];
    world.query("rds", WEST, "FailoverGlobalCluster", &change).unwrap();
    world.settle();
    assert_eq!(world.delete_stack(WEST, "unishop-standby"), "DELETE_FAILED");
    let why = world.stack_reasons(WEST, "unishop-standby");
    assert!(why.contains("Cannot delete the last instance of the master cluster"), "{why}");
    assert_eq!(world.delete_stack(EAST, "unishop-primary"), "DELETE_FAILED");
    assert!(world.stack_reasons(EAST, "unishop-primary").contains("is not empty"));
}

#[test]
fn in_the_right_order_nothing_is_left() {
    let world = World::seeded(11);
    both(&world);
    join(&world);
    assert_eq!(world.delete_stack(WEST, "unishop-standby"), "gone");
    assert_eq!(world.delete_stack(EAST, "unishop-primary"), "DELETE_FAILED");
    assert!(world.stack_reasons(EAST, "unishop-primary").contains("in the last 24 hours"));
    let remove = format!(
        r#"{{"TableName":"unishop-basket","ReplicaUpdates":[{{"Delete":{{"RegionName":"{WEST}"}}}}]}}"#
    );
    world.dynamodb(EAST, "UpdateTable", &remove).unwrap();
    world.settle();
    assert_eq!(world.delete_stack(EAST, "unishop-primary"), "gone");
    assert!(
        world
            .query("rds", EAST, "DescribeGlobalClusters", &[])
            .unwrap()
            .node("GlobalClusters/GlobalClusterMember")
            .is_none()
    );
    assert!(
        world.query("rds", WEST, "DescribeDBClusters", &[]).unwrap().node("DBClusters/DBCluster").is_none()
    );
    assert_eq!(world.dynamodb(EAST, "ListTables", "{}").unwrap()["TableNames"], serde_json::json!([]));
}

#[test]
fn an_edge_stack_makes_a_distribution_with_failover_and_takes_it_away() {
    let world = World::seeded(11);
    let domains = [
        ("PrimaryBucketDomain", "one.s3.us-east-1.amazonaws.com"),
        ("StandbyBucketDomain", "two.s3.us-west-1.amazonaws.com"),
    ];
    assert_eq!(world.create_stack(EAST, "unishop-edge", templates::EDGE, &domains), "CREATE_COMPLETE");
    let view =
        world.practice.inspect(|w| w.cloudfront.distributions().next().map(|d| d.view.clone())).unwrap();
    let (origins, codes) = view.route(&view.default_behavior.target);
    assert_eq!(origins.iter().map(|o| o.domain.as_str()).collect::<Vec<_>>(), [domains[0].1, domains[1].1]);
    assert_eq!(codes, [403, 404, 500, 502, 503, 504]);
    assert_eq!((origins[0].connection_attempts, origins[0].connection_timeout.as_secs()), (1, 2));
    assert!(view.deployed && view.enabled && origins[0].access_control.is_some());
    assert_eq!(world.delete_stack(EAST, "unishop-edge"), "gone");
    assert_eq!(world.practice.inspect(|w| w.cloudfront.distributions().count()), 0);
}

#[test]
fn a_saved_world_is_the_same_world() {
    let world = World::seeded(11);
    both(&world);
    join(&world);
    // A write on its way, a deletion that must not come back, a change of the writer under way.
    let item = |id: &str| format!(r#"{{"TableName":"unishop-basket","Item":{{"uuid":{{"S":"{id}"}}}}}}"#);
    world.dynamodb(EAST, "PutItem", &item("a")).unwrap();
    world.dynamodb(EAST, "DeleteItem", &item("a").replace("Item\":", "Key\":")).unwrap();
    world.dynamodb(EAST, "PutItem", &item("b")).unwrap();
    let clusters = world.query("rds", WEST, "DescribeDBClusters", &[]).unwrap();
    let west = clusters.at("DBClusters/DBCluster/DBClusterArn").unwrap().to_owned();
    let change =
        [("GlobalClusterIdentifier", "unishop-global"), ("TargetDbClusterIdentifier", west.as_str())];
    world.query("rds", WEST, "SwitchoverGlobalCluster", &change).unwrap();
    let saved = world.image();
    let again: practice::world::World = serde_json::from_str(&saved).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), saved);
    let mut again = again;
    let later = again.now.after(std::time::Duration::from_secs(600));
    practice::advance(&mut again, later);
    assert!(again.dynamodb.table(WEST, "unishop-basket").unwrap().items.len() == 1);
    assert_eq!(again.rds.global("unishop-global").unwrap().writer().unwrap().arn, west);
}
