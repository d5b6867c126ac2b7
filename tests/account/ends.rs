//! What ends: a clean-up with items that fail, lists and waits of an AWS that never gets anywhere.

use espera::cloud::facts::Phase;
use espera::cloud::{ActionId, Run};
use ground::clock::parse_span;

use super::world::{Account, changes};

/// An answer of DeleteObjects that refuses every key, with 200.
fn refusing(body: &str) -> String {
    let keys = body.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
    let errors = keys.map(|key| {
        format!("<Error><Key>{key}</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")
    });
    format!("<DeleteResult>{}</DeleteResult>", errors.collect::<String>())
}

#[tokio::test]
async fn a_bucket_that_cannot_be_emptied_is_told_with_key_and_reason_and_the_rest_goes() {
    let account = Account::new().await;
    let cloud = account.espera(&Run::begin());
    account.deploy(&cloud).await;
    account.sent();
    account.lies(|sent| {
        let mine = sent.service == "s3" && sent.uri.contains("unishop-primary");
        (mine && sent.method == "POST" && sent.uri.contains("delete")).then(|| (200, refusing(&sent.body)))
    });
    let error = account.run(&cloud, ActionId::CleanUp).await.expect_err("something stays");
    let text = error.text.en.clone();
    assert!(text.contains("index.html") || text.contains("config.json"), "{text}");
    assert!(text.contains("AWS says \"AccessDenied: Access Denied\""), "{text}");
    assert!(text.contains("repeat the clean-up"), "{text}");
    let sent = account.sent();
    let tries = sent.iter().filter(|s| s.uri.contains("unishop-primary") && s.uri.contains("delete")).count();
    assert!((1..=2).contains(&tries), "one round is enough to see it: {tries}");
    // All else is gone, and what stays is proved by the sweep.
    let facts = cloud.observe().await;
    let left = facts.sweep.expect("the sweep always runs").left;
    assert!(left.iter().any(|l| l.kind == "AWS::S3::Bucket"), "{left:?}");
    assert!(!left.iter().any(|l| l.name.contains("standby") || l.name.contains("edge")), "{left:?}");
    // The cause is gone: the repetition finishes.
    account.lies(|_| None);
    account.run(&cloud, ActionId::CleanUp).await.unwrap_or_else(|e| panic!("{e}"));
    assert!(cloud.observe().await.sweep.expect("swept").left.is_empty());
}

#[tokio::test]
async fn objects_that_stay_though_aws_says_deleted_end_it_as_well() {
    let account = Account::new().await;
    let cloud = account.espera(&Run::begin());
    account.deploy(&cloud).await;
    account.sent();
    account.lies(|sent| {
        let delete = sent.service == "s3" && sent.method == "POST" && sent.uri.contains("delete");
        delete.then(|| (200, "<DeleteResult></DeleteResult>".to_owned()))
    });
    let error = account.run(&cloud, ActionId::CleanUp).await.expect_err("something stays");
    assert!(error.text.en.contains("it is still there"), "{}", error.text.en);
    let deletes = account.sent().iter().filter(|s| s.method == "POST" && s.uri.contains("delete")).count();
    assert!(deletes <= 8, "{deletes} rounds");
}

