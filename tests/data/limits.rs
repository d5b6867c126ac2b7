//! What is too large, too deep or too much: refused in AWS's words at once, whatever it is, and the
//! world goes on. Everything here runs on a stack a quarter as large as the server's threads have.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::sky::{EAST, Refused, Sky};

/// A stack that any request of a legal size must do with.
const STACK: usize = 512 * 1024;

/// Runs a test on a small stack.
fn cramped(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(test).unwrap();
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

fn sky() -> Sky {
    let sky = Sky::new(1);
    let body = json!({
        "TableName": "ttt", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "g", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "GlobalSecondaryIndexes": [{"IndexName": "byg", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}}],
    });
    sky.json(EAST, "CreateTable", &body.to_string()).unwrap();
    sky.settle();
    sky.json(
        EAST,
        "PutItem",
        &json!({"TableName": "ttt", "Item": {"pk": {"S": "a"}, "n": {"N": "1"}}}).to_string(),
    )
    .unwrap();
    sky
}

fn ask(sky: &Sky, action: &str, mut body: Value) -> Result<Value, Refused> {
    if body["TableName"].is_null() && action != "BatchGetItem" && action != "TransactWriteItems" {
        body["TableName"] = json!("ttt");
    }
    sky.json(EAST, action, &body.to_string())
}

/// The message of a `ValidationException`.
fn refused(sky: &Sky, action: &str, body: Value) -> String {
    let (status, code, message) = ask(sky, action, body).expect_err("must be refused");
    assert_eq!((status, code.as_str()), (400, "ValidationException"), "{message}");
    message
}

fn put(condition: &str) -> Value {
    json!({"Item": {"pk": {"S": "a"}}, "ConditionExpression": condition})
}

/// `text` filled up with blanks to `length` bytes.
fn padded(text: &str, length: usize) -> String {
    format!("{text}{}", " ".repeat(length - text.len()))
}

#[test]
fn a_condition_of_ten_thousand_parts_is_refused_and_the_world_goes_on() {
    cramped(|| {
        let sky = sky();
        let chain = vec!["pk=pk"; 10_000].join(" AND ");
        let size = chain.len();
        assert_eq!(
            refused(&sky, "PutItem", put(&chain)),
            format!(
                "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: {size}"
            )
        );
        ask(&sky, "GetItem", json!({"Key": {"pk": {"S": "a"}}})).unwrap();
    });
}

#[test]
fn all_five_kinds_of_expression_take_4096_bytes_as_sent_and_no_more() {
    cramped(|| {
        let sky = sky();
        let key = json!({"pk": {"S": "a"}});
        let query = |condition: String, filter: String| {
            json!({"KeyConditionExpression": condition, "FilterExpression": filter,
                "ExpressionAttributeValues": {":p": {"S": "a"}}})
        };
        let asks: [(&str, &str, Box<dyn Fn(usize) -> Value>); 5] = [
            ("PutItem", "ConditionExpression", Box::new(|n| put(&padded("pk=pk", n)))),
            ("Query", "FilterExpression", Box::new(move |n| query("pk=:p".into(), padded("n=n", n)))),
            ("Query", "KeyConditionExpression", Box::new(move |n| query(padded("pk=:p", n), "n=n".into()))),
            ("UpdateItem", "UpdateExpression", {
                let key = key.clone();
                Box::new(move |n| json!({"Key": key, "UpdateExpression": padded("REMOVE z", n)}))
            }),
            ("GetItem", "ProjectionExpression", {
                Box::new(move |n| json!({"Key": key, "ProjectionExpression": padded("pk", n)}))
            }),
        ];
        for (action, name, body) in asks {
            ask(&sky, action, body(4096)).unwrap();
            let message = refused(&sky, action, body(4097));
            let told = if name == "UpdateExpression" { "" } else { " expression size: 4097" };
            let words = "Expression size has exceeded the maximum allowed size;";
            assert_eq!(message, format!("Invalid {name}: {words}{told}"));
        }
    });
}

