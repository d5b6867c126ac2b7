//! APIs as the edge's origins: reading fails over from one Region's to the other's, writing never does.

use espera::cloud::Fault;
use serde_json::json;
use testbed::{EAST, WEST};

use crate::deployed::Shop;
use crate::world::setup;

/// Reading through a group of both APIs, signing up at the first alone.
const FRONT: &str = r#"
Parameters:
  First: {Type: String}
  Second: {Type: String}
Resources:
  Front:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - {Id: first, DomainName: !Ref First, ConnectionAttempts: 2,
             CustomOriginConfig: {OriginProtocolPolicy: https-only, OriginReadTimeout: 3}}
          - {Id: second, DomainName: !Ref Second,
             CustomOriginConfig: {OriginProtocolPolicy: https-only}}
        OriginGroups:
          Quantity: 1
          Items:
            - Id: both
              FailoverCriteria: {StatusCodes: {Quantity: 3, Items: [500, 503, 504]}}
              Members: {Quantity: 2, Items: [{OriginId: first}, {OriginId: second}]}
        DefaultCacheBehavior:
          TargetOriginId: both
          ViewerProtocolPolicy: allow-all
          AllowedMethods: [GET, HEAD, OPTIONS]
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
        CacheBehaviors:
          - PathPattern: /user
            TargetOriginId: first
            ViewerProtocolPolicy: allow-all
            AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]
            CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
Outputs:
  Domain: {Value: !GetAtt Front.DomainName}
"#;

async fn served_by(shop: &Shop, front: &str) -> (u16, String, u128) {
    let began = shop.world.now();
    let answer = shop.ask("GET", front, "/unicorns", "").await.expect("answers");
    let region = answer.headers().get("x-unishop-region").and_then(|r| r.to_str().ok()).unwrap_or_default();
    let took = shop.world.now().since(began).as_millis();
    (answer.status().as_u16(), region.to_owned(), took)
}

#[tokio::test]
async fn reading_fails_over_between_apis_and_signing_up_does_not() {
    let shop = Shop::open(setup().jumping());
    shop.world.create_stack(EAST, "front", FRONT, &[("First", &shop.east), ("Second", &shop.west)]);
    let front = shop.world.output(EAST, "front", "Domain");
    let sign_up = |email: &str| {
        let body = json!({"email": email, "first_name": "A", "last_name": "B"}).to_string();
        let (shop, front) = (&shop, front.clone());
        async move { shop.send("POST", &front, "/user", &body).await.expect("answers").0 }
    };
    let here = served_by(&shop, &front).await;
    assert_eq!((here.0, here.1.as_str()), (200, EAST));
    assert_eq!(sign_up("ana@example.com").await, 201);

    let id = shop.instance();
    shop.world.query("ec2", EAST, "StopInstances", &[("InstanceId.1", &id)]).expect("answered");
    let there = served_by(&shop, &front).await;
    assert_eq!((there.0, there.1.as_str()), (200, WEST));
    assert!(there.2 < 100, "a refusal costs no waiting: {} ms", there.2);
    assert_eq!(sign_up("ben@example.com").await, 503, "writing has one origin");

    shop.turn(Fault::Region, true).await;
    let there = served_by(&shop, &front).await;
    assert_eq!((there.0, there.1.as_str()), (200, WEST));
    assert!((6_000..6_100).contains(&there.2), "twice three seconds, not {} ms", there.2);
    let began = shop.world.now();
    assert_eq!(sign_up("ben@example.com").await, 504);
    let took = shop.world.now().since(began).as_millis();
    assert!((3_000..3_100).contains(&took), "a write is not tried again: {took} ms");
}
