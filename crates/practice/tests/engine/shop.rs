//! The workshop's own templates through the engine: both Regions, the edge, the change set of step 4.

use std::time::Duration;

use testbed::{BareWorld, failing, templates};

fn deploy(cloud: &mut BareWorld, name: &str, template: &str, parameters: &[(&str, &str)]) {
    let mut params = vec![
        ("StackName".to_owned(), name.to_owned()),
        ("TemplateBody".to_owned(), template.to_owned()),
        ("Capabilities.member.1".to_owned(), "CAPABILITY_NAMED_IAM".to_owned()),
    ];
    params.extend(numbered(parameters));
    let params: Vec<(&str, &str)> = params.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    cloud.call("CreateStack", &params);
    cloud.settle();
    let status = cloud.status(name);
    let why: Vec<_> = cloud.events(name).into_iter().filter(|(_, s, _)| s.ends_with("FAILED")).collect();
    assert_eq!(status, "CREATE_COMPLETE", "{why:#?}");
}

fn numbered(parameters: &[(&str, &str)]) -> Vec<(String, String)> {
    let one = |(i, (key, value)): (usize, &(&str, &str))| {
        let place = format!("Parameters.member.{}", i + 1);
        [
            (format!("{place}.ParameterKey"), (*key).to_owned()),
            (format!("{place}.ParameterValue"), (*value).to_owned()),
        ]
    };
    parameters.iter().enumerate().flat_map(one).collect()
}

#[test]
fn both_regions_and_the_edge_come_up() {
    let mut cloud = BareWorld::seeded(42);
    let start = cloud.now;
    deploy(&mut cloud, "unishop-primary", templates::UNISHOP, &[("Role", "primary")]);
    let minutes = cloud.now.since(start).as_secs() / 60;
    assert!((8..40).contains(&minutes), "as long as in AWS, not {minutes} minutes");
    let primary = cloud.output("unishop-primary", "PagesBucketDomain").unwrap();
    for key in ["PagesBucket", "ApiUrl", "InstanceId", "DatabaseCluster", "DatabaseClusterArn", "BasketTable"]
    {
        assert!(cloud.output("unishop-primary", key).is_some(), "{key}");
    }
    cloud.region = "us-west-1";
    deploy(&mut cloud, "unishop-standby", templates::UNISHOP, &[("Role", "standby")]);
    let standby = cloud.output("unishop-standby", "PagesBucketDomain").unwrap();
    cloud.region = "us-east-1";
    let buckets = [("PrimaryBucketDomain", primary.as_str()), ("StandbyBucketDomain", standby.as_str())];
    deploy(&mut cloud, "unishop-edge", templates::EDGE, &buckets);
    assert!(cloud.output("unishop-edge", "DistributionDomain").is_some());
}

#[test]
fn step_four_changes_the_table_and_the_cluster_in_place() {
    let mut cloud = BareWorld::seeded(42);
    deploy(&mut cloud, "unishop-primary", templates::UNISHOP, &[("Role", "primary")]);
    let mut params = vec![
        ("StackName".to_owned(), "unishop-primary".to_owned()),
        ("ChangeSetName".to_owned(), "join".to_owned()),
        ("UsePreviousTemplate".to_owned(), "true".to_owned()),
        ("Capabilities.member.1".to_owned(), "CAPABILITY_NAMED_IAM".to_owned()),
    ];
    let join = [("Role", "primary"), ("TableReplicaRegion", "us-west-1"), ("WriteForwarding", "enabled")];
    params.extend(numbered(&join));
    let params: Vec<(&str, &str)> = params.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    cloud.call("CreateChangeSet", &params);
    cloud.settle();
    let set = [("StackName", "unishop-primary"), ("ChangeSetName", "join")];
    let found = cloud.call("DescribeChangeSet", &set);
    assert_eq!(found.at("Status"), Some("CREATE_COMPLETE"), "{:?}", found.at("StatusReason"));
    let changes: Vec<_> =
        found.child("Changes").unwrap().all("member").map(|c| c.child("ResourceChange").unwrap()).collect();
    let told: Vec<_> =
        changes.iter().map(|c| (c.at("LogicalResourceId").unwrap(), c.at("Replacement"))).collect();
    assert!(told.contains(&("BasketTable", Some("False"))), "{told:?}");
    assert!(told.contains(&("DatabaseCluster", Some("False"))), "{told:?}");
    assert_eq!(told.len(), 2, "{told:?}");
    cloud.call("ExecuteChangeSet", &set);
    cloud.settle();
    assert_eq!(cloud.status("unishop-primary"), "UPDATE_COMPLETE");
}