#[test]
fn three_hundred_operators_are_taken_and_one_more_is_not() {
    cramped(|| {
        let sky = sky();
        // 150 comparisons and 149 conjunctions; then one more of each.
        ask(&sky, "PutItem", put(&vec!["pk=pk"; 150].join(" AND "))).unwrap();
        let words = "The expression contains too many operators; operator count: 301";
        for (many, kind) in [
            (vec!["pk=pk"; 151].join(" AND "), "ConditionExpression"),
            (vec!["pk=pk"; 151].join(" OR "), "ConditionExpression"),
            (format!("{}pk=pk", "NOT ".repeat(300)), "ConditionExpression"),
        ] {
            assert_eq!(refused(&sky, "PutItem", put(&many)), format!("Invalid {kind}: {words}"));
        }
        let update = |n: usize| {
            let sets: Vec<String> = (0..n).map(|i| format!("a{i}=n+n")).collect();
            json!({"Key": {"pk": {"S": "a"}}, "UpdateExpression": format!("SET {}", sets.join(","))})
        };
        ask(&sky, "UpdateItem", update(300)).unwrap();
        assert_eq!(refused(&sky, "UpdateItem", update(301)), format!("Invalid UpdateExpression: {words}"));
        // An IN is one operator, and has an end of its own.
        let of = |n: usize| put(&format!("n IN ({}) OR pk=pk", vec!["n"; n].join(",")));
        ask(&sky, "PutItem", of(100)).unwrap();
        assert_eq!(
            refused(&sky, "PutItem", of(101)),
            "Invalid ConditionExpression: The IN operator is provided with too many operands; number of operands: 101"
        );
    });
}

#[test]
fn what_nests_as_deep_as_it_may_needs_little_stack() {
    cramped(|| {
        let sky = sky();
        let nested = |open: &str, depth: usize, core: &str| {
            format!("{}{core}{}", open.repeat(depth), ")".repeat(open.matches('(').count() * depth))
        };
        // Measured at AWS: 149 levels are 299 operators, and taken.
        ask(&sky, "PutItem", put(&nested("pk<pk or (", 149, "pk=pk"))).unwrap();
        let (status, ..) = ask(&sky, "PutItem", put(&nested("NOT (", 299, "pk=pk"))).unwrap_err();
        assert_eq!(status, 400);
        assert_eq!(
            refused(&sky, "PutItem", put(&nested("(", 2000, "pk=pk"))),
            "Invalid ConditionExpression: The expression has redundant parentheses;"
        );
        assert!(refused(&sky, "PutItem", put(&"(".repeat(4000))).contains("Syntax error"));
        let set = |value: String| {
            json!({"Key": {"pk": {"S": "a"}}, "UpdateExpression": format!("SET a={value}"),
                "ExpressionAttributeValues": {":l": {"L": []}}})
        };
        ask(&sky, "UpdateItem", set(nested("list_append(:l,", 270, ":l"))).unwrap();
        let sums = json!({"Key": {"pk": {"S": "a"}}, "UpdateExpression": format!("SET a={}", nested("n+(", 298, "n"))});
        ask(&sky, "UpdateItem", sums).unwrap();
        let path = |n: usize| format!("a{}", ".b".repeat(n));
        let project = |n: usize| json!({"Key": {"pk": {"S": "a"}}, "ProjectionExpression": path(n)});
        ask(&sky, "GetItem", project(31)).unwrap();
        assert_eq!(
            refused(&sky, "GetItem", project(32)),
            "Invalid ProjectionExpression: The document path has too many nesting levels; nesting levels: 33"
        );
    });
}

