//! Global tables: replicas appear, converge after the lag, wait while a Region is broken, and keep
//! their source from being deleted.

use serde_json::{Value, json};

use super::items::table;
use testbed::{EAST, WEST, World};

const STREAM: &str = r#","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}"#;

fn joined() -> World {
    let world = World::seeded(3);
    table(&world, "basket", STREAM);
    put(&world, EAST, "before");
    let add = json!({"TableName": "basket", "ReplicaUpdates": [{"Create": {"RegionName": WEST}}]});
    let added = world.dynamodb(EAST, "UpdateTable", &add.to_string()).unwrap();
    let replica = &added["TableDescription"]["Replicas"][0];
    assert_eq!(
        (&replica["ReplicaStatus"], &replica["ReplicaStatusPercentProgress"]),
        (&json!("CREATING"), &json!("0"))
    );
    world.settle();
    world
}

fn put(world: &World, region: &str, value: &str) {
    let item = json!({"p": {"S": "u"}, "s": {"N": "1"}, "v": {"S": value}});
    world.dynamodb(region, "PutItem", &json!({"TableName": "basket", "Item": item}).to_string()).unwrap();
}

fn seen(world: &World, region: &str) -> Value {
    let key = json!({"TableName": "basket", "Key": {"p": {"S": "u"}, "s": {"N": "1"}}}).to_string();
    world.dynamodb(region, "GetItem", &key).unwrap()["Item"]["v"]["S"].clone()
}

#[test]
fn a_replica_brings_what_was_there_and_follows_after_the_lag() {
    let world = joined();
    assert_eq!(seen(&world, WEST), "before");
    put(&world, EAST, "after");
    assert_eq!(seen(&world, WEST), "before");
    world.wait(4);
    assert_eq!(seen(&world, WEST), "after");
}

#[test]
fn where_two_writes_meet_the_later_wins_in_both_regions() {
    let world = joined();
    put(&world, EAST, "first");
    put(&world, WEST, "second");
    world.wait(10);
    assert_eq!((seen(&world, EAST), seen(&world, WEST)), (json!("second"), json!("second")));
}

#[test]
fn writes_wait_while_a_region_is_broken_and_arrive_when_it_is_mended() {
    let world = joined();
    put(&world, EAST, "cut");
    world.practice.break_region(EAST);
    world.wait(3600);
    assert_eq!(seen(&world, WEST), "before");
    world.practice.mend_region(EAST);
    assert_eq!(seen(&world, WEST), "cut");
}

#[test]
fn a_source_table_stays_for_a_day_while_a_replica_remains() {
    let world = joined();
    let name = r#"{"TableName":"basket"}"#;
    let refused = world.dynamodb(EAST, "DeleteTable", name).unwrap_err();
    assert!(refused.2.contains("in the last 24 hours"), "{}", refused.2);
    let remove = json!({"TableName": "basket", "ReplicaUpdates": [{"Delete": {"RegionName": WEST}}]});
    world.dynamodb(EAST, "UpdateTable", &remove.to_string()).unwrap();
    world.settle();
    assert_eq!(world.dynamodb(WEST, "DescribeTable", name).unwrap_err().1, "ResourceNotFoundException");
    world.dynamodb(EAST, "DeleteTable", name).unwrap();
    world.settle();
    assert_eq!(world.dynamodb(EAST, "ListTables", "{}").unwrap()["TableNames"], json!([]));
}
