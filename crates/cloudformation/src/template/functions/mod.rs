//! The intrinsic functions: which exist, the form their arguments must have, and what the pure ones
//! yield. Those that ask the template or the world are in `evaluate`.

mod cidr;

use serde_json::Value;

use super::error::{Fault, Outcome, misuse};

pub(crate) use cidr::cidr;

/// Every function a template may use outside of rules, as AWS lists them.
pub(crate) const SUPPORTED: &str = "Fn::Base64, Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, \
    Fn::FindInMap, Fn::Select, Ref, Fn::Equals, Fn::If, Fn::Not, Condition, Fn::And, Fn::Or, Fn::Contains, \
    Fn::EachMemberEquals, Fn::EachMemberIn, Fn::ValueOf, Fn::ValueOfAll, Fn::RefAll, Fn::Sub, Fn::Cidr, Fn::GetStackOutput";

/// The function and argument, if `value` is a call: a map of one member named `Ref` or `Fn::...`.
pub(crate) fn call(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    let (name, argument) = map.iter().next()?;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name.as_str(), argument))
}

/// Refuses an argument of the wrong form, in AWS's words, and functions that do not exist.
pub(crate) fn check_form(name: &str, argument: &Value) -> Outcome<()> {
    let items = argument.as_array().map(Vec::as_slice);
    let is_call_or = |value: &Value, plain: fn(&Value) -> bool| plain(value) || value.is_object();
    match name {
        "Ref" => require(argument.is_string(), "every Ref object must have a single String value."),
        "Fn::GetAtt" => get_att(argument).map(|_| ()),
        "Fn::Sub" => super::sub::argument(argument).map(|_| ()),
        "Fn::If" => if_parts(argument).map(|_| ()),
        "Fn::Join" => require(
            matches!(items, Some([Value::String(_), list]) if is_call_or(list, Value::is_array)),
            "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be \
             joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
        ),
        "Fn::Split" => require(
            matches!(items, Some([Value::String(_), text]) if is_call_or(text, Value::is_string)),
            "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or \
             a function that returns a string to be split.",
        ),
        "Fn::Select" => require(
            matches!(items, Some([_, list]) if is_call_or(list, Value::is_array)),
            "Fn::Select requires a list argument with two elements: an integer index and a list",
        ),
        "Fn::FindInMap" => require(
            matches!(items, Some([_, _, _] | [_, _, _, Value::Object(_)])),
            "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return \
             value",
        ),
        "Fn::Base64" => {
            require(scalar_or_call(argument), "every Fn::Base64 object must have a String-typed value.")
        }
        "Fn::GetAZs" => {
            require(scalar_or_call(argument), "every Fn::GetAZs object must have a String-typed value.")
        }
        "Fn::ImportValue" => {
            require(scalar_or_call(argument), "every Fn::ImportValue object must have a String-typed value.")
        }
        "Fn::GetStackOutput" => require(
            argument.get("StackName").is_some() && argument.get("OutputName").is_some(),
            "every Fn::GetStackOutput object requires the parameters StackName and OutputName.",
        ),
        "Fn::Cidr" => require(
            matches!(items, Some([_, _] | [_, _, _])) || call(argument).is_some(),
            "every Fn::Cidr object requires two parameters, (1) an IP block and (2) a count, and an optional third, the \
             number of CIDR bits",
        ),
        _ => check_logic(name, items),
    }
}

fn check_logic(name: &str, items: Option<&[Value]>) -> Outcome<()> {
    let count = items.map_or(0, <[Value]>::len);
    match name {
        "Fn::Equals" => {
            require(count == 2, "every Fn::Equals object requires a list of 2 string parameters.")
        }
        "Fn::Not" => require(count == 1, "every Fn::Not object requires one boolean parameter."),
        "Fn::And" | "Fn::Or" => {
            let text = "object requires a list of at least 2 and at most 10 boolean parameters.";
            require((2..=10).contains(&count), &format!("every {name} {text}"))
        }
        "Fn::Transform"
        | "Fn::Contains"
        | "Fn::EachMemberEquals"
        | "Fn::EachMemberIn"
        | "Fn::ValueOf"
        | "Fn::ValueOfAll"
        | "Fn::RefAll" => Ok(()),
        _ => Err(Fault::UnknownFunction(name.to_owned()).into()),
    }
}

fn require(holds: bool, text: &str) -> Outcome<()> {
    if holds { Ok(()) } else { Err(misuse(text)) }
}

fn scalar_or_call(value: &Value) -> bool {
    !value.is_array() && (!value.is_object() || call(value).is_some())
}

/// The resource and the attribute of `Fn::GetAtt`.
pub(crate) fn get_att(argument: &Value) -> Outcome<(&str, &Value)> {
    match argument.as_array().map(Vec::as_slice) {
        Some([Value::String(resource), attribute])
            if !resource.is_empty()
                && (attribute.is_object() || attribute.as_str().is_some_and(|a| !a.is_empty())) =>
        {
            Ok((resource, attribute))
        }
        _ => Err(misuse(
            "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
        )),
    }
}

/// The condition and the two branches of `Fn::If`.
pub(crate) fn if_parts(argument: &Value) -> Outcome<(&str, &Value, &Value)> {
    match argument.as_array().map(Vec::as_slice) {
        Some([Value::String(condition), yes, no]) => Ok((condition, yes, no)),
        Some([Value::Object(named), yes, no]) if named.len() == 1 => {
            match named.get("Condition").and_then(Value::as_str) {
                Some(condition) => Ok((condition, yes, no)),
                None => Err(misuse_of_if()),
            }
        }
        _ => Err(misuse_of_if()),
    }
}

fn misuse_of_if() -> super::error::TemplateError {
    misuse("Fn::If requires a list argument with the first parameter being a condition")
}

/// A scalar as CloudFormation writes it in a text; `None` for lists and maps.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
