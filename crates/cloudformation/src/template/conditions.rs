//! The conditions of a template: their order (each after those it names, circles refused) and their
//! verdicts.

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::{Fault, Outcome, misuse};
use super::evaluate::Evaluator;
use super::functions;
use super::model::Template;

/// Every condition's verdict, by name.
pub(crate) type Verdicts = BTreeMap<String, bool>;

/// The names of the conditions, each after all that it needs.
///
/// # Errors
/// A name that no condition has; conditions that need each other.
pub(crate) fn order(template: &Template) -> Outcome<Vec<&str>> {
    let mut needs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in &template.conditions {
        let mut named = Vec::new();
        named_conditions(value, &mut named);
        if let Some(unknown) = named.iter().find(|named| !template.conditions.contains_key(**named)) {
            let condition = (*unknown).to_owned();
            return Err(Fault::UndefinedCondition { condition, section: "Conditions" }.into());
        }
        needs.insert(name, named);
    }
    let mut ordered: Vec<&str> = Vec::with_capacity(needs.len());
    let mut open: BTreeMap<&str, usize> = needs.iter().map(|(name, of)| (*name, of.len())).collect();
    let mut dependents: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, of) in &needs {
        of.iter().for_each(|needed| dependents.entry(needed).or_default().push(name));
    }
    let mut ready: Vec<&str> = open.iter().filter(|(_, left)| **left == 0).map(|(name, _)| *name).collect();
    while let Some(name) = ready.pop() {
        ordered.push(name);
        open.remove(name);
        for dependent in dependents.get(name).into_iter().flatten() {
            if let Some(left) = open.get_mut(dependent) {
                *left -= 1;
                if *left == 0 {
                    ready.push(dependent);
                }
            }
        }
    }
    if open.is_empty() {
        return Ok(ordered);
    }
    let circle =
        template.conditions.keys().filter(|name| open.contains_key(name.as_str())).cloned().collect();
    Err(Fault::CircularConditions(circle).into())
}

/// The conditions a condition names, by `Condition` or `Fn::If`.
fn named_conditions<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Array(list) => list.iter().for_each(|item| named_conditions(item, found)),
        Value::Object(map) => {
            for (key, member) in map {
                match (key.as_str(), member) {
                    ("Condition", Value::String(name)) => found.push(name),
                    ("Fn::If", Value::Array(parts)) => {
                        found.extend(parts.first().and_then(Value::as_str));
                        named_conditions(member, found);
                    }
                    _ => named_conditions(member, found),
                }
            }
        }
        _ => {}
    }
}

/// The verdict of every condition.
pub(crate) fn verdicts(template: &Template, evaluator: &Evaluator<'_>) -> Outcome<Verdicts> {
    let mut verdicts = Verdicts::new();
    for name in order(template)? {
        let verdict = match template.conditions.get(name) {
            Some(value) => holds(value, &verdicts, evaluator)?,
            None => false,
        };
        verdicts.insert(name.to_owned(), verdict);
    }
    Ok(verdicts)
}

/// Whether a condition expression holds, given the verdicts of those it names.
pub(crate) fn holds(value: &Value, verdicts: &Verdicts, evaluator: &Evaluator<'_>) -> Outcome<bool> {
    let Value::Object(map) = value else { return truth(value) };
    if let (1, Some(Value::String(name))) = (map.len(), map.get("Condition")) {
        return verdicts.get(name).copied().ok_or_else(|| {
            Fault::UndefinedCondition { condition: name.clone(), section: "Conditions" }.into()
        });
    }
    let Some((name, argument)) = functions::call(value) else { return truth(value) };
    functions::check_form(name, argument)?;
    let items = argument.as_array().map_or(&[][..], Vec::as_slice);
    match name {
        "Fn::Equals" => match items {
            [one, other] => {
                let one = evaluator.value_under(one, verdicts)?;
                Ok(same(one.as_ref(), evaluator.value_under(other, verdicts)?.as_ref()))
            }
            _ => Ok(false),
        },
        "Fn::Not" => {
            items.first().map_or(Ok(false), |item| holds(item, verdicts, evaluator).map(|truth| !truth))
        }
        "Fn::And" => all(items, verdicts, evaluator).map(|truths| truths.iter().all(|truth| *truth)),
        "Fn::Or" => all(items, verdicts, evaluator).map(|truths| truths.iter().any(|truth| *truth)),
        "Fn::Contains" | "Fn::EachMemberIn" | "Fn::EachMemberEquals" => {
            super::rules::compare(name, items, verdicts, evaluator)
        }
        _ => truth(&evaluator.value_under(value, verdicts)?.unwrap_or_default()),
    }
}

fn all(items: &[Value], verdicts: &Verdicts, evaluator: &Evaluator<'_>) -> Outcome<Vec<bool>> {
    items.iter().map(|item| holds(item, verdicts, evaluator)).collect()
}

/// Equal as CloudFormation compares: `1`, `"1"` and a parameter's `"1"` are the same.
pub(crate) fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => match (functions::text(one), functions::text(other)) {
            (Some(one), Some(other)) => one == other,
            _ => one == other,
        },
        (one, other) => one.is_none() && other.is_none(),
    }
}

fn truth(value: &Value) -> Outcome<bool> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(misuse("Every Conditions member must be a function that yields true or false.")),
    }
}
