//! CloudFront's errors, in its words.

use crate::call::AwsError;

/// A value that cannot be.
pub fn argument(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidArgument", message)
}

/// No such distribution.
pub fn no_distribution() -> AwsError {
    AwsError::with_status(404, "NoSuchDistribution", "The specified distribution does not exist.")
}

/// The `If-Match` header is missing.
pub fn no_if_match() -> AwsError {
    AwsError::new("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
}

/// The `If-Match` header names another version.
pub fn precondition() -> AwsError {
    AwsError::with_status(
        412,
        "PreconditionFailed",
        "The request failed because it didn't meet the preconditions in one or more request-header fields.",
    )
}

/// Checks `If-Match` against the entity tag.
///
/// # Errors
/// When it is missing or another.
pub fn check_match(given: Option<&str>, etag: &str) -> Result<(), AwsError> {
    match given.map(|g| g.trim_matches('"')) {
        None | Some("") => Err(no_if_match()),
        Some(given) if given == etag || given == "*" => Ok(()),
        Some(_) => Err(precondition()),
    }
}
