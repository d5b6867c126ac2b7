//! Key conditions of a query: one partition, and a range of its sort key.

use std::sync::Arc;

use super::condition::{self, Comparator, Condition, Operand};
use super::path::{Path, Step};
use super::{Kind, Substitutes, Value};
use crate::dynamodb::key::Schema;

/// What a query asks of the key.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyCondition {
    /// The partition key's value.
    pub partition: Value,
    /// The bound on the sort key.
    pub range: Option<Condition>,
}

/// Parses a key condition against the key of the table or index.
///
/// # Errors
/// DynamoDB's message.
pub fn parse(text: &str, substitutes: &Substitutes<'_>, schema: &Schema) -> Result<KeyCondition, String> {
    let mut parts = Vec::new();
    flatten(condition::parse(Kind::KeyCondition, text, substitutes)?, &mut parts)?;
    let (mut partition, mut range) = (None, None);
    for part in parts {
        let name = subject(&part).ok_or_else(not_supported)?.to_owned();
        if name == schema.hash.0 && partition.is_none() {
            let Condition::Compare(Comparator::Equal, a, b) = part else { return Err(not_supported()) };
            partition = Some(literal(a).or_else(|| literal(b)).ok_or_else(not_supported)?);
        } else if schema.range.as_ref().is_some_and(|(n, _)| *n == name) && range.is_none() {
            range = Some(part);
        } else if name == schema.hash.0 || schema.range.as_ref().is_some_and(|(n, _)| *n == name) {
            return Err(
                Kind::KeyCondition.invalid("KeyConditionExpressions must only contain one condition per key")
            );
        } else {
            let missing = if partition.is_none() { &schema.hash.0 } else { &name };
            return Err(format!("Query condition missed key schema element: {missing}"));
        }
    }
    let partition =
        partition.ok_or_else(|| format!("Query condition missed key schema element: {}", schema.hash.0))?;
    if partition.kind() != schema.hash.1 {
        return Err(
            "One or more parameter values were invalid: Condition parameter type does not match schema type"
                .into(),
        );
    }
    schema.check_value(&schema.hash.0, &partition)?;
    Ok(KeyCondition { partition, range })
}

fn not_supported() -> String {
    "Query key condition not supported".into()
}

fn flatten(condition: Condition, out: &mut Vec<Condition>) -> Result<(), String> {
    match condition {
        Condition::And(all) => all.into_iter().try_for_each(|one| flatten(one, out)),
        Condition::Or(..) | Condition::Not(_) => Err(Kind::KeyCondition.invalid(format_args!(
            "Invalid operator used in KeyConditionExpression: {}",
            if matches!(condition, Condition::Or(..)) { "OR" } else { "NOT" }
        ))),
        other => {
            out.push(other);
            Ok(())
        }
    }
}

/// The key attribute a part speaks about.
fn subject(part: &Condition) -> Option<&str> {
    let top = |o: &Operand| matches!(o, Operand::Path(Path(steps)) if steps.len() == 1);
    let operand = match part {
        Condition::Compare(c, a, b) if *c != Comparator::Unequal => {
            if top(a) {
                a
            } else {
                b
            }
        }
        Condition::Between(a, ..) | Condition::BeginsWith(a, _) => a,
        _ => return None,
    };
    match operand {
        Operand::Path(Path(steps)) => match steps.as_slice() {
            [Step::Name(name)] => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn literal(operand: Operand) -> Option<Value> {
    match operand {
        Operand::Value(v) => Some(Arc::unwrap_or_clone(v)),
        _ => None,
    }
}
