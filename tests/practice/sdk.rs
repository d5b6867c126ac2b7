//! The SDK's own clients over the in-process connector: shapes, errors, checksums, retries.

use aws_credential_types::Credentials;
use aws_sdk_s3::config::BehaviorVersion;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::primitives::ByteStream;
use aws_types::SdkConfig;
use aws_types::region::Region;
use practice::Practice;

use crate::world::setup;

pub fn config(practice: &Practice, region: &'static str) -> SdkConfig {
    let credentials = Credentials::from_keys("K", "S", None);
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region))
        .http_client(practice.http_client())
        .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(credentials))
        .build()
}

fn practice() -> Practice {
    setup().open().practice
}

#[tokio::test]
async fn everybody_is_the_practice_account() {
    let practice = practice();
    let sts = aws_sdk_sts::Client::new(&config(&practice, "us-west-1"));
    let caller = sts.get_caller_identity().send().await.expect("answers");
    assert_eq!(caller.account(), Some("123456789012"));
}

#[tokio::test]
async fn objects_travel_with_their_checksums() {
    let practice = practice();
    let s3 = aws_sdk_s3::Client::new(&config(&practice, "us-east-1"));
    s3.create_bucket().bucket("pages").send().await.expect("a bucket");
    let content = ByteStream::from_static(b"<h1>The Unicorn Shop</h1>");
    s3.put_object()
        .bucket("pages")
        .key("index.html")
        .content_type("text/html")
        .body(content)
        .send()
        .await
        .expect("put");
    let got = s3.get_object().bucket("pages").key("index.html").send().await.expect("get");
    assert_eq!(got.content_type(), Some("text/html"));
    assert!(got.checksum_crc32().is_some());
    let body = got.body.collect().await.expect("whole and as its checksum says").into_bytes();
    assert_eq!(&body[..], b"<h1>The Unicorn Shop</h1>");
    let listed = s3.list_objects_v2().bucket("pages").send().await.expect("lists");
    assert_eq!(listed.contents()[0].key(), Some("index.html"));
    let error = s3.delete_bucket().bucket("pages").send().await.expect_err("not empty");
    assert_eq!(error.code(), Some("BucketNotEmpty"));
    let missing = s3.head_object().bucket("pages").key("no").send().await.expect_err("missing");
    assert!(missing.into_service_error().is_not_found());
}

#[tokio::test]
async fn a_broken_region_fails_and_the_other_goes_on() {
    let practice = practice();
    let sts = |region| aws_sdk_sts::Client::new(&config(&practice, region));
    practice.break_region("us-east-1");
    let error = sts("us-east-1").get_caller_identity().send().await.expect_err("broken");
    assert_eq!(error.code(), Some("ServiceUnavailable"));
    assert!(sts("us-west-1").get_caller_identity().send().await.is_ok());
    practice.mend_region("us-east-1");
    assert!(sts("us-east-1").get_caller_identity().send().await.is_ok());
}

#[tokio::test]
async fn a_change_wakes_those_who_watch_and_a_look_does_not() {
    let practice = practice();
    let mut changed = practice.changes();
    let s3 = aws_sdk_s3::Client::new(&config(&practice, "us-east-1"));
    changed.mark_unchanged();
    s3.list_buckets().send().await.expect("lists");
    assert!(!changed.has_changed().expect("open"));
    s3.create_bucket().bucket("pages").send().await.expect("a bucket");
    assert!(changed.has_changed().expect("open"));
}
