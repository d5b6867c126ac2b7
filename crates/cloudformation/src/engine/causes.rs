//! Where a changed property comes from: the template itself, a parameter, or another resource.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::template::Bindings;

/// Why a property would change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cause {
    /// The template says something else.
    Template,
    /// A parameter has another value.
    Parameter(String),
    /// It refers to a resource that is made anew.
    Reference(String),
    /// It reads an attribute (`Logical.Attribute`) of a resource that is made anew.
    Attribute(String),
}

impl Cause {
    /// Whether the new value is known before the update.
    #[must_use]
    pub fn certain(&self) -> bool {
        matches!(self, Cause::Template | Cause::Parameter(_))
    }
}

/// The causes of a property's change, of its text before and after, the parameters before and after,
/// and the resources that will be made anew.
pub(super) fn causes(
    (before, after): (Option<&Value>, Option<&Value>),
    (old, new): (Option<&Bindings>, &Bindings),
    unknown: &BTreeSet<String>,
) -> BTreeSet<Cause> {
    let mut causes = BTreeSet::new();
    let mut names = BTreeSet::new();
    after.into_iter().for_each(|value| mentions(value, &mut names));
    for (name, attribute) in names {
        if unknown.contains(&name) {
            causes.insert(match attribute {
                Some(attribute) => Cause::Attribute(format!("{name}.{attribute}")),
                None => Cause::Reference(name),
            });
        } else if old.is_some_and(|old| old.get(&name) != new.get(&name)) {
            causes.insert(Cause::Parameter(name));
        }
    }
    if before != after || causes.is_empty() {
        causes.insert(Cause::Template);
    }
    causes
}

/// Every name a value refers to, with the attribute where it reads one.
fn mentions(value: &Value, into: &mut BTreeSet<(String, Option<String>)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| mentions(item, into)),
        Value::Object(map) => {
            for (key, inner) in map {
                match (key.as_str(), inner) {
                    ("Ref", Value::String(name)) => {
                        into.insert((name.clone(), None));
                    }
                    ("Fn::GetAtt", Value::Array(parts)) => {
                        if let [Value::String(name), Value::String(attribute)] = parts.as_slice() {
                            into.insert((name.clone(), Some(attribute.clone())));
                        }
                    }
                    ("Fn::Sub", Value::String(text)) => collect_substitutions(text, into),
                    ("Fn::Sub", Value::Array(parts)) => {
                        parts
                            .first()
                            .and_then(Value::as_str)
                            .into_iter()
                            .for_each(|t| collect_substitutions(t, into));
                        parts.iter().skip(1).for_each(|part| mentions(part, into));
                    }
                    _ => mentions(inner, into),
                }
            }
        }
        _ => {}
    }
}

fn collect_substitutions(text: &str, into: &mut BTreeSet<(String, Option<String>)>) {
    for piece in text.split("${").skip(1) {
        let Some((name, _)) = piece.split_once('}') else { continue };
        let (name, attribute) = name.split_once('.').map_or((name, None), |(n, a)| (n, Some(a.to_owned())));
        if !name.starts_with('!') {
            into.insert((name.to_owned(), attribute));
        }
    }
}
