//! The shop as a Lambda function: it asks the runtime API for one event after another and posts an answer to each.
//!
//! Source: Lambda's developer guide, "Using the Lambda runtime API for custom runtimes", version 2018-06-01.

mod event;

use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, Method, Request, StatusCode, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::json;
use tower::ServiceExt as _;

/// Names an invocation; a part of the path to which its answer goes.
static ID: HeaderName = HeaderName::from_static("lambda-runtime-aws-request-id");
/// When Lambda ends the invocation, in milliseconds since 1970.
static DEADLINE: HeaderName = HeaderName::from_static("lambda-runtime-deadline-ms");
/// X-Ray's header for what this invocation does.
static TRACE: HeaderName = HeaderName::from_static("lambda-runtime-trace-id");
/// The kind of a failure, where one is posted.
static KIND: HeaderName = HeaderName::from_static("lambda-runtime-function-error-type");
/// The header under which a request has what `TRACE` says.
static TRACED: HeaderName = HeaderName::from_static("x-amzn-trace-id");
/// The form of a posted failure. Source: the runtime API's OpenAPI document.
const FAILURE: &str = "application/vnd.aws.lambda.error+json";

/// So long before the deadline an answer that is not there is given up: the failure then arrives in time, and
/// Lambda keeps the process, which it ends with an invocation that runs out.
const MARGIN: Duration = Duration::from_millis(100);

/// Why a function cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// Nobody answers there, or the answer breaks off.
    #[error("the runtime API does not answer to {asked}: {why}")]
    Away {
        /// What was asked: a method and a path.
        asked: String,
        /// What came of it.
        why: String,
    },
    /// It answers with what a function cannot do anything about; 500 asks it to end.
    #[error("the runtime API answered {status} to {asked}")]
    Refused {
        /// What was asked: a method and a path.
        asked: String,
        /// The answer.
        status: StatusCode,
    },
    /// It gave an event without an id, which nobody can answer.
    #[error("the runtime API gave an event without Lambda-Runtime-Aws-Request-Id")]
    Nameless,
}

/// What is posted instead of an answer.
struct Failure {
    /// `CATEGORY.REASON`.
    kind: &'static str,
    message: String,
}

/// One event, with what Lambda says of it.
struct Invocation {
    id: String,
    /// How long Lambda waits for the answer; without an end where it says nothing.
    left: Option<Duration>,
    headers: HeaderMap,
    event: Bytes,
}

/// The runtime API of the environment that a function runs in.
#[derive(Clone, Debug)]
pub struct Runtime {
    api: String,
    client: Client<HttpConnector, Body>,
}

impl Runtime {
    /// The runtime API at `api`, a host and a port: what Lambda puts into `AWS_LAMBDA_RUNTIME_API`.
    #[must_use]
    pub fn new(api: impl Into<String>) -> Runtime {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Runtime { api: api.into(), client: Client::builder(TokioExecutor::new()).build(connector) }
    }

    /// Answers events with `routes`, and comes back only with the reason why it cannot go on. An event that is
    /// none, routes that panic and an answer that is late are failures of their invocation alone.
    pub async fn answer_events(&self, routes: Router) -> Lost {
        loop {
            if let Err(lost) = self.answer_next(&routes).await {
                return lost;
            }
        }
    }

    /// Tells Lambda that the function cannot start, and why. The process is to end after that.
    ///
    /// # Errors
    /// When the runtime API is away or fails.
    pub async fn cannot_start(&self, why: String) -> Result<(), Lost> {
        self.post_failure("init/error", &Failure { kind: "Runtime.CannotStart", message: why }).await
    }

    async fn answer_next(&self, routes: &Router) -> Result<(), Lost> {
        let invocation = self.next().await?;
        let Invocation { id, .. } = &invocation;
        let path = |what| format!("invocation/{id}/{what}");
        match answer(&invocation, routes.clone()).await {
            Ok(answer) => {
                let request = Request::new(Body::from(answer));
                self.post(&path("response"), request).await
            }
            Err(failure) => {
                tracing::error!(%id, kind = failure.kind, why = %failure.message, "an event has no answer");
                self.post_failure(&path("error"), &failure).await
            }
        }
    }

