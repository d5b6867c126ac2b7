//! The text of a template made plain data: YAML or JSON in, `serde_json::Value` out, with short tags
//! in their long form, nothing null, and the places of the members of each section.

mod json;
mod margin;
mod scalar;
mod yaml;

use std::collections::HashMap;

use serde_json::Value;

use super::error::{Fault, Outcome, Span};

/// More levels than this are refused, so that no walk over a template can exhaust the stack, and that
/// what is made of it can be read from a saved world, which is read to 128 levels.
pub(crate) const DEPTH_LIMIT: usize = 100;

/// Whether `value` has at most `levels` levels of lists and maps.
pub(crate) fn shallow(value: &Value, levels: usize) -> bool {
    match (value, levels) {
        (Value::Array(_) | Value::Object(_), 0) => false,
        (Value::Array(list), _) => list.iter().all(|item| shallow(item, levels - 1)),
        (Value::Object(map), _) => map.values().all(|member| shallow(member, levels - 1)),
        _ => true,
    }
}

/// A template as plain data.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// The whole template.
    pub value: Value,
    /// Where the members of the sections stand.
    pub places: Places,
}

/// Where members of the top sections stand in the text.
#[derive(Debug, Default)]
pub(crate) struct Places(HashMap<String, HashMap<String, Span>>);

impl Places {
    fn note(&mut self, section: &str, member: &str, span: Span) {
        self.0.entry(section.to_owned()).or_default().insert(member.to_owned(), span);
    }

    /// The place of `member` in `section`; `None` in JSON.
    pub(crate) fn of(&self, section: &str, member: &str) -> Option<Span> {
        self.0.get(section)?.get(member).copied()
    }
}

/// Reads the text; what starts with a brace is taken for JSON, as CloudFormation does.
pub(crate) fn read(text: &str) -> Outcome<Source> {
    let text = text.trim_start_matches('\u{feff}');
    let source = if text.trim_start().starts_with('{') { json::read(text)? } else { yaml::read(text)? };
    if !shallow(&source.value, DEPTH_LIMIT) {
        return Err(Fault::TooDeep(DEPTH_LIMIT).into());
    }
    match find_null(&source.value) {
        Some(path) if !path.is_empty() => Err(Fault::Null(path).into()),
        _ => Ok(source),
    }
}

/// The path of the first null, made on the way back so that a template without one costs nothing.
fn find_null(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Object(map) => {
            map.iter().find_map(|(key, member)| Some(format!("/{key}{}", find_null(member)?)))
        }
        Value::Array(list) => {
            list.iter().enumerate().find_map(|(at, item)| Some(format!("/{at}{}", find_null(item)?)))
        }
        _ => None,
    }
}

/// `{"Fn::Name": argument}` for the short tag `!Name`.
fn long_form(tag: &str, value: Value) -> Value {
    let name = match tag {
        "Ref" | "Condition" => tag.to_owned(),
        _ => format!("Fn::{tag}"),
    };
    let value = argument(&name, value);
    Value::Object(std::iter::once((name, value)).collect())
}

/// An argument in its one form: the `A.B.C` of `Fn::GetAtt` as `["A", "B.C"]`, an empty `Fn::GetAZs`
/// as the empty text. Everything else stays as it is.
fn argument(name: &str, value: Value) -> Value {
    match name {
        "Fn::GetAZs" if value.is_null() => Value::from(""),
        "Fn::GetAtt" => match value.as_str().and_then(|text| text.split_once('.')) {
            Some((resource, attribute)) => Value::from(vec![resource, attribute]),
            None => value,
        },
        _ => value,
    }
}
