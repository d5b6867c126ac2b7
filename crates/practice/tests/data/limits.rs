//! What is too large, too deep or too much: refused in AWS's words at once, whatever it is, and the
//! world goes on. It runs on a stack a quarter (what nests deepest: half) as large as the server's threads have.

use proptest::prelude::*;
use serde_json::{Value, json};

use testbed::{EAST, Refused, World};

/// A stack that any request of a legal size must do with.
const STACK: usize = 512 * 1024;

/// Runs a test on a small stack.
pub fn cramped(test: impl FnOnce() + Send + 'static) {
    within(STACK, test);
}

/// Runs a test on a stack of so many bytes.
fn within(stack: usize, test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(stack).spawn(test).unwrap();
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

pub fn world() -> World {
    let world = World::seeded(1);
    let body = json!({
        "TableName": "ttt", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "g", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "GlobalSecondaryIndexes": [{"IndexName": "byg", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"}}],
    });
    world.dynamodb(EAST, "CreateTable", &body.to_string()).unwrap();
    world.settle();
    world
        .dynamodb(
            EAST,
            "PutItem",
            &json!({"TableName": "ttt", "Item": {"pk": {"S": "a"}, "n": {"N": "1"}}}).to_string(),
        )
        .unwrap();
    world
}

pub fn ask(world: &World, action: &str, mut body: Value) -> Result<Value, Refused> {
    if body["TableName"].is_null() && !action.starts_with("Batch") && action != "TransactWriteItems" {
        body["TableName"] = json!("ttt");
    }
    world.dynamodb(EAST, action, &body.to_string())
}

/// The message of a `ValidationException`.
fn refused(world: &World, action: &str, body: Value) -> String {
    let (status, code, message) = ask(world, action, body).expect_err("must be refused");
    assert_eq!((status, code.as_str()), (400, "ValidationException"), "{message}");
    message
}

fn put(condition: &str) -> Value {
    json!({"Item": {"pk": {"S": "a"}, "n": {"N": "1"}}, "ConditionExpression": condition})
}

/// `text` filled up with blanks to `length` bytes.
fn padded(text: &str, length: usize) -> String {
    format!("{text}{}", " ".repeat(length - text.len()))
}

#[test]
fn a_condition_of_ten_thousand_parts_is_refused_and_the_world_goes_on() {
    cramped(|| {
        let world = world();
        let chain = vec!["pk=pk"; 10_000].join(" AND ");
        let size = chain.len();
        assert_eq!(
            refused(&world, "PutItem", put(&chain)),
            format!(
                "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: {size}"
            )
        );
        ask(&world, "GetItem", json!({"Key": {"pk": {"S": "a"}}})).unwrap();
    });
}

#[test]
fn all_five_kinds_of_expression_take_4096_bytes_as_sent_and_no_more() {
    cramped(|| {
        let world = world();
        let key = json!({"pk": {"S": "a"}});
        let query = |condition: String, filter: String| {
            json!({"KeyConditionExpression": condition, "FilterExpression": filter,
                "ExpressionAttributeValues": {":p": {"S": "a"}}})
        };
        type Ask = Box<dyn Fn(usize) -> Value>;
        let asks: [(&str, &str, Ask); 5] = [
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
            ask(&world, action, body(4096)).unwrap();
            let message = refused(&world, action, body(4097));
            let told = if name == "UpdateExpression" { "" } else { " expression size: 4097" };
            let words = "Expression size has exceeded the maximum allowed size;";
            assert_eq!(message, format!("Invalid {name}: {words}{told}"));
        }
    });
}

#[test]
fn three_hundred_operators_are_taken_and_one_more_is_not() {
    cramped(|| {
        let world = world();
        // 150 comparisons and 149 conjunctions; then one more of each.
        ask(&world, "PutItem", put(&vec!["pk=pk"; 150].join(" AND "))).unwrap();
        let words = "The expression contains too many operators; operator count: 301";
        for (many, kind) in [
            (vec!["pk=pk"; 151].join(" AND "), "ConditionExpression"),
            (vec!["pk=pk"; 151].join(" OR "), "ConditionExpression"),
            (format!("{}pk=pk", "NOT ".repeat(300)), "ConditionExpression"),
        ] {
            assert_eq!(refused(&world, "PutItem", put(&many)), format!("Invalid {kind}: {words}"));
        }
        let update = |n: usize| {
            let sets: Vec<String> = (0..n).map(|i| format!("a{i}=n+n")).collect();
            json!({"Key": {"pk": {"S": "a"}}, "UpdateExpression": format!("SET {}", sets.join(","))})
        };
        ask(&world, "UpdateItem", update(300)).unwrap();
        assert_eq!(refused(&world, "UpdateItem", update(301)), format!("Invalid UpdateExpression: {words}"));
        // An IN is one operator, and has an end of its own.
        let of = |n: usize| put(&format!("n IN ({}) OR pk=pk", vec!["n"; n].join(",")));
        ask(&world, "PutItem", of(100)).unwrap();
        assert_eq!(
            refused(&world, "PutItem", of(101)),
            "Invalid ConditionExpression: The IN operator is provided with too many operands; number of operands: 101"
        );
    });
}

#[test]
fn what_nests_as_deep_as_it_may_needs_little_stack() {
    within(2 * STACK, || {
        let world = world();
        let nested = |open: &str, depth: usize, core: &str| {
            format!("{}{core}{}", open.repeat(depth), ")".repeat(open.matches('(').count() * depth))
        };
        // Measured at AWS: 149 levels are 299 operators, and taken.
        ask(&world, "PutItem", put(&nested("pk<pk or (", 149, "pk=pk"))).unwrap();
        let (status, ..) = ask(&world, "PutItem", put(&nested("NOT (", 299, "pk=pk"))).unwrap_err();
        assert_eq!(status, 400);
        assert_eq!(
            refused(&world, "PutItem", put(&nested("(", 2000, "pk=pk"))),
            "Invalid ConditionExpression: The expression has redundant parentheses;"
        );
        assert!(refused(&world, "PutItem", put(&"(".repeat(4000))).contains("Syntax error"));
        let set = |value: String| {
            json!({"Key": {"pk": {"S": "a"}}, "UpdateExpression": format!("SET a={value}"),
                "ExpressionAttributeValues": {":l": {"L": []}}})
        };
        ask(&world, "UpdateItem", set(nested("list_append(:l,", 250, ":l"))).unwrap();
        let sums = json!({"Key": {"pk": {"S": "a"}}, "UpdateExpression": format!("SET a={}", nested("n+(", 298, "n"))});
        ask(&world, "UpdateItem", sums).unwrap();
        let path = |n: usize| format!("a{}", ".b".repeat(n));
        let project = |n: usize| json!({"Key": {"pk": {"S": "a"}}, "ProjectionExpression": path(n)});
        ask(&world, "GetItem", project(31)).unwrap();
        assert_eq!(
            refused(&world, "GetItem", project(32)),
            "Invalid ProjectionExpression: The document path has too many nesting levels; nesting levels: 33"
        );
    });
}

#[test]
fn a_document_has_32_levels() {
    cramped(|| {
        let world = world();
        let wrapped = |kind: &str, wraps: usize| {
            (0..wraps).fold(json!({"S": "x"}), |v, _| match kind {
                "L" => json!({"L": [v]}),
                _ => json!({"M": {"n": v}}),
            })
        };
        let item = |v: Value| json!({"Item": {"pk": {"S": "deep"}, "v": v}});
        let words = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";
        for kind in ["L", "M"] {
            ask(&world, "PutItem", item(wrapped(kind, 31))).unwrap();
            for wraps in [32, 58, 59, 60, 61, 62] {
                assert_eq!(refused(&world, "PutItem", item(wrapped(kind, wraps))), words, "{kind} {wraps}");
            }
            let value = |wraps| {
                json!({"Key": {"pk": {"S": "a"}}, "UpdateExpression": "SET v = :v",
                    "ExpressionAttributeValues": {":v": wrapped(kind, wraps)}})
            };
            ask(&world, "UpdateItem", value(31)).unwrap();
            assert_eq!(refused(&world, "UpdateItem", value(32)), words);
        }
        // Where the reader of the request goes another way.
        for wraps in [32, 60] {
            let delete = json!({"Key": {"pk": {"S": "a"}}, "ConditionExpression": "v = :v",
                "ExpressionAttributeValues": {":v": wrapped("M", wraps)}});
            assert_eq!(refused(&world, "DeleteItem", delete), words);
            let put = json!({"TransactItems": [{"Put": {"TableName": "ttt", "Item": {"pk": {"S": "t"}, "v": wrapped("L", wraps)}}}]});
            assert_eq!(refused(&world, "TransactWriteItems", put), words);
            let batch = json!({"RequestItems": {"ttt": [{"PutRequest": {"Item": {"pk": {"S": "t"}, "v": wrapped("L", wraps)}}}]}});
            assert_eq!(refused(&world, "BatchWriteItem", batch), words);
        }
        // A value that is not too deep, put too deep.
        let deeper = json!({"Key": {"pk": {"S": "deep"}}, "UpdateExpression": "SET v.n.n = :v",
            "ExpressionAttributeValues": {":v": wrapped("M", 30)}});
        assert_eq!(refused(&world, "UpdateItem", deeper), words);
        // Far beyond what any reader of JSON follows.
        for depth in [100, 10_000] {
            let deep = format!("{}{}", r#"{"L":["#.repeat(depth), "]}".repeat(depth));
            let body = format!(r#"{{"TableName":"ttt","Item":{{"pk":{{"S":"a"}},"v":{deep}}}}}"#);
            assert_eq!(world.dynamodb(EAST, "PutItem", &body).unwrap_err().2, words);
        }
        let read = ask(&world, "GetItem", json!({"Key": {"pk": {"S": "deep"}}})).unwrap();
        assert_eq!(read["Item"]["v"], wrapped("M", 31));
    });
}

#[test]
fn keys_items_and_names_have_their_sizes() {
    let world = world();
    let item = |pk: usize, more: Value| {
        let mut item = json!({"pk": {"S": "k".repeat(pk)}});
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "Item": item })
    };
    ask(&world, "PutItem", item(2048, json!({}))).unwrap();
    assert_eq!(
        refused(&world, "PutItem", item(2049, json!({}))),
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
    );
    assert_eq!(
        refused(&world, "GetItem", json!({"Key": {"pk": {"S": ""}}})),
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"
    );
    assert_eq!(
        refused(&world, "PutItem", item(1, json!({"g": {"S": ""}}))),
        "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byg, IndexKey: g"
    );
    // `pk` and its value are three bytes, `v` is one.
    ask(&world, "PutItem", item(1, json!({"v": {"S": "x".repeat(400 * 1024 - 4)}}))).unwrap();
    assert_eq!(
        refused(&world, "PutItem", item(1, json!({"v": {"S": "x".repeat(400 * 1024 - 3)}}))),
        "Item size has exceeded the maximum allowed size"
    );
    assert_eq!(
        refused(&world, "PutItem", item(1, json!({"n".repeat(65_536): {"S": ""}}))),
        "1 validation error detected: Attribute name is too large, must be less than 65536 bytes"
    );
    let names = json!({"Key": {"pk": {"S": "a"}}, "ProjectionExpression": "pk",
        "ExpressionAttributeNames": {format!("#{}", "n".repeat(255)): "x"}});
    assert_eq!(
        refused(&world, "GetItem", names),
        "ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is too long; size of key: 256"
    );
}

#[test]
fn a_short_expression_does_not_multiply_a_long_value() {
    cramped(|| {
        let world = world();
        let long = json!({":v": {"S": "x".repeat(300_000)}});
        let sets: Vec<String> = (0..500).map(|i| format!("a{i}=:v")).collect();
        let update = json!({"Key": {"pk": {"S": "a"}}, "UpdateExpression": format!("SET {}", sets.join(",")),
            "ExpressionAttributeValues": long});
        assert_eq!(
            refused(&world, "UpdateItem", update),
            "Item size to update has exceeded the maximum allowed size"
        );
        // A thousand mentions of a value are one value: this is quick, and false.
        let mentions = vec![format!("n IN ({})", vec![":v"; 100].join(",")); 13].join(" OR ");
        let body = json!({"Item": {"pk": {"S": "a"}}, "ConditionExpression": mentions, "ExpressionAttributeValues": long});
        assert_eq!(ask(&world, "PutItem", body).unwrap_err().1, "ConditionalCheckFailedException");
    });
}

#[test]
fn batches_and_transactions_have_their_sizes() {
    let world = world();
    let large = |i: usize| json!({"pk": {"S": format!("large{i}")}, "v": {"S": "x".repeat(390_000)}});
    for i in 0..50 {
        ask(&world, "PutItem", json!({"Item": large(i)})).unwrap();
    }
    let keys: Vec<Value> = (0..50).map(|i| json!({"pk": {"S": format!("large{i}")}})).collect();
    let got =
        ask(&world, "BatchGetItem", json!({"RequestItems": {"ttt": {"Keys": keys, "ConsistentRead": true}}}))
            .unwrap();
    let (found, left) = (
        got["Responses"]["ttt"].as_array().unwrap().len(),
        got["UnprocessedKeys"]["ttt"]["Keys"].as_array().unwrap().len(),
    );
    assert_eq!((found, left, &got["UnprocessedKeys"]["ttt"]["ConsistentRead"]), (43, 7, &json!(true)));
    let puts: Vec<Value> = (0..11).map(|i| json!({"Put": {"TableName": "ttt", "Item": large(i)}})).collect();
    let (status, code, message) =
        ask(&world, "TransactWriteItems", json!({"TransactItems": puts})).unwrap_err();
    assert_eq!((status, code.as_str()), (400, "ValidationException"));
    assert!(message.contains("4 MB"), "{message}");
    let body = format!(r#"{{"TableName":"ttt","Item":{{"pk":{{"S":"{}"}}}}}}"#, "x".repeat(16 * 1024 * 1024));
    assert_eq!(world.dynamodb(EAST, "PutItem", &body).unwrap_err().0, 413);
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
            let world = world();
            match ask(&world, "PutItem", put(&text)) {
                Ok(_) => {}
                Err((status, code, message)) => {
                    assert_eq!(status, 400, "{code}: {message}");
                }
            }
            ask(&world, "GetItem", json!({"Key": {"pk": {"S": "a"}}})).unwrap();
        });
    }
}
