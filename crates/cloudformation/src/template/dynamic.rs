//! Dynamic references: `{{resolve:ssm:...}}`, `{{resolve:ssm-secure:...}}` and
//! `{{resolve:secretsmanager:...}}` inside texts.

use serde_json::Value;

use super::budget::{Budget, DYNAMIC_REFERENCES};
use super::error::{Fault, Outcome, misuse};
use super::resolver::Resolver;

const OPENING: &str = "{{resolve:";
const SERVICES: [&str; 3] = ["ssm:", "ssm-secure:", "secretsmanager:"];

/// Replaces the dynamic references in every text of `value`; says whether there were any.
///
/// # Errors
/// A reference to a parameter or secret that is not there, or more of them than a template may have.
pub(super) fn resolve(value: &mut Value, resolver: &dyn Resolver, budget: &Budget) -> Outcome<bool> {
    let mut count = 0;
    walk(value, resolver, budget, &mut count)?;
    Ok(count > 0)
}

fn walk(value: &mut Value, resolver: &dyn Resolver, budget: &Budget, count: &mut usize) -> Outcome<()> {
    match value {
        Value::String(text) if text.contains(OPENING) => {
            *text = resolve_text(text, resolver, budget, count)?;
            Ok(())
        }
        Value::Array(list) => list.iter_mut().try_for_each(|item| walk(item, resolver, budget, count)),
        Value::Object(map) => map.values_mut().try_for_each(|member| walk(member, resolver, budget, count)),
        _ => Ok(()),
    }
}

fn resolve_text(text: &str, resolver: &dyn Resolver, budget: &Budget, count: &mut usize) -> Outcome<String> {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPENING) {
        made.push_str(before);
        match after.split_once("}}") {
            Some((reference, behind)) if SERVICES.iter().any(|service| reference.starts_with(service)) => {
                *count += 1;
                if *count > DYNAMIC_REFERENCES {
                    return Err(misuse(format!(
                        "a template may have at most {DYNAMIC_REFERENCES} dynamic references"
                    )));
                }
                let found = resolver.dynamic(reference).ok_or_else(|| missing(reference))?;
                budget.bytes(found.len())?;
                made.push_str(&found);
                rest = behind;
            }
            _ => {
                made.push_str(OPENING);
                rest = after;
            }
        }
    }
    made.push_str(rest);
    Ok(made)
}

fn missing(reference: &str) -> Fault {
    Fault::Dynamic(if reference.starts_with("secretsmanager:") {
        "Secrets Manager can't find the specified secret.".to_owned()
    } else {
        format!("Parameters: [{reference}] cannot be found.")
    })
}
