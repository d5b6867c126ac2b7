//! Plain requests to the shop, as any visitor sends them: no signature, no retry, and an end to patience
//! by the world's clock.

use std::time::Duration;

use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;
use serde_json::Value;

use super::event::Outcome;
use ground::clock::Clock;

#[derive(Clone, Debug)]
pub(super) struct Web {
    pub http: SharedHttpClient,
    pub clock: Clock,
    /// How long an answer is waited for, in the world's time.
    pub patience: Duration,
}

#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub code: u16,
    /// The Region the shop says it answers from.
    pub region: Option<String>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Web {
    /// Asks for a page, past every cache.
    pub async fn get(&self, url: &str) -> Result<Answer, Outcome> {
        self.send("GET", url, SdkBody::empty()).await
    }

    pub async fn post(&self, url: &str, body: &Value) -> Result<Answer, Outcome> {
        self.send("POST", url, SdkBody::from(body.to_string())).await
    }

    async fn send(&self, method: &str, url: &str, body: SdkBody) -> Result<Answer, Outcome> {
        let (origin, path) = split(url);
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("host", origin.rsplit('/').next().unwrap_or_default())
            .header("cache-control", "no-cache")
            .header("content-type", "application/json")
            .body(body)
            .map_err(|_| Outcome::Garbled)?;
        let operation = Operation::builder()
            .service_name("espera")
            .operation_name("drill")
            .http_client(self.http.clone())
            .endpoint_url(origin)
            .no_auth()
            .no_retry()
            .timeout_config(TimeoutConfig::disabled())
            .time_source(SystemTimeSource::new())
            .serializer(|request: http::Request<SdkBody>| Ok(HttpRequest::try_from(request)?))
            .deserializer(|response: &HttpResponse| Ok(answer(response)))
            .build();
        tokio::select! {
            biased;
            answer = operation.invoke(request) => answer.map_err(|e| outcome(&e)),
            () = self.clock.sleep(self.patience) => Err(Outcome::TimedOut),
        }
    }
}

fn answer(response: &HttpResponse) -> Answer {
    Answer {
        code: response.status().as_u16(),
        region: response.headers().get("x-unishop-region").map(|r| ground::lang::printable(r).into_owned()),
        body: response.body().bytes().map(<[u8]>::to_vec).unwrap_or_default(),
    }
}

/// How a request without an answer ended.
fn outcome(error: &SdkError<OrchestratorError<std::convert::Infallible>, HttpResponse>) -> Outcome {
    match error {
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Outcome::TimedOut,
        SdkError::TimeoutError(_) => Outcome::TimedOut,
        SdkError::DispatchFailure(_) => Outcome::Refused,
        _ => Outcome::Garbled,
    }
}

/// An address as origin and path.
fn split(url: &str) -> (&str, &str) {
    let start = url.find("://").map_or(0, |at| at + 3);
    match url[start..].find('/') {
        Some(at) => url.split_at(start + at),
        None => (url, "/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_split_behind_its_host() {
        assert_eq!(split("https://a.example/b/c"), ("https://a.example", "/b/c"));
        assert_eq!(split("https://a.example"), ("https://a.example", "/"));
    }
}
