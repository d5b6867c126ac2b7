//! AWS JSON 1.0 and 1.1: bodies in and out.

use serde_json::{Map, Value};

use crate::practice::call::{AwsError, Call, Reply};

use super::Protocol;

/// The content type of a JSON protocol.
#[must_use]
pub fn content_type(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Json11 => "application/x-amz-json-1.1",
        Protocol::Cbor => "application/cbor",
        _ => "application/x-amz-json-1.0",
    }
}

pub(crate) fn body(call: &Call<'_>) -> Result<Value, AwsError> {
    if call.body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let value: Value = serde_json::from_slice(call.body)
        .map_err(|_| AwsError::new("SerializationException", "Could not parse the request body as JSON"))?;
    match value {
        Value::Object(_) => Ok(value),
        _ => {
            Err(AwsError::new("SerializationException", "Start of structure or map found where not expected"))
        }
    }
}

pub(crate) fn reply(call: &Call<'_>, value: &impl serde::Serialize) -> Reply {
    // A value of plain data always serialises; an empty object is the safest answer if one does not.
    let body = serde_json::to_vec(value).unwrap_or_else(|_| b"{}".to_vec());
    Reply::new(200, content_type(call.protocol), body)
}
