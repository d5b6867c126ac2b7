//! What requests have in common: who calls from where, reading the body, table names, write checks.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};

use super::DynamoDb;
use super::expression::condition::{self, Condition};
use super::expression::{Kind, Substitutes};
use super::key::Key;
use super::refusal::Refusal;
use super::table::Table;
use super::value::{ITEM_LIMIT, Item, TOO_DEEP, check_shape, item_size, validation_message};

/// The longest request, in bytes (API reference, BatchWriteItem).
pub const REQUEST_LIMIT: usize = 16 * 1024 * 1024;
/// What the items of one transaction may hold together, in bytes (API reference, TransactWriteItems).
pub const TRANSACTION_LIMIT: usize = 4 * 1024 * 1024;

/// The request in `body`.
pub fn read<'b, T: Deserialize<'b>>(body: &'b [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|e| {
        let text = e.to_string();
        if let Some(message) = validation_message(&text) {
            return Refusal::invalid(message);
        }
        // Deeper than the reader goes is far deeper than a document may be.
        if text.starts_with("recursion limit exceeded") {
            return Refusal::invalid(TOO_DEEP);
        }
        if let Some(rest) = text.strip_prefix("missing field `") {
            let name = rest.split('`').next().unwrap_or_default();
            let name = name[..1].to_ascii_lowercase() + &name[1..];
            return Refusal::invalid(null_member(&name));
        }
        if text.contains("unknown variant") || text.contains("expected value of type map") {
            return Refusal::invalid(
                "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
            );
        }
        Refusal::serialization(text)
    })
}

/// The message about a member that should be there.
pub fn null_member(name: &str) -> String {
    format!(
        "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"
    )
}

/// The name in a `TableName`, which may be an ARN.
pub fn table_name(given: &str) -> &str {
    match given.strip_prefix("arn:") {
        Some(rest) => rest.split_once(":table/").map_or(given, |(_, name)| name),
        None => given,
    }
}

/// Refuses a name that no table could have.
pub fn check_name(name: &str) -> Result<(), Refusal> {
    let wrong = |what: &str| {
        Err(Refusal::invalid(format!(
            "1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: Member must {what}"
        )))
    };
    match name.len() {
        0 => wrong("have length greater than or equal to 1"),
        1..=2 => Err(Refusal::invalid(
            "TableName must be at least 3 characters long and at most 255 characters long",
        )),
        n if n > 255 => wrong("have length less than or equal to 255"),
        _ if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b)) => {
            wrong("satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
        }
        _ => Ok(()),
    }
}

/// Names, values and the condition of a write; flattened into each write request.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Guard {
    /// `ConditionExpression`.
    pub condition_expression: Option<String>,
    /// `ExpressionAttributeNames`.
    pub expression_attribute_names: Option<BTreeMap<String, String>>,
    /// `ExpressionAttributeValues`.
    pub expression_attribute_values: Option<Item>,
    /// `ALL_OLD` sends the item along when the condition fails.
    pub return_values_on_condition_check_failure: Option<String>,
}

impl Guard {
    /// Names and values, checked for form.
    pub fn substitutes(&self) -> Result<Substitutes<'_>, Refusal> {
        let (names, values) =
            (self.expression_attribute_names.as_ref(), self.expression_attribute_values.as_ref());
        Ok(Substitutes::new(names, values)?)
    }

    /// The parsed condition, if there is one.
    pub fn condition(&self, substitutes: &Substitutes<'_>) -> Result<Option<Condition>, Refusal> {
        match &self.condition_expression {
            Some(text) => Ok(Some(condition::parse(Kind::Condition, text, substitutes)?)),
            None => Ok(None),
        }
    }

    /// Whether a failed condition should send the item along.
    pub fn shows_old(&self) -> bool {
        self.return_values_on_condition_check_failure.as_deref() == Some("ALL_OLD")
    }

    /// Whether nothing of it was given: the fast path.
    pub fn is_empty(&self) -> bool {
        self.condition_expression.is_none()
            && self.expression_attribute_names.is_none()
            && self.expression_attribute_values.is_none()
    }
}

