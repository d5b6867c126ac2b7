//! An update whose rollback fails, because a bucket was deleted by hand in the meantime: stuck, gone on
//! with once the cause is mended, or past the resource that cannot be changed back.

use std::time::Duration;

use practice::s3;

use testbed::{BareWorld, failing, place};

const ONE: &str = r#"
Resources:
  Pages: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: state, Value: old}]}}
  After: {Type: AWS::S3::Bucket, DependsOn: Pages, Properties: {Tags: [{Key: state, Value: old}]}}
"#;

fn two() -> String {
    ONE.replace("old", "new") + "  New: {Type: AWS::SQS::Queue, DependsOn: After}\n"
}

/// A stack stuck in its rollback, and the name of the bucket that is gone.
fn stuck() -> (BareWorld, String) {
    let mut cloud = BareWorld::with(5, failing("New"));
    cloud.create("s", ONE);
    cloud.settle();
    assert_eq!(cloud.status("s"), "CREATE_COMPLETE");
    let bucket = cloud.physical("s", "Pages");
    cloud.update("s", &two());
    for _ in 0..600 {
        cloud.wait(Duration::from_secs(1));
        if cloud.events("s").iter().any(|(id, status, _)| id == "After" && status == "UPDATE_COMPLETE") {
            break;
        }
    }
    s3::remove(&mut cloud.world.s3, &bucket).unwrap();
    cloud.settle();
    (cloud, bucket)
}

fn skipping(ids: &[&str]) -> Vec<(String, String)> {
    let ids = ids.iter().enumerate();
    let named = ids.map(|(n, id)| (format!("ResourcesToSkip.member.{}", n + 1), (*id).to_owned()));
    [("StackName".to_owned(), "s".to_owned())].into_iter().chain(named).collect()
}

fn goes_on(cloud: &mut BareWorld, skip: &[&str]) -> Result<(), String> {
    let params = skipping(skip);
    let params: Vec<(&str, &str)> = params.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    cloud
        .try_call("ContinueUpdateRollback", &params)
        .map(drop)
        .map_err(|e| format!("{}: {}", e.code, e.message))
}

fn tags(cloud: &BareWorld, bucket: &str) -> String {
    format!("{:?}", cloud.world.s3.buckets[bucket])
}

fn resource(cloud: &mut BareWorld, id: &str) -> String {
    let params = [("StackName", "s"), ("LogicalResourceId", id)];
    let found = cloud.call("DescribeStackResource", &params);
    found.at("StackResourceDetail/ResourceStatus").unwrap().to_owned()
}

#[test]
fn a_rollback_that_fails_leaves_the_stack_stuck() {
    let (mut cloud, _) = stuck();
    assert_eq!(cloud.status("s"), "UPDATE_ROLLBACK_FAILED");
    let reason = cloud.stack("s").at("StackStatusReason").unwrap().to_owned();
    assert_eq!(reason, "The following resource(s) failed to update: [Pages].");
    let events = cloud.events("s");
    let failed = &events[place(&events, "Pages", "UPDATE_FAILED")];
    assert!(failed.2.contains("The specified bucket does not exist"), "{failed:?}");
    assert_eq!(resource(&mut cloud, "Pages"), "UPDATE_FAILED");
    let message = cloud.refused("UpdateStack", &[("StackName", "s"), ("TemplateBody", ONE)]);
    assert!(message.contains("is in UPDATE_ROLLBACK_FAILED state and can not be updated"), "{message}");
    // Nothing was mended, so it fails again and can be continued again.
    goes_on(&mut cloud, &[]).unwrap();
    assert_eq!(cloud.status("s"), "UPDATE_ROLLBACK_IN_PROGRESS");
    cloud.settle();
    assert_eq!(cloud.status("s"), "UPDATE_ROLLBACK_FAILED");
}

#[test]
fn it_goes_on_once_the_cause_is_mended_and_everything_is_as_it_was() {
    let (mut cloud, bucket) = stuck();
    let after = cloud.physical("s", "After");
    assert!(tags(&cloud, &after).contains("new"), "what waited for the stuck one has not gone back");
    s3::create(&mut cloud.world.s3, "us-east-1", &bucket, cloud.world.now).unwrap();
    goes_on(&mut cloud, &[]).unwrap();
    cloud.settle();
    assert_eq!(cloud.status("s"), "UPDATE_ROLLBACK_COMPLETE");
    for name in [&bucket, &after] {
        let tags = tags(&cloud, name);
        assert!(tags.contains("old") && !tags.contains("new"), "{tags}");
    }
    assert_eq!(cloud.call("GetTemplate", &[("StackName", "s")]).at("TemplateBody"), Some(ONE));
    cloud.refused("DescribeStackResource", &[("StackName", "s"), ("LogicalResourceId", "New")]);
    // Whole again: it updates and goes.
    let message = cloud.refused("UpdateStack", &[("StackName", "s"), ("TemplateBody", ONE)]);
    assert_eq!(message, "No updates are to be performed.");
    let not_stuck = goes_on(&mut cloud, &[]).unwrap_err();
    assert!(not_stuck.starts_with("ValidationError: ") && not_stuck.contains("UPDATE_ROLLBACK_COMPLETE"));
    cloud.delete("s");
    cloud.settle();
    assert!(cloud.try_call("DescribeStacks", &[("StackName", "s")]).is_err());
}

#[test]
fn it_goes_on_past_what_is_skipped_and_only_what_is_stuck_may_be() {
    let (mut cloud, _) = stuck();
    for other in ["After", "New", "Nothing"] {
        let refused = goes_on(&mut cloud, &["Pages", other]).unwrap_err();
        assert!(refused.starts_with("ValidationError: ") && refused.contains(other), "{refused}");
    }
    assert_eq!(cloud.status("s"), "UPDATE_ROLLBACK_FAILED");
    let after = cloud.physical("s", "After");
    goes_on(&mut cloud, &["Pages"]).unwrap();
    assert_eq!(resource(&mut cloud, "Pages"), "UPDATE_COMPLETE");
    cloud.settle();
    assert_eq!(cloud.status("s"), "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(resource(&mut cloud, "Pages"), "UPDATE_COMPLETE");
    assert!(tags(&cloud, &after).contains("old"), "what did not fail goes back");
    cloud.delete("s");
    cloud.settle();
    assert!(cloud.try_call("DescribeStacks", &[("StackName", "s")]).is_err());
}
