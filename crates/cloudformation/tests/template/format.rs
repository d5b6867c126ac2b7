//! Reading: what the text may look like, and AWS's words for what it may not.

use cloudformation::template::{Capability, Keep, Template, property_changes};
use serde_json::{Value, json};

use crate::{refusal, with};

const TOPIC: &str = "Resources:\n  A: {Type: 'AWS::SNS::Topic'}\n";

#[test]
fn short_tags_become_their_long_form_at_any_depth() {
    let value = "!If [Prod, !Sub ['${x}', {x: !GetAtt Other.Endpoint.Port}], !Select [0, !GetAZs '']]";
    let template = Template::parse(&with(value)).unwrap();
    let expected = json!({"Fn::If": ["Prod",
        {"Fn::Sub": ["${x}", {"x": {"Fn::GetAtt": ["Other", "Endpoint.Port"]}}]},
        {"Fn::Select": [0, {"Fn::GetAZs": ""}]}]});
    assert_eq!(template.resources["It"].properties["P"], expected);
}

#[test]
fn json_and_yaml_of_the_same_template_are_the_same() {
    let yaml = "Outputs: {O: {Value: !GetAtt A.Arn}}\nResources: {A: {Type: 'AWS::S3::Bucket', DependsOn: [B]}, B: {Type: X}}";
    let json = r#" {"Outputs": {"O": {"Value": {"Fn::GetAtt": ["A", "Arn"]}}},
        "Resources": {"A": {"Type": "AWS::S3::Bucket", "DependsOn": "B"}, "B": {"Type": "X"}}}"#;
    let (mut one, other) = (Template::parse(yaml).unwrap(), Template::parse(json).unwrap());
    one.resources.values_mut().for_each(|resource| resource.span = None);
    assert_eq!(one, other);
}

#[test]
fn quoted_text_may_continue_at_the_margin_as_generators_wrote_it() {
    let text = with("{a: 'yum install\n\nit''s\n', b: \"x\\\" \ny\"}");
    let template = Template::parse(&text).unwrap();
    let expected = json!({"a": "yum install\nit's ", "b": "x\" y"});
    assert_eq!(template.resources["It"].properties["P"], expected);
    assert!(refusal(&with("'open\n")).starts_with("Template format error: YAML not well-formed."));
}

#[test]
fn dates_modes_and_account_ids_stay_texts() {
    let value = "{Version: 2012-10-17, mode: 000644, account: 012345678901, port: 80, on: true, map: 22:22}";
    let template = Template::parse(&with(value)).unwrap();
    let expected = json!({"Version": "2012-10-17", "mode": "000644", "account": "012345678901", "port": 80,
        "on": true, "map": "22:22"});
    assert_eq!(template.resources["It"].properties["P"], expected);
}