/// Refuses when `old` (or nothing) does not meet the condition.
pub fn check_condition(wanted: Option<&Condition>, old: Option<&Item>, show: bool) -> Result<(), Refusal> {
    let empty = Item::new();
    match wanted {
        Some(c) if !c.met_by(old.unwrap_or(&empty)) => {
            let item = old.filter(|_| show).and_then(|i| serde_json::to_value(i).ok());
            Err(Refusal::condition_failed(item))
        }
        _ => Ok(()),
    }
}

/// The key of a whole item, after all checks of a stored item.
pub fn stored_key(table: &Table, item: &Item) -> Result<Key, Refusal> {
    table.definition.schema.check(item)?;
    check_shape(item)?;
    if item_size(item) > ITEM_LIMIT {
        return Err(Refusal::invalid("Item size has exceeded the maximum allowed size"));
    }
    for index in &table.definition.indexes {
        for (name, kind) in index.schema.attributes() {
            let Some(value) = item.get(name) else { continue };
            if value.kind() == kind {
                index.schema.check_index_value(name, value, &index.name)?;
                continue;
            }
            return Err(Refusal::invalid(format!(
                "One or more parameter values were invalid: Type mismatch for Index Key {name} Expected: {kind} Actual: {} IndexName: {}",
                value.kind(),
                index.name
            )));
        }
    }
    table
        .definition
        .schema
        .key_of(item)
        .ok_or_else(|| Refusal::invalid("The provided key element does not match the schema"))
}

/// The key given by a `Key` parameter.
pub fn given_key(table: &Table, key: &Item) -> Result<Key, Refusal> {
    table.definition.schema.check_exact(key)?;
    table
        .definition
        .schema
        .key_of(key)
        .ok_or_else(|| Refusal::invalid("The provided key element does not match the schema"))
}

/// What a call used up, when the caller asked (`ReturnConsumedCapacity`).
pub fn consumed_capacity(asked: Option<&str>, table: &str, units: f64) -> Option<Json> {
    match asked? {
        "TOTAL" => Some(json!({"TableName": table, "CapacityUnits": units})),
        "INDEXES" => Some(json!({
            "TableName": table, "CapacityUnits": units, "Table": {"CapacityUnits": units}
        })),
        _ => None,
    }
}

/// Write units for an item of this many bytes.
#[must_use]
pub fn write_units(bytes: usize) -> f64 {
    bytes.div_ceil(1024).max(1) as f64
}

/// Read units for this many bytes; half when an eventually consistent read will do.
#[must_use]
pub fn read_units(bytes: usize, consistent: bool) -> f64 {
    let units = bytes.div_ceil(4096).max(1) as f64;
    if consistent { units } else { units / 2.0 }
}

/// The reply as JSON bytes.
pub fn reply(value: &impl serde::Serialize) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(value).map_err(|e| Refusal::serialization(e.to_string()))
}

/// The whole request as a JSON object, for calls that are rare.
pub fn object(body: &[u8]) -> Result<Map<String, Json>, Refusal> {
    read(body)
}

/// A member of a JSON object, read as `T`.
pub fn member<T: DeserializeOwned>(from: &Map<String, Json>, name: &str) -> Result<Option<T>, Refusal> {
    match from.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(value) => {
            serde_json::from_value(value.clone()).map(Some).map_err(|e| Refusal::serialization(e.to_string()))
        }
    }
}

impl DynamoDb {
    /// The usable table of an item call.
    pub(super) fn open(&self, region: &str, given: &str) -> Result<&Table, Refusal> {
        self.table(region, table_name(given))
            .filter(|t| t.usable())
            .ok_or_else(|| check_name(table_name(given)).err().unwrap_or_else(Refusal::no_table))
    }
}
