//! What templates, objects, parameters and secrets may hold, and how much a request may ask: AWS's
//! quotas, in its words.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::limits::{ask, cramped, world};
use testbed::{EAST, Refused, World};

fn stack(world: &World, name: &str, action: &str, template: &str) -> Result<practice::wire::Node, Refused> {
    let mut params = vec![("TemplateBody", template)];
    if action != "ValidateTemplate" && action != "GetTemplateSummary" {
        params.push(("StackName", name));
    }
    if action == "CreateChangeSet" {
        params.extend([("ChangeSetName", "c"), ("ChangeSetType", "UPDATE")]);
    }
    world.query("cloudformation", EAST, action, &params)
}

fn topics(count: usize) -> String {
    let mut text = String::from("Resources:\n");
    for i in 0..count {
        let _ = writeln!(text, "  R{i}: {{Type: 'AWS::SNS::Topic'}}");
    }
    text
}

const WAYS: [&str; 5] =
    ["CreateStack", "UpdateStack", "CreateChangeSet", "ValidateTemplate", "GetTemplateSummary"];

#[test]
fn a_template_too_large_or_with_too_much_in_it_is_refused_by_every_call_that_takes_one() {
    let world = World::seeded(1);
    stack(&world, "s", "CreateStack", &topics(1)).unwrap();
    world.wait(60);
    let section = |name: &str, member: &str, count: usize| {
        let members: Vec<String> = (0..count).map(|i| format!("  M{i}: {member}\n")).collect();
        format!("{name}:\n{}{}", members.concat(), topics(1))
    };
    let attributes: Vec<String> = (0..201).map(|i| format!("a{i}: x")).collect();
    let cases = [
        (
            topics(501),
            "Template format error: Number of resources, 501, is greater than maximum allowed, 500",
        ),
        (
            section("Parameters", "{Type: String}", 201),
            "Template format error: Parameter count 201 is greater than max allowed 200",
        ),
        (
            section("Outputs", "{Value: x}", 201),
            "Template format error: Outputs count 201 is greater than max allowed 200",
        ),
        (
            section("Mappings", "{a: {b: c}}", 201),
            "Template format error: Mappings count 201 is greater than max allowed 200",
        ),
        (
            section("Mappings", &format!("{{k: {{{}}}}}", attributes.join(", ")), 1),
            "Template format error: Mapping attributes count 201 is greater than max allowed 200",
        ),
    ];
    for action in WAYS {
        for (template, words) in &cases {
            let (status, code, message) =
                stack(&world, if action == "CreateStack" { "new" } else { "s" }, action, template)
                    .unwrap_err();
            assert_eq!(
                (status, code.as_str(), message.as_str()),
                (400, "ValidationError", *words),
                "{action}"
            );
        }
        let long = format!("{}#{}", topics(1), "x".repeat(51_200));
        let (_, code, message) =
            stack(&world, if action == "CreateStack" { "new" } else { "s" }, action, &long).unwrap_err();
        assert_eq!(code, "ValidationError");
        assert!(message.starts_with("1 validation error detected: Value 'Resources:"), "{message}");
        assert!(message.ends_with(
            "' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200"
        ));
    }
    assert!(stack(&world, "", "ValidateTemplate", &topics(500)).is_ok());
}