#[test]
fn malformed_templates_are_refused_in_the_words_of_aws() {
    let cases = [
        ("", "Template format error: unsupported structure."),
        ("just text", "Template format error: unsupported structure."),
        ("Resources: {", "Template format error: YAML not well-formed. (line 2, column 1)"),
        ("A:\n\t- b", "Template format error: YAML not well-formed. (line 2, column 2)"),
        ("{\"Resources\": {},}", "Template format error: JSON not well-formed. (line 1, column 18)"),
        ("Description: none", "Template format error: At least one Resources member must be defined."),
        ("Resources:\n", "[/Resources] 'null' values are not allowed in templates"),
        ("Resources: []", "Template format error: Template resources must be a map"),
        ("Resources: {A: 1}", "Template format error: Any Resources member must be an object."),
        ("Resources: {my-a: {Type: X}}", "Template format error: Resource name my-a is non alphanumeric."),
        (
            "Resources: {A: {Properties: {}}}",
            "Template format error: [/Resources/A] Every Resources object must contain a Type member.",
        ),
        ("Resources: {A: {Type: X, Invalid: 1}}", "Invalid template resource property 'Invalid'"),
        (
            "Resources: {A: {Type: X, Condition: [c]}}",
            "Template format error: Every Condition member must be a string.",
        ),
        ("a: &x 1\nb: *x", "Template error: YAML aliases are not allowed in CloudFormation templates"),
    ];
    for (text, expected) in cases {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn of_a_key_said_twice_the_last_counts() {
    let yaml = "Resources:\n  A: {Type: AWS::S3::Bucket}\n  B: {Type: AWS::SNS::Topic}\n  A: {Type: AWS::SQS::Queue}";
    let json = r#"{"Resources": {"A": {"Type": "AWS::S3::Bucket"}, "B": {"Type": "AWS::SNS::Topic"}, "A": {"Type": "AWS::SQS::Queue"}}}"#;
    for text in [yaml, json] {
        let template = Template::parse(text).unwrap();
        assert_eq!(template.resources["A"].kind, "AWS::SQS::Queue", "{text}");
        assert_eq!(template.resources.len(), 2, "{text}");
    }
}

#[test]
fn malformed_sections_are_refused_in_the_words_of_aws() {
    let cases = [
        ("Foo: {}\nBar: 1", "Invalid template property or properties [Foo, Bar]"),
        (
            "AWSTemplateFormatVersion: '2011-01-01'",
            "Template format error: unsupported value for AWSTemplateFormatVersion.",
        ),
        (
            "Outputs: {O: {Description: x}}",
            "Template format error: Every Outputs member must contain a Value object",
        ),
        ("Outputs: {O: {Value: }}", "[/Outputs/O/Value] 'null' values are not allowed in templates"),
        ("Mappings: {A: x}", "Template format error: Every Mappings member A must be a map"),
        (
            "Mappings: {A: {b: {c: {d: e}}}}",
            "Template format error: Every Mappings attribute must be a String or a List.",
        ),
        (
            "Parameters: {P: {Default: x}}",
            "Template format error: Every Parameters object must contain a Type member.",
        ),
        ("Parameters: {P: {Type: Bool}}", "Template format error: Unrecognized parameter type: Bool"),
        ("Parameters: {P: {Type: String, Defualt: x}}", "Invalid template parameter property 'Defualt'"),
        (
            "Conditions: {C: !Equals [!Ref A, b]}",
            "Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template",
        ),
        (
            "Conditions: {C: !Not [Condition: D]}",
            "Template format error: Unresolved condition dependency D in the Conditions block of the template",
        ),
        (
            "Conditions: {C: !Not [Condition: D], D: !Not [Condition: C], E: !Equals [1, 1]}",
            "Template format error: Circular dependency between conditions: [C, D]",
        ),
        (
            "Outputs: {O: {Value: !Ref Nope}}",
            "Unresolved resource dependencies [Nope] in the Outputs block of the template",
        ),
    ];
    for (section, expected) in cases {
        assert_eq!(refusal(&format!("{section}\n{TOPIC}")), expected, "{section}");
    }
}

#[test]
fn intrinsics_used_wrongly_are_refused_before_anything_is_made() {
    let cases = [
        (
            "!Ref Nope",
            "Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template",
        ),
        (
            "!Sub '${Nope} ${Other}'",
            "Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template",
        ),
        ("!GetAtt Nope.Arn", "Template error: instance of Fn::GetAtt references undefined resource Nope"),
        (
            "!GetAtt Other",
            "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
        ),
        ("!If [Nope, 1, 2]", "Template error: unresolved condition dependency Nope in Fn::If"),
        (
            "!FindInMap [Nope, a, b]",
            "Template error: Mapping named 'Nope' is not present in the 'Mappings' section of template.",
        ),
        ("{Ref: [Other]}", "Template error: every Ref object must have a single String value."),
        (
            "!Select [0]",
            "Template error: Fn::Select requires a list argument with two elements: an integer index and a list",
        ),
        ("!Equals [a]", "Template error: every Fn::Equals object requires a list of 2 string parameters."),
    ];
    for (value, expected) in cases {
        assert_eq!(refusal(&with(value)), expected, "{value}");
    }
    let unknown = refusal(&with("!Length [a]"));
    assert!(
        unknown.starts_with("Template error: Encountered unsupported function: Fn::Length Supported"),
        "{unknown}"
    );
}

#[test]
fn an_error_knows_its_line() {
    let error = Template::parse(&with("!Ref Nope")).unwrap_err();
    assert_eq!(error.span().unwrap().to_string(), "line 12, column 3");
}

#[test]
fn transforms_are_told_of_and_refused_when_it_counts() {
    let text = "Transform: AWS::Serverless-2016-10-31\nResources:\n  'Fn::ForEach::X': [a, [b], {}]\n  F: {Type: 'AWS::Serverless::Function'}\n";
    let template = Template::parse(text).unwrap();
    assert_eq!(template.summary().transforms, ["AWS::Serverless-2016-10-31"]);
    assert_eq!(template.capabilities(), [Capability::AutoExpand]);
    let refused = crate::bind(&template, &[]).unwrap_err().to_string();
    assert_eq!(refused, "No transform named AWS::Serverless-2016-10-31 found.");
}

#[test]
fn the_summary_says_what_must_be_acknowledged_and_why() {
    let role = |name: &str| {
        format!(
            "Description: d\nResources: {{R: {{Type: 'AWS::IAM::Role', Properties: {{{name}}}}}, B: {{Type: 'AWS::S3::Bucket', DeletionPolicy: Retain}}}}"
        )
    };
    let template = Template::parse(&role("")).unwrap();
    let summary = template.summary();
    assert_eq!(summary.resource_types, ["AWS::IAM::Role", "AWS::S3::Bucket"]);
    assert_eq!(summary.capabilities, [Capability::Iam]);
    let reason = "The following resource(s) require capabilities: [AWS::IAM::Role]";
    assert_eq!(summary.capabilities_reason.as_deref(), Some(reason));
    assert_eq!(template.resources["B"].deletion_policy, Keep::Retain);
    let named = Template::parse(&role("RoleName: x")).unwrap().capabilities();
    assert_eq!(named, [Capability::NamedIam]);
    assert!(!named[0].is_granted(&["CAPABILITY_IAM".to_owned()]));
    assert!(Capability::Iam.is_granted(&["CAPABILITY_NAMED_IAM".to_owned()]));
}

#[test]
fn differences_are_found_where_they_are() {
    let before = json!({"Size": 80, "Tags": [{"Key": "a", "Value": "1"}], "Gone": "x"});
    let after = json!({"Size": "80", "Tags": [{"Key": "a", "Value": "2"}], "New": true});
    let changes = property_changes(&before, &after);
    let told: Vec<(&str, Option<Value>, Option<Value>)> = changes
        .iter()
        .map(|change| (change.path.as_str(), change.before.clone(), change.after.clone()))
        .collect();
    let expected = [
        ("/Properties/Tags/0/Value", Some(json!("1")), Some(json!("2"))),
        ("/Properties/Gone", Some(json!("x")), None),
        ("/Properties/New", None, Some(json!(true))),
    ];
    assert_eq!(told, expected);
    assert_eq!(changes[0].property, "Tags");
}
