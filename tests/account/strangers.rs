//! Foreign stacks, buckets, databases and runs.

use espera::cloud::facts::{Role, Whose};
use espera::cloud::{ActionId, Fault, Run, Switchboard};

use super::world::{Account, THEIRS, changes};

/// Every action that writes.
const WRITES: [ActionId; 7] = [
    ActionId::DeployPrimary,
    ActionId::DeployStandby,
    ActionId::JoinData,
    ActionId::DeployEdge,
    ActionId::BreakPrimary,
    ActionId::MendPrimary,
    ActionId::FailOver,
];

async fn with_a_foreign_stack(tags: &[(&str, &str)]) -> Account {
    let account = Account::new().await;
    for (region, name) in [("us-east-1", "unishop-primary"), ("us-west-1", "unishop-standby")] {
        let template = THEIRS.replace("somebodys-pages", &format!("somebodys-{region}"));
        let mut parameters = vec![("StackName", name), ("TemplateBody", template.as_str())];
        parameters.extend_from_slice(tags);
        account.others("cloudformation", region, "CreateStack", &parameters);
    }
    account.practice.clock().sleep(std::time::Duration::from_secs(300)).await;
    let shown = account.others("cloudformation", "us-east-1", "DescribeStacks", &[]);
    assert!(shown.contains("CREATE_COMPLETE"), "{shown}");
    account.answered("s3", "us-east-1", "PUT", "/somebodys-us-east-1/index.html", "theirs");
    account
}

#[tokio::test]
async fn nothing_writes_into_a_stack_that_only_bears_our_name() {
    let tags = [("Tags.member.1.Key", "owner"), ("Tags.member.1.Value", "ana")];
    let account = with_a_foreign_stack(&tags).await;
    let cloud = account.espera(&Run::begin());
    for action in WRITES {
        let error = account.run(&cloud, action).await.expect_err("refused");
        assert_eq!(error.code, "NotOurs", "{action}: {error}");
        let text = &error.text.en;
        assert!(text.contains("owner=ana") && text.contains("does not touch it"), "{text}");
    }
    for fault in [Fault::Bucket, Fault::Instance] {
        assert_eq!(cloud.apply(fault).await.expect_err("refused").code, "NotOurs");
        assert_eq!(cloud.undo(fault).await.expect_err("refused").code, "NotOurs");
    }
    for to in Role::ALL {
        assert_eq!(cloud.switch_writes(to, &|_| {}).await.expect_err("refused").code, "NotOurs");
        assert_eq!(cloud.switch_over(to, &|_| {}).await.expect_err("refused").code, "NotOurs");
    }
    // The clean-up tells of it, leaves it, and has nothing left of ours.
    account.run(&cloud, ActionId::CleanUp).await.expect("nothing of ours is there");
    assert!(account.told().contains("its tags say owner=ana"), "{}", account.told());
    let sent = account.sent();
    assert!(changes(&sent).is_empty(), "{:#?}", changes(&sent));
    assert_eq!(account.answered("s3", "us-east-1", "GET", "/somebodys-us-east-1/index.html", ""), "theirs");
    let facts = cloud.observe().await;
    assert_eq!(facts.sweep.as_ref().map(|s| s.left.len()), Some(0), "{:?}", facts.sweep);
    assert!(facts.stack("unishop-primary").is_none(), "it counts for nothing");
    assert!(facts.stacks().all(|(_, s)| s.whose == Whose::Foreign));
}

