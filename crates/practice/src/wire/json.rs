//! AWS JSON 1.0 and 1.1: bodies in and out; and those of CBOR, which says the same in other bytes.

use serde_json::{Map, Value};

use crate::call::{AwsError, Call, Reply};

use super::{Params, Protocol, cbor};

/// The content type of a JSON protocol.
#[must_use]
pub fn content_type(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Json11 => "application/x-amz-json-1.1",
        _ => "application/x-amz-json-1.0",
    }
}

pub(crate) fn body(call: &Call<'_>) -> Result<Value, AwsError> {
    if call.body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let value: Value = match call.protocol {
        Protocol::Cbor => cbor::read(call.body)?,
        _ => serde_json::from_slice(call.body).map_err(|_| {
            AwsError::new("SerializationException", "Could not parse the request body as JSON")
        })?,
    };
    match value {
        Value::Object(_) => Ok(value),
        _ => {
            Err(AwsError::new("SerializationException", "Start of structure or map found where not expected"))
        }
    }
}

pub(crate) fn reply(call: &Call<'_>, value: &impl serde::Serialize) -> Reply {
    if call.protocol == Protocol::Cbor {
        return cbor::reply(200, &serde_json::to_value(value).unwrap_or_else(|_| Map::new().into()));
    }
    // A value of plain data always serialises; an empty object is the safest answer if one does not.
    let body = serde_json::to_vec(value).unwrap_or_else(|_| b"{}".to_vec());
    Reply::new(200, content_type(call.protocol), body)
}

/// A JSON input under the names awsQuery has for its members.
#[must_use]
pub fn flatten(value: &Value) -> Params {
    let mut pairs = Vec::new();
    walk(value, String::new(), &mut pairs);
    pairs.into_iter().collect()
}

fn walk(value: &Value, name: String, pairs: &mut Vec<(String, String)>) {
    let below = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    match value {
        Value::Object(members) => members.iter().for_each(|(part, v)| walk(v, below(part), pairs)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, v)| walk(v, below(&format!("member.{}", n + 1)), pairs));
        }
        Value::Null => {}
        Value::String(text) => pairs.push((name, text.clone())),
        other => pairs.push((name, other.to_string())),
    }
}
