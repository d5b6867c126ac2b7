//! What a value mentions: resources, parameters, conditions, mappings. One walk serves the checks of
//! a template and the dependency graph.

use serde_json::Value;

use super::error::{Fault, Outcome, misuse};
use super::functions;
use super::sub::{self, Piece};

/// Something a value names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mention<'v> {
    /// By `Ref`, or a name without a dot in `Fn::Sub`.
    Name(&'v str),
    /// A resource, by `Fn::GetAtt`.
    Attribute(&'v str),
    /// A resource, by a name with a dot in `Fn::Sub`.
    SubAttribute(&'v str),
    /// A condition, in `Fn::If`.
    Condition(&'v str),
    /// A mapping, in `Fn::FindInMap`.
    Mapping(&'v str),
    /// A macro, in `Fn::Transform`.
    Transform(&'v str),
}

/// Which branches of an `Fn::If` are walked.
pub(crate) type Branch<'d> = &'d dyn Fn(&str) -> Option<bool>;

/// Tells `found` of every mention in `value`. `decide` says how a condition stands; where it does
/// not know, both branches are walked.
///
/// # Errors
/// An intrinsic whose argument has not the form it must have, or that does not exist.
pub(crate) fn mentions<'v>(
    value: &'v Value,
    decide: Branch<'_>,
    found: &mut dyn FnMut(Mention<'v>),
) -> Outcome<()> {
    match value {
        Value::Array(list) => list.iter().try_for_each(|item| mentions(item, decide, found)),
        Value::Object(map) => match functions::call(value) {
            Some((name, argument)) => in_call(name, argument, decide, found),
            None => map.values().try_for_each(|member| mentions(member, decide, found)),
        },
        _ => Ok(()),
    }
}

fn in_call<'v>(
    name: &'v str,
    argument: &'v Value,
    decide: Branch<'_>,
    found: &mut dyn FnMut(Mention<'v>),
) -> Outcome<()> {
    functions::check_form(name, argument)?;
    match name {
        "Ref" => {
            found(Mention::Name(argument.as_str().unwrap_or_default()));
            Ok(())
        }
        "Fn::GetAtt" => {
            let (resource, attribute) = functions::get_att(argument)?;
            found(Mention::Attribute(resource));
            mentions(attribute, decide, found)
        }
        "Fn::Sub" => in_sub(argument, decide, found),
        "Fn::If" => in_if(argument, decide, found),
        "Fn::FindInMap" => {
            if let Some(map) = argument.get(0).and_then(Value::as_str) {
                found(Mention::Mapping(map));
            }
            mentions(argument, decide, found)
        }
        "Fn::Transform" => {
            found(Mention::Transform(
                argument.get("Name").and_then(Value::as_str).unwrap_or("Fn::Transform"),
            ));
            Ok(())
        }
        _ => mentions(argument, decide, found),
    }
}

fn in_sub<'v>(argument: &'v Value, decide: Branch<'_>, found: &mut dyn FnMut(Mention<'v>)) -> Outcome<()> {
    let (template, own) = sub::argument(argument)?;
    for piece in sub::pieces(template)? {
        let Piece::Name(name) = piece else { continue };
        if own.is_some_and(|own| own.contains_key(name)) {
            continue;
        }
        match name.split_once('.') {
            Some((resource, _)) => found(Mention::SubAttribute(resource)),
            None => found(Mention::Name(name)),
        }
    }
    own.into_iter().flat_map(|own| own.values()).try_for_each(|value| mentions(value, decide, found))
}

fn in_if<'v>(argument: &'v Value, decide: Branch<'_>, found: &mut dyn FnMut(Mention<'v>)) -> Outcome<()> {
    let (condition, yes, no) = functions::if_parts(argument)?;
    found(Mention::Condition(condition));
    let verdict = decide(condition);
    if verdict != Some(false) {
        mentions(yes, decide, found)?;
    }
    if verdict != Some(true) {
        mentions(no, decide, found)?;
    }
    Ok(())
}

/// The error of a transform that was met.
pub(crate) fn refuse_transform(name: &str) -> super::error::TemplateError {
    if name.is_empty() {
        misuse("Key Name of transform definition must be a string.")
    } else {
        Fault::Transform(name.to_owned()).into()
    }
}
