//! Dynamic references: `{{resolve:ssm:...}}`, `{{resolve:ssm-secure:...}}` and
//! `{{resolve:secretsmanager:...}}` inside texts.

use serde_json::Value;

use super::error::{Fault, Outcome};
use super::known::Known;

const OPENING: &str = "{{resolve:";
const SERVICES: [&str; 3] = ["ssm:", "ssm-secure:", "secretsmanager:"];

/// Replaces the dynamic references in every text of `value`.
///
/// # Errors
/// A reference to a parameter or secret that is not there.
pub(super) fn resolve(value: &mut Value, known: &dyn Known) -> Outcome<()> {
    match value {
        Value::String(text) if text.contains(OPENING) => {
            *text = resolved(text, known)?;
            Ok(())
        }
        Value::Array(list) => list.iter_mut().try_for_each(|item| resolve(item, known)),
        Value::Object(map) => map.values_mut().try_for_each(|member| resolve(member, known)),
        _ => Ok(()),
    }
}

fn resolved(text: &str, known: &dyn Known) -> Outcome<String> {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPENING) {
        made.push_str(before);
        match after.split_once("}}") {
            Some((reference, behind)) if SERVICES.iter().any(|service| reference.starts_with(service)) => {
                made.push_str(&known.dynamic(reference).ok_or_else(|| missing(reference))?);
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
