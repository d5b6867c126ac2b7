//! Updates, change sets and what undoes them.

use testbed::{BareWorld, failing, place};

const ONE: &str = r#"
Parameters: {Name: {Type: String, Default: first}}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Name, DisplayName: d}}
  Queue: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: t, Value: !Ref Topic}]}}
  Old: {Type: AWS::SNS::Topic}
Outputs: {Topic: {Value: !Ref Topic}}
"#;

fn two() -> String {
    ONE.replace("  Old: {Type: AWS::SNS::Topic}", "  New: {Type: AWS::SQS::Queue}")
}

fn made(template: &str) -> BareWorld {
    let mut cloud = BareWorld::seeded(5);
    cloud.create("s", template);
    cloud.settle();
    assert_eq!(cloud.status("s"), "CREATE_COMPLETE");
    cloud
}

#[test]
fn nothing_to_update_is_an_error() {
    let mut cloud = made(ONE);
    let message = cloud.refused("UpdateStack", &[("StackName", "s"), ("TemplateBody", ONE)]);
    assert_eq!(message, "No updates are to be performed.");
    let message = cloud.refused("UpdateStack", &[("StackName", "s"), ("UsePreviousTemplate", "true")]);
    assert_eq!(message, "No updates are to be performed.");
}

#[test]
fn an_update_adds_changes_and_removes() {
    let mut cloud = made(ONE);
    let topic = cloud.physical("s", "Topic");
    cloud.update("s", &two().replace("DisplayName: d", "DisplayName: e"));
    assert_eq!(cloud.status("s"), "UPDATE_IN_PROGRESS");
    cloud.settle();
    assert_eq!(cloud.status("s"), "UPDATE_COMPLETE");
    let events = cloud.events("s");
    let cleanup = place(&events, "s", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
    assert!(place(&events, "Topic", "UPDATE_COMPLETE") < cleanup);
    assert!(place(&events, "New", "CREATE_COMPLETE") < cleanup);
    assert!(place(&events, "Old", "DELETE_COMPLETE") > cleanup);
    assert_eq!(cloud.physical("s", "Topic"), topic, "changed in place");
    assert!(!events.iter().any(|(id, status, _)| id == "Queue" && status.starts_with("UPDATE")));
    cloud.refused("DescribeStackResource", &[("StackName", "s"), ("LogicalResourceId", "Old")]);
}

#[test]
fn a_replacement_reaches_those_that_refer_to_it() {
    let mut cloud = made(ONE);
    let (topic, queue) = (cloud.physical("s", "Topic"), cloud.physical("s", "Queue"));
    let second = [
        ("StackName", "s"),
        ("UsePreviousTemplate", "true"),
        ("Parameters.member.1.ParameterKey", "Name"),
        ("Parameters.member.1.ParameterValue", "second"),
    ];
    cloud.call("UpdateStack", &second);
    cloud.settle();
    assert_eq!(cloud.status("s"), "UPDATE_COMPLETE");
    assert!(cloud.output("s", "Topic").unwrap().ends_with(":second"));
    assert_eq!(cloud.physical("s", "Queue"), queue);
    let events = cloud.events("s");
    let replaced = &events[place(&events, "Topic", "UPDATE_IN_PROGRESS")];
    assert!(replaced.2.starts_with("Requested update requires the creation of a new physical resource"));
    assert!(place(&events, "Topic", "UPDATE_COMPLETE") < place(&events, "Queue", "UPDATE_IN_PROGRESS"));
    assert!(place(&events, "Topic", "DELETE_COMPLETE") > place(&events, "Queue", "UPDATE_COMPLETE"));
    assert_ne!(cloud.physical("s", "Topic"), topic);
}

#[test]
fn a_failed_update_goes_back_to_what_was() {
    let mut cloud = made(ONE);
    let before = (cloud.physical("s", "Topic"), cloud.output("s", "Topic"));
    cloud.world.scenario = failing("New");
    cloud.update("s", &two().replace("Default: first", "Default: other"));
    cloud.settle();
    assert_eq!(cloud.status("s"), "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!((cloud.physical("s", "Topic"), cloud.output("s", "Topic")), before);
    let events = cloud.events("s");
    let why = &events[place(&events, "s", "UPDATE_ROLLBACK_IN_PROGRESS")].2;
    assert!(why.starts_with("The following resource(s) failed to create: [New]."), "{why}");
    let cleanup = place(&events, "s", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
    assert!(place(&events, "New", "DELETE_COMPLETE") > cleanup);
    cloud.refused("DescribeStackResource", &[("StackName", "s"), ("LogicalResourceId", "New")]);
    let body = cloud.call("GetTemplate", &[("StackName", "s")]);
    assert_eq!(body.at("TemplateBody"), Some(ONE));
    let message = cloud.refused("UpdateStack", &[("StackName", "s"), ("TemplateBody", ONE)]);
    assert_eq!(message, "No updates are to be performed.");
}

#[test]
fn a_new_stack_by_change_set_waits_in_review() {
    let mut cloud = BareWorld::seeded(5);
    let params =
        [("StackName", "s"), ("ChangeSetName", "c"), ("ChangeSetType", "CREATE"), ("TemplateBody", ONE)];
    cloud.call("CreateChangeSet", &params);
    assert_eq!(cloud.status("s"), "REVIEW_IN_PROGRESS");
    let set = [("StackName", "s"), ("ChangeSetName", "c")];
    assert_eq!(cloud.call("DescribeChangeSet", &set).at("Status"), Some("CREATE_PENDING"));
    let early = cloud.try_call("ExecuteChangeSet", &set).unwrap_err();
    assert_eq!(early.code, "InvalidChangeSetStatus");
    cloud.settle();
    let found = cloud.call("DescribeChangeSet", &set);
    assert_eq!(
        (found.at("Status"), found.at("ExecutionStatus")),
        (Some("CREATE_COMPLETE"), Some("AVAILABLE"))
    );
    let actions: Vec<_> = found
        .child("Changes")
        .unwrap()
        .all("member")
        .map(|c| c.at("ResourceChange/Action").unwrap())
        .collect();
    assert_eq!(actions, ["Add", "Add", "Add"]);
    cloud.call("ExecuteChangeSet", &set);
    assert_eq!(cloud.status("s"), "CREATE_IN_PROGRESS");
    cloud.settle();
    assert_eq!(cloud.status("s"), "CREATE_COMPLETE");
    assert_eq!(cloud.call("DescribeChangeSet", &set).at("ExecutionStatus"), Some("EXECUTE_COMPLETE"));
}

#[test]
fn a_change_set_says_what_would_happen_and_why() {
    let mut cloud = made(ONE);
    let template = two();
    let params = [
        ("StackName", "s"),
        ("ChangeSetName", "c"),
        ("TemplateBody", template.as_str()),
        ("Parameters.member.1.ParameterKey", "Name"),
        ("Parameters.member.1.ParameterValue", "second"),
    ];
    cloud.call("CreateChangeSet", &params);
    cloud.settle();
    let found = cloud.call("DescribeChangeSet", &[("StackName", "s"), ("ChangeSetName", "c")]);
    let changes: Vec<_> = found
        .child("Changes")
        .unwrap()
        .all("member")
        .map(|c| c.child("ResourceChange").unwrap().clone())
        .collect();
    let by = |id: &str| changes.iter().find(|c| c.at("LogicalResourceId") == Some(id)).unwrap();
    assert_eq!((by("Topic").at("Action"), by("Topic").at("Replacement")), (Some("Modify"), Some("True")));
    let detail = by("Topic").node("Details/member").unwrap();
    assert_eq!(detail.at("ChangeSource"), Some("ParameterReference"));
    assert_eq!(detail.at("CausingEntity"), Some("Name"));
    assert_eq!(detail.at("Target/RequiresRecreation"), Some("Always"));
    let detail = by("Queue").node("Details/member").unwrap();
    assert_eq!((detail.at("Evaluation"), detail.at("CausingEntity")), (Some("Dynamic"), Some("Topic")));
    assert_eq!(by("Queue").at("Scope/member"), Some("Tags"));
    assert_eq!(by("New").at("Action"), Some("Add"));
    assert_eq!((by("Old").at("Action"), by("Old").at("PolicyAction")), (Some("Remove"), Some("Delete")));
}

#[test]
fn an_empty_change_set_fails_with_aws_reason() {
    let mut cloud = made(ONE);
    cloud.call("CreateChangeSet", &[("StackName", "s"), ("ChangeSetName", "c"), ("TemplateBody", ONE)]);
    cloud.settle();
    let found = cloud.call("DescribeChangeSet", &[("StackName", "s"), ("ChangeSetName", "c")]);
    assert_eq!(found.at("Status"), Some("FAILED"));
    assert!(
        found.at("StatusReason").unwrap().starts_with("The submitted information didn't contain changes.")
    );
    assert_eq!(found.at("ExecutionStatus"), Some("UNAVAILABLE"));
    cloud.call("DeleteChangeSet", &[("StackName", "s"), ("ChangeSetName", "c")]);
    let left = cloud.call("ListChangeSets", &[("StackName", "s")]);
    assert_eq!(left.child("Summaries").unwrap().all("member").count(), 0);
}

#[test]
fn an_update_can_be_cancelled() {
    let mut cloud = made(ONE);
    cloud.update("s", &two());
    cloud.wait(std::time::Duration::from_secs(2));
    cloud.call("CancelUpdateStack", &[("StackName", "s")]);
    assert_eq!(cloud.status("s"), "UPDATE_ROLLBACK_IN_PROGRESS");
    cloud.settle();
    assert_eq!(cloud.status("s"), "UPDATE_ROLLBACK_COMPLETE");
    cloud.delete("s");
    cloud.settle();
    cloud.refused("DescribeStacks", &[("StackName", "s")]);
}

#[test]
fn outputs_alone_can_be_updated() {
    let mut cloud = made(ONE);
    cloud.update("s", &ONE.replace("{Value: !Ref Topic}", "{Value: !GetAtt Topic.TopicName}"));
    cloud.settle();
    assert_eq!(cloud.output("s", "Topic").as_deref(), Some("first"));
}

#[test]
fn a_type_cannot_change_under_a_name() {
    let mut cloud = made(ONE);
    let other = ONE.replace("Old: {Type: AWS::SNS::Topic}", "Old: {Type: AWS::SQS::Queue}");
    let message = cloud.refused("UpdateStack", &[("StackName", "s"), ("TemplateBody", &other)]);
    assert!(message.starts_with("Update of resource type is not permitted."), "{message}");
}

#[test]
fn the_name_of_an_executed_change_set_is_free_again() {
    let mut cloud = made(ONE);
    for display in ["e", "f"] {
        let template = ONE.replace("DisplayName: d", &format!("DisplayName: {display}"));
        let named = [("StackName", "s"), ("ChangeSetName", "pipeline"), ("TemplateBody", template.as_str())];
        cloud.call("CreateChangeSet", &named);
        assert_eq!(cloud.try_call("CreateChangeSet", &named).unwrap_err().code, "AlreadyExistsException");
        cloud.settle();
        let set = [("StackName", "s"), ("ChangeSetName", "pipeline")];
        assert_eq!(cloud.call("DescribeChangeSet", &set).at("ExecutionStatus"), Some("AVAILABLE"));
        cloud.call("ExecuteChangeSet", &set);
        cloud.settle();
        assert_eq!(cloud.status("s"), "UPDATE_COMPLETE");
    }
}

#[test]
fn another_stacks_output_is_read_without_an_export() {
    let mut cloud = made(ONE);
    let reads = |output: &str, region: &str| {
        format!(
            "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: \
             {{'Fn::GetStackOutput': {{StackName: s, OutputName: {output}, Region: {region}}}}}\nOutputs:\n  Read:\n    \
             Value: {{'Fn::GetStackOutput': {{StackName: s, OutputName: {output}}}}}\n"
        )
    };
    cloud.create("reader", &reads("Topic", "us-east-1"));
    cloud.settle();
    let topic = cloud.output("s", "Topic");
    assert!(topic.is_some());
    assert_eq!((cloud.status("reader"), cloud.output("reader", "Read")), ("CREATE_COMPLETE".into(), topic));
    for (name, template) in [("none", reads("Nothing", "us-east-1")), ("west", reads("Topic", "us-west-1"))] {
        let made = cloud.try_call("CreateStack", &[("StackName", name), ("TemplateBody", &template)]);
        cloud.settle();
        assert!(made.is_err() || cloud.status(name) == "ROLLBACK_COMPLETE", "{name}");
    }
}

#[test]
fn attributes_nobody_models_have_the_shape_that_templates_take_apart() {
    let mut cloud = BareWorld::seeded(5);
    cloud.create(
        "parts",
        r#"
Resources:
  Certificate: {Type: AWS::CertificateManager::Certificate, Properties: {DomainName: shop.example.com}}
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Endpoint: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref Vpc, ServiceName: com.amazonaws.us-east-1.s3}}
Outputs:
  Certificate: {Value: !Select [1, !Split ["/", !Ref Certificate]]}
  Zone: {Value: !Select [0, !Split [":", !Select [0, !GetAtt Endpoint.DnsEntries]]]}
  Name: {Value: !Select [1, !Split [":", !Select [0, !GetAtt Endpoint.DnsEntries]]]}
  Card: {Value: !Select [0, !GetAtt Endpoint.NetworkInterfaceIds]}
"#,
    );
    cloud.settle();
    assert_eq!(cloud.status("parts"), "CREATE_COMPLETE");
    let mut output = |key: &str| cloud.output("parts", key).unwrap();
    assert_eq!(output("Certificate").len(), 36);
    assert!(output("Zone").starts_with('Z') && output("Name").ends_with(".amazonaws.com"));
    assert!(output("Card").starts_with("eni-0"));
}
