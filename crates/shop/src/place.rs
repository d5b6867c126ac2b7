//! Where a shop runs, and what every answer of it carries: its Region, the request's id, no caching.

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::problem::Refusal;
use super::wire::Problem;

/// The longest body a request may have, in bytes.
const LONGEST: usize = 64 * 1024;
/// The most characters of a client's own request id that are kept.
const LONGEST_ID: usize = 64;

/// Names the request, in both directions.
pub static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Names the Region that answered.
pub static REGION: HeaderName = HeaderName::from_static("x-unishop-region");

/// Where a shop runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The AWS Region.
    pub region: String,
}

impl Place {
    /// A shop in this Region.
    #[must_use]
    pub fn new(region: impl Into<String>) -> Place {
        Place { region: region.into() }
    }
}

/// Puts around routes what all answers share.
pub(super) fn around(routes: Router, place: Place) -> Router {
    routes
        .fallback(|| async { Refusal::missing("There is no such path in this shop.") })
        .method_not_allowed_fallback(|| async { Refusal::method() })
        .layer(DefaultBodyLimit::max(LONGEST))
        .layer(middleware::from_fn_with_state(place, dress))
}

async fn dress(State(place): State<Place>, request: Request, next: Next) -> Response {
    let id = request_id(&request);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    tracing::info!(%id, %method, %path, status = response.status().as_u16(), "answered");
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let body = Json(Problem { request_id: Some(id.clone()), ..problem }).into_response().into_body();
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::new(body);
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in [(&REQUEST_ID, &id), (&REGION, &place.region)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

/// The client's id where it is harmless, else one made here.
fn request_id(request: &Request) -> String {
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let harmless = |id: &&str| {
        (1..=LONGEST_ID).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    given.filter(harmless).map_or_else(|| Uuid::new_v4().to_string(), str::to_owned)
}
