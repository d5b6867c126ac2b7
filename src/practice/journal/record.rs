//! One entry of the journal as bytes: its length, a checksum, then a mutating request with its
//! moment and id, or a moment alone. Signatures are not kept; the caller they proved is.

use bytes::{BufMut, Bytes};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::clock::Moment;
use crate::practice::call::{Caller, RequestId, Service};
use crate::practice::route::{Parts, Target};

/// Length and checksum before each entry.
const FRAME: usize = 8;
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

/// What an entry holds, read back.
#[derive(Debug)]
pub(crate) struct Record {
    pub at: Moment,
    pub event: Event,
}

/// What happened at an entry's moment.
#[derive(Debug)]
pub(crate) enum Event {
    /// Time passed.
    Tick,
    /// A request came.
    Request(Box<Request>),
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

/// Appends a moment.
pub(crate) fn tick(out: &mut Vec<u8>, at: Moment) {
    frame(out, |out| {
        out.put_u8(0);
        out.put_u64(at.0);
    });
}

/// Appends a request.
pub(crate) fn request(
    out: &mut Vec<u8>,
    at: Moment,
    id: RequestId,
    to: (Target, &str, Caller),
    parts: Parts<'_>,
) {
    let (target, region, caller) = to;
    frame(out, |out| {
        out.put_u8(if caller == Caller::Account { 1 } else { 2 });
        out.put_u64(at.0);
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
    });
}

fn name(target: Target) -> &'static str {
    match target {
        Target::Service(service) => service.as_str(),
        Target::Edge => "edge",
        Target::Control => "control",
        Target::Users => "users",
    }
}

fn frame(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; FRAME]);
    write(out);
    let length = u32::try_from(out.len() - start - FRAME).unwrap_or(u32::MAX);
    let sum = crc32fast::hash(&out[start + FRAME..]);
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
    out[start + 4..start + FRAME].copy_from_slice(&sum.to_be_bytes());
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.put_u32(u32::try_from(bytes.len()).unwrap_or(0));
    out.extend_from_slice(bytes);
}

/// How reading a journal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With a whole entry.
    Clean,
    /// In the middle of its last entry: the process was killed while writing it, before answering.
    Torn,
    /// With an entry that is not what was written, and more behind it.
    Damaged,
}

/// Reads entries from the start; `each` gets them in order. Gives where the good part ends and how.
pub(crate) fn read(bytes: &Bytes, mut each: impl FnMut(Record)) -> (usize, End) {
    let mut at = 0;
    loop {
        let rest = &bytes[at..];
        if rest.is_empty() {
            return (at, End::Clean);
        }
        let Some((length, sum)) = head(rest) else { return (at, End::Torn) };
        let end = FRAME.saturating_add(length);
        if end > rest.len() {
            return (at, End::Torn);
        }
        let payload = bytes.slice(at + FRAME..at + end);
        let record = (crc32fast::hash(&payload) == sum).then(|| decode(payload)).flatten();
        match record {
            Some(record) => each(record),
            None if end == rest.len() => return (at, End::Torn),
            None => return (at, End::Damaged),
        }
        at += end;
    }
}

fn head(rest: &[u8]) -> Option<(usize, u32)> {
    let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
    let sum = u32::from_be_bytes(rest.get(4..FRAME)?.try_into().ok()?);
    Some((usize::try_from(length).ok()?, sum))
}

fn decode(payload: Bytes) -> Option<Record> {
    let mut from = Reader { bytes: payload };
    let kind = from.take(1)?[0];
    let at = Moment(from.u64()?);
    let caller = match kind {
        0 => return Some(Record { at, event: Event::Tick }),
        1 => Caller::Account,
        2 => Caller::Anonymous,
        _ => return None,
    };
    let id = RequestId(from.u64()?);
    let target = match from.text()?.as_str() {
        "control" => Target::Control,
        "edge" => Target::Edge,
        "users" => Target::Users,
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
    let body = from.bytes;
    let request = Request { target, region, caller, id, method, host, path, query, headers, body };
    Some(Record { at, event: Event::Request(Box::new(request)) })
}

struct Reader {
    bytes: Bytes,
}

impl Reader {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Vec<u8> {
        let mut out = Vec::new();
        let headers: HeaderMap = [("authorization", "secret"), ("x-amz-target", "D.PutItem")]
            .into_iter()
            .map(|(n, v)| (n.parse::<HeaderName>().unwrap(), HeaderValue::from_static(v)))
            .collect();
        for n in 0..3_u64 {
            let body = Bytes::from(format!("body {n}"));
            let parts = Parts {
                method: &Method::POST,
                host: "h",
                path: "/",
                query: "",
                headers: &headers,
                body: &body,
            };
            let to = (Target::Service(Service::DynamoDb), "us-east-1", Caller::Account);
            request(&mut out, Moment(n), RequestId(n), to, parts);
        }
        tick(&mut out, Moment(9));
        out
    }

    fn bodies(bytes: &[u8]) -> (Vec<String>, End) {
        let mut seen = Vec::new();
        let (_, end) = read(&Bytes::copy_from_slice(bytes), |record| {
            if let Event::Request(r) = record.event {
                assert!(!r.headers.contains_key("authorization") && r.headers.contains_key("x-amz-target"));
                seen.push(String::from_utf8(r.body.to_vec()).unwrap());
            }
        });
        (seen, end)
    }

    #[test]
    fn a_journal_cut_anywhere_gives_its_whole_entries() {
        let all = three();
        assert_eq!(bodies(&all), (vec!["body 0".into(), "body 1".into(), "body 2".into()], End::Clean));
        for cut in 0..all.len() {
            let (seen, end) = bodies(&all[..cut]);
            assert!(seen.len() <= 3 && end != End::Damaged, "{cut}");
            assert!(seen.iter().enumerate().all(|(n, b)| *b == format!("body {n}")), "{cut}");
        }
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let mut all = three();
        let at = all.windows(6).position(|w| w == b"body 1").unwrap();
        all[at] ^= 1;
        assert_eq!(bodies(&all), (vec!["body 0".into()], End::Damaged));
    }
}