#[test]
fn a_document_has_32_levels() {
    cramped(|| {
        let sky = sky();
        let wrapped = |kind: &str, wraps: usize| {
            (0..wraps).fold(json!({"S": "x"}), |v, _| match kind {
                "L" => json!({"L": [v]}),
                _ => json!({"M": {"n": v}}),
            })
        };
        let item = |v: Value| json!({"Item": {"pk": {"S": "deep"}, "v": v}});
        let words = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";
        for kind in ["L", "M"] {
            ask(&sky, "PutItem", item(wrapped(kind, 31))).unwrap();
            for wraps in [32, 58, 59, 60, 61, 62] {
                assert_eq!(refused(&sky, "PutItem", item(wrapped(kind, wraps))), words, "{kind} {wraps}");
            }
            let value = |wraps| {
                json!({"Key": {"pk": {"S": "a"}}, "UpdateExpression": "SET v = :v",
                    "ExpressionAttributeValues": {":v": wrapped(kind, wraps)}})
            };
            ask(&sky, "UpdateItem", value(31)).unwrap();
            assert_eq!(refused(&sky, "UpdateItem", value(32)), words);
        }
        // A value that is not too deep, put too deep.
        let deeper = json!({"Key": {"pk": {"S": "deep"}}, "UpdateExpression": "SET v.n.n = :v",
            "ExpressionAttributeValues": {":v": wrapped("M", 30)}});
        assert_eq!(refused(&sky, "UpdateItem", deeper), words);
        // Far beyond what any reader of JSON follows.
        for depth in [100, 10_000] {
            let deep = format!("{}{}", r#"{"L":["#.repeat(depth), "]}".repeat(depth));
            let body = format!(r#"{{"TableName":"ttt","Item":{{"pk":{{"S":"a"}},"v":{deep}}}}}"#);
            assert_eq!(sky.json(EAST, "PutItem", &body).unwrap_err().2, words);
        }
        let read = ask(&sky, "GetItem", json!({"Key": {"pk": {"S": "deep"}}})).unwrap();
        assert_eq!(read["Item"]["v"], wrapped("M", 31));
    });
}

#[test]
fn keys_items_and_names_have_their_sizes() {
    let sky = sky();
    let item = |pk: usize, more: Value| {
        let mut item = json!({"pk": {"S": "k".repeat(pk)}});
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "Item": item })
    };
    ask(&sky, "PutItem", item(2048, json!({}))).unwrap();
    assert_eq!(
        refused(&sky, "PutItem", item(2049, json!({}))),
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
    );
    assert_eq!(
        refused(&sky, "GetItem", json!({"Key": {"pk": {"S": ""}}})),
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"
    );
    assert_eq!(
        refused(&sky, "PutItem", item(1, json!({"g": {"S": ""}}))),
        "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byg, IndexKey: g"
    );
    // `pk` and its value are three bytes, `v` is one.
    ask(&sky, "PutItem", item(1, json!({"v": {"S": "x".repeat(400 * 1024 - 4)}}))).unwrap();
    assert_eq!(
        refused(&sky, "PutItem", item(1, json!({"v": {"S": "x".repeat(400 * 1024 - 3)}}))),
        "Item size has exceeded the maximum allowed size"
    );
    assert_eq!(
        refused(&sky, "PutItem", item(1, json!({"n".repeat(65_536): {"S": ""}}))),
        "1 validation error detected: Attribute name is too large, must be less than 65536 bytes"
    );
    let names = json!({"Key": {"pk": {"S": "a"}}, "ProjectionExpression": "pk",
        "ExpressionAttributeNames": {format!("#{}", "n".repeat(255)): "x"}});
    assert_eq!(
        refused(&sky, "GetItem", names),
        "ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is too long; size of key: 256"
    );
}

#[test]
fn a_short_expression_does_not_multiply_a_long_value() {
    cramped(|| {
        let sky = sky();
        let long = json!({":v": {"S": "x".repeat(300_000)}});
        let sets: Vec<String> = (0..500).map(|i| format!("a{i}=:v")).collect();
        let update = json!({"Key": {"pk": {"S": "a"}}, "UpdateExpression": format!("SET {}", sets.join(",")),
            "ExpressionAttributeValues": long});
        assert_eq!(
            refused(&sky, "UpdateItem", update),
            "Item size to update has exceeded the maximum allowed size"
        );
        // A thousand mentions of a value are one value: this is quick, and false.
        let mentions = vec![format!("n IN ({})", vec![":v"; 100].join(",")); 13].join(" OR ");
        let body = json!({"Item": {"pk": {"S": "a"}}, "ConditionExpression": mentions, "ExpressionAttributeValues": long});
        assert_eq!(ask(&sky, "PutItem", body).unwrap_err().1, "ConditionalCheckFailedException");
    });
}

