//! DynamoDB's expression language: conditions, updates, projections and key conditions, parsed into
//! trees with names and values filled in, then applied to items.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::value::{Item, Value};

pub mod condition;
mod eval;
pub mod key_condition;
mod lexer;
mod parser;
pub mod path;
pub mod projection;
pub mod update;

/// Which expression a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `ConditionExpression`.
    Condition,
    /// `FilterExpression`.
    Filter,
    /// `KeyConditionExpression`.
    KeyCondition,
    /// `ProjectionExpression`.
    Projection,
    /// `UpdateExpression`.
    Update,
}

impl Kind {
    /// The parameter's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Condition => "ConditionExpression",
            Kind::Filter => "FilterExpression",
            Kind::KeyCondition => "KeyConditionExpression",
            Kind::Projection => "ProjectionExpression",
            Kind::Update => "UpdateExpression",
        }
    }

    pub(super) fn invalid(self, what: impl std::fmt::Display) -> String {
        format!("Invalid {}: {what}", self.name())
    }
}

/// `ExpressionAttributeNames` and `…Values` of a request, and which of them expressions have used.
#[derive(Debug, Default)]
pub struct Substitutes<'a> {
    names: Option<&'a BTreeMap<String, String>>,
    values: Option<&'a Item>,
    used: RefCell<BTreeSet<String>>,
}

impl<'a> Substitutes<'a> {
    /// The substitutes a request brings.
    ///
    /// # Errors
    /// An empty map, or a name or value whose placeholder is not written as one.
    pub fn new(
        names: Option<&'a BTreeMap<String, String>>,
        values: Option<&'a Item>,
    ) -> Result<Self, String> {
        if names.is_some_and(BTreeMap::is_empty) {
            return Err("ExpressionAttributeNames must not be empty".into());
        }
        if values.is_some_and(BTreeMap::is_empty) {
            return Err("ExpressionAttributeValues must not be empty".into());
        }
        let odd = |sign: char, key: &str| !key.starts_with(sign) || key.len() < 2;
        if let Some(key) = names.into_iter().flatten().map(|(k, _)| k).find(|k| odd('#', k)) {
            return Err(format!(
                "ExpressionAttributeNames contains invalid key: Syntax error; key: \"{key}\""
            ));
        }
        if let Some(key) = values.into_iter().flatten().map(|(k, _)| k).find(|k| odd(':', k)) {
            return Err(format!(
                "ExpressionAttributeValues contains invalid key: Syntax error; key: \"{key}\""
            ));
        }
        Ok(Substitutes { names, values, used: RefCell::default() })
    }

    fn name(&self, kind: Kind, placeholder: &str) -> Result<String, String> {
        self.used.borrow_mut().insert(placeholder.to_owned());
        self.names.and_then(|n| n.get(placeholder)).cloned().ok_or_else(|| {
            kind.invalid(format_args!(
                "An expression attribute name used in the document path is not defined; attribute name: {placeholder}"
            ))
        })
    }

    fn value(&self, kind: Kind, placeholder: &str) -> Result<Value, String> {
        self.used.borrow_mut().insert(placeholder.to_owned());
        self.values.and_then(|v| v.get(placeholder)).cloned().ok_or_else(|| {
            kind.invalid(format_args!(
                "An expression attribute value used in expression is not defined; attribute value: {placeholder}"
            ))
        })
    }

    /// Complains about substitutes that no expression used; called when all are parsed.
    ///
    /// # Errors
    /// Names the unused ones.
    pub fn all_used(&self) -> Result<(), String> {
        let used = self.used.borrow();
        let unused = |keys: Vec<&String>| {
            let left: Vec<_> = keys.into_iter().filter(|k| !used.contains(*k)).map(String::as_str).collect();
            (!left.is_empty()).then(|| format!("unused in expressions: keys: {{{}}}", left.join(", ")))
        };
        if let Some(left) = unused(self.names.into_iter().flatten().map(|(k, _)| k).collect()) {
            return Err(format!("Value provided in ExpressionAttributeNames {left}"));
        }
        if let Some(left) = unused(self.values.into_iter().flatten().map(|(k, _)| k).collect()) {
            return Err(format!("Value provided in ExpressionAttributeValues {left}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
