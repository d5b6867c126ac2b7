//! Reading the declaration of a parameter.

use serde_json::{Map, Value};

use super::error::{Fault, Outcome, format_error};
use super::functions::text;
use super::parameter::{Parameter, ParameterType};
use super::read::alphanumeric;

const MEMBERS: [&str; 11] = [
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
];

/// The parameter that `value` declares under `name`.
pub(super) fn parameter(name: &str, value: Value) -> Outcome<Parameter> {
    if !alphanumeric(name) {
        return Err(format_error(format!("Parameter name {name} is non alphanumeric.")));
    }
    let Value::Object(members) = value else {
        return Err(format_error("Any Parameters member must be an object."));
    };
    if let Some(unknown) = members.keys().find(|member| !MEMBERS.contains(&member.as_str())) {
        return Err(Fault::UnknownParameterMember(unknown.clone()).into());
    }
    let Some(kind) = members.get("Type") else {
        return Err(format_error("Every Parameters object must contain a Type member."));
    };
    let written = kind.as_str().ok_or_else(|| format_error("Every Type member must be a string."))?;
    let kind = ParameterType::parse(written)
        .ok_or_else(|| format_error(format!("Unrecognized parameter type: {written}")))?;
    Ok(Parameter {
        kind,
        default: string(&members, "Default")?,
        description: string(&members, "Description")?,
        allowed_values: allowed_values(&members)?,
        allowed_pattern: string(&members, "AllowedPattern")?,
        constraint_description: string(&members, "ConstraintDescription")?,
        min_length: number(&members, "MinLength")?,
        max_length: number(&members, "MaxLength")?,
        min_value: number(&members, "MinValue")?,
        max_value: number(&members, "MaxValue")?,
        no_echo: string(&members, "NoEcho")?.is_some_and(|text| text.eq_ignore_ascii_case("true")),
    })
}

fn string(members: &Map<String, Value>, member: &str) -> Outcome<Option<String>> {
    let wrong = || format_error(format!("Every {member} member must be a string."));
    members.get(member).map(|value| text(value).ok_or_else(wrong)).transpose()
}

fn number<N: std::str::FromStr>(members: &Map<String, Value>, member: &str) -> Outcome<Option<N>> {
    let wrong = || format_error(format!("Every {member} member must be a number."));
    string(members, member)?.map(|text| text.trim().parse().map_err(|_| wrong())).transpose()
}

fn allowed_values(members: &Map<String, Value>) -> Outcome<Vec<String>> {
    let wrong = || format_error("Every AllowedValues member must be a list of strings.");
    match members.get("AllowedValues") {
        None => Ok(Vec::new()),
        Some(Value::Array(list)) => list.iter().map(|value| text(value).ok_or_else(wrong)).collect(),
        Some(_) => Err(wrong()),
    }
}
