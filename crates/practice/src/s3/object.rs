//! Objects: written, read whole or in part, copied, tagged.

use bytes::Bytes;
use http::Method;

use crate::call::{AwsError, Call, Outcome, Reply, Request};
use crate::faults::Faults;
use crate::scene::Tickets;
use crate::wire::time::http_date;
use crate::wire::{Node, Params};
use ground::seed;

use super::access::{self, Reader};
use super::address::decode;
use super::state::{Blob, Bucket, S3, Stored, Version};
use super::{checksum, chunked, errors, limits, settings};

/// Headers kept with an object.
const KEPT: [&str; 8] = [
    "content-type",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "expires",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
];

/// A version id not given before.
pub(super) fn version_id(tickets: &mut Tickets, call: &Request<'_>) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
    let draw = seed::hash(call.scene.seed, &["s3 version", &tickets.draw().to_string()]);
    seed::letters(draw, 32, ALPHABET)
}

/// The headers of a request that stay with its object.
pub(super) fn kept_headers(call: &Call<'_>) -> Vec<(String, String)> {
    let mut kept: Vec<(String, String)> = call
        .headers
        .iter()
        .filter(|(name, _)| KEPT.contains(&name.as_str()) || name.as_str().starts_with("x-amz-meta-"))
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    for (name, value) in &mut kept {
        if name == "content-encoding" {
            let parts: Vec<&str> = value.split(',').map(str::trim).filter(|p| *p != "aws-chunked").collect();
            *value = parts.join(",");
        }
    }
    kept.retain(|(name, value)| name != "content-encoding" || !value.is_empty());
    kept
}

pub(super) fn put(
    s3: &mut S3,
    tickets: &mut Tickets,
    call: &Request<'_>,
    (bucket, key): (&str, &str),
) -> Outcome {
    let content = chunked::content(call)?;
    let checksums = checksum::checksums_given(call, &content)?;
    let tags = call.header("x-amz-tagging").map(|t| Params::parse(t.as_bytes()));
    let tags: Vec<(String, String)> =
        tags.iter().flat_map(Params::iter).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    limits::tags(&tags, limits::OBJECT_TAGS)?;
    let stored = Stored {
        etag: checksum::etag(&content.body),
        body: Blob(content.body),
        headers: kept_headers(call),
        checksums,
        tags,
    };
    may_write(s3.bucket(bucket)?, call, key)?;
    let (etag, sums) = (stored.etag.clone(), stored.checksums.clone());
    let id = version_id(tickets, call);
    let at = call.now;
    let bucket = s3.bucket_mut(bucket)?;
    let id = bucket.write(key, id, at, Some(stored));
    let reply =
        Reply::empty(200).with("etag", format!("\"{etag}\"")).with("x-amz-server-side-encryption", "AES256");
    let reply = with_checksums(reply, &sums);
    Ok(if bucket.tells_versions() { reply.with("x-amz-version-id", id) } else { reply })
}

fn may_write(bucket: &Bucket, call: &Call<'_>, key: &str) -> Result<(), AwsError> {
    let there = bucket.object(key).map(|(_, stored)| format!("\"{}\"", stored.etag));
    if call.header("if-none-match") == Some("*") && there.is_some() {
        return Err(errors::precondition("If-None-Match"));
    }
    match (call.header("if-match"), there) {
        (Some(_), None) => Err(errors::no_key(key)),
        (Some(wanted), Some(etag)) if !same_tag(wanted, &etag) => Err(errors::precondition("If-Match")),
        _ => Ok(()),
    }
}

fn same_tag(wanted: &str, etag: &str) -> bool {
    wanted == "*" || wanted.split(',').any(|tag| tag.trim().trim_matches('"') == etag.trim_matches('"'))
}

fn with_checksums(reply: Reply, sums: &[(String, String)]) -> Reply {
    let reply = sums.iter().fold(reply, |mut reply, (name, value)| {
        if let (Ok(name), Ok(value)) = (name.parse::<http::HeaderName>(), value.parse::<http::HeaderValue>())
        {
            reply.headers.insert(name, value);
        }
        reply
    });
    if sums.is_empty() { reply } else { reply.with("x-amz-checksum-type", "FULL_OBJECT") }
}

/// Finds the version a request asks for.
pub(super) fn find<'b>(
    bucket: &'b Bucket,
    key: &str,
    id: Option<&str>,
) -> Result<(&'b Version, &'b Stored), AwsError> {
    let versions = bucket.objects.get(key).ok_or_else(|| errors::no_key(key))?;
    let version = match id {
        None => versions.last(),
        Some(id) => Some(versions.iter().find(|v| v.id == id).ok_or_else(|| errors::no_version(key, id))?),
    };
    let version = version.ok_or_else(|| errors::no_key(key))?;
    match (&version.stored, id) {
        (Some(stored), _) => Ok((version, stored)),
        (None, None) => Err(errors::no_key(key)),
        (None, Some(_)) => Err(errors::method_not_allowed()),
    }
}

