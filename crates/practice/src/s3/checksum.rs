//! Checksums and entity tags of objects.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use md5::{Digest, Md5};
use sha2::Sha256;

use super::chunked::Content;
use crate::call::{AwsError, Call};

const PREFIX: &str = "x-amz-checksum-";
/// Headers that begin like a checksum and are none.
const NOT_SUMS: [&str; 4] = [
    "x-amz-checksum-algorithm",
    "x-amz-checksum-mode",
    "x-amz-checksum-type",
    "x-amz-sdk-checksum-algorithm",
];

/// The MD5 of a body in hexadecimal digits: an object's entity tag.
pub(super) fn etag(body: &[u8]) -> String {
    hex(&Md5::digest(body))
}

/// The entity tag of an object put together from parts with these tags.
pub(super) fn joined_etag<'t>(tags: impl Iterator<Item = &'t str>) -> String {
    let (mut bytes, mut count) = (Vec::new(), 0);
    for tag in tags {
        bytes.extend(
            (0..tag.len() / 2).filter_map(|n| u8::from_str_radix(tag.get(2 * n..2 * n + 2)?, 16).ok()),
        );
        count += 1;
    }
    format!("{}-{count}", hex(&Md5::digest(&bytes)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The checksums given with a body, by header name, those that can be checked having been checked.
/// Where none was given, S3's own choice stands in.
pub(super) fn checksums_given(call: &Call<'_>, content: &Content) -> Result<Vec<(String, String)>, AwsError> {
    let headers =
        call.headers.iter().filter_map(|(n, v)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned())));
    let mut sums: Vec<(String, String)> = headers
        .chain(content.trailers.iter().cloned())
        .filter(|(name, _)| name.starts_with(PREFIX) && !NOT_SUMS.contains(&name.as_str()))
        .collect();
    for (name, value) in &sums {
        let wrong = compute(name, &content.body).is_some_and(|ours| ours != *value);
        if wrong {
            let kind = name.trim_start_matches(PREFIX).to_ascii_uppercase();
            let text = format!("The {kind} you specified did not match the calculated checksum.");
            return Err(AwsError::new("BadDigest", text));
        }
    }
    if let Some(md5) = call.header("content-md5")
        && md5 != BASE64.encode(Md5::digest(&content.body))
    {
        return Err(AwsError::new(
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
        ));
    }
    if sums.is_empty()
        && let Some(sum) = compute("x-amz-checksum-crc32", &content.body)
    {
        sums.push(("x-amz-checksum-crc32".to_owned(), sum));
    }
    Ok(sums)
}

fn compute(name: &str, body: &[u8]) -> Option<String> {
    match name.strip_prefix(PREFIX)? {
        "crc32" => Some(BASE64.encode(crc32fast::hash(body).to_be_bytes())),
        "sha256" => Some(BASE64.encode(Sha256::digest(body))),
        _ => None,
    }
}
