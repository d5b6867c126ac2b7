//! What a request says of its signature: in its `Authorization` header, or in its query.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::hash::MINUTE;
use super::refused::Refused;
use super::time;
use crate::route::Parts;
use ground::clock::Moment;

/// The one algorithm taken.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// The longest a presigned URL may be good for, in seconds.
const WEEK: u64 = 604_800;

/// Where a signature stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// In the `Authorization` header.
    Header,
    /// In the query, with the seconds it is good for where it says so.
    Query { expires: Option<u64> },
}

/// A signature, taken apart.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    pub way: Way,
    pub access_key: Cow<'a, str>,
    pub date: Cow<'a, str>,
    pub region: Cow<'a, str>,
    pub service: Cow<'a, str>,
    pub signed_headers: Cow<'a, str>,
    pub signature: Cow<'a, str>,
    pub token: Option<Cow<'a, str>>,
    /// When it was signed, as it says.
    pub stamp: String,
    /// The hash of the body, where a presigned query gives one.
    pub payload: Option<String>,
    at: Moment,
}

/// The signature of a request, if it has one.
pub(super) fn claim<'a>(parts: &Parts<'a>, s3: bool) -> Result<Option<Claim<'a>>, Refused> {
    let presigned = parts.query.contains("X-Amz-");
    match parts.headers.get(http::header::AUTHORIZATION) {
        Some(_) if s3 && presigned && query(parts.query, "X-Amz-Algorithm").is_some() => {
            Err(Refused::TwoWays)
        }
        Some(value) => in_header(value.to_str().unwrap_or_default(), parts).map(Some),
        None if presigned => in_query(parts, s3),
        None => Ok(None),
    }
}

fn in_header<'a>(value: &'a str, parts: &Parts<'a>) -> Result<Claim<'a>, Refused> {
    let (algorithm, rest) = value.trim().split_once(' ').unwrap_or((value, ""));
    match algorithm {
        ALGORITHM => {}
        "AWS" => return Err(Refused::OlderHeader),
        other if other.starts_with("AWS4-ECDSA") => return Err(Refused::Asymmetric),
        _ => return Err(Refused::OtherScheme(value.to_owned())),
    }
    let part = |name: &str| {
        rest.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('=')).map(str::trim)
    };
    let stamp = ["x-amz-date", "date"].iter().find_map(|n| parts.headers.get(*n)?.to_str().ok());
    let (credential, signed, signature) = (part("Credential"), part("SignedHeaders"), part("Signature"));
    let (Some(credential), Some(signed_headers), Some(signature), Some(stamp)) =
        (credential, signed, signature, stamp)
    else {
        let lacks = [credential, signature, signed, stamp].map(|part| part.is_none());
        return Err(Refused::Incomplete { lacks, value: value.to_owned() });
    };
    let [access_key, date, region, service] = scope(credential)?.map(Cow::Borrowed);
    let token = parts.headers.get("x-amz-security-token").and_then(|v| v.to_str().ok()).map(Cow::Borrowed);
    let at = time::moment(stamp).ok_or_else(|| Refused::BadDate(stamp.to_owned()))?;
    Ok(Claim {
        way: Way::Header,
        access_key,
        date,
        region,
        service,
        signed_headers: signed_headers.into(),
        signature: signature.into(),
        token,
        // What was signed is the moment in this form, however the header wrote it.
        stamp: if stamp.len() == time::STAMP { stamp.to_owned() } else { time::stamp(at) },
        payload: None,
        at,
    })
}

