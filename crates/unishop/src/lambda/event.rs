//! What an HTTP API puts into a function's event, as a request; and an answer as the HTTP API takes it back.
//!
//! Both are payload format 2.0, which `PayloadFormatVersion` of the shop's integration asks for. Source: API
//! Gateway's developer guide, "Create AWS Lambda proxy integrations for HTTP APIs".

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

/// The one payload format that is read and written here.
const FORMAT: &str = "2.0";
/// The stage that adds nothing to a path.
const DEFAULT_STAGE: &str = "$default";
/// What may stand in a path besides letters and digits: RFC 3986, `pchar` and the slash.
const IN_PATH: &[u8] = b"/-._~!$&'()*+,;=:@";

/// Why an event is not answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoRequest(String);

impl fmt::Display for NoRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The fields of an event that a request is made of.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    /// The path as API Gateway has decoded it, or as the client wrote it where another service sends such events;
    /// it begins with the stage unless that is the default one.
    raw_path: String,
    /// The query as the client wrote it, without the question mark.
    raw_query_string: Option<String>,
    /// One cookie of the request each.
    cookies: Option<Vec<String>>,
    /// Values of one name joined by commas, cookies excepted.
    headers: Option<BTreeMap<String, String>>,
    /// Text, or base64 where `is_base64_encoded` says so.
    body: Option<String>,
    is_base64_encoded: Option<bool>,
    request_context: Context,
}

#[derive(Deserialize)]
struct Context {
    stage: Option<String>,
    http: Http,
}

#[derive(Deserialize)]
struct Http {
    method: String,
}

/// The request that an event stands for.
///
/// # Errors
/// When the event is no JSON, has another payload format, or says what no request can.
pub(super) fn request(event: &[u8]) -> Result<Request<Body>, NoRequest> {
    let event: Value = serde_json::from_slice(event).map_err(because("the event is no JSON"))?;
    match event.get("version").and_then(Value::as_str) {
        Some(FORMAT) => {}
        Some(other) => {
            return Err(NoRequest(format!(
                "the event has payload format {other}; set PayloadFormatVersion of the integration to {FORMAT}"
            )));
        }
        None => return Err(NoRequest("the event is none of an HTTP API: it names no payload format".into())),
    }
    let event = Event::deserialize(event).map_err(because("the event is incomplete"))?;
    let mut request = Request::new(body(&event)?);
    *request.method_mut() = Method::from_bytes(event.request_context.http.method.as_bytes())
        .map_err(because("requestContext.http.method"))?;
    *request.uri_mut() = uri(&event)?;
    *request.headers_mut() = headers(&event)?;
    Ok(request)
}

fn because<E: fmt::Display>(what: &str) -> impl FnOnce(E) -> NoRequest + use<'_, E> {
    move |error| NoRequest(format!("{what}: {error}"))
}

fn body(event: &Event) -> Result<Body, NoRequest> {
    let Some(text) = &event.body else { return Ok(Body::empty()) };
    if event.is_base64_encoded != Some(true) {
        return Ok(Body::from(text.clone()));
    }
    STANDARD.decode(text).map(Body::from).map_err(because("the body is not the base64 that it claims to be"))
}

fn headers(event: &Event) -> Result<HeaderMap, NoRequest> {
    let mut headers = HeaderMap::new();
    for (name, value) in event.headers.iter().flatten() {
        let named = HeaderName::from_bytes(name.as_bytes()).map_err(because("the name of a header"))?;
        headers.insert(named, HeaderValue::from_str(value).map_err(because(name))?);
    }
    if let Some(cookies) = event.cookies.as_ref().filter(|cookies| !cookies.is_empty()) {
        let value = HeaderValue::from_str(&cookies.join("; ")).map_err(because("the cookies"))?;
        headers.insert(header::COOKIE, value);
    }
    Ok(headers)
}

fn uri(event: &Event) -> Result<Uri, NoRequest> {
    let path = without_stage(&event.raw_path, event.request_context.stage.as_deref());
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mut text = format!("{slash}{}", escaped(path, IN_PATH));
    if let Some(query) = event.raw_query_string.as_ref().filter(|query| !query.is_empty()) {
        text.push('?');
        // RFC 3986: a query may have what a path has, and the question mark.
        text.push_str(&escaped(query, &[IN_PATH, b"?"].concat()));
    }
    Uri::try_from(text).map_err(because("the path"))
}

/// The path below the stage, as the shop's routes know it.
fn without_stage<'a>(path: &'a str, stage: Option<&str>) -> &'a str {
    let stage = stage.filter(|stage| *stage != DEFAULT_STAGE);
    let rest = stage.and_then(|stage| path.strip_prefix('/')?.strip_prefix(stage));
    rest.filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(path)
}

/// Escapes what may not stand there as it is. What is escaped already stays so.
fn escaped(text: &str, legal: &[u8]) -> String {
    let bytes = text.as_bytes();
    let mut escaped = String::with_capacity(bytes.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let digits = bytes.get(at + 1..at + 3);
        let escape = byte == b'%' && digits.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
        if escape || byte.is_ascii_alphanumeric() || legal.contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// The answer that the HTTP API turns into a response: cookies by themselves, other headers of one name joined by
/// commas, a body that is no text as base64.
///
/// # Errors
/// When the body breaks off.
pub(super) async fn answer(response: Response<Body>) -> Result<Value, axum::Error> {
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await?;
    let mut headers = BTreeMap::<&str, String>::new();
    let mut cookies = Vec::new();
    for (name, value) in &parts.headers {
        // JSON has no other bytes than text; the shop's own headers are ASCII.
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if name == header::SET_COOKIE {
            cookies.push(value);
        } else if let Some(before) = headers.get_mut(name.as_str()) {
            before.push(',');
            before.push_str(&value);
        } else {
            headers.insert(name.as_str(), value);
        }
    }
    let (body, encoded) = match std::str::from_utf8(&body) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (STANDARD.encode(&body), true),
    };
    Ok(json!({
        "statusCode": parts.status.as_u16(),
        "headers": headers,
        "cookies": cookies,
        "body": body,
        "isBase64Encoded": encoded,
    }))
}