#[test]
fn whatever_fails_the_primary_rolls_back_and_leaves_nothing() {
    let template = cloudformation::template::Template::parse(templates::UNISHOP).unwrap();
    for id in template.resources.keys() {
        let mut cloud = BareWorld::with(42, failing(id));
        let params = [
            ("StackName", "p"),
            ("TemplateBody", templates::UNISHOP),
            ("Capabilities.member.1", "CAPABILITY_NAMED_IAM"),
            ("Parameters.member.1.ParameterKey", "Role"),
            ("Parameters.member.1.ParameterValue", "primary"),
        ];
        cloud.call("CreateStack", &params);
        cloud.settle();
        assert_eq!(cloud.status("p"), "ROLLBACK_COMPLETE", "when {id} fails: {:#?}", cloud.events("p"));
        assert_eq!(left(&cloud), Vec::<&str>::new(), "when {id} fails");
    }
}

#[test]
fn a_deploy_can_be_deleted_at_any_moment() {
    for seconds in [0, 1, 5, 20, 40, 90, 200, 400, 700] {
        let mut cloud = BareWorld::seeded(seconds);
        let mut params = vec![
            ("StackName".to_owned(), "p".to_owned()),
            ("TemplateBody".to_owned(), templates::UNISHOP.to_owned()),
            ("Capabilities.member.1".to_owned(), "CAPABILITY_NAMED_IAM".to_owned()),
        ];
        params.extend(numbered(&[("Role", "primary")]));
        let params: Vec<(&str, &str)> = params.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let id = cloud.call("CreateStack", &params).at("StackId").unwrap().to_owned();
        cloud.wait(Duration::from_secs(seconds));
        cloud.delete("p");
        cloud.settle();
        assert_eq!(cloud.status(&id), "DELETE_COMPLETE", "after {seconds} s: {:#?}", cloud.events(&id));
        assert_eq!(left(&cloud), Vec::<&str>::new(), "after {seconds} s");
    }
}

#[test]
fn a_failed_step_four_goes_back_to_one_region() {
    let mut cloud = BareWorld::seeded(42);
    deploy(&mut cloud, "p", templates::UNISHOP, &[("Role", "primary")]);
    cloud.world.scenario = failing("DatabaseCluster");
    let mut params = vec![
        ("StackName".to_owned(), "p".to_owned()),
        ("UsePreviousTemplate".to_owned(), "true".to_owned()),
        ("Capabilities.member.1".to_owned(), "CAPABILITY_NAMED_IAM".to_owned()),
    ];
    let join = [("Role", "primary"), ("TableReplicaRegion", "us-west-1"), ("WriteForwarding", "enabled")];
    params.extend(numbered(&join));
    let params: Vec<(&str, &str)> = params.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    cloud.call("UpdateStack", &params);
    cloud.settle();
    assert_eq!(cloud.status("p"), "UPDATE_ROLLBACK_COMPLETE", "{:#?}", cloud.events("p"));
    assert_eq!(cloud.world.dynamodb.table("us-east-1", "unishop-basket").unwrap().followers().count(), 0);
    cloud.delete("p");
    cloud.settle();
    cloud.refused("DescribeStacks", &[("StackName", "p")]);
    assert_eq!(left(&cloud), Vec::<&str>::new());
}

