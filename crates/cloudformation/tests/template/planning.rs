//! The plan: what lives under which conditions, and what waits for what.

use cloudformation::template::{Plan, Template, TemplateError};

use crate::{bind, pseudo};

fn plan(text: &str, given: &[(&str, &str)]) -> Result<Plan, TemplateError> {
    let template = Template::parse(text)?;
    template.plan(&bind(&template, given)?, &pseudo())
}

/// In the manner of ten years ago: `Fn::Join`, `cfn-init` metadata, a wait condition.
const OLD: &str = r#"{
  "Parameters": {"Db": {"Type": "String", "Default": "yes", "AllowedValues": ["yes", "no"]}},
  "Conditions": {"WithDb": {"Fn::Equals": [{"Ref": "Db"}, "yes"]}},
  "Resources": {
    "Server": {
      "Type": "AWS::EC2::Instance",
      "Metadata": {"AWS::CloudFormation::Init": {"config": {"files": {"/etc/shop": {
        "content": {"Fn::Join": ["\n", ["self=", {"Fn::GetAtt": ["Server", "PublicIp"]},
          {"Fn::If": ["WithDb", {"Fn::GetAtt": ["Base", "Endpoint.Address"]}, {"Ref": "AWS::NoValue"}]}]]}}}}}},
      "Properties": {
        "SecurityGroups": [{"Ref": "Group"}],
        "UserData": {"Fn::Base64": {"Fn::Join": ["", ["cfn-init -s ", {"Ref": "AWS::StackName"}, " -r Server"]]}}}},
    "Ready": {"Type": "AWS::CloudFormation::WaitCondition", "DependsOn": "Server",
      "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "600"}},
    "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
    "Base": {"Type": "AWS::RDS::DBInstance", "Condition": "WithDb", "DeletionPolicy": "Snapshot"},
    "Group": {"Type": "AWS::EC2::SecurityGroup", "DependsOn": ["Base"]}
  },
  "Outputs": {"Url": {"Value": {"Fn::GetAtt": ["Server", "PublicIp"]}},
              "Base": {"Condition": "WithDb", "Value": {"Ref": "Base"}}}
}"#;

#[test]
fn implicit_and_explicit_needs_are_found_among_what_lives() {
    let all = plan(OLD, &[]).unwrap();
    assert_eq!(all.live, ["Server", "Ready", "Handle", "Base", "Group"]);
    let needs = |plan: &Plan, name: &str| plan.needs[name].iter().cloned().collect::<Vec<_>>();
    assert_eq!(needs(&all, "Server"), ["Base", "Group"]);
    assert_eq!(needs(&all, "Ready"), ["Handle", "Server"]);
    assert_eq!(needs(&all, "Group"), ["Base"]);
    assert!(needs(&all, "Base").is_empty());
    assert_eq!(all.outputs, ["Url", "Base"]);

    let without = plan(OLD, &[("Db", "no")]).unwrap();
    assert_eq!(without.live, ["Server", "Ready", "Handle", "Group"]);
    assert_eq!(needs(&without, "Server"), ["Group"]);
    assert!(needs(&without, "Group").is_empty());
    assert_eq!(without.outputs, ["Url"]);
    assert!(!without.conditions["WithDb"]);
}

#[test]
fn what_names_the_dead_is_refused() {
    let text = |what: &str| {
        format!(
            "Conditions: {{Never: !Equals [a, b]}}
Resources:
  Dead: {{Type: 'AWS::SNS::Topic', Condition: Never}}
  A: {{Type: 'AWS::SNS::Topic'{what}"
        )
    };
    let cases = [
        (
            ", Properties: {P: !Ref Dead}}",
            "Template format error: Unresolved resource dependencies [Dead] in the Resources block of the template",
        ),
        (
            ", Properties: {P: !GetAtt Dead.Arn}}",
            "Template error: instance of Fn::GetAtt references undefined resource Dead",
        ),
        (
            "}\nOutputs: {O: {Value: !Ref Dead}}",
            "Unresolved resource dependencies [Dead] in the Outputs block of the template",
        ),
    ];
    for (what, expected) in cases {
        assert_eq!(plan(&text(what), &[]).unwrap_err().to_string(), expected, "{what}");
    }
    assert!(plan(&text(", Properties: {P: !If [Never, !Ref Dead, x]}}"), &[]).is_ok());
}

#[test]
fn circles_are_named_without_what_only_hangs_on_them() {
    let text = "Resources:
  Before: {Type: X}
  A: {Type: X, DependsOn: [Before], Properties: {P: !Sub '${B.Arn}'}}
  B: {Type: X, Properties: {P: !GetAtt C.Arn}}
  C: {Type: X, DependsOn: A}
  After: {Type: X, Properties: {P: !Ref A}}
";
    let error = Template::parse(text).unwrap_err();
    assert_eq!(error.to_string(), "Circular dependency between resources: [A, B, C]");
    assert_eq!(error.span().unwrap().line, 3);
    let own = "Resources: {A: {Type: X, Properties: {P: !Ref A}}}";
    assert_eq!(Template::parse(own).unwrap_err().to_string(), "Circular dependency between resources: [A]");
}

#[test]
fn a_circle_behind_a_condition_is_found_only_when_it_closes() {
    let text = "Parameters: {Close: {Type: String}}
Conditions: {Closed: !Equals [!Ref Close, 'true']}
Resources:
  A: {Type: X, Properties: {P: !Ref B}}
  B: {Type: X, Properties: {P: !If [Closed, !Ref A, open]}}
";
    assert!(plan(text, &[("Close", "false")]).is_ok());
    let closed = plan(text, &[("Close", "true")]).unwrap_err().to_string();
    assert_eq!(closed, "Circular dependency between resources: [A, B]");
}

#[test]
fn rules_are_held_to() {
    let text = "Parameters: {Env: {Type: String}, Size: {Type: String}}
Rules:
  ProdIsLarge:
    RuleCondition: !Equals [!Ref Env, prod]
    Assertions:
      - Assert: {Fn::Contains: [[large, huge], !Ref Size]}
        AssertDescription: production is large
Resources: {A: {Type: X}}
";
    assert!(plan(text, &[("Env", "test"), ("Size", "small")]).is_ok());
    assert!(plan(text, &[("Env", "prod"), ("Size", "huge")]).is_ok());
    let refused = plan(text, &[("Env", "prod"), ("Size", "small")]).unwrap_err().to_string();
    assert!(refused.contains("ProdIsLarge") && refused.contains("production is large"), "{refused}");
}

#[test]
fn long_chains_of_conditions_and_resources_do_not_exhaust_anything() {
    let mut text = String::from("Conditions:\n  C0: !Equals [a, a]\n");
    for n in 1..3000 {
        text += &format!("  C{n}: !And [Condition: C{}, Condition: C{}]\n", n - 1, n - 1);
    }
    text += "Resources:\n  A0: {Type: X, Condition: C2999}\n";
    for n in 1..500 {
        text += &format!("  A{n}: {{Type: X, DependsOn: A{}}}\n", n - 1);
    }
    assert_eq!(plan(&text, &[]).unwrap().live.len(), 500);
}