#[tokio::test]
async fn a_snapshot_that_aws_alone_may_delete_is_told_with_its_date_and_stops_nothing() {
    let account = Account::new().await;
    let cloud = account.espera(&Run::begin());
    account.deploy(&cloud).await;
    account.practice.break_region("us-east-1");
    account.run(&cloud, ActionId::FailOver).await.unwrap_or_else(|e| panic!("{e}"));
    account.practice.mend_region("us-east-1");
    let listed = || account.others("rds", "us-east-1", "DescribeDBClusterSnapshots", &[]);
    assert!(listed().contains("<SnapshotType>automated</SnapshotType>"), "{}", listed());
    // One by hand of our cluster, and one of a stranger's.
    let shown = account.others("rds", "us-east-1", "DescribeDBClusters", &[]);
    let ours = shown.split("<DBClusterIdentifier>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let mine = [("DBClusterSnapshotIdentifier", "by-hand"), ("DBClusterIdentifier", ours.as_str())];
    account.others("rds", "us-east-1", "CreateDBClusterSnapshot", &mine);
    account.run(&cloud, ActionId::CleanUp).await.unwrap_or_else(|e| panic!("{e}"));
    let asked: Vec<String> =
        account.sent().iter().filter(|s| s.is("DeleteDBClusterSnapshot")).map(|s| s.body.clone()).collect();
    assert!(asked.len() == 1 && asked[0].contains("by-hand"), "{asked:?}");
    let told = account.told();
    assert!(told.contains("automated snapshot rds:unplanned-global-failover-"), "{told}");
    assert!(told.contains("removes it by itself, about 20"), "{told}");
    let sweep = cloud.observe().await.sweep.expect("swept");
    assert!(sweep.left.is_empty() && sweep.expiring.len() == 1, "{sweep:?}");
    // AWS does remove it.
    account.practice.clock().sleep(parse_span("25h").unwrap()).await;
    assert!(!listed().contains("rds:unplanned"), "{}", listed());
}

#[tokio::test]
async fn one_item_that_fails_never_stops_the_rest() {
    let account = Account::new().await;
    let cloud = account.espera(&Run::begin());
    account.deploy(&cloud).await;
    account.lies(|sent| {
        let edge = sent.is("DeleteStack") && sent.body.contains("unishop-edge");
        let body = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no cloudformation:DeleteStack</Message></Error></ErrorResponse>";
        edge.then(|| (403, body.to_owned()))
    });
    let error = account.run(&cloud, ActionId::CleanUp).await.expect_err("counts as failed");
    assert!(
        error.text.en.contains("unishop-edge") && error.text.en.contains("no cloudformation:DeleteStack")
    );
    let facts = cloud.observe().await;
    let there: Vec<_> =
        facts.stacks().filter(|(_, s)| s.status.phase() != Phase::Deleted).map(|(_, s)| &s.name).collect();
    assert_eq!(there, ["unishop-edge"]);
    let left = facts.sweep.expect("swept").left;
    assert!(left.iter().all(|l| l.name.contains("edge") || l.kind.contains("CloudFront")), "{left:?}");
}

#[tokio::test]
async fn a_page_of_events_that_repeats_itself_ends_the_reading() {
    let account = Account::new().await;
    let cloud = account.espera(&Run::begin());
    account.twists(|sent, body| {
        let again = "</StackEvents><NextToken>again</NextToken>";
        (sent.is("DescribeStackEvents") && sent.body.contains("NextToken=again")
            || sent.is("DescribeStackEvents"))
        .then(|| body.replacen("</StackEvents>", again, 1))
    });
    account.lies(|sent| {
        // The page that the token stands for is the first one again.
        (sent.is("DescribeStackEvents") && sent.body.contains("NextToken=again")).then(|| {
            let page = "<DescribeStackEventsResponse><DescribeStackEventsResult><StackEvents></StackEvents><NextToken>again</NextToken></DescribeStackEventsResult></DescribeStackEventsResponse>";
            (200, page.to_owned())
        })
    });
    let error = account.run(&cloud, ActionId::DeployPrimary).await.expect_err("ends");
    assert_eq!(error.code, "EndlessList", "{error}");
    assert!(error.text.en.contains("same page"), "{}", error.text.en);
    let pages = account.sent().iter().filter(|s| s.is("DescribeStackEvents")).count();
    assert!(pages < 10, "{pages} pages");
}

#[tokio::test]
async fn a_change_set_that_stays_pending_is_waited_for_ten_minutes_and_no_longer() {
    let account = Account::new().await;
    let cloud = account.espera(&Run::begin());
    account.twists(|sent, body| {
        sent.is("DescribeChangeSet")
            .then(|| body.replacen("<Status>CREATE_COMPLETE", "<Status>CREATE_PENDING", 1))
    });
    let error = account.run(&cloud, ActionId::DeployPrimary).await.expect_err("ends");
    assert_eq!(error.code, "TooLong", "{error}");
    assert!(error.text.en.contains("the change set of unishop-primary"), "{}", error.text.en);
    let looks = account.sent().iter().filter(|s| s.is("DescribeChangeSet")).count();
    assert!((100..=320).contains(&looks), "{looks}");
}

#[tokio::test]
async fn a_lost_answer_to_execute_counts_as_begun_and_nothing_is_made_twice() {
    let account = Account::new().await;
    let cloud = account.espera(&Run::begin());
    let lost = std::sync::atomic::AtomicUsize::new(0);
    account.twists(move |sent, _| {
        // Carried out, and the answer to the first asking is lost on the way.
        let first =
            sent.is("ExecuteChangeSet") && lost.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
        first.then(|| "<html>gone".to_owned())
    });
    let ended = account.run(&cloud, ActionId::DeployPrimary).await;
    // What is not XML is told as such; the repetition takes the stack up where it is.
    if ended.is_err() {
        account.run(&cloud, ActionId::DeployPrimary).await.unwrap_or_else(|e| panic!("{e}"));
    }
    let created = account.sent();
    let made = changes(&created).iter().filter(|s| s.is("CreateChangeSet")).count();
    assert_eq!(made, 1);
    let tokens =
        created.iter().filter(|s| s.is("ExecuteChangeSet")).all(|s| s.body.contains("ClientRequestToken="));
    assert!(tokens, "every beginning has a token");
}
