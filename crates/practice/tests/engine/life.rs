//! Creation, rollback, deletion; what their events say and in what order.

use std::time::Duration;

use testbed::{BareWorld, failing, place};

const SHOP: &str = r#"
Description: A bucket and a queue
Parameters:
  Colour: {Type: String, Default: blue}
  Secret: {Type: String, Default: hush, NoEcho: true}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Tags: [{Key: bucket, Value: !Ref Bucket}, {Key: colour, Value: !Ref Colour}]
Outputs:
  Url: {Value: !Ref Queue, Description: the queue}
  Arn: {Value: !GetAtt Queue.Arn, Export: {Name: queue-arn}}
"#;

#[test]
fn a_stack_is_created_told_and_deleted() {
    let mut cloud = BareWorld::seeded(1);
    let id = cloud.create("shop", SHOP);
    assert_eq!(cloud.status("shop"), "CREATE_IN_PROGRESS");
    cloud.settle();
    assert_eq!(cloud.status("shop"), "CREATE_COMPLETE");
    let arn = cloud.output("shop", "Arn").unwrap();
    assert!(arn.starts_with("arn:aws:sqs:us-east-1:123456789012:shop-Queue-"), "{arn}");
    assert!(cloud.output("shop", "Url").unwrap().starts_with("https://sqs.us-east-1.amazonaws.com/"));
    let events = cloud.events("shop");
    let (bucket, queue) =
        (place(&events, "Bucket", "CREATE_COMPLETE"), place(&events, "Queue", "CREATE_IN_PROGRESS"));
    assert!(bucket < queue, "the queue reads the bucket's name");
    let begun: Vec<_> = events.iter().filter(|(i, s, _)| i == "Queue" && s == "CREATE_IN_PROGRESS").collect();
    assert_eq!(begun.len(), 2, "told twice: {begun:?}");
    assert_eq!(begun[1].2, "Resource creation Initiated");
    assert_eq!(events[0], ("shop".into(), "CREATE_IN_PROGRESS".into(), "User Initiated".into()));
    cloud.delete("shop");
    cloud.settle();
    assert_eq!(
        cloud.refused("DescribeStacks", &[("StackName", "shop")]),
        "Stack with id shop does not exist"
    );
    assert_eq!(cloud.status(&id), "DELETE_COMPLETE");
    let events = cloud.events(&id);
    assert!(place(&events, "Queue", "DELETE_COMPLETE") < place(&events, "Bucket", "DELETE_IN_PROGRESS"));
}

#[test]
fn secrets_are_stars_and_values_are_shown() {
    let mut cloud = BareWorld::seeded(1);
    cloud.create("shop", SHOP);
    let stack = cloud.stack("shop");
    let shown: Vec<_> =
        stack.child("Parameters").unwrap().all("member").map(|p| p.at("ParameterValue").unwrap()).collect();
    assert_eq!(shown, ["blue", "****"]);
}

#[test]
fn a_failure_rolls_back_in_reverse_and_leaves_nothing() {
    let mut cloud = BareWorld::with(1, failing("Queue"));
    cloud.create("shop", SHOP);
    cloud.settle();
    assert_eq!(cloud.status("shop"), "ROLLBACK_COMPLETE");
    let events = cloud.events("shop");
    let failed = place(&events, "Queue", "CREATE_FAILED");
    assert_eq!(events[failed].2, "planned");
    let rollback = &events[place(&events, "shop", "ROLLBACK_IN_PROGRESS")];
    assert_eq!(
        rollback.2,
        "The following resource(s) failed to create: [Queue]. Rollback requested by user."
    );
    assert!(place(&events, "Queue", "DELETE_COMPLETE") < place(&events, "Bucket", "DELETE_IN_PROGRESS"));
    let message = cloud.refused("UpdateStack", &[("StackName", "shop"), ("TemplateBody", SHOP)]);
    assert!(message.ends_with("is in ROLLBACK_COMPLETE state and can not be updated."), "{message}");
    cloud.delete("shop");
    cloud.settle();
    cloud.refused("DescribeStacks", &[("StackName", "shop")]);
}