#[test]
fn batches_and_transactions_have_their_sizes() {
    let sky = sky();
    let large = |i: usize| json!({"pk": {"S": format!("large{i}")}, "v": {"S": "x".repeat(390_000)}});
    for i in 0..50 {
        ask(&sky, "PutItem", json!({"Item": large(i)})).unwrap();
    }
    let keys: Vec<Value> = (0..50).map(|i| json!({"pk": {"S": format!("large{i}")}})).collect();
    let got =
        ask(&sky, "BatchGetItem", json!({"RequestItems": {"ttt": {"Keys": keys, "ConsistentRead": true}}}))
            .unwrap();
    let (found, left) = (
        got["Responses"]["ttt"].as_array().unwrap().len(),
        got["UnprocessedKeys"]["ttt"]["Keys"].as_array().unwrap().len(),
    );
    assert_eq!((found, left, &got["UnprocessedKeys"]["ttt"]["ConsistentRead"]), (43, 7, &json!(true)));
    let puts: Vec<Value> = (0..11).map(|i| json!({"Put": {"TableName": "ttt", "Item": large(i)}})).collect();
    let (status, code, message) =
        ask(&sky, "TransactWriteItems", json!({"TransactItems": puts})).unwrap_err();
    assert_eq!((status, code.as_str()), (400, "ValidationException"));
    assert!(message.contains("4 MB"), "{message}");
    let body = format!(r#"{{"TableName":"ttt","Item":{{"pk":{{"S":"{}"}}}}}}"#, "x".repeat(16 * 1024 * 1024));
    assert_eq!(sky.json(EAST, "PutItem", &body).unwrap_err().0, 413);
}

fn stack(sky: &Sky, action: &str, template: &str) -> Result<espera::practice::wire::Node, Refused> {
    let mut params = vec![("TemplateBody", template)];
    if action != "ValidateTemplate" && action != "GetTemplateSummary" {
        params.push(("StackName", "s"));
    }
    if action == "CreateChangeSet" {
        params.extend([("ChangeSetName", "c"), ("ChangeSetType", "UPDATE")]);
    }
    sky.query("cloudformation", EAST, action, &params)
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
    let sky = Sky::new(1);
    stack(&sky, "CreateStack", &topics(1)).unwrap();
    sky.wait(60);
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
            let (status, code, message) = stack(&sky, action, template).unwrap_err();
            assert_eq!(
                (status, code.as_str(), message.as_str()),
                (400, "ValidationError", *words),
                "{action}"
            );
        }
        let long = format!("{}#{}", topics(1), "x".repeat(51_200));
        let (_, code, message) = stack(&sky, action, &long).unwrap_err();
        assert_eq!(code, "ValidationError");
        assert!(message.starts_with("1 validation error detected: Value 'Resources:"), "{message}");
        assert!(message.ends_with(
            "' at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200"
        ));
    }
    assert!(stack(&sky, "ValidateTemplate", &topics(500)).is_ok());
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
        let sky = Sky::new(1);
        for (name, template) in bombs() {
            assert!(template.len() <= 51_200, "{name}: {}", template.len());
            let (status, code, message) = stack(&sky, "CreateStack", &template).expect_err(name);
            assert_eq!((status, code.as_str()), (400, "ValidationError"), "{name}");
            assert!(message.starts_with("Template error: "), "{name}: {message}");
            sky.json(EAST, "ListTables", "{}").unwrap();
        }
    });
}

#[test]
fn a_stack_that_nests_itself_ends() {
    cramped(|| {
        let sky = Sky::new(1);
        let url = "https://own.s3.amazonaws.com/t.yaml";
        let template = format!(
            "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: '{url}'}}\n"
        );
        assert_eq!(sky.s3("PUT", "/own", &[], "").0, 200);
        assert_eq!(sky.s3("PUT", "/own/t.yaml", &[], &template).0, 200);
        stack(&sky, "CreateStack", &template).unwrap();
        sky.settle();
        let root = sky.query("cloudformation", EAST, "DescribeStacks", &[("StackName", "s")]).unwrap();
        let status = root.at("Stacks/member/StackStatus").unwrap().to_owned();
        assert_eq!(status, "ROLLBACK_COMPLETE");
    });
}

#[test]
fn the_models_own_constraints_are_kept() {
    let sky = Sky::new(1);
    let create = |params: &[(&str, &str)]| {
        let template = topics(1);
        let mut all = vec![("StackName", "s"), ("TemplateBody", template.as_str())];
        all.extend(params);
        sky.query("cloudformation", EAST, "CreateStack", &all).unwrap_err()
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
        ask(&sky, "CreateTable", table)
            .unwrap_err()
            .2
            .contains("'attributeDefinitions.1.member.attributeName'")
    );
}

#[test]
fn parameters_and_secrets_have_their_sizes() {
    let sky = Sky::new(1);
    let put = |length: usize, tier: &str| {
        let body = json!({"Name": "/a/b", "Type": "String", "Overwrite": true, "Tier": tier, "Value": "v".repeat(length)});
        sky.call("ssm", "AmazonSSM.PutParameter", &body.to_string())
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
        sky.call("secretsmanager", "secretsmanager.CreateSecret", &body.to_string())
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
    assert_eq!(sky.call("ssm", "AmazonSSM.GetParameters", &wide).unwrap_err().0, 413);
}

#[test]
fn objects_have_their_sizes() {
    let sky = Sky::new(1);
    assert_eq!(sky.s3("PUT", "/bucket", &[], "").0, 200);
    let key = |n: usize| format!("/bucket/{}", "k".repeat(n));
    assert_eq!(sky.s3("PUT", &key(1024), &[], "x").0, 200);
    let (status, answer) = sky.s3("PUT", &key(1025), &[], "x");
    assert_eq!(
        (status, answer.at("Code"), answer.at("MaxSizeAllowed")),
        (400, Some("KeyTooLongError"), Some("1024"))
    );
    let metadata = "m".repeat(2048);
    let (_, answer) = sky.s3("PUT", "/bucket/k", &[("x-amz-meta-a", &metadata)], "x");
    assert_eq!((answer.at("Code"), answer.at("Size")), (Some("MetadataTooLarge"), Some("2049")));
    let tags: Vec<String> = (0..11).map(|i| format!("t{i}=v")).collect();
    let (_, answer) = sky.s3("PUT", "/bucket/k", &[("x-amz-tagging", &tags.join("&"))], "x");
    assert_eq!(answer.at("Message"), Some("Object tags cannot be greater than 10"));
    let policy = format!(r#"{{"Version":"{}","Statement":[]}}"#, "x".repeat(20_480));
    assert_eq!(sky.s3("PUT", "/bucket?policy", &[], &policy).1.at("Code"), Some("PolicyTooLarge"));
    let object = "<Object><Key>k</Key></Object>";
    for document in [
        format!("<Delete>{}</Delete>", object.repeat(1001)),
        format!("<Delete>{}</Delete>", "<a/>".repeat(200_000)),
        format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000)),
    ] {
        assert_eq!(sky.s3("POST", "/bucket?delete", &[], &document).1.at("Code"), Some("MalformedXML"));
    }
}