/// `GetObject` and `HeadObject`.
pub(super) fn answer(s3: &S3, call: &Request<'_>, bucket: &str, key: &str) -> Outcome {
    let bucket = s3.bucket(bucket)?;
    let (version, stored) = find(bucket, key, call.params.get("versionId"))?;
    let etag = format!("\"{}\"", stored.etag);
    if call.header("if-none-match").is_some_and(|wanted| same_tag(wanted, &etag)) {
        return Ok(Reply::empty(304).with("etag", etag));
    }
    if call.header("if-match").is_some_and(|wanted| !same_tag(wanted, &etag)) {
        return Err(errors::precondition("If-Match"));
    }
    let mut reply = object_reply(version, stored);
    if bucket.tells_versions() {
        reply = reply.with("x-amz-version-id", &version.id);
    }
    let range = call.header("range").and_then(|range| span(range, stored.body.0.len()));
    match range {
        None => {
            if call.header("x-amz-checksum-mode").is_some_and(|m| m.eq_ignore_ascii_case("enabled")) {
                reply = with_checksums(reply, &stored.checksums);
            }
        }
        Some(range) => reply = partial(reply, &stored.body.0, range)?,
    }
    for (name, value) in call.params.iter() {
        if let Some(header) = OVERRIDES.iter().find(|(param, _)| *param == name) {
            reply = reply.with(header.1, value);
        }
    }
    let length = reply.body.len();
    let mut reply = reply.with("content-length", length.to_string());
    if *call.method == Method::HEAD {
        reply.body = Bytes::new();
    }
    Ok(reply)
}

/// Query parameters that set a header of the answer.
const OVERRIDES: [(&str, &str); 6] = [
    ("response-content-type", "content-type"),
    ("response-content-language", "content-language"),
    ("response-expires", "expires"),
    ("response-cache-control", "cache-control"),
    ("response-content-disposition", "content-disposition"),
    ("response-content-encoding", "content-encoding"),
];

fn object_reply(version: &Version, stored: &Stored) -> Reply {
    let mut reply = Reply::empty(200)
        .with("etag", format!("\"{}\"", stored.etag))
        .with("last-modified", http_date(version.at))
        .with("accept-ranges", "bytes")
        .with("x-amz-server-side-encryption", "AES256")
        .with("content-type", "binary/octet-stream");
    for (name, value) in &stored.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<http::HeaderName>(), value.parse::<http::HeaderValue>())
        {
            reply.headers.insert(name, value);
        }
    }
    if !stored.tags.is_empty() {
        reply = reply.with("x-amz-tagging-count", stored.tags.len().to_string());
    }
    reply.body = stored.body.0.clone();
    reply
}

/// First and last byte of a range header; `None` when it is not one S3 minds. An end before its
/// start asks for what is not there.
fn span(header: &str, length: usize) -> Option<(usize, usize)> {
    let range = header.strip_prefix("bytes=")?;
    let (from, to) = range.split_once('-')?;
    if from.is_empty() {
        let count: usize = to.parse().ok()?;
        return Some((
            length.saturating_sub(count),
            length.checked_sub(1).filter(|_| count > 0).unwrap_or(0),
        ));
    }
    let from: usize = from.parse().ok()?;
    let to = if to.is_empty() { usize::MAX } else { to.parse().ok()? };
    (from <= to).then(|| (from, to.min(length.saturating_sub(1))))
}

fn partial(mut reply: Reply, body: &Bytes, (from, to): (usize, usize)) -> Outcome {
    let length = body.len();
    if from >= length || from > to {
        return Err(AwsError::with_status(416, "InvalidRange", "The requested range is not satisfiable")
            .detail("ActualObjectSize", length.to_string()));
    }
    reply.status = http::StatusCode::PARTIAL_CONTENT;
    reply.body = body.slice(from..=to);
    Ok(reply.with("content-range", format!("bytes {from}-{to}/{length}")))
}

/// Reads an object as somebody other than its owner: the edge.
///
/// # Errors
/// `AccessDenied`, also for what does not exist, as S3 tells those who may not list.
pub fn get(s3: &S3, faults: &Faults, (bucket, key): (&str, &str), reader: &Reader<'_>) -> Outcome {
    let bucket = s3.bucket(bucket)?;
    if faults.broken_since(&bucket.region).is_some() {
        return Err(AwsError::unavailable());
    }
    if !access::allows(bucket, "s3:GetObject", key, reader) {
        return Err(errors::access_denied());
    }
    match find(bucket, key, None) {
        Ok((version, stored)) => Ok(object_reply(version, stored)),
        Err(error) if access::allows(bucket, "s3:ListBucket", "", reader) => Err(error),
        Err(_) => Err(errors::access_denied()),
    }
}