#[test]
fn on_failure_can_leave_or_delete() {
    let mut cloud = BareWorld::with(1, failing("Queue"));
    let leave = [("StackName", "left"), ("TemplateBody", SHOP), ("OnFailure", "DO_NOTHING")];
    cloud.call("CreateStack", &leave);
    cloud.settle();
    assert_eq!(cloud.status("left"), "CREATE_FAILED");
    assert!(!cloud.physical("left", "Bucket").is_empty(), "what was made is still there");
    let id =
        cloud.call("CreateStack", &[("StackName", "gone"), ("TemplateBody", SHOP), ("OnFailure", "DELETE")]);
    cloud.settle();
    assert_eq!(cloud.status(id.at("StackId").unwrap()), "DELETE_COMPLETE");
    cloud.call("RollbackStack", &[("StackName", "left")]);
    cloud.settle();
    assert_eq!(cloud.status("left"), "ROLLBACK_COMPLETE");
}

#[test]
fn the_first_real_error_is_found_by_failed_events() {
    let template = "Resources: {A: {Type: 'AWS::SNS::Topic'}, Slow: {Type: 'AWS::RDS::DBProxy'}}";
    let mut cloud = BareWorld::with(3, failing("A"));
    cloud.create("s", template);
    cloud.settle();
    let found = cloud.call("DescribeEvents", &[("StackName", "s"), ("Filters.FailedEvents", "true")]);
    let failures: Vec<_> = found.child("OperationEvents").unwrap().all("member").collect();
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].at("LogicalResourceId"), Some("A"));
    assert_eq!(failures[0].at("EventType"), Some("PROVISIONING_ERROR"));
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let mut cloud = BareWorld::seeded(1);
    cloud.create("shop", SHOP);
    let twice = cloud.try_call("CreateStack", &[("StackName", "shop"), ("TemplateBody", SHOP)]).unwrap_err();
    assert_eq!((twice.code.as_str(), twice.status), ("AlreadyExistsException", 400));
    assert_eq!(twice.message, "Stack [shop] already exists");
    let role = "Resources: {R: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {}}}}";
    let refused = cloud.try_call("CreateStack", &[("StackName", "r"), ("TemplateBody", role)]).unwrap_err();
    assert_eq!(refused.code, "InsufficientCapabilitiesException");
    assert_eq!(refused.message, "Requires capabilities : [CAPABILITY_IAM]");
    let long = format!("Description: {}\nResources: {{T: {{Type: 'AWS::SNS::Topic'}}}}", "x".repeat(60_000));
    let message = cloud.refused("CreateStack", &[("StackName", "l"), ("TemplateBody", &long)]);
    assert!(message.contains("at 'templateBody' failed to satisfy constraint"), "{message}");
    let typo = "Resources: {T: {Type: 'AWS::S3::Bukket'}}";
    let message = cloud.refused("CreateStack", &[("StackName", "t"), ("TemplateBody", typo)]);
    assert_eq!(message, "Template format error: Unrecognized resource types: [AWS::S3::Bukket]");
    let message = cloud.refused("CreateStack", &[("StackName", "no_good"), ("TemplateBody", SHOP)]);
    assert!(message.contains("[a-zA-Z][-a-zA-Z0-9]*"), "{message}");
    let gone =
        cloud.try_call("DescribeChangeSet", &[("StackName", "shop"), ("ChangeSetName", "x")]).unwrap_err();
    assert_eq!((gone.code.as_str(), gone.status), ("ChangeSetNotFound", 404));
}

#[test]
fn a_call_sent_twice_with_one_token_is_one_call() {
    let mut cloud = BareWorld::seeded(1);
    let params = [("StackName", "shop"), ("TemplateBody", SHOP), ("ClientRequestToken", "once")];
    let first = cloud.call("CreateStack", &params);
    let second = cloud.call("CreateStack", &params);
    assert_eq!(first.at("StackId"), second.at("StackId"));
}

const USER: &str =
    "Resources: {T: {Type: 'AWS::SNS::Topic', Properties: {DisplayName: {'Fn::ImportValue': queue-arn}}}}";