#[test]
fn both_stacks_can_be_deleted_the_standby_first() {
    let mut cloud = BareWorld::seeded(42);
    deploy(&mut cloud, "unishop-primary", templates::UNISHOP, &[("Role", "primary")]);
    cloud.region = "us-west-1";
    deploy(&mut cloud, "unishop-standby", templates::UNISHOP, &[("Role", "standby")]);
    cloud.region = "us-east-1";
    cloud.delete("unishop-primary");
    cloud.settle();
    assert_eq!(cloud.status("unishop-primary"), "DELETE_FAILED", "the standby still belongs to its database");
    let events = cloud.events("unishop-primary");
    let why = events.iter().find(|(_, status, _)| status == "DELETE_FAILED").unwrap();
    assert!(why.2.contains("global cluster"), "{why:?}");
    cloud.region = "us-west-1";
    cloud.delete("unishop-standby");
    cloud.settle();
    cloud.refused("DescribeStacks", &[("StackName", "unishop-standby")]);
    cloud.region = "us-east-1";
    cloud.delete("unishop-primary");
    cloud.settle();
    cloud.refused("DescribeStacks", &[("StackName", "unishop-primary")]);
    assert_eq!(left(&cloud), Vec::<&str>::new());
}

/// What the services still hold.
fn left(cloud: &BareWorld) -> Vec<&'static str> {
    let world = serde_json::to_value(&cloud.world).unwrap();
    // Some services keep a map a Region, which may be there and empty.
    let full = |v: &serde_json::Value| v.as_object().is_some_and(|o| !o.is_empty());
    let holds =
        |path: &str| world.pointer(path).and_then(|v| v.as_object()).is_some_and(|o| o.values().any(full));
    let places = [
        "/rds/clusters",
        "/rds/instances",
        "/rds/globals",
        "/rds/subnet_groups",
        "/rds/parameter_groups",
        "/rds/snapshots",
        "/dynamodb/tables",
        "/s3/buckets",
        "/cloudfront/distributions",
    ];
    places.into_iter().filter(|path| holds(path)).collect()
}

#[test]
fn pages_left_in_the_bucket_hold_its_stack_until_they_are_gone_or_left_behind() {
    let mut cloud = BareWorld::seeded(42);
    let bucket = "Resources: {Pages: {Type: 'AWS::S3::Bucket', Properties: {BucketName: unishop-pages}}}";
    for ending in ["emptied", "retained", "forced"] {
        cloud.create("s", bucket);
        cloud.settle();
        let id = cloud.stack("s").at("StackId").unwrap().to_owned();
        let at = cloud.now;
        let stored = Some(practice::s3::Stored::default());
        cloud.world.s3.bucket_mut("unishop-pages").unwrap().write(
            "index.html",
            "null".to_owned(),
            at,
            stored,
        );
        cloud.delete("s");
        cloud.settle();
        assert_eq!(cloud.status("s"), "DELETE_FAILED");
        let events = cloud.events("s");
        let why = events.iter().find(|(_, status, _)| status == "DELETE_FAILED").unwrap();
        assert!(why.2.contains("The bucket you tried to delete is not empty"), "{why:?}");
        match ending {
            "retained" => {
                cloud.call("DeleteStack", &[("StackName", "s"), ("RetainResources.member.1", "Pages")]);
            }
            "forced" => {
                cloud.call("DeleteStack", &[("StackName", "s"), ("DeletionMode", "FORCE_DELETE_STACK")]);
            }
            _ => {
                cloud.world.s3.bucket_mut("unishop-pages").unwrap().objects.clear();
                cloud.delete("s");
            }
        }
        cloud.settle();
        assert_eq!(cloud.status(&id), "DELETE_COMPLETE", "{ending}");
        assert_eq!(cloud.world.s3.buckets.remove("unishop-pages").is_some(), ending != "emptied");
    }
}
