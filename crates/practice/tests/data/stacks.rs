//! The workshop's own templates: what their stacks make is what the services' calls see.

use super::sky::{EAST, Sky, WEST};

const SHOP: &str = include_str!("../../../../assets/templates/unishop.yaml");
const EDGE: &str = include_str!("../../../../assets/templates/edge.yaml");

fn both(sky: &Sky) {
    assert_eq!(sky.stack(EAST, "unishop-primary", SHOP, &[("Role", "primary")]), "CREATE_COMPLETE");
    assert_eq!(sky.stack(WEST, "unishop-standby", SHOP, &[("Role", "standby")]), "CREATE_COMPLETE");
}

fn join(sky: &Sky) {
    let east = [("Role", "primary"), ("TableReplicaRegion", WEST), ("WriteForwarding", "enabled")];
    assert_eq!(sky.change_stack("UpdateStack", EAST, "unishop-primary", SHOP, &east), "UPDATE_COMPLETE");
    let west = [("Role", "standby"), ("WriteForwarding", "enabled")];
    assert_eq!(sky.change_stack("UpdateStack", WEST, "unishop-standby", SHOP, &west), "UPDATE_COMPLETE");
}

#[test]
fn the_shops_stacks_make_a_global_database_and_joining_them_a_global_table() {
    let sky = Sky::new(11);
    both(&sky);
    let table = r#"{"TableName":"unishop-basket"}"#;
    assert!(sky.json(WEST, "DescribeTable", table).is_err());
    join(&sky);
    assert_eq!(sky.json(WEST, "DescribeTable", table).unwrap()["Table"]["TableStatus"], "ACTIVE");
    let found = sky.rds(EAST, "DescribeGlobalClusters", &[]);
    let members = found.node("GlobalClusters/GlobalClusterMember/GlobalClusterMembers").unwrap();
    let status: Vec<_> =
        members.all("GlobalClusterMember").map(|m| m.at("GlobalWriteForwardingStatus")).collect();
    assert_eq!(status, [None, Some("enabled")]);
}

#[test]
fn after_a_failover_the_stacks_cannot_just_be_deleted() {
    let sky = Sky::new(11);
    both(&sky);
    join(&sky);
    let clusters = sky.rds(WEST, "DescribeDBClusters", &[]);
    let west = clusters.at("DBClusters/DBCluster/DBClusterArn").unwrap().to_owned();
    let change = [
        ("GlobalClusterIdentifier", "unishop-global"),
        ("TargetDbClusterIdentifier", west.as_str()),
        ("AllowDataLoss", "true"),
    ];
    sky.rds(WEST, "FailoverGlobalCluster", &change);
    sky.settle();
    assert_eq!(sky.delete_stack(WEST, "unishop-standby"), "DELETE_FAILED");
    let why = sky.reasons(WEST, "unishop-standby");
    assert!(why.contains("Cannot delete the last instance of the master cluster"), "{why}");
    assert_eq!(sky.delete_stack(EAST, "unishop-primary"), "DELETE_FAILED");
    assert!(sky.reasons(EAST, "unishop-primary").contains("is not empty"));
}

#[test]
fn in_the_right_order_nothing_is_left() {
    let sky = Sky::new(11);
    both(&sky);
    join(&sky);
    assert_eq!(sky.delete_stack(WEST, "unishop-standby"), "gone");
    assert_eq!(sky.delete_stack(EAST, "unishop-primary"), "DELETE_FAILED");
    assert!(sky.reasons(EAST, "unishop-primary").contains("in the last 24 hours"));
    let remove = format!(
        r#"{{"TableName":"unishop-basket","ReplicaUpdates":[{{"Delete":{{"RegionName":"{WEST}"}}}}]}}"#
    );
    sky.json(EAST, "UpdateTable", &remove).unwrap();
    sky.settle();
    assert_eq!(sky.delete_stack(EAST, "unishop-primary"), "gone");
    assert!(
        sky.rds(EAST, "DescribeGlobalClusters", &[]).node("GlobalClusters/GlobalClusterMember").is_none()
    );
    assert!(sky.rds(WEST, "DescribeDBClusters", &[]).node("DBClusters/DBCluster").is_none());
    assert_eq!(sky.json(EAST, "ListTables", "{}").unwrap()["TableNames"], serde_json::json!([]));
}

#[test]
fn an_edge_stack_makes_a_distribution_with_failover_and_takes_it_away() {
    let sky = Sky::new(11);
    let domains = [
        ("PrimaryBucketDomain", "one.s3.us-east-1.amazonaws.com"),
        ("StandbyBucketDomain", "two.s3.us-west-1.amazonaws.com"),
    ];
    assert_eq!(sky.stack(EAST, "unishop-edge", EDGE, &domains), "CREATE_COMPLETE");
    let view = sky.practice.inspect(|w| w.cloudfront.distributions().next().map(|d| d.view.clone())).unwrap();
    let (origins, codes) = view.route(&view.default_behavior.target);
    assert_eq!(origins.iter().map(|o| o.domain.as_str()).collect::<Vec<_>>(), [domains[0].1, domains[1].1]);
    assert_eq!(codes, [403, 404, 500, 502, 503, 504]);
    assert_eq!((origins[0].connection_attempts, origins[0].connection_timeout.as_secs()), (1, 2));
    assert!(view.deployed && view.enabled && origins[0].access_control.is_some());
    assert_eq!(sky.delete_stack(EAST, "unishop-edge"), "gone");
    assert_eq!(sky.practice.inspect(|w| w.cloudfront.distributions().count()), 0);
}

#[test]
fn a_saved_world_is_the_same_world() {
    let sky = Sky::new(11);
    both(&sky);
    join(&sky);
    // A write on its way, a deletion that must not come back, a change of the writer under way.
    let item = |id: &str| format!(r#"{{"TableName":"unishop-basket","Item":{{"uuid":{{"S":"{id}"}}}}}}"#);
    sky.json(EAST, "PutItem", &item("a")).unwrap();
    sky.json(EAST, "DeleteItem", &item("a").replace("Item\":", "Key\":")).unwrap();
    sky.json(EAST, "PutItem", &item("b")).unwrap();
    let clusters = sky.rds(WEST, "DescribeDBClusters", &[]);
    let west = clusters.at("DBClusters/DBCluster/DBClusterArn").unwrap().to_owned();
    let change =
        [("GlobalClusterIdentifier", "unishop-global"), ("TargetDbClusterIdentifier", west.as_str())];
    sky.rds(WEST, "SwitchoverGlobalCluster", &change);
    let saved = sky.practice.inspect(|w| serde_json::to_string(w).unwrap());
    let again: practice::world::World = serde_json::from_str(&saved).unwrap();
    assert_eq!(serde_json::to_string(&again).unwrap(), saved);
    let mut again = again;
    let later = again.now.after(std::time::Duration::from_secs(600));
    practice::advance(&mut again, later);
    assert!(again.dynamodb.table(WEST, "unishop-basket").unwrap().items.len() == 1);
    assert_eq!(again.rds.global("unishop-global").unwrap().writer().unwrap().arn, west);
}
