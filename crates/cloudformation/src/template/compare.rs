//! Comparing a resource's properties before and after: what an update or a change set must know.

use serde_json::Value;

use super::conditions::same;

/// One difference between two evaluated property maps.
#[derive(Clone, Debug, PartialEq)]
pub struct PropertyChange {
    /// The property at the top (`Tags`): what decides whether a replacement is needed.
    pub property: String,
    /// The place of the difference, `/Properties/Tags/0/Value`.
    pub path: String,
    /// The value before; `None` when it is new.
    pub before: Option<Value>,
    /// The value after; `None` when it goes.
    pub after: Option<Value>,
}

/// The differences between two evaluated property maps, in order. Numbers, booleans and texts that
/// CloudFormation takes for the same (`80` and `"80"`) are no difference.
#[must_use]
pub fn property_changes(before: &Value, after: &Value) -> Vec<PropertyChange> {
    let mut changes = Vec::new();
    walk(&mut String::from("/Properties"), None, Some(before), Some(after), &mut changes);
    changes
}

fn walk(
    path: &mut String,
    property: Option<&str>,
    before: Option<&Value>,
    after: Option<&Value>,
    changes: &mut Vec<PropertyChange>,
) {
    let length = path.len();
    let mut descend = |name: &str, before: Option<&Value>, after: Option<&Value>| {
        path.push('/');
        path.push_str(name);
        walk(path, property.or(Some(name)), before, after, changes);
        path.truncate(length);
    };
    match (before, after) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            old.iter().for_each(|(name, value)| descend(name, Some(value), new.get(name)));
            let added = new.iter().filter(|(name, _)| !old.contains_key(name.as_str()));
            added.for_each(|(name, value)| descend(name, None, Some(value)));
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) if property.is_some() => {
            for at in 0..old.len().max(new.len()) {
                descend(&at.to_string(), old.get(at), new.get(at));
            }
        }
        (before, after) if same(before, after) => {}
        (before, after) => changes.push(PropertyChange {
            property: property.unwrap_or_default().to_owned(),
            path: path.clone(),
            before: before.cloned(),
            after: after.cloned(),
        }),
    }
}