/// Templates that would become gigabytes, or hold the world for minutes, were nothing in the way.
fn bombs() -> Vec<(&'static str, String)> {
    let of = |value: Value| {
        json!({"Parameters": {"A": {"Type": "String", "Default": "a".repeat(4000)}},
            "Mappings": {"M": {"k": {"v": vec!["x".repeat(40); 500]}}},
            "Resources": {"P": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": value}}}})
        .to_string()
    };
    let inner = json!({"Fn::Sub": ["${b}".repeat(2000), {"b": {"Fn::Sub": "${A}".repeat(100)}}]});
    let join = |of: Value, n: usize| json!({"Fn::Join": ["", vec![of; n]]});
    let mut encoded = json!({"Fn::Sub": "${A}".repeat(60)});
    for _ in 0..30 {
        encoded = json!({ "Fn::Base64": encoded });
    }
    let mut conditions = serde_json::Map::new();
    conditions.insert("C0".into(), json!({"Fn::Equals": [{"Fn::Sub": "${A}".repeat(1000)}, "x"]}));
    for i in 1..60 {
        let before = json!({ "Condition": format!("C{}", i - 1) });
        conditions.insert(
            format!("C{i}"),
            json!({"Fn::And": [before.clone(), {"Fn::Not": [{"Fn::Equals": [{"Fn::Sub": "${A}".repeat(90)}, "x"]}]}]}),
        );
    }
    let conditional = json!({"Parameters": {"A": {"Type": "String", "Default": "a".repeat(4000)}},
        "Conditions": conditions, "Resources": {"P": {"Type": "AWS::SNS::Topic", "Condition": "C59"}}});
    vec![
        ("a Sub in a Sub in a Sub", of(json!({"Fn::Sub": ["${a}".repeat(2000), {"a": inner}]}))),
        ("a Join of Joins", of(join(join(join(json!({"Ref": "A"}), 40), 40), 1))),
        (
            "a delimiter many times",
            of(json!({"Fn::Join": ["d".repeat(20_000), {"Fn::FindInMap": ["M", "k", "v"]}]})),
        ),
        ("a long list many times", of(json!(vec![json!({"Fn::FindInMap": ["M", "k", "v"]}); 400]))),
        (
            "a text cut into letters",
            of(json!(vec![json!({"Fn::Split": ["a", {"Fn::Sub": "${A}".repeat(30)}]}); 60])),
        ),
        ("base 64 of base 64", of(encoded)),
        ("conditions of long texts", conditional.to_string()),
    ]
}

#[test]
fn a_template_that_would_become_gigabytes_is_refused_before_it_has() {
    cramped(|| {
        let world = World::seeded(1);
        for (name, template) in bombs() {
            assert!(template.len() <= 51_200, "{name}: {}", template.len());
            let (status, code, message) = stack(&world, "s", "CreateStack", &template).expect_err(name);
            assert_eq!((status, code.as_str()), (400, "ValidationError"), "{name}");
            assert!(message.starts_with("Template error: "), "{name}: {message}");
            world.dynamodb(EAST, "ListTables", "{}").unwrap();
        }
    });
}

#[test]
fn a_stack_that_nests_itself_ends() {
    cramped(|| {
        let world = World::seeded(1);
        let url = "https://own.s3.amazonaws.com/t.yaml";
        let template = format!(
            "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: '{url}'}}\n"
        );
        assert_eq!(world.s3("PUT", "/own", &[], "").0, 200);
        assert_eq!(world.s3("PUT", "/own/t.yaml", &[], &template).0, 200);
        stack(&world, "s", "CreateStack", &template).unwrap();
        world.settle();
        let root = world.query("cloudformation", EAST, "DescribeStacks", &[("StackName", "s")]).unwrap();
        let status = root.at("Stacks/member/StackStatus").unwrap().to_owned();
        assert_eq!(status, "ROLLBACK_COMPLETE");
    });
}

#[test]
fn the_models_own_constraints_are_kept() {
    let world = World::seeded(1);
    let create = |params: &[(&str, &str)]| {
        let template = topics(1);
        let mut all = vec![("StackName", "s"), ("TemplateBody", template.as_str())];
        all.extend(params);
        world.query("cloudformation", EAST, "CreateStack", &all).unwrap_err()
    };
    let (_, code, message) = create(&[("Tags.member.1.Key", ""), ("Tags.member.1.Value", "v")]);
    assert_eq!(code, "ValidationError");
    assert_eq!(
        message,
        "1 validation error detected: Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1"
    );
    let names: Vec<String> = (1..=51).map(|i| format!("Tags.member.{i}.Key")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "k")).collect();
    assert!(create(&many).2.contains(
        "at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50"
    ));
    let (_, _, message) = create(&[("ClientRequestToken", "-x"), ("RoleARN", "short")]);
    assert!(
        message.starts_with("2 validation errors detected: Value '-x' at 'clientRequestToken'"),
        "{message}"
    );
    assert!(message.contains("; Value 'short' at 'roleARN'"), "{message}");
    let long = "v".repeat(4097);
    let (_, _, message) =
        create(&[("Parameters.member.1.ParameterKey", "A"), ("Parameters.member.1.ParameterValue", &long)]);
    assert!(message.ends_with(
        "at 'parameters.1.member.parameterValue' failed to satisfy constraint: Member must have length less than or equal to 4096"
    ));
    let table = json!({"TableName": "indexed", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "n".repeat(256), "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "n".repeat(256), "KeyType": "HASH"}]});
    assert!(
        ask(&world, "CreateTable", table)
            .unwrap_err()
            .2
            .contains("'attributeDefinitions.1.member.attributeName'")
    );
}

#[test]
fn parameters_and_secrets_have_their_sizes() {
    let world = World::seeded(1);
    let put = |length: usize, tier: &str| {
        let body = json!({"Name": "/a/b", "Type": "String", "Overwrite": true, "Tier": tier, "Value": "v".repeat(length)});
        world.json("ssm", EAST, "AmazonSSM.PutParameter", &body.to_string())
    };
    assert_eq!(put(4096, "Standard").unwrap()["Tier"], "Standard");
    assert!(
        put(4097, "Standard")
            .unwrap_err()
            .2
            .starts_with("Standard tier parameters support a maximum parameter value of 4096 characters.")
    );
    assert_eq!(put(8192, "Advanced").unwrap()["Tier"], "Advanced");
    assert!(put(8193, "Intelligent-Tiering").is_err());
    let secret = |value: String| {
        let body = json!({"Name": "s", "SecretString": value});
        world.json("secretsmanager", EAST, "secretsmanager.CreateSecret", &body.to_string())
    };
    let (_, code, message) = secret("v".repeat(65_537)).unwrap_err();
    assert_eq!(code, "ValidationException");
    assert_eq!(
        message,
        "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to 65536"
    );
    secret("v".repeat(65_536)).unwrap();
    // Ten million nothings are not read at all.
    let wide = format!(r#"{{"Name":[{}0]}}"#, "0,".repeat(2_000_000));
    assert_eq!(world.json("ssm", EAST, "AmazonSSM.GetParameters", &wide).unwrap_err().0, 413);
}

#[test]
fn objects_have_their_sizes() {
    let world = World::seeded(1);
    assert_eq!(world.s3("PUT", "/bucket", &[], "").0, 200);
    let key = |n: usize| format!("/bucket/{}", "k".repeat(n));
    assert_eq!(world.s3("PUT", &key(1024), &[], "x").0, 200);
    let (status, answer) = world.s3("PUT", &key(1025), &[], "x");
    assert_eq!(
        (status, answer.at("Code"), answer.at("MaxSizeAllowed")),
        (400, Some("KeyTooLongError"), Some("1024"))
    );
    let metadata = "m".repeat(2048);
    let (_, answer) = world.s3("PUT", "/bucket/k", &[("x-amz-meta-a", &metadata)], "x");
    assert_eq!((answer.at("Code"), answer.at("Size")), (Some("MetadataTooLarge"), Some("2049")));
    let tags: Vec<String> = (0..11).map(|i| format!("t{i}=v")).collect();
    let (_, answer) = world.s3("PUT", "/bucket/k", &[("x-amz-tagging", &tags.join("&"))], "x");
    assert_eq!(answer.at("Message"), Some("Object tags cannot be greater than 10"));
    let policy = format!(r#"{{"Version":"{}","Statement":[]}}"#, "x".repeat(20_480));
    assert_eq!(world.s3("PUT", "/bucket?policy", &[], &policy).1.at("Code"), Some("PolicyTooLarge"));
    let object = "<Object><Key>k</Key></Object>";
    for document in [
        format!("<Delete>{}</Delete>", object.repeat(1001)),
        format!("<Delete>{}</Delete>", "<a/>".repeat(200_000)),
        format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000)),
    ] {
        assert_eq!(world.s3("POST", "/bucket?delete", &[], &document).1.at("Code"), Some("MalformedXML"));
    }
}

#[test]
fn a_form_of_a_million_parameters_is_refused() {
    let world = World::seeded(1);
    let names: Vec<String> = (0..30_000).map(|i| format!("Tags.member.{i}.Key")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "k")).collect();
    for service in ["cloudformation", "rds", "sts"] {
        let (status, code, _) = world.query(service, EAST, "GetCallerIdentity", &many).unwrap_err();
        assert_eq!((status, code.as_str()), (413, "RequestEntityTooLarge"), "{service}");
    }
}

#[test]
fn the_deepest_that_is_taken_can_be_read_from_a_saved_world() {
    let world = world();
    let deep = |n: usize| (0..n).fold(json!({"S": "x"}), |v, _| json!({"M": {"n": v}}));
    ask(&world, "PutItem", json!({"Item": {"pk": {"S": "deep"}, "v": deep(31)}})).unwrap();
    // Mappings, attributes and the template itself: each as deep as it may be, one in the other.
    let nested = |n: usize, core: &str| format!("{}{core}{}", "[".repeat(n), "]".repeat(n));
    let template = format!(
        "Mappings: {{M: {{k: {{v: {}}}}}}}\nResources:\n  A: {{Type: 'AWS::SNS::Topic', Properties: {{P: {}}}}}\n  B: {{Type: 'AWS::SNS::Topic', Properties: {{P: {}}}}}\n",
        nested(90, "x"),
        nested(90, "x"),
        nested(80, "!FindInMap [M, k, v]"),
    );
    let _ = stack(&world, "deeper", "CreateStack", &template);
    stack(&world, "deep", "CreateStack", &template.replace("!FindInMap [M, k, v]", "x")).unwrap();
    world.settle();
    for depth in [5, 31, 40, 60] {
        let document = format!("<Tagging>{}{}</Tagging>", "<a>".repeat(depth), "</a>".repeat(depth));
        world.s3("PUT", "/bucket", &[], "");
        world.s3("PUT", "/bucket?cors", &[], &document);
        let _ = world.cloudfront("POST", "distribution", None, &document);
        let _ = world.cloudfront("POST", "cache-policy", None, &document);
    }
    let image = world.practice.inspect(|world| serde_json::to_string(world).unwrap());
    serde_json::from_str::<practice::world::World>(&image).unwrap();
}
