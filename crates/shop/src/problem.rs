//! Errors as the shop answers them: problem details with a status, for people and for programs.

use std::time::Duration;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::store::StoreError;
use super::wire::Problem;

/// Why a request was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    status: StatusCode,
    title: &'static str,
    detail: String,
    retry_after: Option<Duration>,
}

impl Refusal {
    fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Refusal {
        Refusal { status, title, detail: detail.into(), retry_after: None }
    }

    /// The request says something that cannot be.
    #[must_use]
    pub fn invalid(detail: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, "The request is not valid", detail)
    }

    /// There is no such thing.
    #[must_use]
    pub fn missing(detail: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, "Not found", detail)
    }

    /// The path is known, the method is not.
    #[must_use]
    pub fn method() -> Refusal {
        Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "Method not allowed",
            "This path takes another method; see the Allow header.",
        )
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        let detail = error.to_string();
        match error {
            StoreError::Taken => Refusal::new(StatusCode::CONFLICT, "The e-mail is taken", detail),
            StoreError::Away { retry_after } => Refusal {
                retry_after: Some(retry_after),
                ..Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "The store is away", detail)
            },
            // What a store says about itself is for the log, not for the world.
            StoreError::Broken(why) => {
                tracing::error!(%why, "the store failed");
                Refusal::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "The shop failed",
                    "The shop's data store answered something unexpected; the log knows more.",
                )
            }
        }
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Refusal {
        let detail = rejection.body_text();
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is too long", detail)
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is not JSON", detail)
            }
            _ => Refusal::invalid(detail),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = Problem {
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail,
            request_id: None,
        };
        let mut response = (self.status, Json(&problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(after) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
        }
        // The layer around all routes adds the request's id.
        response.extensions_mut().insert(problem);
        response
    }
}
