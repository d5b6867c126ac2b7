//! JSON, its functions' arguments normalized as it is read; of a key said twice the last counts, as in AWS.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::super::error::{Fault, Outcome, Span, TemplateError};
use super::{Places, Source, argument};

/// Reads a JSON template.
pub(super) fn read(text: &str) -> Outcome<Source> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value =
        Reader.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value)).map_err(refusal)?;
    Ok(Source { value, places: Places::default() })
}

fn refusal(error: serde_json::Error) -> TemplateError {
    let span = Span { line: error.line(), column: error.column() };
    TemplateError::from(Fault::Json(Some(span))).at(Some(span))
}

struct Reader;

impl<'de> DeserializeSeed<'de> for Reader {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Reader)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(Reader)?;
            let value = argument(&key, value);
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}
