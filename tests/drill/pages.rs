//! What an account holds beyond the first page of a listing: the sweep that proves an account clean
//! must follow every page to its end.

use std::collections::BTreeMap;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cloudfront::types::{
    DefaultCacheBehavior, DistributionConfig, Origin, Origins, S3OriginConfig, ViewerProtocolPolicy,
};
use aws_types::SdkConfig;
use aws_types::region::Region;
use espera::cloud::{Access, ActionId, Cloud};
use espera::guest::Unishop;
use testbed::Setup;

use crate::world::settings;

fn distribution(n: usize) -> DistributionConfig {
    let origin = Origin::builder()
        .id("pages")
        .domain_name(format!("unishop-primary-pages-{n}.s3.us-east-1.amazonaws.com"))
        .s3_origin_config(S3OriginConfig::builder().origin_access_identity("").build())
        .build()
        .unwrap();
    let behaviour = DefaultCacheBehavior::builder()
        .target_origin_id("pages")
        .viewer_protocol_policy(ViewerProtocolPolicy::RedirectToHttps)
        .cache_policy_id("4135ea2d-6df8-44a3-9df3-4b5a84be39ad")
        .build()
        .unwrap();
    DistributionConfig::builder()
        .caller_reference(format!("r{n}"))
        .origins(Origins::builder().quantity(1).items(origin).build().unwrap())
        .default_cache_behavior(behaviour)
        .comment("")
        .enabled(false)
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_sweep_follows_every_page() {
    let practice = Setup::seeded(7).guest(Unishop).open().practice;
    let keys = practice.keys();
    let key = Credentials::from_keys(keys.access_key(), keys.secret(), None);
    let provider = SharedCredentialsProvider::new(key);
    let config = SdkConfig::builder()
        .behavior_version(aws_sdk_s3::config::BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .http_client(practice.http_client())
        .credentials_provider(provider.clone())
        .build();
    let wanted = [
        ("AWS::CloudFront::Distribution", 120),
        ("AWS::RDS::GlobalCluster", 120),
        ("AWS::S3::Bucket", 1010),
        ("AWS::DynamoDB::GlobalTable", 120),
    ];
    let s3 = aws_sdk_s3::Client::new(&config);
    for n in 0..1010 {
        s3.create_bucket().bucket(format!("unishop-primary-{n}")).send().await.unwrap();
    }
    let (cloudfront, rds) = (aws_sdk_cloudfront::Client::new(&config), aws_sdk_rds::Client::new(&config));
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    for n in 0..120 {
        cloudfront.create_distribution().distribution_config(distribution(n)).send().await.unwrap();
        let global = rds.create_global_cluster().engine("aurora-mysql");
        global.global_cluster_identifier(format!("unishop-{n}")).send().await.unwrap();
        use aws_sdk_dynamodb::types as t;
        let attribute = t::AttributeDefinition::builder()
            .attribute_name("uuid")
            .attribute_type(t::ScalarAttributeType::S)
            .build()
            .unwrap();
        let schema =
            t::KeySchemaElement::builder().attribute_name("uuid").key_type(t::KeyType::Hash).build().unwrap();
        let table = dynamodb.create_table().table_name(format!("unishop-{n}"));
        let table = table.attribute_definitions(attribute).key_schema(schema);
        table.billing_mode(t::BillingMode::PayPerRequest).send().await.unwrap();
    }
    let cloud =
        Cloud::new(Access::with_transport(practice.http_client(), provider, practice.clock().clone()));
    cloud.run(ActionId::Sweep, &settings(), &|_| {}).await.unwrap();
    let facts = cloud.observe().await;
    let mut counts = BTreeMap::new();
    for left in facts.sweep.unwrap().left {
        *counts.entry(left.kind).or_insert(0) += 1;
    }
    for (kind, count) in wanted {
        assert_eq!(counts.get(kind), Some(&count), "{kind}: {counts:?}");
    }
}
