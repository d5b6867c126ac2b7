//! The canonical request: one text for all the ways in which the same request can be written.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::claim::{Claim, Way};
use crate::route::Parts;

/// What stands for itself within a name or value.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same within a path.
const PATH: &AsciiSet = &PART.remove(b'/');

/// The canonical request as bytes: headers need not be text.
pub(super) fn request(parts: &Parts<'_>, claim: &Claim<'_>, payload: &str, s3: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    line(&mut out, parts.method.as_str());
    line(&mut out, &path(parts.path, s3));
    line(&mut out, &query(parts.query, claim.way));
    for name in claim.signed_headers.split(';') {
        header(&mut out, parts, name);
    }
    line(&mut out, "");
    line(&mut out, &claim.signed_headers);
    out.extend_from_slice(payload.as_bytes());
    out
}

fn line(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
    out.push(b'\n');
}

/// S3 takes a path as it is and encodes it once; all others tidy it up and encode what is encoded.
fn path(path: &str, s3: bool) -> Cow<'_, str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    if path.bytes().all(plain) && (s3 || !(path.contains("//") || path.contains("/."))) {
        return Cow::Borrowed(path);
    }
    if s3 {
        let parts: Vec<String> = path.split('/').map(anew).collect();
        return parts.join("/").into();
    }
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(kept.pop()),
            part => kept.push(part),
        }
    }
    let end = if path.ends_with('/') && !kept.is_empty() { "/" } else { "" };
    format!("/{}{end}", utf8_percent_encode(&kept.join("/"), PATH)).into()
}

/// Names and values encoded anew and sorted; without the signature itself.
fn query(query: &str, way: Way) -> String {
    if query.is_empty() {
        return String::new();
    }
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(name, _)| way == Way::Header || *name != "X-Amz-Signature")
        .map(|(name, value)| (anew(&name.replace('+', "%20")), anew(&value.replace('+', "%20"))))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// A part decoded and encoded again, as AWS writes it.
fn anew(part: &str) -> String {
    let decoded: Vec<u8> = percent_decode_str(part).collect();
    percent_encoding::percent_encode(&decoded, PART).to_string()
}

/// Appends a header as `name:value` and the end of its line: several values joined, white space made one space.
fn header(out: &mut Vec<u8>, parts: &Parts<'_>, name: &str) {
    out.extend_from_slice(name.as_bytes());
    out.push(b':');
    for (place, value) in parts.headers.get_all(name).iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        let words = value.as_bytes().split(|b| matches!(b, b' ' | b'\t')).filter(|word| !word.is_empty());
        for (place, word) in words.enumerate() {
            if place > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(word);
        }
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_each_service_signs_it() {
        for (sent, s3, others) in [
            ("/", "/", "/"),
            ("/b/a%20b", "/b/a%20b", "/b/a%2520b"),
            ("/b/a+b=c", "/b/a%2Bb%3Dc", "/b/a%2Bb%3Dc"),
            ("/b/a%2fb", "/b/a%2Fb", "/b/a%252fb"),
            ("/b/%c3%a9", "/b/%C3%A9", "/b/%25c3%25a9"),
            ("/a//b/../c/", "/a//b/../c/", "/a/c/"),
            ("/./x", "/./x", "/x"),
        ] {
            assert_eq!((&*path(sent, true), &*path(sent, false)), (s3, others), "{sent}");
        }
    }

    #[test]
    fn a_query_is_sorted_and_encoded() {
        assert_eq!(query("b=2&a=1&a=%7e&c", Way::Header), "a=1&a=~&b=2&c=");
        assert_eq!(query("x=a+b%2Fc", Way::Header), "x=a%20b%2Fc");
        let presigned = Way::Query { expires: Some(60) };
        assert_eq!(query("X-Amz-Signature=0&X-Amz-Date=1", presigned), "X-Amz-Date=1");
    }
}
