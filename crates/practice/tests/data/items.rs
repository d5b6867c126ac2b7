//! Items: what is put can be got, conditions protect, pages add up.

use serde_json::{Value, json};

use testbed::{EAST, Refused, World};

pub fn table(world: &World, name: &str, more: &str) {
    let body = format!(
        r#"{{"TableName":"{name}","BillingMode":"PAY_PER_REQUEST",
        "AttributeDefinitions":[{{"AttributeName":"p","AttributeType":"S"}},{{"AttributeName":"s","AttributeType":"N"}}],
        "KeySchema":[{{"AttributeName":"p","KeyType":"HASH"}},{{"AttributeName":"s","KeyType":"RANGE"}}]{more}}}"#
    );
    world.dynamodb(EAST, "CreateTable", &body).unwrap();
    world.settle();
}

fn ask(world: &World, action: &str, body: Value) -> Result<Value, Refused> {
    world.dynamodb(EAST, action, &body.to_string())
}

fn item(p: &str, s: i64) -> Value {
    json!({"p": {"S": p}, "s": {"N": s.to_string()}, "v": {"N": "1.50"}})
}

#[test]
fn a_table_is_created_used_and_deleted() {
    let world = World::seeded(1);
    assert_eq!(
        ask(&world, "PutItem", json!({"TableName": "basket", "Item": item("u", 1)})).unwrap_err(),
        (400, "ResourceNotFoundException".into(), "Requested resource not found".into())
    );
    table(&world, "basket", "");
    ask(&world, "PutItem", json!({"TableName": "basket", "Item": item("u", 1)})).unwrap();
    let key = json!({"p": {"S": "u"}, "s": {"N": "1.0"}});
    let got = ask(&world, "GetItem", json!({"TableName": "basket", "Key": key})).unwrap();
    assert_eq!(got["Item"]["v"], json!({"N": "1.5"}));
    let shown = ask(&world, "DescribeTable", json!({"TableName": "basket"})).unwrap();
    assert_eq!((&shown["Table"]["TableStatus"], &shown["Table"]["ItemCount"]), (&json!("ACTIVE"), &json!(1)));
    ask(&world, "DeleteTable", json!({"TableName": "basket"})).unwrap();
    world.settle();
    let gone = ask(&world, "DescribeTable", json!({"TableName": "basket"})).unwrap_err();
    assert_eq!(gone.2, "Requested resource not found: Table: basket not found");
}

#[test]
fn a_condition_protects_an_item_and_says_what_is_there() {
    let world = World::seeded(1);
    table(&world, "basket", "");
    let put = |v: &str| {
        json!({"TableName": "basket", "Item": item("u", 1), "ConditionExpression": "attribute_not_exists(p) OR v > :v",
        "ExpressionAttributeValues": {":v": {"N": v}}, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"})
    };
    ask(&world, "PutItem", put("9")).unwrap();
    let refused = ask(&world, "PutItem", put("9")).unwrap_err();
    assert_eq!((refused.0, refused.1.as_str()), (400, "ConditionalCheckFailedException"));
    ask(&world, "PutItem", put("1")).unwrap();
}

#[test]
fn pages_of_a_query_and_a_scan_add_up_to_all_items_once() {
    let world = World::seeded(1);
    table(&world, "basket", "");
    for i in 0..25 {
        let put = json!({"TableName": "basket", "Item": item(&format!("u{}", i % 2), i - 12)});
        ask(&world, "PutItem", put).unwrap();
    }
    let mut body = json!({"TableName": "basket", "Limit": 4, "KeyConditionExpression": "p = :p AND s > :s",
        "ExpressionAttributeValues": {":p": {"S": "u0"}, ":s": {"N": "-11"}}});
    assert_eq!(
        all(&world, "Query", &mut body),
        ["-10", "-8", "-6", "-4", "-2", "0", "2", "4", "6", "8", "10", "12"]
    );
    body["ScanIndexForward"] = json!(false);
    body["ExclusiveStartKey"].take();
    assert_eq!(all(&world, "Query", &mut body).first().map(String::as_str), Some("12"));
    let scanned = all(&world, "Scan", &mut json!({"TableName": "basket", "Limit": 7}));
    assert_eq!(scanned.len(), 25);
}

fn all(world: &World, action: &str, body: &mut Value) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let page = ask(world, action, body.clone()).unwrap();
        let items = page["Items"].as_array().unwrap();
        found.extend(items.iter().map(|i| i["s"]["N"].as_str().unwrap().to_owned()));
        match page.get("LastEvaluatedKey") {
            Some(key) => body["ExclusiveStartKey"] = key.clone(),
            None => return found,
        }
    }
}

#[test]
fn a_transaction_is_all_or_nothing() {
    let world = World::seeded(1);
    table(&world, "basket", "");
    let put = |n| json!({"Put": {"TableName": "basket", "Item": item("u", n)}});
    let check = json!({"ConditionCheck": {"TableName": "basket", "Key": {"p": {"S": "x"}, "s": {"N": "1"}},
        "ConditionExpression": "attribute_exists(p)"}});
    let refused = ask(&world, "TransactWriteItems", json!({"TransactItems": [put(1), check]})).unwrap_err();
    assert_eq!(refused.1, "TransactionCanceledException");
    assert!(refused.2.ends_with("[None, ConditionalCheckFailed]"), "{}", refused.2);
    assert_eq!(ask(&world, "Scan", json!({"TableName": "basket"})).unwrap()["Count"], 0);
    ask(&world, "TransactWriteItems", json!({"TransactItems": [put(1), put(2)]})).unwrap();
    assert_eq!(ask(&world, "Scan", json!({"TableName": "basket"})).unwrap()["Count"], 2);
}

#[test]
fn what_cannot_be_stored_is_refused_in_dynamodbs_words() {
    let world = World::seeded(1);
    table(&world, "basket", "");
    let refused =
        |item: Value| ask(&world, "PutItem", json!({"TableName": "basket", "Item": item})).unwrap_err().2;
    assert_eq!(
        refused(json!({"p": {"S": "u"}})),
        "One or more parameter values were invalid: Missing the key s in the item"
    );
    assert_eq!(
        refused(json!({"p": {"N": "1"}, "s": {"N": "1"}})),
        "One or more parameter values were invalid: Type mismatch for key p expected: S actual: N"
    );
    assert!(
        refused(json!({"p": {"S": ""}, "s": {"N": "1"}}))
            .contains("cannot contain an empty string value. Key: p")
    );
    assert_eq!(
        refused(json!({"p": {"S": "u"}, "s": {"N": "one"}})),
        "The parameter cannot be converted to a numeric value: one"
    );
    let update = json!({"TableName": "basket", "Key": {"p": {"S": "u"}, "s": {"N": "1"}},
        "UpdateExpression": "SET p = :p", "ExpressionAttributeValues": {":p": {"S": "x"}}});
    assert!(ask(&world, "UpdateItem", update).unwrap_err().2.contains("This attribute is part of the key"));
}