#[test]
fn a_form_of_a_million_parameters_is_refused() {
    let sky = Sky::new(1);
    let names: Vec<String> = (0..30_000).map(|i| format!("Tags.member.{i}.Key")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "k")).collect();
    for service in ["cloudformation", "rds", "sts"] {
        let (status, code, _) = sky.query(service, EAST, "GetCallerIdentity", &many).unwrap_err();
        assert_eq!((status, code.as_str()), (413, "RequestEntityTooLarge"), "{service}");
    }
}

#[test]
fn the_deepest_that_is_taken_can_be_read_from_a_saved_world() {
    let sky = sky();
    let deep = |n: usize| (0..n).fold(json!({"S": "x"}), |v, _| json!({"M": {"n": v}}));
    ask(&sky, "PutItem", json!({"Item": {"pk": {"S": "deep"}, "v": deep(31)}})).unwrap();
    // Mappings, attributes and the template itself: each as deep as it may be, one in the other.
    let nested = |n: usize, core: &str| format!("{}{core}{}", "[".repeat(n), "]".repeat(n));
    let template = format!(
        "Mappings: {{M: {{k: {{v: {}}}}}}}\nResources:\n  A: {{Type: 'AWS::SNS::Topic', Properties: {{P: {}}}}}\n  B: {{Type: 'AWS::SNS::Topic', Properties: {{P: {}}}}}\n",
        nested(90, "x"),
        nested(90, "x"),
        nested(80, "!FindInMap [M, k, v]"),
    );
    let _ = stack(&sky, "CreateStack", &template);
    stack(&sky, "CreateStack", &template.replace("!FindInMap [M, k, v]", "x")).unwrap();
    sky.settle();
    for depth in [5, 31, 40, 60] {
        let document = format!("<Tagging>{}{}</Tagging>", "<a>".repeat(depth), "</a>".repeat(depth));
        sky.s3("PUT", "/bucket", &[], "");
        sky.s3("PUT", "/bucket?cors", &[], &document);
        let _ = sky.front("POST", "distribution", "", &document);
        let _ = sky.front("POST", "cache-policy", "", &document);
    }
    let image = sky.practice.inspect(|world| serde_json::to_string(world).unwrap());
    serde_json::from_str::<espera::practice::world::World>(&image).unwrap();
}

/// A condition of any shape: mostly legal, as long and as deep as it comes.
fn condition() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("pk=pk".to_owned()),
        Just("n<n".to_owned()),
        Just("attribute_exists(a.b[1].c)".to_owned()),
        Just("size(pk)>n".to_owned()),
        Just("n BETWEEN n AND n".to_owned()),
        Just("n IN (n,pk,z)".to_owned()),
    ];
    leaf.prop_recursive(64, 300, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..8).prop_map(|all| all.join(" AND ")),
            proptest::collection::vec(inner.clone(), 1..8).prop_map(|all| all.join(" OR ")),
            inner.clone().prop_map(|one| format!("NOT {one}")),
            inner.prop_map(|one| format!("({one})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_condition_of_a_legal_size_needs_more_than_a_small_stack(text in condition()) {
        cramped(move || {
            let sky = sky();
            match ask(&sky, "PutItem", put(&text)) {
                Ok(_) => {}
                Err((status, code, message)) => {
                    assert_eq!(status, 400, "{code}: {message}");
                }
            }
            ask(&sky, "GetItem", json!({"Key": {"pk": {"S": "a"}}})).unwrap();
        });
    }
}