    /// Waits for an event, without an end: Lambda freezes the process meanwhile.
    async fn next(&self) -> Result<Invocation, Lost> {
        let path = "invocation/next";
        let (status, headers, event) = self.ask(Method::GET, path, Request::default()).await?;
        if status != StatusCode::OK {
            return Err(Lost::Refused { asked: asked(&Method::GET, path), status });
        }
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let id = text(&ID).ok_or(Lost::Nameless)?.to_owned();
        let left = text(&DEADLINE).and_then(|value| value.parse().ok()).map(|ms| {
            let deadline = SystemTime::UNIX_EPOCH + Duration::from_millis(ms);
            deadline.duration_since(SystemTime::now()).unwrap_or_default().saturating_sub(MARGIN)
        });
        Ok(Invocation { id, left, headers, event })
    }

    async fn post_failure(&self, path: &str, failure: &Failure) -> Result<(), Lost> {
        let body = json!({"errorMessage": failure.message, "errorType": failure.kind, "stackTrace": []});
        let mut request = Request::new(Body::from(body.to_string()));
        request.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(FAILURE));
        request.headers_mut().insert(&KIND, header::HeaderValue::from_static(failure.kind));
        self.post(path, request).await
    }

    /// Posts an answer or a failure. One that Lambda does not take (4xx: it came too late, or is longer than 6 MB)
    /// is the end of its invocation only.
    async fn post(&self, path: &str, request: Request<Body>) -> Result<(), Lost> {
        let (status, _, why) = self.ask(Method::POST, path, request).await?;
        if status.is_client_error() {
            let why = String::from_utf8_lossy(&why);
            tracing::error!(%path, status = status.as_u16(), %why, "Lambda did not take what was posted");
        } else if !status.is_success() {
            return Err(Lost::Refused { asked: asked(&Method::POST, path), status });
        }
        Ok(())
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        mut request: Request<Body>,
    ) -> Result<(StatusCode, HeaderMap, Bytes), Lost> {
        let asked = asked(&method, path);
        let away = |why: String| Lost::Away { asked: asked.clone(), why };
        let uri = format!("http://{}/2018-06-01/runtime/{path}", self.api);
        *request.uri_mut() = uri.parse().map_err(|error| away(format!("{uri}: {error}")))?;
        *request.method_mut() = method;
        let response = self.client.request(request).await.map_err(|error| away(chain(&error)))?;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(Body::new(body), usize::MAX).await;
        Ok((parts.status, parts.headers, body.map_err(|error| away(chain(&error)))?))
    }
}

fn asked(method: &Method, path: &str) -> String {
    format!("{method} {path}")
}

/// An error with its causes: the client's own words alone say only that something failed.
fn chain(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    said
}

/// The answer of `routes` to an event, as Lambda takes it.
async fn answer(invocation: &Invocation, routes: Router) -> Result<String, Failure> {
    let event = invocation.event.clone();
    let trace = invocation.headers.get(&TRACE).cloned();
    // A task of its own, so that a panic ends it and not the function.
    let mut work = tokio::spawn(async move {
        let mut request = event::request(&event)
            .map_err(|why| Failure { kind: "Function.UnknownEvent", message: why.to_string() })?;
        if let Some(trace) = trace {
            request.headers_mut().insert(&TRACED, trace);
        }
        let response = routes.oneshot(request).await.unwrap_or_else(|never| match never {});
        let answer = event::answer(response).await;
        answer.map(|answer| answer.to_string()).map_err(|error| Failure {
            kind: "Function.BrokenAnswer",
            message: format!("the answer breaks off: {}", chain(&error)),
        })
    });
    let left = invocation.left.unwrap_or(Duration::MAX);
    match tokio::time::timeout(left, &mut work).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            Err(Failure { kind: "Function.Panic", message: format!("the shop panicked: {error}") })
        }
        Err(_) => {
            work.abort();
            let message = "the answer was not ready before the deadline".to_owned();
            Err(Failure { kind: "Function.Late", message })
        }
    }
}
