//! Rules over parameters: their assertions, with the functions only rules have.

use serde_json::Value;

use super::conditions::{Verdicts, holds, same};
use super::error::{Fault, Outcome};
use super::evaluate::Evaluator;
use super::model::Template;

/// Checks every rule whose condition holds.
///
/// # Errors
/// The first assertion that does not hold.
pub(crate) fn check(template: &Template, verdicts: &Verdicts, evaluator: &Evaluator<'_>) -> Outcome<()> {
    for (name, rule) in &template.rules {
        let applies = rule.condition.as_ref().map_or(Ok(true), |when| holds(when, verdicts, evaluator))?;
        for (assertion, text) in rule.assertions.iter().filter(|_| applies) {
            if asks_the_account(assertion) || holds(assertion, verdicts, evaluator)? {
                continue;
            }
            let text = text.clone().unwrap_or_else(|| format!("assertion {assertion} does not hold"));
            return Err(Fault::Rule { rule: name.clone(), text }.into());
        }
    }
    Ok(())
}

/// Whether an assertion looks things of the account up (a VPC's tags), which a template alone can't.
fn asks_the_account(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().any(asks_the_account),
        Value::Object(map) => map.iter().any(|(key, member)| {
            matches!(key.as_str(), "Fn::ValueOf" | "Fn::ValueOfAll" | "Fn::RefAll")
                || asks_the_account(member)
        }),
        _ => false,
    }
}

/// `Fn::Contains`, `Fn::EachMemberIn` and `Fn::EachMemberEquals`.
pub(crate) fn compare(
    name: &str,
    items: &[Value],
    verdicts: &Verdicts,
    evaluator: &Evaluator<'_>,
) -> Outcome<bool> {
    let value = |at: usize| match items.get(at) {
        Some(item) => evaluator.value_under(item, verdicts),
        None => Ok(None),
    };
    let (one, other) = (value(0)?, value(1)?);
    let members = |value: &Option<Value>| match value {
        Some(Value::Array(list)) => list.clone(),
        Some(single) => vec![single.clone()],
        None => Vec::new(),
    };
    let has = |list: &[Value], item: &Value| list.iter().any(|member| same(Some(member), Some(item)));
    let (ones, others) = (members(&one), members(&other));
    Ok(match name {
        "Fn::Contains" => others.first().is_some_and(|item| has(&ones, item)),
        "Fn::EachMemberIn" => ones.iter().all(|item| has(&others, item)),
        _ => ones.iter().all(|item| same(Some(item), other.as_ref())),
    })
}
