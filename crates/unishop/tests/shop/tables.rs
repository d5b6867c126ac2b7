//! Baskets against DynamoDB: practice's in this process.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use ground::clock::{Clock, Moment};
use http::Request;
use practice::scenario::Scenario;
use practice::{Options, Practice};
use shop::{Baskets, DynamoBaskets, StoreError, Table};
use uuid::Uuid;

use crate::conformance;

pub fn credentials() -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(Credentials::from_keys("AKIDTEST", "secret", None))
}

const CREATE: &str = r#"{"TableName": "unishop-basket", "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "uuid", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "uuid", "KeyType": "HASH"}]}"#;

fn world() -> (Practice, DynamoBaskets) {
    let clock = Clock::manual(Moment(1_795_392_000_000));
    let options = Options { folder: None, seed: 1, scenario: Scenario::default(), clock, workload: None };
    let practice = Practice::open(options).unwrap();
    let table = Table {
        name: "unishop-basket".into(),
        region: "us-east-1".into(),
        http: practice.http_client(),
        credentials: credentials(),
        endpoint: None,
    };
    (practice, DynamoBaskets::new(table))
}

fn make_table(practice: &Practice) {
    let request = Request::post("/")
        .header("host", "dynamodb.us-east-1.amazonaws.com")
        .header("x-amz-target", "DynamoDB_20120810.CreateTable")
        .header(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDTEST/20261122/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
        )
        .body(CREATE.into())
        .unwrap();
    assert!(practice.answer(request).status().is_success());
    practice.clock().advance(Duration::from_secs(60));
}

pub async fn practice() -> DynamoBaskets {
    let (practice, baskets) = world();
    make_table(&practice);
    baskets
}

#[tokio::test]
async fn practice_keeps_baskets() {
    conformance::baskets(practice().await).await;
}

#[tokio::test]
async fn a_table_that_is_not_there_yet_is_away_and_then_comes() {
    let (practice, baskets) = world();
    let away = baskets.basket(Uuid::new_v4()).await;
    assert!(matches!(away, Err(StoreError::Away { .. })), "{away:?}");
    make_table(&practice);
    assert_eq!(baskets.basket(Uuid::new_v4()).await, Ok(vec![]));
}