#[test]
fn an_export_in_use_holds_its_stack() {
    let mut cloud = BareWorld::seeded(1);
    cloud.create("shop", SHOP);
    cloud.settle();
    cloud.create("user", USER);
    cloud.settle();
    assert_eq!(cloud.status("user"), "CREATE_COMPLETE");
    let imports = cloud.call("ListImports", &[("ExportName", "queue-arn")]);
    assert_eq!(imports.at("Imports/member"), Some("user"));
    let message = "Cannot delete export queue-arn as it is in use by user.";
    cloud.delete("shop");
    cloud.settle();
    assert_eq!(cloud.status("shop"), "DELETE_FAILED");
    let events = cloud.events("shop");
    assert!(events[place(&events, "shop", "DELETE_FAILED")].2.ends_with(message));
    assert!(!cloud.physical("shop", "Queue").is_empty(), "nothing was touched");
    cloud.delete("user");
    cloud.settle();
    cloud.delete("shop");
    cloud.settle();
    cloud.refused("DescribeStacks", &[("StackName", "shop")]);
}

#[test]
fn an_export_in_use_cannot_be_dropped_by_an_update() {
    let mut cloud = BareWorld::seeded(1);
    cloud.create("shop", SHOP);
    cloud.settle();
    cloud.create("user", USER);
    cloud.settle();
    let message = "Cannot delete export queue-arn as it is in use by user.";
    cloud.update("shop", &SHOP.replace(", Export: {Name: queue-arn}", ""));
    cloud.settle();
    assert_eq!(cloud.status("shop"), "UPDATE_ROLLBACK_COMPLETE");
    assert!(
        cloud
            .events("shop")
            .iter()
            .any(|(_, s, r)| s == "UPDATE_ROLLBACK_IN_PROGRESS" && r.contains(message))
    );
    cloud.delete("user");
    cloud.settle();
    cloud.delete("shop");
    cloud.settle();
    cloud.refused("DescribeStacks", &[("StackName", "shop")]);
}

#[test]
fn termination_protection_and_retained_resources() {
    let mut cloud = BareWorld::seeded(1);
    let keep = "Resources: {T: {Type: 'AWS::SNS::Topic', DeletionPolicy: Retain}}";
    let params = [("StackName", "k"), ("TemplateBody", keep), ("EnableTerminationProtection", "true")];
    let id = cloud.call("CreateStack", &params).at("StackId").unwrap().to_owned();
    cloud.settle();
    let message = cloud.refused("DeleteStack", &[("StackName", "k")]);
    assert_eq!(message, "Stack [k] cannot be deleted while TerminationProtection is enabled");
    let off = [("StackName", "k"), ("EnableTerminationProtection", "false")];
    cloud.call("UpdateTerminationProtection", &off);
    cloud.delete("k");
    cloud.settle();
    let events = cloud.events(&id);
    place(&events, "T", "DELETE_SKIPPED");
    assert_eq!(cloud.status(&id), "DELETE_COMPLETE");
}

const SIGNALLED: &str = r#"
Resources:
  Server:
    Type: AWS::EC2::Instance
    CreationPolicy: {ResourceSignal: {Count: 1, Timeout: PT10M}}
    Properties: {ImageId: ami-1, UserData: !Base64 "/opt/aws/bin/cfn-signal --stack x"}
"#;

#[test]
fn an_instance_is_complete_when_it_has_signalled() {
    let mut cloud = BareWorld::seeded(1);
    cloud.create("s", SIGNALLED);
    cloud.settle();
    assert_eq!(cloud.status("s"), "CREATE_COMPLETE");
    let id = cloud.physical("s", "Server");
    let events = cloud.events("s");
    let signal = format!("Received SUCCESS signal with UniqueId {id}");
    assert!(events.iter().any(|(_, _, reason)| *reason == signal), "{events:#?}");
}

#[test]
fn a_machine_that_never_signals_times_out_and_a_call_can_signal_for_it() {
    let silent = SIGNALLED.replace("cfn-signal", "nothing");
    let mut cloud = BareWorld::seeded(1);
    cloud.create("s", &silent);
    cloud.wait(Duration::from_secs(120));
    let params =
        [("StackName", "s"), ("LogicalResourceId", "Server"), ("UniqueId", "me"), ("Status", "SUCCESS")];
    cloud.call("SignalResource", &params);
    assert_eq!(cloud.status("s"), "CREATE_COMPLETE");
    cloud.create("t", &silent);
    cloud.settle();
    assert_eq!(cloud.status("t"), "ROLLBACK_COMPLETE");
    let events = cloud.events("t");
    let failed = place(&events, "Server", "CREATE_FAILED");
    assert_eq!(events[failed].2, "Failed to receive 1 resource signal(s) within the specified duration");
}