#[tokio::test]
async fn what_another_run_made_is_taken_over_only_after_a_yes() {
    let account = Account::new().await;
    let first = account.espera(&Run::begin());
    account.deploy(&first).await;
    let (mine, anothers) = (first.run_so_far(), account.espera(&Run::begin()));
    account.sent();
    for action in [ActionId::DeployPrimary, ActionId::BreakPrimary, ActionId::CleanUp] {
        let error = account.run(&anothers, action).await.expect_err("asks first");
        assert_eq!(error.code, "NotTakenOver", "{action}");
        let claims: Vec<&str> = error.claims().iter().map(|c| c.name.as_str()).collect();
        assert_eq!(claims.len(), 5, "three stacks and two buckets, asked about once: {claims:?}");
        assert!(error.claims().iter().all(|c| c.run.as_deref() == Some(&*mine.id)), "{:?}", error.claims());
        assert!(error.text.en.contains(&mine.id), "{}", error.text.en);
    }
    assert!(changes(&account.sent()).is_empty(), "nothing was changed before the answer");
    // No: the clean-up goes on without them, and there is nothing else.
    let claims = account.run(&anothers, ActionId::CleanUp).await.expect_err("asks").claims().to_vec();
    anothers.decline(&claims);
    account.run(&anothers, ActionId::CleanUp).await.expect("nothing of its own");
    assert!(changes(&account.sent()).is_empty());
    // Yes: they are its own from now on, in the next session too.
    anothers.adopt(&claims);
    account.run(&anothers, ActionId::DeployPrimary).await.expect("it is complete already");
    let again = account.espera(&anothers.run_so_far());
    account.run(&again, ActionId::CleanUp).await.unwrap_or_else(|e| panic!("{e}"));
    let facts = again.observe().await;
    assert!(facts.sweep.is_some_and(|s| s.left.is_empty()));
}

#[tokio::test]
async fn a_run_finds_its_own_again_by_the_tag_alone_and_by_the_ids_alone() {
    let account = Account::new().await;
    let first = account.espera(&Run::begin());
    account.deploy(&first).await;
    // Killed before anything but its id was kept.
    let known = Run { id: first.run_so_far().id, ..Run::default() };
    account.run(&account.espera(&known), ActionId::DeployEdge).await.expect("its own");
    // An update by hand with the lesson's command drops the run's tag; the ids are kept.
    let update = [
        ("StackName", "unishop-edge"),
        ("UsePreviousTemplate", "true"),
        ("Tags.member.1.Key", "espera"),
        ("Tags.member.1.Value", "module-4"),
        ("Parameters.member.1.ParameterKey", "PrimaryBucketDomain"),
        ("Parameters.member.1.UsePreviousValue", "true"),
        ("Parameters.member.2.ParameterKey", "StandbyBucketDomain"),
        ("Parameters.member.2.ParameterValue", "other.s3.us-west-1.amazonaws.com"),
    ];
    account.others("cloudformation", "us-east-1", "UpdateStack", &update);
    account.run(&first, ActionId::DeployEdge).await.expect("its own still");
}

#[tokio::test]
async fn a_foreign_global_database_keeps_its_members() {
    let account = Account::new().await;
    let cluster = [
        ("DBClusterIdentifier", "somebodys-db"),
        ("Engine", "aurora-mysql"),
        ("MasterUsername", "ana"),
        ("MasterUserPassword", "secret-enough-1"),
    ];
    account.others("rds", "us-west-1", "CreateDBCluster", &cluster);
    let instance = [
        ("DBInstanceIdentifier", "somebodys-instance"),
        ("DBClusterIdentifier", "somebodys-db"),
        ("DBInstanceClass", "db.r6g.large"),
        ("Engine", "aurora-mysql"),
    ];
    account.others("rds", "us-west-1", "CreateDBInstance", &instance);
    account.practice.clock().sleep(std::time::Duration::from_secs(3600)).await;
    let global = [
        ("GlobalClusterIdentifier", "unishop-global"),
        ("SourceDBClusterIdentifier", "arn:aws:rds:us-west-1:123456789012:cluster:somebodys-db"),
    ];
    account.others("rds", "us-west-1", "CreateGlobalCluster", &global);
    let reader = [
        ("DBClusterIdentifier", "somebodys-standby"),
        ("Engine", "aurora-mysql"),
        ("GlobalClusterIdentifier", "unishop-global"),
    ];
    account.others("rds", "us-east-1", "CreateDBCluster", &reader);
    let cloud = account.espera(&Run::begin());
    account.run(&cloud, ActionId::CleanUp).await.expect("nothing of ours is there");
    let sent = account.sent();
    assert!(changes(&sent).is_empty(), "{:#?}", changes(&sent));
    let shown = account.others("rds", "us-east-1", "DescribeGlobalClusters", &[]);
    assert_eq!(shown.matches("<DBClusterArn>").count(), 2, "{shown}");
    let facts = cloud.observe().await;
    assert!(facts.sweep.is_some_and(|s| s.left.is_empty()), "it is not told as a left-over of ours");
    assert!(account.run(&cloud, ActionId::FailOver).await.is_err());
    assert!(changes(&account.sent()).is_empty());
}

