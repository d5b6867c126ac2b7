//! S3's errors.

use crate::call::AwsError;

pub(super) fn no_bucket(bucket: &str) -> AwsError {
    AwsError::with_status(404, "NoSuchBucket", "The specified bucket does not exist")
        .detail("BucketName", bucket)
}

pub(super) fn no_key(key: &str) -> AwsError {
    AwsError::with_status(404, "NoSuchKey", "The specified key does not exist.").detail("Key", key)
}

pub(super) fn no_version(key: &str, version: &str) -> AwsError {
    AwsError::with_status(404, "NoSuchVersion", "The specified version does not exist.")
        .detail("Key", key)
        .detail("VersionId", version)
}

pub(super) fn no_upload(id: &str) -> AwsError {
    let text = "The specified upload does not exist. The upload ID may be invalid, or the upload may have been \
                aborted or completed.";
    AwsError::with_status(404, "NoSuchUpload", text).detail("UploadId", id)
}

pub(super) fn access_denied() -> AwsError {
    AwsError::with_status(403, "AccessDenied", "Access Denied")
}

pub(super) fn method_not_allowed() -> AwsError {
    AwsError::with_status(
        405,
        "MethodNotAllowed",
        "The specified method is not allowed against this resource.",
    )
}

pub(super) fn precondition(condition: &str) -> AwsError {
    let text = "At least one of the pre-conditions you specified did not hold";
    AwsError::with_status(412, "PreconditionFailed", text).detail("Condition", condition)
}

pub(super) fn malformed_xml() -> AwsError {
    AwsError::new(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )
}
