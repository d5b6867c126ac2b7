//! Attribute values in DynamoDB's JSON form (`{"S": "…"}`), their sizes and type names.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::number::Number;

/// An item: attributes by name.
pub type Item = BTreeMap<String, Value>;

/// The largest item, in bytes of names and values (developer guide, "Constraints", items).
pub const ITEM_LIMIT: usize = 400 * 1024;
/// How many levels a document may have, the attribute itself being the first (the same page).
pub const LEVELS: usize = 32;
/// The longest name of an attribute or of a map's member, in bytes.
pub const NAME_LIMIT: usize = 65_535;
/// DynamoDB's words for a document of more levels.
pub const TOO_DEEP: &str = "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";

/// Marks a message that AWS answers as `ValidationException` rather than as broken JSON.
const INVALID: char = '\u{1}';

/// A deserialisation message that reaches the caller as a validation error.
pub(super) fn invalid(message: &dyn fmt::Display) -> String {
    format!("{INVALID}{message}{INVALID}")
}

/// The validation message hidden in a deserialisation error, if it carries one.
pub(super) fn validation_message(error: &str) -> Option<&str> {
    error.split(INVALID).nth(1)
}

/// One attribute value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::upper_case_acronyms, reason = "the variants have the names of DynamoDB's types")]
pub enum Value {
    /// Text.
    S(String),
    /// Number.
    N(Number),
    /// Bytes.
    B(Binary),
    /// Set of texts.
    #[serde(deserialize_with = "distinct")]
    SS(BTreeSet<String>),
    /// Set of numbers.
    #[serde(deserialize_with = "distinct")]
    NS(BTreeSet<Number>),
    /// Set of bytes.
    #[serde(deserialize_with = "distinct")]
    BS(BTreeSet<Binary>),
    /// Truth value.
    BOOL(bool),
    /// Null; always `true` in well-formed items.
    NULL(bool),
    /// List.
    L(Vec<Value>),
    /// Map.
    M(Item),
}

impl Value {
    /// The type's letter, as in `attribute_type`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Value::S(_) => "S",
            Value::N(_) => "N",
            Value::B(_) => "B",
            Value::SS(_) => "SS",
            Value::NS(_) => "NS",
            Value::BS(_) => "BS",
            Value::BOOL(_) => "BOOL",
            Value::NULL(_) => "NULL",
            Value::L(_) => "L",
            Value::M(_) => "M",
        }
    }

    /// The type's long name, as error messages give it.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self {
            Value::S(_) => "STRING",
            Value::N(_) => "NUMBER",
            Value::B(_) => "BINARY",
            Value::SS(_) => "STRING_SET",
            Value::NS(_) => "NUMBER_SET",
            Value::BS(_) => "BINARY_SET",
            Value::BOOL(_) => "BOOLEAN",
            Value::NULL(_) => "NULL",
            Value::L(_) => "LIST",
            Value::M(_) => "MAP",
        }
    }

    /// Bytes DynamoDB counts for the value.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Value::S(s) => s.len(),
            Value::N(n) => n.size(),
            Value::B(b) => b.0.len(),
            Value::SS(set) => set.iter().map(String::len).sum(),
            Value::NS(set) => set.iter().map(Number::size).sum(),
            Value::BS(set) => set.iter().map(|b| b.0.len()).sum(),
            Value::BOOL(_) | Value::NULL(_) => 1,
            Value::L(list) => 3 + list.iter().map(|v| v.size() + 1).sum::<usize>(),
            Value::M(map) => 3 + item_size(map) + map.len(),
        }
    }

    /// What `size()` gives in an expression; `None` for types that have none.
    #[must_use]
    pub fn length(&self) -> Option<usize> {
        Some(match self {
            Value::S(s) => s.chars().map(char::len_utf16).sum(),
            Value::B(b) => b.0.len(),
            Value::SS(set) => set.len(),
            Value::NS(set) => set.len(),
            Value::BS(set) => set.len(),
            Value::L(list) => list.len(),
            Value::M(map) => map.len(),
            Value::N(_) | Value::BOOL(_) | Value::NULL(_) => return None,
        })
    }
}

/// Bytes DynamoDB counts for an item: names and values.
#[must_use]
pub fn item_size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value.size()).sum()
}

/// Refuses documents of too many levels and names that are too long, wherever they stand in `item`.
///
/// # Errors
/// In DynamoDB's words.
pub fn check_shape(item: &Item) -> Result<(), String> {
    item.iter().try_for_each(|(name, value)| check_member(name, value, LEVELS))
}

fn check_member(name: &str, value: &Value, levels: usize) -> Result<(), String> {
    if name.len() > NAME_LIMIT {
        return Err(name_too_large());
    }
    let Some(left) = levels.checked_sub(1) else { return Err(TOO_DEEP.to_owned()) };
    match value {
        Value::L(list) => list.iter().try_for_each(|member| check_member("", member, left)),
        Value::M(map) => map.iter().try_for_each(|(name, member)| check_member(name, member, left)),
        _ => Ok(()),
    }
}

/// The refusal of a name that is too long (measured: ExtendDB/extenddb#365).
pub(super) fn name_too_large() -> String {
    format!(
        "1 validation error detected: Attribute name is too large, must be less than {} bytes",
        NAME_LIMIT + 1
    )
}

/// Bytes, base64 on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Binary(pub Vec<u8>);

impl fmt::Display for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(&self.0))
    }
}

impl Serialize for Binary {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        STANDARD.decode(&text).map(Binary).map_err(|_| de::Error::custom("base64 text was expected"))
    }
}

/// A set from its list: empty lists and duplicates are refused.
fn distinct<'de, D, T>(d: D) -> Result<BTreeSet<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Ord + fmt::Display,
{
    const PREFIX: &str = "One or more parameter values were invalid:";
    let list = Vec::<T>::deserialize(d)?;
    if list.is_empty() {
        return Err(de::Error::custom(invalid(&format!("{PREFIX} An set  may not be empty"))));
    }
    let shown = || list.iter().map(T::to_string).collect::<Vec<_>>().join(", ");
    let distinct: BTreeSet<&T> = list.iter().collect();
    if distinct.len() < list.len() {
        let message = format!("{PREFIX} Input collection [{}] contains duplicates.", shown());
        return Err(de::Error::custom(invalid(&message)));
    }
    Ok(list.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_travel_in_dynamodbs_json_form() {
        let text = r#"{"a":{"S":"x"},"b":{"N":"1.50"},"c":{"B":"AQI="},"d":{"L":[{"NULL":true}]},"e":{"NS":["2","1"]}}"#;
        let item: Item = serde_json::from_str(text).unwrap();
        assert_eq!(
            serde_json::to_string(&item).unwrap(),
            r#"{"a":{"S":"x"},"b":{"N":"1.5"},"c":{"B":"AQI="},"d":{"L":[{"NULL":true}]},"e":{"NS":["1","2"]}}"#
        );
    }

    #[test]
    fn a_set_with_duplicates_is_a_validation_error() {
        let error = serde_json::from_str::<Value>(r#"{"NS":["1","1.0"]}"#).unwrap_err().to_string();
        assert_eq!(
            validation_message(&error),
            Some("One or more parameter values were invalid: Input collection [1, 1] contains duplicates.")
        );
    }
}
