//! Values of a template, evaluated: as text, and held against each other.

use serde_json::Value;

/// An output's value as text: a list is joined by commas, as AWS shows it.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The top-level properties that differ.
pub(super) fn changed_properties(old: &Value, new: &Value) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for change in crate::template::property_changes(old, new) {
        if !names.contains(&change.property) {
            names.push(change.property);
        }
    }
    names
}
