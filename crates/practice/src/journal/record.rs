//! What happened as bytes: a mutating request with its id, or that time passed. Signatures are not kept;
//! the caller they proved is.

use bytes::{BufMut, Bytes};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::call::{Caller, RequestId, Service};
use crate::route::{Parts, Target};
use ground::clock::Moment;

use super::former::{self, SignUp};

/// Headers that do not bear on what a service does.
const DROPPED: [&str; 12] = [
    "authorization",
    "x-amz-date",
    "x-amz-security-token",
    "user-agent",
    "x-amz-user-agent",
    "host",
    "connection",
    "accept",
    "accept-encoding",
    "amz-sdk-request",
    "amz-sdk-invocation-id",
    "content-length",
];

/// What happened, read back.
#[derive(Debug)]
pub(crate) enum Event {
    /// Time passed.
    Tick,
    /// A request came.
    Request(Box<Request>),
    /// A sign-up came, as versions before 3 had them.
    SignUp(SignUp),
}

/// A request read back.
#[derive(Debug)]
pub(crate) struct Request {
    pub target: Target,
    pub region: String,
    pub caller: Caller,
    pub id: RequestId,
    pub method: Method,
    pub host: String,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Event {
    /// What it was, for a person: `dynamodb PutItem (us-east-1)`.
    pub fn words(&self) -> String {
        let request = match self {
            Event::Tick => return "time".to_owned(),
            Event::SignUp(_) => return "sign-up".to_owned(),
            Event::Request(request) => request,
        };
        let named = request.headers.get("x-amz-target").and_then(|value| value.to_str().ok());
        let form = || request.body.split(|byte| *byte == b'&').find_map(|pair| pair.strip_prefix(b"Action="));
        let action = match (named, form()) {
            (Some(target), _) => target.rsplit('.').next().unwrap_or_default().to_owned(),
            (None, Some(action)) => String::from_utf8_lossy(action).into_owned(),
            (None, None) => format!("{} {}", request.method, request.path),
        };
        let place = if request.region.is_empty() { "" } else { &*format!(" ({})", request.region) };
        ground::lang::printable(&format!("{} {action}{place}", name(request.target))).into_owned()
    }
}

impl Request {
    pub fn parts(&self) -> Parts<'_> {
        Parts {
            method: &self.method,
            host: &self.host,
            path: &self.path,
            query: &self.query,
            headers: &self.headers,
            body: &self.body,
        }
    }
}

/// Appends that time passed.
pub(crate) fn tick(out: &mut Vec<u8>) {
    out.put_u8(0);
}

/// Appends a request.
pub(crate) fn request(out: &mut Vec<u8>, id: RequestId, to: (Target, &str, Caller), parts: Parts<'_>) {
    let (target, region, caller) = to;
    out.put_u8(if caller == Caller::Account { 1 } else { 2 });
    out.put_u64(id.0);
    for text in [name(target), region, parts.method.as_str(), parts.host, parts.path, parts.query] {
        put(out, text.as_bytes());
    }
    let kept = || parts.headers.iter().filter(|(name, _)| !DROPPED.contains(&name.as_str()));
    out.put_u32(u32::try_from(kept().count()).unwrap_or(0));
    for (name, value) in kept() {
        put(out, name.as_str().as_bytes());
        put(out, value.as_bytes());
    }
    out.extend_from_slice(parts.body);
}

fn name(target: Target) -> &'static str {
    match target {
        Target::Service(service) => service.as_str(),
        Target::Edge => "edge",
        Target::Control => "control",
        Target::Aurora => "aurora",
    }
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.put_u32(u32::try_from(bytes.len()).unwrap_or(0));
    out.extend_from_slice(bytes);
}

/// Reads what happened.
pub(crate) fn read(bytes: Bytes) -> Option<Event> {
    let mut from = Reader { bytes };
    match from.take(1)?[0] {
        0 => Some(Event::Tick),
        1 => from.request(Caller::Account),
        2 => from.request(Caller::Anonymous),
        _ => None,
    }
}

/// Reads what happened as version 1 wrote it: with its moment after its kind.
pub(crate) fn read_first(bytes: Bytes) -> Option<(Moment, Event)> {
    let mut from = Reader { bytes };
    let kind = from.take(1)?[0];
    let at = Moment(from.u64()?);
    let event = match kind {
        0 => Event::Tick,
        1 => from.request(Caller::Account)?,
        2 => from.request(Caller::Anonymous)?,
        _ => return None,
    };
    Some((at, event))
}

struct Reader {
    bytes: Bytes,
}

impl Reader {
    fn request(mut self, caller: Caller) -> Option<Event> {
        let from = &mut self;
        let id = RequestId(from.u64()?);
        let name = from.text()?;
        let target = match name.as_str() {
            "control" => Target::Control,
            "edge" => Target::Edge,
            "aurora" | former::TARGET => Target::Aurora,
            name => Target::Service(Service::of(name)?),
        };
        let region = from.text()?;
        let method = Method::from_bytes(from.text()?.as_bytes()).ok()?;
        let (host, path, query) = (from.text()?, from.text()?, from.text()?);
        let mut headers = HeaderMap::new();
        for _ in 0..from.u32()? {
            let name = HeaderName::from_bytes(&from.part()?).ok()?;
            headers.append(name, HeaderValue::from_bytes(&from.part()?).ok()?);
        }
        let body = self.bytes;
        if name == former::TARGET {
            return Some(Event::SignUp(SignUp { id, body }));
        }
        let request = Request { target, region, caller, id, method, host, path, query, headers, body };
        Some(Event::Request(Box::new(request)))
    }

    fn take(&mut self, count: usize) -> Option<Bytes> {
        (count <= self.bytes.len()).then(|| self.bytes.split_to(count))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.as_ref().try_into().ok()?))
    }

    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_be_bytes(self.take(8)?.as_ref().try_into().ok()?))
    }

    fn part(&mut self) -> Option<Bytes> {
        let length = usize::try_from(self.u32()?).ok()?;
        self.take(length)
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.part()?.to_vec()).ok()
    }
}