/// An object's content, for CloudFormation, which reads templates as the account.
#[must_use]
pub fn content(s3: &S3, bucket: &str, key: &str) -> Option<Bytes> {
    let (_, stored) = s3.bucket(bucket).ok()?.object(key)?;
    Some(stored.body.0.clone())
}

pub(super) fn copy(
    s3: &mut S3,
    tickets: &mut Tickets,
    call: &Request<'_>,
    (bucket, key): (&str, &str),
) -> Outcome {
    let source = decode(call.header("x-amz-copy-source").unwrap_or_default());
    let (source, id) = match source.split_once("?versionId=") {
        Some((source, id)) => (source.to_owned(), Some(id.to_owned())),
        None => (source, None),
    };
    let (from, from_key) =
        source.trim_start_matches('/').split_once('/').ok_or_else(|| errors::no_key(&source))?;
    let (_, stored) = find(s3.bucket(from)?, from_key, id.as_deref())?;
    let mut stored = stored.clone();
    if call.header("x-amz-metadata-directive") == Some("REPLACE") {
        stored.headers = kept_headers(call);
    }
    let etag = stored.etag.clone();
    let id = version_id(tickets, call);
    let at = call.now;
    let target = s3.bucket_mut(bucket)?;
    let id = target.write(key, id, at, Some(stored));
    let versions = target.tells_versions();
    let reply = Reply::xml(call, 200, "CopyObjectResult", |xml| {
        xml.text("LastModified", at.iso8601());
        xml.text("ETag", format!("\"{etag}\""));
    });
    Ok(if versions { reply.with("x-amz-version-id", id) } else { reply })
}

fn newest_mut<'w>(s3: &'w mut S3, bucket: &str, key: &str) -> Result<&'w mut Stored, AwsError> {
    let newest = s3.bucket_mut(bucket)?.objects.get_mut(key).and_then(|versions| versions.last_mut());
    newest.and_then(|version| version.stored.as_mut()).ok_or_else(|| errors::no_key(key))
}

pub(super) fn get_tags(s3: &S3, call: &Request<'_>, bucket: &str, key: &str) -> Outcome {
    let (_, stored) = find(s3.bucket(bucket)?, key, None)?;
    Ok(Reply::xml(call, 200, "Tagging", |xml| {
        xml.list("TagSet", "Tag", &stored.tags, |xml, (name, value)| {
            xml.text("Key", name);
            xml.text("Value", value);
        });
    }))
}

pub(super) fn put_tags(s3: &mut S3, call: &Request<'_>, bucket: &str, key: &str) -> Outcome {
    let stored = newest_mut(s3, bucket, key)?;
    let node = Node::parse(call.body).map_err(|_| errors::malformed_xml())?;
    let set = node.child("TagSet").ok_or_else(errors::malformed_xml)?;
    let text = |tag: &Node, name| tag.at(name).unwrap_or_default().to_owned();
    let tags: Vec<(String, String)> =
        set.all("Tag").map(|tag| (text(tag, "Key"), text(tag, "Value"))).collect();
    limits::tags(&tags, limits::OBJECT_TAGS)?;
    stored.tags = tags;
    Ok(Reply::empty(200))
}

pub(super) fn delete_tags(s3: &mut S3, _: &Request<'_>, bucket: &str, key: &str) -> Outcome {
    newest_mut(s3, bucket, key)?.tags.clear();
    Ok(Reply::empty(204))
}

/// An object's access list is its bucket's: lists are not used here.
pub(super) fn acl(s3: &S3, call: &Request<'_>, bucket: &str, _key: &str) -> Outcome {
    settings::acl(s3, call, bucket)
}

pub(super) fn attributes(s3: &S3, call: &Request<'_>, bucket: &str, key: &str) -> Outcome {
    let (version, stored) = find(s3.bucket(bucket)?, key, call.params.get("versionId"))?;
    let wants = |name: &str| call.header("x-amz-object-attributes").is_some_and(|a| a.contains(name));
    let reply = Reply::xml(call, 200, "GetObjectAttributesResponse", |xml| {
        if wants("ETag") {
            xml.text("ETag", &stored.etag);
        }
        if wants("StorageClass") {
            xml.text("StorageClass", "STANDARD");
        }
        if wants("ObjectSize") {
            xml.display("ObjectSize", stored.body.0.len());
        }
    });
    Ok(reply.with("last-modified", http_date(version.at)))
}
