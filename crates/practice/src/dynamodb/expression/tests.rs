//! Expressions against items: what is met, what an update leaves, what is refused and how.

use serde_json::json;

use super::condition;
use super::projection::Projection;
use super::update::Update;
use super::*;

fn item(value: serde_json::Value) -> Item {
    serde_json::from_value(value).unwrap()
}

fn order() -> Item {
    item(json!({
        "who": {"S": "u1"}, "qty": {"N": "3"}, "kinds": {"SS": ["a", "b"]},
        "things": {"L": [{"N": "1"}, {"N": "2"}, {"N": "3"}]},
        "doc": {"M": {"qty": {"S": "deep"}}}
    }))
}

fn holds(text: &str, values: serde_json::Value) -> Result<bool, String> {
    let values = item(values);
    let names = BTreeMap::from([("#q".to_owned(), "qty".to_owned())]);
    let substitutes = Substitutes::new(Some(&names), (!values.is_empty()).then_some(&values))?;
    condition::parse(Kind::Condition, text, &substitutes).map(|c| c.met_by(&order()))
}

fn update(text: &str, values: serde_json::Value) -> Result<serde_json::Value, String> {
    let values = item(values);
    let substitutes = Substitutes::new(None, (!values.is_empty()).then_some(&values))?;
    let after = Update::parse(text, &substitutes)?.apply(&order())?;
    Ok(serde_json::to_value(after).unwrap())
}

#[test]
fn conditions_hold_as_dynamodb_says() {
    let v = || json!({":n": {"N": "3.0"}, ":s": {"S": "de"}, ":m": {"N": "9"}, ":a": {"S": "a"}});
    for yes in [
        "qty = :n",
        "#q between :n and :m",
        "qty in (:m, :n)",
        "attribute_exists(doc.#q) OR NOT (attribute_not_exists(who))",
        "begins_with(doc.#q, :s) or begins_with(who, :s) or contains(kinds, :a)",
        "contains(things, :n) AND size(things) = :n",
        "absent <> :n",
        "size(who) < :m and things[0] < things[2]",
    ] {
        assert_eq!(holds(yes, v()), Ok(true), "{yes}");
    }
    for no in ["qty > :n", "qty = :a", "absent = :n", "attribute_not_exists(who)", "NOT qty = :n"] {
        assert_eq!(holds(no, v()), Ok(false), "{no}");
    }
}

#[test]
fn chains_are_flat_and_and_binds_before_or() {
    use super::condition::Condition;
    let parsed = |text: &str| condition::parse(Kind::Condition, text, &Substitutes::default()).unwrap();
    let chain = parsed(&vec!["a = b"; 100].join(" AND "));
    assert!(matches!(&chain, Condition::And(all) if all.len() == 100));
    let mixed = parsed("a = b OR NOT c = d AND (e = f OR g = h)");
    let Condition::Or(any) = &mixed else { panic!("{mixed:?}") };
    assert!(matches!(&any[..], [Condition::Compare(..), Condition::And(all)]
        if matches!(&all[..], [Condition::Not(_), Condition::Or(_)])));
    assert_eq!(parsed("(a = b)"), parsed("a = b"));
    assert_eq!(parsed("NOT (NOT (a = b))"), parsed("NOT NOT a = b"));
}

#[test]
fn wrong_expressions_are_refused_in_dynamodbs_words() {
    let refused = |text: &str| holds(text, json!({":n": {"N": "3"}})).unwrap_err();
    assert_eq!(
        refused("name = :n"),
        "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: name"
    );
    assert_eq!(
        refused("qty = :x"),
        "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :x"
    );
    assert_eq!(
        refused("#z = :n"),
        "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #z"
    );
    assert_eq!(refused("qty ="), "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\"");
    assert_eq!(refused(" "), "Invalid ConditionExpression: The expression can not be empty;");
    assert_eq!(refused("foo(qty)"), "Invalid ConditionExpression: Invalid function name; function: foo");
    assert_eq!(
        refused("qty = :n AND ((qty = :n))"),
        "Invalid ConditionExpression: The expression has redundant parentheses;"
    );
    assert_eq!(
        refused("(qty = :n OR qty = :n"),
        "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \":n\""
    );
}

#[test]
fn updates_read_the_old_item_and_write_the_new_one() {
    let after = update(
        "SET qty = qty + :one, doc.x = if_not_exists(absent, qty), things = list_append(things, :l) REMOVE who ADD count2 :one DELETE kinds :t",
        json!({":one": {"N": "1"}, ":l": {"L": [{"S": "z"}]}, ":t": {"SS": ["a"]}}),
    )
    .unwrap();
    assert_eq!(
        after,
        json!({
            "count2": {"N": "1"}, "qty": {"N": "4"}, "kinds": {"SS": ["b"]},
            "things": {"L": [{"N": "1"}, {"N": "2"}, {"N": "3"}, {"S": "z"}]},
            "doc": {"M": {"qty": {"S": "deep"}, "x": {"N": "3"}}}
        })
    );
    let after =
        update("REMOVE things[0], things[1] DELETE kinds :t", json!({":t": {"SS": ["a", "b"]}})).unwrap();
    assert_eq!(after["things"], json!({"L": [{"N": "3"}]}));
    assert!(after.get("kinds").is_none());
}

#[test]
fn impossible_updates_are_refused() {
    let v = || json!({":s": {"S": "x"}, ":n": {"N": "1"}});
    let refused = |text: &str| update(text, v()).unwrap_err();
    assert_eq!(
        refused("SET a.b = :n"),
        "The document path provided in the update expression is invalid for update"
    );
    assert_eq!(
        refused("SET a = absent + :n"),
        "The provided expression refers to an attribute that does not exist in the item"
    );
    assert_eq!(refused("SET a = qty + :s"), "An operand in the update expression has an incorrect data type");
    assert!(refused("SET a = :n, a.b = :n").contains("overlap with each other"));
    assert!(refused("ADD qty :s").contains("operator: ADD, operand type: STRING"));
    assert!(refused("SET a = :n SET b = :n").contains("can only be used once"));
}

#[test]
fn a_projection_keeps_the_asked_for_parts_in_place() {
    let substitutes = Substitutes::default();
    let kept = Projection::parse("who, things[2], things[0], absent", &substitutes).unwrap().of(&order());
    assert_eq!(
        serde_json::to_value(kept).unwrap(),
        json!({"things": {"L": [{"N": "1"}, {"N": "3"}]}, "who": {"S": "u1"}})
    );
}

#[test]
fn unused_substitutes_are_named() {
    let values = item(json!({":a": {"N": "1"}, ":b": {"N": "1"}}));
    let substitutes = Substitutes::new(None, Some(&values)).unwrap();
    condition::parse(Kind::Filter, "x = :a", &substitutes).unwrap();
    assert_eq!(
        substitutes.all_used().unwrap_err(),
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}"
    );
}