#[test]
fn a_named_role_is_taken_in_every_region() {
    let role = "Resources: {R: {Type: 'AWS::IAM::Role', Properties: {RoleName: shop, AssumeRolePolicyDocument: {}}}}";
    let mut cloud = BareWorld::seeded(1);
    let params =
        [("StackName", "a"), ("TemplateBody", role), ("Capabilities.member.1", "CAPABILITY_NAMED_IAM")];
    let first = cloud.call("CreateStack", &params).at("StackId").unwrap().to_owned();
    cloud.settle();
    cloud.region = "us-west-1";
    cloud.call("CreateStack", &params);
    cloud.settle();
    assert_eq!(cloud.status("a"), "ROLLBACK_COMPLETE");
    let events = cloud.events("a");
    assert_eq!(
        events[place(&events, "R", "CREATE_FAILED")].2,
        format!("shop already exists in stack {first}")
    );
}

#[test]
fn a_stack_that_takes_too_long_is_rolled_back() {
    let slow = "Resources: {D: {Type: 'AWS::CloudFront::Distribution'}}";
    let mut cloud = BareWorld::seeded(1);
    cloud.call("CreateStack", &[("StackName", "s"), ("TemplateBody", slow), ("TimeoutInMinutes", "1")]);
    cloud.settle();
    assert_eq!(cloud.status("s"), "ROLLBACK_COMPLETE");
}

/// Puts a template where a `TemplateURL` can find it.
fn shelve(cloud: &mut BareWorld, key: &str, template: &str) {
    use practice::s3::{Blob, Stored, create};
    let _ = create(&mut cloud.world.s3, "us-east-1", "shelf", cloud.world.now);
    let body = Blob(bytes::Bytes::from(template.to_owned()));
    let stored = Stored { body, ..Stored::default() };
    let at = cloud.now;
    cloud.world.s3.bucket_mut("shelf").unwrap().write(key, "null".to_owned(), at, Some(stored));
}

#[test]
fn a_nested_stack_lives_and_dies_with_its_parent() {
    let mut cloud = BareWorld::seeded(1);
    shelve(&mut cloud, "child.yaml", SHOP);
    let url = "https://shelf.s3.us-east-1.amazonaws.com/child.yaml";
    let parent = format!(
        "Resources:\n  Child: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: '{url}', Parameters: {{Colour: red}}}}}}\n\
         Outputs: {{Arn: {{Value: !GetAtt Child.Outputs.Arn}}}}\n"
    );
    cloud.create("parent", &parent);
    cloud.settle();
    assert_eq!(cloud.status("parent"), "CREATE_COMPLETE");
    assert!(cloud.output("parent", "Arn").unwrap().starts_with("arn:aws:sqs:"));
    let child = cloud.physical("parent", "Child");
    assert_eq!(cloud.status(&child), "CREATE_COMPLETE");
    cloud.delete("parent");
    cloud.settle();
    assert_eq!(cloud.status(&child), "DELETE_COMPLETE");
    cloud.refused("DescribeStacks", &[("StackName", "parent")]);
}

#[test]
fn a_failing_child_fails_its_parent_with_its_reason() {
    let mut cloud = BareWorld::with(1, failing("Queue"));
    shelve(&mut cloud, "child.yaml", SHOP);
    let url = "https://shelf.s3.us-east-1.amazonaws.com/child.yaml";
    cloud.create(
        "parent",
        &format!(
            "Resources: {{Child: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: '{url}'}}}}}}"
        ),
    );
    cloud.settle();
    assert_eq!(cloud.status("parent"), "ROLLBACK_COMPLETE");
    let events = cloud.events("parent");
    let why = &events[place(&events, "Child", "CREATE_FAILED")].2;
    assert!(
        why.contains("was not successfully created: ")
            && why.ends_with("[Queue]. Rollback requested by user."),
        "{why}"
    );
    cloud.create("lost", "Resources: {C: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: 'https://shelf.s3.amazonaws.com/none'}}}");
    cloud.settle();
    let events = cloud.events("lost");
    assert!(events[place(&events, "C", "CREATE_FAILED")].2.contains("does not exist"));
}
