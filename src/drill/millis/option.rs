//! Durations that may be missing, as whole milliseconds or `null`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serializer};

/// Writes a duration as whole milliseconds, and none as `null`.
#[expect(clippy::ref_option, reason = "the signature serde asks for")]
pub fn serialize<S: Serializer>(value: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(d) => super::serialize(d, to),
        None => to.serialize_none(),
    }
}

/// Reads whole milliseconds or `null`.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    Ok(Option::<u64>::deserialize(from)?.map(Duration::from_millis))
}
