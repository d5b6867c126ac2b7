//! URLs presigned in the older way (Signature Version 2, HMAC-SHA1), which only S3 knows and which
//! boto3 still makes unless told otherwise.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::percent_decode_str;
use sha1::Sha1;

use super::claim::query;
use super::refused::Refused;
use super::time;
use crate::route::Parts;
use crate::s3;
use ground::clock::Moment;

/// The parts of a query that name what is asked for, and so are signed.
const SIGNED: [&str; 30] = [
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "delete",
    "inventory",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
];

/// A signature of the older way.
pub(super) struct Older {
    pub access_key: String,
    signature: String,
    expires: String,
    pub token: Option<String>,
}

/// The signature of a request presigned in the older way, if it is one.
pub(super) fn claim(parts: &Parts<'_>) -> Result<Option<Older>, Refused> {
    let get = |name: &str| query(parts.query, name).map(std::borrow::Cow::into_owned);
    if !parts.query.contains("AWSAccessKeyId=") || parts.headers.contains_key(http::header::AUTHORIZATION) {
        return Ok(None);
    }
    let (Some(access_key), Some(signature), Some(expires)) =
        (get("AWSAccessKeyId"), get("Signature"), get("Expires"))
    else {
        return Err(Refused::OlderIncomplete);
    };
    Ok(Some(Older { access_key, signature, expires, token: get("x-amz-security-token") }))
}

impl Older {
    /// Judges it; whose key it is has been found out.
    pub fn verify(&self, secret: &str, parts: &Parts<'_>, now: Moment) -> Result<(), Refused> {
        let seconds: u64 = self.expires.parse().map_err(|_| Refused::OlderExpires(self.expires.clone()))?;
        let end = Moment(seconds.saturating_mul(1000));
        if now > end {
            return Err(Refused::OlderExpired { end, now });
        }
        let text = self.string_to_sign(parts);
        let mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes());
        let given = STANDARD.decode(&self.signature).unwrap_or_default();
        let good = mac.is_ok_and(|mut mac| {
            mac.update(text.as_bytes());
            mac.verify_slice(&given).is_ok()
        });
        if good {
            return Ok(());
        }
        Err(Refused::Mismatch {
            access_key: self.access_key.clone(),
            given: self.signature.clone(),
            string_to_sign: text,
            canonical: String::new(),
        })
    }

    fn string_to_sign(&self, parts: &Parts<'_>) -> String {
        let header = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let mut own: Vec<(&str, String)> = parts
            .headers
            .keys()
            .map(http::HeaderName::as_str)
            .filter(|name| name.starts_with("x-amz-"))
            .map(|name| {
                let values = parts.headers.get_all(name).iter().filter_map(|v| v.to_str().ok());
                (name, values.map(str::trim).collect::<Vec<_>>().join(","))
            })
            .collect();
        own.extend(self.token.iter().map(|token| ("x-amz-security-token", token.clone())));
        own.sort();
        let own: String = own.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let bucket = s3::bucket_of_host(parts.host).map(|bucket| format!("/{bucket}")).unwrap_or_default();
        format!(
            "{}\n{}\n{}\n{}\n{own}{bucket}{}{}",
            parts.method,
            header("content-md5"),
            header("content-type"),
            self.expires,
            parts.path,
            sub_resources(parts.query)
        )
    }
}

fn sub_resources(query: &str) -> String {
    let mut found: Vec<(&str, Option<String>)> = query
        .split('&')
        .map(|pair| pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value))))
        .filter(|(name, _)| SIGNED.contains(name))
        .map(|(name, value)| (name, value.map(|v| percent_decode_str(v).decode_utf8_lossy().into_owned())))
        .collect();
    found.sort();
    let texts: Vec<String> =
        found.into_iter().map(|(n, v)| v.map_or_else(|| n.to_owned(), |v| format!("{n}={v}"))).collect();
    if texts.is_empty() { String::new() } else { format!("?{}", texts.join("&")) }
}

/// When it expired, in S3's words.
pub(super) fn iso(at: Moment) -> String {
    time::iso(at)
}
