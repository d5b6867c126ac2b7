//! A service's refusal as a resource handler reports it: the message with its service and status, and
//! the handler's error code.

use super::{Cx, Failure};
use crate::call::AwsError;
use ground::seed;

/// What a stack's event says when `service` refused with `error`.
#[must_use]
pub fn service_failure(cx: &Cx<'_>, service: &str, error: &AwsError) -> Failure {
    let id = seed::uuid(cx.hash(&format!("request {}", cx.now.0)));
    let AwsError { message, status, .. } = error;
    let message = format!("{message} (Service: {service}, Status Code: {status}, Request ID: {id})");
    Failure::handler(code(error), message)
}

fn code(error: &AwsError) -> &'static str {
    let code = error.code.as_str();
    match code {
        _ if code.contains("AlreadyExists") || code.contains("AlreadyOwned") => "AlreadyExists",
        _ if code.contains("NotFound") || code.starts_with("NoSuch") => "NotFound",
        _ if code.contains("InUse") => "ResourceConflict",
        _ if code.contains("Quota") || code.contains("LimitExceeded") => "ServiceLimitExceeded",
        "InternalFailure" | "InternalError" => "ServiceInternalError",
        _ if error.status >= 500 => "ServiceInternalError",
        _ => "InvalidRequest",
    }
}
