//! What a plain YAML scalar means to CloudFormation: booleans, canonical numbers, null; all else is
//! text, so that `0644`, `012345678901`, `1.10`, `22:22` and `2012-10-17` keep every character.

use serde_json::{Number, Value};

/// The value of a plain scalar.
pub(super) fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::from(text), Value::Number),
    }
}

/// The number, if writing it back gives the same characters.
fn number(text: &str) -> Option<Number> {
    if !text.starts_with(|first: char| first.is_ascii_digit() || first == '-') {
        return None;
    }
    let number = match text.parse::<i64>() {
        Ok(whole) => Number::from(whole),
        Err(_) => Number::from_f64(text.parse::<f64>().ok()?)?,
    };
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_only_looks_like_a_number_keeps_its_characters() {
        for text in
            ["0644", "012345678901", "2012-10-17", "1.10", "22:22", "1_000", "0x1f", "1e3", "-0", "+5"]
        {
            assert_eq!(resolve(text), Value::from(text), "{text}");
        }
    }

    #[test]
    fn canonical_numbers_and_booleans_are_such() {
        assert_eq!(resolve("123456789012"), Value::from(123_456_789_012_u64));
        assert_eq!(resolve("-7"), Value::from(-7));
        assert_eq!(resolve("8.0").to_string(), "8.0");
        assert_eq!(resolve("Yes"), Value::Bool(true));
        assert_eq!(resolve("~"), Value::Null);
        assert_eq!(resolve("y"), Value::from("y"));
    }
}
