//! Requests the SDK crates in use do not cover, over the same transport: a page from the edge, and
//! signed queries to EC2 and CloudWatch, whose SDK crates would cost minutes of compile time.

use std::time::{Duration, SystemTime};

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::timeout::TimeoutConfig;

use super::access::Access;
use super::silence_monitor::SilenceMonitor;

/// How long a person would wait for a page, and AWS is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long an address may take to be reached.
const CONNECT: Duration = Duration::from_secs(3);

/// Sends plain and signed requests.
#[derive(Clone, Debug)]
pub(super) struct Fetch {
    http: Option<SharedHttpClient>,
    credentials: Option<SharedCredentialsProvider>,
    endpoint: Option<String>,
    home: Option<String>,
    silence: Option<SilenceMonitor>,
}

#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) code: u16,
    pub(super) body: String,
}

impl Fetch {
    pub(super) fn new(access: &Access) -> Fetch {
        Fetch {
            http: access.config.http_client(),
            credentials: access.config.credentials_provider(),
            endpoint: access.config.endpoint_url().map(str::to_owned),
            home: access.home.clone(),
            silence: access.silence.clone(),
        }
    }

    /// A page of the edge; `None` when nothing answered. At an emulator the edge is behind its
    /// address, named by a Host of its own.
    pub(super) async fn edge_page(&self, id: &str, domain: &str, path: &str) -> Option<Answer> {
        let (origin, host) = match &self.endpoint {
            Some(endpoint) => (endpoint.clone(), format!("{}.cloudfront.localhost", id.to_ascii_lowercase())),
            None => (format!("https://{domain}"), domain.to_owned()),
        };
        let request = http::Request::builder()
            .uri(format!("/{path}"))
            .header("host", host)
            .header("cache-control", "no-cache")
            .body(SdkBody::empty());
        self.send(self.http.clone()?, &origin, request.ok()?).await
    }

    /// A page of the emulator at the endpoint itself; `None` when there is none or nothing answered with 200.
    pub(super) async fn own_page(&self, path: &str) -> Option<String> {
        let request = http::Request::builder().uri(path).body(SdkBody::empty());
        let answer = self.send(self.http.clone()?, self.endpoint.as_ref()?, request.ok()?).await?;
        (answer.code == 200).then_some(answer.body)
    }

    /// What the practice world says of itself at `path`; `None` for any other world.
    pub(super) async fn home_page(&self, path: &str) -> Option<String> {
        let request = http::Request::builder().uri(path).header("host", "localhost").body(SdkBody::empty());
        let answer = self.send(self.http.clone()?, self.home.as_ref()?, request.ok()?).await?;
        (answer.code == 200).then_some(answer.body)
    }

    /// A query to `service` (`ec2`, `monitoring`, `iam`) in a Region; `None` when nothing answered with 200.
    pub(super) async fn query(
        &self,
        service: &str,
        region: &str,
        parameters: &[(&str, &str)],
    ) -> Option<String> {
        let origin = match &self.endpoint {
            Some(endpoint) => endpoint.trim_end_matches('/').to_owned(),
            // Global: it has one address, and is signed for us-east-1.
            None if service == "iam" => "https://iam.amazonaws.com".to_owned(),
            None => format!("https://{service}.{region}.amazonaws.com"),
        };
        let body = parameters.iter().map(|(n, v)| format!("{n}={}", encode(v))).collect::<Vec<_>>().join("&");
        let mut request = http::Request::builder()
            .method("POST")
            .uri(format!("{origin}/"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(SdkBody::from(body.clone()))
            .ok()?;
        self.sign(&mut request, service, region, body.as_bytes()).await?;
        // The signature holds for the whole address; what is sent is put together from origin and path.
        *request.uri_mut() = http::Uri::from_static("/");
        let http = self.http.clone()?;
        let http = match &self.silence {
            Some(silence) => silence.listen(region, http),
            None => http,
        };
        let answer = self.send(http, &origin, request).await?;
        (answer.code == 200).then_some(answer.body)
    }

    async fn sign(
        &self,
        request: &mut http::Request<SdkBody>,
        service: &str,
        region: &str,
        body: &[u8],
    ) -> Option<()> {
        let identity = self.credentials.as_ref()?.provide_credentials().await.ok()?.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .ok()?
            .into();
        let uri = request.uri().to_string();
        let headers = request.headers().iter().filter_map(|(n, v)| Some((n.as_str(), v.to_str().ok()?)));
        let signable = SignableRequest::new("POST", uri, headers, SignableBody::Bytes(body)).ok()?;
        let (instructions, _) = sign(signable, &parameters).ok()?.into_parts();
        instructions.apply_to_request_http1x(request);
        Some(())
    }

    async fn send(
        &self,
        http: SharedHttpClient,
        origin: &str,
        request: http::Request<SdkBody>,
    ) -> Option<Answer> {
        let operation = Operation::builder()
            .service_name("espera")
            .operation_name("fetch")
            .http_client(http)
            .endpoint_url(origin)
            .no_auth()
            .no_retry()
            .timeout_config(
                TimeoutConfig::builder().connect_timeout(CONNECT).operation_timeout(PATIENCE).build(),
            )
            .sleep_impl(TokioSleep::new())
            .time_source(SystemTimeSource::new())
            .serializer(|request: http::Request<SdkBody>| Ok(HttpRequest::try_from(request)?))
            .deserializer(|response: &HttpResponse| {
                let body = response.body().bytes().map(|b| String::from_utf8_lossy(b).into_owned());
                let answer = Answer { code: response.status().as_u16(), body: body.unwrap_or_default() };
                Ok::<_, OrchestratorError<std::convert::Infallible>>(answer)
            })
            .build();
        operation.invoke(request).await.ok()
    }
}

fn encode(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The texts of all elements called `name` in an XML answer, in order.
pub(super) fn texts(xml: &str, name: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut found, mut inside) = (Vec::new(), false);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => inside = tag.local_name().as_ref() == name,
            Ok(Event::Text(text)) if inside => found.push(text.to_string()),
            Ok(Event::End(_)) => inside = false,
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_taken_in_order() {
        let xml = "<r><item><zoneName>a</zoneName></item><item><zoneName>b</zoneName><x>c</x></item></r>";
        assert_eq!(texts(xml, "zoneName"), ["a", "b"]);
    }
}