#[tokio::test]
async fn a_bucket_of_another_account_gets_nothing_and_gives_nothing() {
    let account = Account::new().await;
    account.lies(|sent| {
        let theirs = sent.service == "s3" && sent.uri.contains("espera-artifacts-");
        // S3 serves whoever does not ask for an owner: the squatter opened it to all.
        let refused = theirs && (sent.owner.as_deref() == Some("123456789012") || sent.method == "PUT");
        let body = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
        refused.then(|| (403, body.to_owned()))
    });
    let cloud = account.espera(&Run::begin());
    let error = account.run(&cloud, ActionId::DeployPrimary).await.expect_err("refused");
    assert_eq!(error.code, "NotOurs");
    assert!(error.text.en.contains("belongs to another account"), "{}", error.text.en);
    let sent = account.sent();
    assert!(changes(&sent).is_empty(), "{:#?}", changes(&sent));
}

#[tokio::test]
async fn practice_refuses_who_expects_another_owner_as_s3_does() {
    let account = Account::new().await;
    account.answered("s3", "us-east-1", "PUT", "/a-bucket", "");
    let status = |method: &str, path: &str, owner: &str| {
        let request =
            testbed::request("s3", testbed::EAST, method, path).header("x-amz-expected-bucket-owner", owner);
        account.practice.answer(request.body(bytes::Bytes::from("x")).unwrap()).status().as_u16()
    };
    for (method, path) in
        [("PUT", "/a-bucket/key"), ("GET", "/a-bucket/key"), ("GET", "/a-bucket?list-type=2")]
    {
        assert_eq!(status(method, path, "999988887777"), 403, "{method} {path}");
        assert_eq!(status(method, path, "123456789012"), 200, "{method} {path}");
    }
    assert_eq!(status("GET", "/no-such-bucket/key", "999988887777"), 404);
}

#[tokio::test]
async fn every_call_to_a_bucket_names_the_account_that_must_own_it() {
    let account = Account::new().await;
    let cloud = account.espera(&Run::begin());
    account.deploy(&cloud).await;
    account.run(&cloud, ActionId::BreakPrimary).await.expect("breaks");
    cloud.observe().await;
    account.run(&cloud, ActionId::MendPrimary).await.expect("mends");
    account.run(&cloud, ActionId::CleanUp).await.unwrap_or_else(|e| panic!("{e}"));
    let sent = account.sent();
    let on_buckets: Vec<_> =
        sent.iter().filter(|s| s.service == "s3").filter(|s| !s.uri.contains("max-buckets")).collect();
    assert!(on_buckets.len() > 30, "{}", on_buckets.len());
    let bare: Vec<_> = on_buckets.iter().filter(|s| s.owner.as_deref() != Some("123456789012")).collect();
    let bare: Vec<String> = bare.iter().map(|s| format!("{} {}", s.method, s.uri)).collect();
    // One that is being made has no owner yet.
    let makes = |b: &String| b.starts_with("PUT https://espera-artifacts-") && b.ends_with(".amazonaws.com/");
    assert!(bare.len() == 2 && bare.iter().all(makes), "{bare:#?}");
}
