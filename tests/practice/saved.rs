//! The saved world: whatever happens to the process, what was answered is there again.

use std::fs;
use std::path::{Path, PathBuf};

use ground::lang::Lang;
use practice::{Notice, PracticeError};
use proptest::prelude::*;
use tempfile::tempdir;
use testbed::{START, form};

use crate::world::{Act, act, image, open, put_object, request, try_open};

const TEMPLATE: &str = "Resources:\n  Pages:\n    Type: AWS::S3::Bucket\n  Net:\n    Type: AWS::EC2::VPC\n    \
                        Properties: {CidrBlock: 10.0.0.0/16}\n  Secret:\n    Type: AWS::SecretsManager::Secret\n    \
                        Properties: {GenerateSecretString: {PasswordLength: 20}}\n";

fn acts() -> impl Strategy<Value = Act> {
    let region = prop_oneof![Just("us-east-1"), Just("us-west-1")];
    let name = prop_oneof![Just("one"), Just("two")];
    prop_oneof![
        3 => (0..400_u64).prop_map(Act::Time),
        1 => region.clone().prop_map(Act::Break),
        2 => region.clone().prop_map(Act::Mend),
        2 => Just(request("s3", "us-east-1", "PUT", "/bucket", "")),
        4 => (0..5_u8, "[a-z]{0,40}").prop_map(|(k, v)| request("s3", "us-east-1", "PUT", &format!("/bucket/{k}"), &v)),
        1 => (0..5_u8).prop_map(|k| request("s3", "us-east-1", "DELETE", &format!("/bucket/{k}"), "")),
        1 => Just(request("s3", "us-east-1", "PUT", "/bucket?versioning",
            "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")),
        2 => (region.clone(), "[a-z]{1,9}").prop_map(|(r, v)| request("ssm", r, "POST", "AmazonSSM.PutParameter",
            &format!(r#"{{"Name":"/n","Value":"{v}","Overwrite":true}}"#))),
        3 => (region.clone(), name.clone()).prop_map(|(r, n)| request("cloudformation", r, "POST", "/",
            &form(&[("Action", "CreateStack"), ("StackName", n), ("TemplateBody", TEMPLATE)]))),
        1 => (region.clone(), name).prop_map(|(r, n)| request("cloudformation", r, "POST", "/",
            &form(&[("Action", "DeleteStack"), ("StackName", n)]))),
        1 => region.clone().prop_map(|r| request("dynamodb", r, "POST", "DynamoDB_20120810.CreateTable",
            r#"{"TableName":"t","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
                "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}]}"#)),
        2 => (region.clone(), 0..3_u8).prop_map(|(r, k)| request("dynamodb", r, "POST", "DynamoDB_20120810.PutItem",
            &format!(r#"{{"TableName":"t","Item":{{"id":{{"S":"{k}"}}}}}}"#))),
        // Reading must leave no trace.
        1 => region.prop_map(|r| request("cloudformation", r, "POST", "/", "Action=DescribeStacks")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A process killed at any moment and started again has the same world as one that lived on.
    #[test]
    fn a_world_opened_again_is_the_world_that_was_left(
        acts in prop::collection::vec(acts(), 1..40),
        closed_after in 0..40_usize,
    ) {
        let folder = tempdir().expect("a folder");
        let mut practice = open(folder.path());
        for (place, one) in acts.iter().enumerate() {
            act(&practice, one);
            if place == closed_after {
                practice.close().expect("saved");
            }
            if place % 7 == 6 {
                drop(practice);
                practice = open(folder.path());
            }
        }
        // A moment is only known again from a request at it.
        put_object(&practice, "last", "x");
        let lived = image(&practice);
        drop(practice);
        prop_assert_eq!(lived, image(&open(folder.path())));
    }
}

/// What has ended by itself, with no request after it, has ended for good.
#[tokio::test]
async fn what_time_has_brought_about_outlives_a_kill() {
    let folder = tempdir().expect("a folder");
    let practice = open(folder.path());
    let create = form(&[("Action", "CreateStack"), ("StackName", "one"), ("TemplateBody", TEMPLATE)]);
    assert_eq!(act(&practice, &request("cloudformation", "us-east-1", "POST", "/", &create)), 200);
    let driven = practice.clone();
    let drive = tokio::spawn(async move { driven.drive().await });
    let complete = |practice: &practice::Practice| image(practice).contains("CREATE_COMPLETE\"");
    let mut steps = 0;
    while practice.clock().now().since(START) < std::time::Duration::from_secs(600) {
        act(&practice, &Act::Time(1));
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        steps += 1;
    }
    assert!(steps > 100 && complete(&practice));
    drive.abort();
    let _ = drive.await;
    let lived = practice.inspect(|world| serde_json::to_string(&world.cloudformation).expect("written"));
    drop(practice);
    let again = open(folder.path());
    assert_eq!(lived, again.inspect(|world| serde_json::to_string(&world.cloudformation).expect("written")));
}

fn files(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix)))
        .collect();
    found.sort();
    found
}

fn three_objects(folder: &Path) {
    let practice = open(folder);
    act(&practice, &request("s3", "us-east-1", "PUT", "/bucket", ""));
    for key in ["a", "b", "c"] {
        assert_eq!(put_object(&practice, key, "content"), 200);
    }
}

fn keys(folder: &Path) -> (Vec<String>, Vec<Notice>) {
    let practice = open(folder);
    let keys = practice.inspect(|w| w.s3.buckets.get("bucket").map(|b| b.objects.keys().cloned().collect()));
    (keys.unwrap_or_default(), practice.notices().to_vec())
}

#[test]
fn a_journal_torn_in_its_last_entry_loses_only_that() {
    let folder = tempdir().expect("a folder");
    three_objects(folder.path());
    let journal = files(folder.path(), "journal-").pop().expect("a journal");
    let bytes = fs::read(&journal).expect("its bytes");
    fs::write(&journal, &bytes[..bytes.len() - 5]).expect("cut");
    let (found, notices) = keys(folder.path());
    assert_eq!(found, ["a", "b"]);
    let torn = notices.iter().find_map(|notice| match notice {
        Notice::Torn { to: Some(to), .. } => Some(to),
        _ => None,
    });
    let kept = fs::read(torn.expect("it is told")).expect("kept");
    assert!(bytes[..bytes.len() - 5].ends_with(&kept), "before it is cut off");
    // And the next entries follow where the torn one began.
    put_object(&open(folder.path()), "d", "x");
    assert_eq!(keys(folder.path()).0, ["a", "b", "d"]);
}

#[test]
fn a_damaged_journal_keeps_its_good_part_and_is_set_aside() {
    let folder = tempdir().expect("a folder");
    three_objects(folder.path());
    let journal = files(folder.path(), "journal-").pop().expect("a journal");
    let mut bytes = fs::read(&journal).expect("its bytes");
    let at = bytes.windows(9).position(|w| w == b"/bucket/b").expect("the second object");
    bytes[at + 8] = b'z';
    fs::write(&journal, &bytes).expect("damaged");
    let (found, notices) = keys(folder.path());
    assert_eq!(found, ["a"]);
    let aside = notices.iter().find(|notice| matches!(notice, Notice::SetAside { .. }));
    let Some(told @ Notice::SetAside { to, .. }) = aside else { panic!("{notices:?}") };
    assert_eq!(fs::read(to).expect("kept"), bytes, "not a byte of it is lost");
    assert!(told.text(Lang::Es).contains("dañado"));
    assert_eq!(keys(folder.path()), (vec!["a".into()], vec![]), "the good part lives on");
}

#[test]
fn a_damaged_snapshot_is_set_aside_with_its_journal() {
    let folder = tempdir().expect("a folder");
    three_objects(folder.path());
    fs::write(folder.path().join("world-1"), b"espera-world 1 00000000 1\n{}").expect("damaged");
    let (found, notices) = keys(folder.path());
    assert!(found.is_empty());
    assert_eq!(notices.len(), 3, "the snapshot, its journal, and the mark in it");
    for name in ["world-1.damaged-1", "journal-1.damaged-1", "mark.damaged-1"] {
        assert!(folder.path().join(name).exists(), "{name}");
    }
}

#[test]
fn a_long_journal_becomes_a_snapshot_while_requests_go_on() {
    let folder = tempdir().expect("a folder");
    let practice = open(folder.path());
    act(&practice, &request("s3", "us-east-1", "PUT", "/bucket", ""));
    let body = "x".repeat(1 << 20);
    for n in 0..30 {
        assert_eq!(put_object(&practice, &format!("{}", n % 3), &body), 200);
    }
    practice.close().expect("saved");
    assert_eq!(files(folder.path(), "journal-").len(), 2, "older journals than the last two are gone");
    let before = image(&practice);
    drop(practice);
    assert_eq!(before, image(&open(folder.path())));
}

#[test]
fn one_process_at_a_time_has_a_folder() {
    let folder = tempdir().expect("a folder");
    let first = open(folder.path());
    let error = try_open(folder.path()).expect_err("in use");
    assert!(matches!(error, PracticeError::InUse { .. }));
    assert!(error.text(Lang::Es).contains("--state-dir"));
    drop(first);
    assert!(try_open(folder.path()).is_ok());
}

#[test]
fn a_folder_that_cannot_be_made_is_told_and_the_world_goes_on() {
    let place = tempdir().expect("a folder");
    let file = place.path().join("file");
    fs::write(&file, "in the way").expect("a file");
    let practice = try_open(&file.join("folder")).expect("opens in memory");
    let trouble = practice.trouble().borrow().clone().expect("it is said");
    assert!(trouble.text(Lang::En).contains("not being saved"));
    assert_eq!(act(&practice, &request("s3", "us-east-1", "PUT", "/bucket", "")), 200);
}

#[test]
fn time_goes_on_from_where_it_was_left() {
    let folder = tempdir().expect("a folder");
    let practice = open(folder.path());
    act(&practice, &Act::Time(3600));
    put_object(&practice, "a", "x");
    drop(practice);
    let again = open(folder.path());
    assert_eq!(again.clock().now(), START.after(std::time::Duration::from_secs(3600)));
}
