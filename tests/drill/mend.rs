//! The undo of the bucket fault, judged by the bucket's policy: whatever it was before, or none at all,
//! is what it is after.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_types::SdkConfig;
use aws_types::region::Region;
use espera::cloud::ActionId;
use practice::scenario::Scenario;

use crate::world::{Deployed, settings};

/// The primary's pages bucket, seen from beside Espera.
struct Bucket {
    s3: aws_sdk_s3::Client,
    name: String,
}

impl Bucket {
    async fn of(world: &Deployed) -> Bucket {
        let facts = world.stage.cloud.observe().await;
        let key = Credentials::from_keys("K", "S", None);
        let config = SdkConfig::builder()
            .behavior_version(aws_sdk_s3::config::BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .http_client(world.practice.http_client())
            .credentials_provider(SharedCredentialsProvider::new(key))
            .build();
        Bucket { s3: aws_sdk_s3::Client::new(&config), name: facts.primary.bucket.unwrap().name }
    }

    /// The policy as a value; `None` when there is none.
    async fn policy(&self) -> Option<serde_json::Value> {
        match self.s3.get_bucket_policy().bucket(&self.name).send().await {
            Ok(found) => Some(serde_json::from_str(&found.policy.unwrap()).unwrap()),
            Err(e) => {
                assert_eq!(e.code(), Some("NoSuchBucketPolicy"), "{e:?}");
                None
            }
        }
    }
}

async fn does(world: &Deployed, action: ActionId) {
    world.stage.cloud.run(action, &settings(), &|_| {}).await.unwrap();
}

#[tokio::test]
async fn the_undo_of_the_bucket_fault_leaves_the_policy_as_it_was_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let world = Deployed::open(folder.path(), 7, Scenario::default()).await;
    let bucket = Bucket::of(&world).await;
    let given = bucket.policy().await.expect("the template gives it one");

    does(&world, ActionId::BreakPrimary).await;
    let broken = bucket.policy().await.unwrap();
    assert_eq!(
        broken["Statement"].as_array().unwrap().len(),
        1 + given["Statement"].as_array().unwrap().len()
    );
    does(&world, ActionId::MendPrimary).await;
    assert_eq!(bucket.policy().await, Some(given));

    // Somebody took the policy away: then the fault is all there is, and after the undo nothing.
    bucket.s3.delete_bucket_policy().bucket(&bucket.name).send().await.unwrap();
    does(&world, ActionId::BreakPrimary).await;
    does(&world, ActionId::BreakPrimary).await;
    let broken = bucket.policy().await.unwrap();
    assert_eq!(broken["Statement"].as_array().unwrap().len(), 1, "{broken}");
    assert_eq!(broken["Statement"][0]["Sid"], "EsperaFault");
    does(&world, ActionId::MendPrimary).await;
    assert_eq!(bucket.policy().await, None);
    does(&world, ActionId::MendPrimary).await;
    assert_eq!(bucket.policy().await, None, "a second undo does nothing");

    // And somebody wrote another one while it was broken: only Espera's statement goes.
    does(&world, ActionId::BreakPrimary).await;
    let mut both = bucket.policy().await.unwrap();
    let resource = format!("arn:aws:s3:::{}/*", bucket.name);
    let theirs = serde_json::json!({"Sid": "Theirs", "Effect": "Deny", "Principal": "*",
        "Action": "s3:PutObject", "Resource": resource});
    both["Statement"].as_array_mut().unwrap().push(theirs.clone());
    bucket.s3.put_bucket_policy().bucket(&bucket.name).policy(both.to_string()).send().await.unwrap();
    does(&world, ActionId::MendPrimary).await;
    assert_eq!(bucket.policy().await.unwrap()["Statement"], serde_json::json!([theirs]));
}
