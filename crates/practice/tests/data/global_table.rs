//! Global tables: replicas appear, converge after the lag, wait while a Region is broken, and keep
//! their source from being deleted.

use serde_json::{Value, json};

use super::items::table;
use super::sky::{EAST, Sky, WEST};

const STREAM: &str = r#","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}"#;

fn joined() -> Sky {
    let sky = Sky::new(3);
    table(&sky, "basket", STREAM);
    put(&sky, EAST, "before");
    let add = json!({"TableName": "basket", "ReplicaUpdates": [{"Create": {"RegionName": WEST}}]});
    let added = sky.json(EAST, "UpdateTable", &add.to_string()).unwrap();
    let replica = &added["TableDescription"]["Replicas"][0];
    assert_eq!(
        (&replica["ReplicaStatus"], &replica["ReplicaStatusPercentProgress"]),
        (&json!("CREATING"), &json!("0"))
    );
    sky.settle();
    sky
}

fn put(sky: &Sky, region: &str, value: &str) {
    let item = json!({"p": {"S": "u"}, "s": {"N": "1"}, "v": {"S": value}});
    sky.json(region, "PutItem", &json!({"TableName": "basket", "Item": item}).to_string()).unwrap();
}

fn seen(sky: &Sky, region: &str) -> Value {
    let key = json!({"TableName": "basket", "Key": {"p": {"S": "u"}, "s": {"N": "1"}}}).to_string();
    sky.json(region, "GetItem", &key).unwrap()["Item"]["v"]["S"].clone()
}

#[test]
fn a_replica_brings_what_was_there_and_follows_after_the_lag() {
    let sky = joined();
    assert_eq!(seen(&sky, WEST), "before");
    put(&sky, EAST, "after");
    assert_eq!(seen(&sky, WEST), "before");
    sky.wait(4);
    assert_eq!(seen(&sky, WEST), "after");
}

#[test]
fn where_two_writes_meet_the_later_wins_in_both_regions() {
    let sky = joined();
    put(&sky, EAST, "first");
    put(&sky, WEST, "second");
    sky.wait(10);
    assert_eq!((seen(&sky, EAST), seen(&sky, WEST)), (json!("second"), json!("second")));
}

#[test]
fn writes_wait_while_a_region_is_broken_and_arrive_when_it_is_mended() {
    let sky = joined();
    put(&sky, EAST, "cut");
    sky.practice.break_region(EAST);
    sky.wait(3600);
    assert_eq!(seen(&sky, WEST), "before");
    sky.practice.mend_region(EAST);
    assert_eq!(seen(&sky, WEST), "cut");
}

#[test]
fn a_source_table_stays_for_a_day_while_a_replica_remains() {
    let sky = joined();
    let name = r#"{"TableName":"basket"}"#;
    let refused = sky.json(EAST, "DeleteTable", name).unwrap_err();
    assert!(refused.2.contains("in the last 24 hours"), "{}", refused.2);
    let remove = json!({"TableName": "basket", "ReplicaUpdates": [{"Delete": {"RegionName": WEST}}]});
    sky.json(EAST, "UpdateTable", &remove.to_string()).unwrap();
    sky.settle();
    assert_eq!(sky.json(WEST, "DescribeTable", name).unwrap_err().1, "ResourceNotFoundException");
    sky.json(EAST, "DeleteTable", name).unwrap();
    sky.settle();
    assert_eq!(sky.json(EAST, "ListTables", "{}").unwrap()["TableNames"], json!([]));
}
