//! DynamoDB's expression language: conditions, updates, projections and key conditions, parsed into
//! trees with names and values filled in, then applied to items.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::value::{self, Item, Value, item_size};

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
    used: RefCell<Used>,
}

/// What expressions have used. A name or value is taken over once, however often an expression names
/// it: 4 KB of `:v` must not become a thousand copies of it.
#[derive(Debug, Default)]
struct Used {
    names: BTreeMap<String, Arc<str>>,
    values: BTreeMap<String, Arc<Value>>,
}

/// The longest key of `ExpressionAttributeNames`, in bytes with its sign.
const PLACEHOLDER_LIMIT: usize = 255;
/// What all names, and all values, of a request may hold together, in bytes.
const SUBSTITUTES_LIMIT: usize = 2 * 1024 * 1024;

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
        if let Some(key) = names.into_iter().flatten().map(|(k, _)| k).find(|k| k.len() > PLACEHOLDER_LIMIT) {
            return Err(format!(
                "ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is too long; size of key: {}",
                key.len()
            ));
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
        let long = names.into_iter().flatten().find(|(_, name)| name.len() > value::NAME_LIMIT);
        if long.is_some() {
            return Err(value::name_too_large());
        }
        if names.into_iter().flatten().map(|(k, v)| k.len() + v.len()).sum::<usize>() > SUBSTITUTES_LIMIT {
            return Err("ExpressionAttributeNames exceeds max size".into());
        }
        if let Some(values) = values {
            value::check_shape(values)?;
            if item_size(values) > SUBSTITUTES_LIMIT {
                return Err("ExpressionAttributeValues exceeds max size".into());
            }
        }
        Ok(Substitutes { names, values, used: RefCell::default() })
    }

    fn name(&self, kind: Kind, placeholder: &str) -> Result<Arc<str>, String> {
        let mut used = self.used.borrow_mut();
        if let Some(name) = used.names.get(placeholder) {
            return Ok(name.clone());
        }
        let name: Arc<str> = self.names.and_then(|n| n.get(placeholder)).map(|n| n.as_str().into()).ok_or_else(|| {
            kind.invalid(format_args!(
                "An expression attribute name used in the document path is not defined; attribute name: {placeholder}"
            ))
        })?;
        used.names.insert(placeholder.to_owned(), name.clone());
        Ok(name)
    }

    fn value(&self, kind: Kind, placeholder: &str) -> Result<Arc<Value>, String> {
        let mut used = self.used.borrow_mut();
        if let Some(value) = used.values.get(placeholder) {
            return Ok(value.clone());
        }
        let value = self.values.and_then(|v| v.get(placeholder)).cloned().map(Arc::new).ok_or_else(|| {
            kind.invalid(format_args!(
                "An expression attribute value used in expression is not defined; attribute value: {placeholder}"
            ))
        })?;
        used.values.insert(placeholder.to_owned(), value.clone());
        Ok(value)
    }

    /// Complains about substitutes that no expression used; called when all are parsed.
    ///
    /// # Errors
    /// Names the unused ones.
    pub fn all_used(&self) -> Result<(), String> {
        let used = self.used.borrow();
        let unused = |keys: Vec<&String>| {
            let known = |k: &String| used.names.contains_key(k) || used.values.contains_key(k);
            let left: Vec<_> = keys.into_iter().filter(|k| !known(k)).map(String::as_str).collect();
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
