//! The little language of `Fn::Sub`: text with `${Name}`, `${Resource.Attribute}` and `${!literal}`.

use serde_json::{Map, Value};

use super::error::{Outcome, misuse};

/// A piece of a substitution template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    /// Text that stays.
    Text(&'t str),
    /// What stands between `${!` and `}`; it stays, without the exclamation mark.
    Literal(&'t str),
    /// A name to be replaced.
    Name(&'t str),
}

/// The argument of `Fn::Sub`: the template and its own names.
pub(crate) fn argument(value: &Value) -> Outcome<(&str, Option<&Map<String, Value>>)> {
    match value {
        Value::String(text) => Some((text.as_str(), None)),
        Value::Array(list) => match list.as_slice() {
            [Value::String(text)] => Some((text.as_str(), None)),
            [Value::String(text), Value::Object(names)] => Some((text.as_str(), Some(names))),
            _ => None,
        },
        _ => None,
    }
    .ok_or_else(|| {
        misuse(
            "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first \
             argument, and an optional second argument to specify a mapping of values to replace in the string",
        )
    })
}

/// The pieces of a template, in order.
pub(crate) fn pieces(template: &str) -> Outcome<Vec<Piece<'_>>> {
    let mut found = Vec::new();
    let mut rest = template;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        let inner = &rest[start + 2..start + length];
        if start > 0 {
            found.push(Piece::Text(&rest[..start]));
        }
        found.push(match inner.strip_prefix('!') {
            Some(literal) => Piece::Literal(literal),
            None => Piece::Name(name(inner.trim())?),
        });
        rest = &rest[start + length + 1..];
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    Ok(found)
}

fn name(inner: &str) -> Outcome<&str> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':');
    if !inner.is_empty() && inner.chars().all(allowed) {
        return Ok(inner);
    }
    Err(misuse(
        "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_literals_and_text_are_told_apart() {
        let found = pieces("a ${B} ${!C} ${D.E}$ {F} ${").unwrap();
        use Piece::{Literal, Name, Text};
        let expected =
            [Text("a "), Name("B"), Text(" "), Literal("C"), Text(" "), Name("D.E"), Text("$ {F} ${")];
        assert_eq!(found, expected);
    }

    #[test]
    fn shell_expansions_are_refused_as_aws_does() {
        assert!(pieces("${HOME:-/root}").unwrap_err().to_string().contains("alphanumeric characters"));
    }
}
