//! How large things may be in S3, in its words (S3 API reference, error responses; user guide).

use crate::call::{AwsError, Call};

/// The longest key, in bytes.
const KEY: usize = 1024;
/// The most metadata of the user's own, names and values, in bytes.
const METADATA: usize = 2048;
/// The most tags of an object, and of a bucket.
pub(super) const OBJECT_TAGS: usize = 10;
pub(super) const BUCKET_TAGS: usize = 50;
/// The longest policy of a bucket, in bytes.
const POLICY: usize = 20 * 1024;

/// Refuses a key that is too long.
pub(super) fn key(key: &str) -> Result<(), AwsError> {
    if key.len() <= KEY {
        return Ok(());
    }
    Err(AwsError::new("KeyTooLongError", "Your key is too long")
        .detail("Size", key.len().to_string())
        .detail("MaxSizeAllowed", KEY.to_string()))
}

/// Refuses metadata headers that hold too much.
pub(super) fn metadata(call: &Call<'_>) -> Result<(), AwsError> {
    let own = call
        .headers
        .iter()
        .filter_map(|(name, value)| Some(name.as_str().strip_prefix("x-amz-meta-")?.len() + value.len()));
    let size: usize = own.sum();
    if size <= METADATA {
        return Ok(());
    }
    let text = "Your metadata headers exceed the maximum allowed metadata size";
    Err(AwsError::new("MetadataTooLarge", text)
        .detail("Size", size.to_string())
        .detail("MaxSizeAllowed", METADATA.to_string()))
}

/// Refuses tags that are too many, too long, or said twice.
pub(super) fn tags(tags: &[(String, String)], most: usize) -> Result<(), AwsError> {
    if tags.len() > most {
        let whose = if most == OBJECT_TAGS { "Object" } else { "Bucket" };
        let text = format!("{whose} tags cannot be greater than {most}");
        return Err(AwsError::new("BadRequest", text));
    }
    let invalid = |text: &str| Err(AwsError::new("InvalidTag", text));
    for (at, (name, value)) in tags.iter().enumerate() {
        if name.is_empty() || name.chars().count() > 128 {
            return invalid("The TagKey you have provided is invalid");
        }
        if value.chars().count() > 256 {
            return invalid("The TagValue you have provided is invalid");
        }
        if tags[..at].iter().any(|(other, _)| other == name) {
            return invalid("Cannot provide multiple Tags with the same key");
        }
    }
    Ok(())
}

/// Refuses a policy that is too long.
pub(super) fn policy(text: &str) -> Result<(), AwsError> {
    if text.len() <= POLICY {
        return Ok(());
    }
    Err(AwsError::new("PolicyTooLarge", "Policy exceeds the maximum allowed document size.")
        .detail("MaxSizeAllowed", POLICY.to_string()))
}
