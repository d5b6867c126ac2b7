//! Baskets against DynamoDB: practice's in this process.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use shop::{Baskets, DynamoBaskets, StoreError, Table};
use testbed::{EAST, World};
use uuid::Uuid;

use crate::conformance;

pub fn credentials() -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(Credentials::from_keys("AKIDTEST", "secret", None))
}

const CREATE: &str = r#"{"TableName": "unishop-basket", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "uuid", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "uuid", "KeyType": "HASH"}]}"#;

fn world() -> (World, DynamoBaskets) {
    let world = World::seeded(1);
    let table = Table {
        name: "unishop-basket".into(),
        region: EAST.into(),
        http: world.practice.http_client(),
        credentials: credentials(),
        endpoint: None,
    };
    (world, DynamoBaskets::new(table))
}

fn make_table(world: &World) {
    world.dynamodb(EAST, "CreateTable", CREATE).unwrap();
    world.wait(60);
}

pub async fn practice() -> DynamoBaskets {
    let (world, baskets) = world();
    make_table(&world);
    baskets
}

#[tokio::test]
async fn practice_keeps_baskets() {
    conformance::baskets(practice().await).await;
}

#[tokio::test]
async fn a_table_that_is_not_there_yet_is_away_and_then_comes() {
    let (world, baskets) = world();
    let away = baskets.basket(Uuid::new_v4()).await;
    assert!(matches!(away, Err(StoreError::Away { .. })), "{away:?}");
    make_table(&world);
    assert_eq!(baskets.basket(Uuid::new_v4()).await, Ok(vec![]));
}
