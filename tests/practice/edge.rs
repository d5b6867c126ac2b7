//! The edge through a distribution with an origin group, as a viewer meets it.

use aws_sdk_cloudfront::types as cf;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use practice::Practice;

use crate::sdk::config;
use crate::world::setup;

const REGIONS: [(&str, &str); 2] = [("primary", "us-east-1"), ("standby", "us-west-1")];

async fn bucket(practice: &Practice, name: &'static str, region: &'static str) {
    let s3 = aws_sdk_s3::Client::new(&config(practice, region));
    let mut create = s3.create_bucket().bucket(name);
    if region != "us-east-1" {
        let place =
            aws_sdk_s3::types::CreateBucketConfiguration::builder().location_constraint(region.into());
        create = create.create_bucket_configuration(place.build());
    }
    create.send().await.expect("a bucket");
    let page = ByteStream::from(region.as_bytes().to_vec());
    s3.put_object().bucket(name).key("index.html").body(page).send().await.expect("a page");
    policy(practice, name, region, "").await;
}

/// Lets CloudFront read, with `more` statements beside.
async fn policy(practice: &Practice, name: &str, region: &'static str, more: &str) {
    let s3 = aws_sdk_s3::Client::new(&config(practice, region));
    let text = format!(
        r#"{{"Statement":[{{"Effect":"Allow","Principal":{{"Service":"cloudfront.amazonaws.com"}},
            "Action":"s3:GetObject","Resource":"arn:aws:s3:::{name}/*"}}{more}]}}"#
    );
    s3.put_bucket_policy().bucket(name).policy(text).send().await.expect("a policy");
}

fn origin(id: &str, region: &str, access: &str) -> cf::Origin {
    cf::Origin::builder()
        .id(id)
        .domain_name(format!("{id}.s3.{region}.amazonaws.com"))
        .origin_access_control_id(access)
        .s3_origin_config(cf::S3OriginConfig::builder().origin_access_identity("").build())
        .build()
        .expect("an origin")
}

fn group() -> cf::OriginGroup {
    let member = |id: &str| cf::OriginGroupMember::builder().origin_id(id).build().expect("a member");
    let members = cf::OriginGroupMembers::builder()
        .quantity(2)
        .items(member("primary"))
        .items(member("standby"))
        .build();
    let codes = cf::StatusCodes::builder().quantity(2).items(403).items(504).build().expect("codes");
    cf::OriginGroup::builder()
        .id("both")
        .failover_criteria(cf::OriginGroupFailoverCriteria::builder().status_codes(codes).build())
        .members(members.expect("members"))
        .build()
        .expect("a group")
}

async fn access_control(cloudfront: &aws_sdk_cloudfront::Client) -> String {
    let config = cf::OriginAccessControlConfig::builder()
        .name("pages")
        .signing_protocol(cf::OriginAccessControlSigningProtocols::Sigv4)
        .signing_behavior(cf::OriginAccessControlSigningBehaviors::Always)
        .origin_access_control_origin_type(cf::OriginAccessControlOriginTypes::S3)
        .build();
    let config = config.expect("a configuration");
    let made = cloudfront.create_origin_access_control().origin_access_control_config(config).send().await;
    made.expect("an access control").origin_access_control().expect("an access control").id().to_owned()
}

async fn distribution(practice: &Practice) -> String {
    let cloudfront = aws_sdk_cloudfront::Client::new(&config(practice, "us-east-1"));
    let access = access_control(&cloudfront).await;
    let origins = cf::Origins::builder()
        .quantity(2)
        .set_items(Some(REGIONS.map(|(id, region)| origin(id, region, &access)).to_vec()))
        .build();
    let methods = [cf::Method::Get, cf::Method::Head];
    let behavior = cf::DefaultCacheBehavior::builder()
        .target_origin_id("both")
        .viewer_protocol_policy(cf::ViewerProtocolPolicy::AllowAll)
        .cache_policy_id("4135ea2d-6df8-44a3-9df3-4b5a84be39ad")
        .allowed_methods(
            cf::AllowedMethods::builder()
                .quantity(2)
                .set_items(Some(methods.to_vec()))
                .build()
                .expect("methods"),
        )
        .build();
    let config = cf::DistributionConfig::builder()
        .caller_reference("one")
        .comment("")
        .enabled(true)
        .default_root_object("index.html")
        .origins(origins.expect("origins"))
        .origin_groups(cf::OriginGroups::builder().quantity(1).items(group()).build().expect("groups"))
        .default_cache_behavior(behavior.expect("a behaviour"))
        .build()
        .expect("a configuration");
    let made =
        cloudfront.create_distribution().distribution_config(config).send().await.expect("a distribution");
    practice.clock().advance(std::time::Duration::from_secs(1200));
    made.distribution().expect("a distribution").id().to_owned()
}

/// What a viewer gets: status, the origin that answered, and the body.
fn view(practice: &Practice, id: &str, method: &str, path: &str) -> (u16, Option<String>, String) {
    let host = format!("{}.cloudfront.localhost:4566", id.to_ascii_lowercase());
    let request = http::Request::builder().method(method).uri(path).header("host", host).body(Bytes::new());
    let answer = practice.answer(request.expect("a request"));
    let origin = answer.headers().get("x-espera-origin").and_then(|o| o.to_str().ok()).map(str::to_owned);
    (answer.status().as_u16(), origin, String::from_utf8_lossy(answer.body()).into_owned())
}

#[tokio::test]
async fn reading_fails_over_writing_does_not() {
    let practice = setup().open().practice;
    for (name, region) in REGIONS {
        bucket(&practice, name, region).await;
    }
    let id = distribution(&practice).await;
    let served = |path: &str| view(&practice, &id, "GET", path);
    let by = |origin: &str, body: &str| (200, Some(origin.to_owned()), body.to_owned());
    assert_eq!(served("/"), by("primary", "us-east-1"));
    assert_eq!(view(&practice, &id, "POST", "/").0, 403);

    let denial =
        r#",{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::primary/*"}"#;
    policy(&practice, "primary", "us-east-1", denial).await;
    assert_eq!(served("/index.html"), by("standby", "us-west-1"), "the lesson's simulated event");
    policy(&practice, "primary", "us-east-1", "").await;
    assert_eq!(served("/"), by("primary", "us-east-1"), "each request tries the primary again");

    practice.break_region("us-east-1");
    assert_eq!(served("/"), by("standby", "us-west-1"));
    practice.break_region("us-west-1");
    assert_eq!(served("/").0, 504, "both silent");
    practice.mend_region("us-east-1");
    practice.mend_region("us-west-1");
    assert_eq!(served("/"), by("primary", "us-east-1"));
    assert_eq!(served("/missing").0, 403, "who may not list is not told what is missing");
}

#[tokio::test]
async fn a_bucket_is_not_open_to_those_who_do_not_sign() {
    let practice = setup().open().practice;
    bucket(&practice, "primary", "us-east-1").await;
    let request = http::Request::builder().uri("/index.html").header("host", "primary.s3.localhost:4566");
    let answer = practice.answer(request.body(Bytes::new()).expect("a request"));
    assert_eq!(answer.status().as_u16(), 403);
    assert!(String::from_utf8_lossy(answer.body()).contains("<Code>AccessDenied</Code>"));
}