fn in_query<'a>(parts: &Parts<'a>, s3: bool) -> Result<Option<Claim<'a>>, Refused> {
    let get = |name: &str| query(parts.query, name);
    let algorithm = get("X-Amz-Algorithm");
    match algorithm.as_deref() {
        None | Some(ALGORITHM) => {}
        Some(other) if other.starts_with("AWS4-ECDSA") => return Err(Refused::Asymmetric),
        Some(_) => return Err(Refused::OtherAlgorithm),
    }
    let found = ["X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders"].map(get);
    if algorithm.is_none() && found.iter().all(Option::is_none) {
        return Ok(None);
    }
    let lacks = [&found[0], &found[1], &found[3], &found[2]].map(Option::is_none);
    let expires = get("X-Amz-Expires");
    let [Some(credential), Some(signature), Some(stamp), Some(signed_headers)] = found else {
        return Err(Refused::IncompleteQuery { lacks });
    };
    if algorithm.is_none() || (s3 && expires.is_none()) {
        return Err(Refused::IncompleteQuery { lacks });
    }
    let expires = match expires.as_deref() {
        None => None,
        Some(text) if text.starts_with('-') => {
            return Err(Refused::Expires("X-Amz-Expires must be non-negative"));
        }
        Some(text) => match text.parse() {
            Ok(seconds) if seconds <= WEEK => Some(seconds),
            Ok(_) => {
                return Err(Refused::Expires(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be \
                     less than 604800 seconds",
                ));
            }
            Err(_) => return Err(Refused::Expires("X-Amz-Expires should be a number")),
        },
    };
    let [access_key, date, region, service] = scope(&credential)?.map(|part| Cow::Owned(part.to_owned()));
    let at = time::moment(&stamp).filter(|_| stamp.len() == time::STAMP);
    Ok(Some(Claim {
        way: Way::Query { expires },
        access_key,
        date,
        region,
        service,
        signed_headers,
        signature,
        token: get("X-Amz-Security-Token"),
        at: at.ok_or_else(|| Refused::BadDate(stamp.to_string()))?,
        stamp: stamp.into_owned(),
        payload: get("X-Amz-Content-Sha256").map(Cow::into_owned),
    }))
}

/// Key, date, Region and service of `KEY/20261122/us-east-1/s3/aws4_request`.
fn scope(credential: &str) -> Result<[&str; 4], Refused> {
    let malformed = || Refused::BadCredential(credential.to_owned());
    let mut parts = credential.rsplitn(5, '/');
    let mut next = || parts.next().filter(|part| !part.is_empty()).ok_or_else(malformed);
    let (end, service, region, date, key) = (next()?, next()?, next()?, next()?, next()?);
    if end != "aws4_request" {
        return Err(Refused::BadTerminator(end.to_owned()));
    }
    Ok([key, date, region, service])
}

/// A value of the query, decoded.
pub(super) fn query<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    Some(percent_decode_str(value).decode_utf8_lossy())
}

impl Claim<'_> {
    /// Whether it comes in the time it is good for: 5 minutes to either side, for S3 15.
    pub fn is_timely(&self, s3: bool, now: Moment) -> Result<(), Refused> {
        if self.date.as_bytes() != &self.stamp.as_bytes()[..8] {
            return Err(Refused::OtherDay { scope: self.date.to_string(), stamp: self.stamp.clone() });
        }
        let skew = if s3 { 15 } else { 5 } * MINUTE;
        let late = self.at.0 > now.0 + skew;
        if let (true, Way::Query { expires }) = (s3, self.way) {
            let end = Moment(self.at.0 + expires.unwrap_or_default() * 1000);
            return match (late, now > end) {
                (true, _) => Err(Refused::UrlNotYet),
                (_, true) => Err(Refused::UrlExpired { expires: expires.unwrap_or_default(), end, now }),
                _ => Ok(()),
            };
        }
        // Presigned, it is good as long as it says.
        let good = match self.way {
            Way::Query { expires: Some(seconds) } => (seconds * 1000).max(MINUTE),
            _ => skew,
        };
        match (late, now.0 > self.at.0 + good) {
            (false, false) => Ok(()),
            _ if s3 => Err(Refused::Skewed { stamp: self.stamp.clone(), now }),
            (true, _) => Err(Refused::NotYet { stamp: self.stamp.clone(), now, window: skew }),
            (_, true) => Err(Refused::Expired { stamp: self.stamp.clone(), now, window: good }),
        }
    }

    /// Whether what must be signed is among the signed headers: the host, and S3 asks for all of
    /// AWS's own.
    pub fn signs_enough(&self, parts: &Parts<'_>, s3: bool) -> Result<(), Refused> {
        let signed = |name: &str| self.signed_headers.split(';').any(|signed| signed == name);
        if !signed("host") && !signed(":authority") {
            return Err(Refused::HostUnsigned);
        }
        let mut own = parts.headers.keys().map(http::HeaderName::as_str).filter(|n| n.starts_with("x-amz-"));
        match own.find(|name| s3 && !signed(name) && *name != "x-amz-content-sha256") {
            Some(name) => Err(Refused::HeaderUnsigned(name.to_owned())),
            None => Ok(()),
        }
    }

    /// The scope, as it is signed.
    pub fn scope(&self) -> String {
        [&*self.date, &*self.region, &*self.service, "aws4_request"].join("/")
    }

    /// What the signature is made of.
    pub fn string_to_sign(&self, hash: &str) -> String {
        [ALGORITHM, &*self.stamp, &*self.scope(), hash].join("\n")
    }
}
