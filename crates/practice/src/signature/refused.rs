//! Why a signature is refused, in the words of the service that is asked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::hash::MINUTE;
use super::{older, time};
use crate::call::{AwsError, Service};
use crate::wire::Protocol;
use ground::clock::Moment;

/// Why a signature is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It must be signed, and is not.
    Missing,
    /// The header lacks Credential, Signature, SignedHeaders or a date.
    Incomplete { lacks: [bool; 4], value: String },
    /// The presigned query lacks the same.
    IncompleteQuery { lacks: [bool; 4] },
    /// A header of Signature Version 2.
    OlderHeader,
    /// A query of Signature Version 2 that lacks something.
    OlderIncomplete,
    /// Its time is no number.
    OlderExpires(String),
    /// It was good until then.
    OlderExpired { end: Moment, now: Moment },
    /// Signature Version 4A.
    Asymmetric,
    /// No algorithm of AWS's.
    OtherAlgorithm,
    /// No scheme of AWS's.
    OtherScheme(String),
    /// Header and query both.
    TwoWays,
    /// The credential is not five parts.
    BadCredential(String),
    /// It does not end as it must.
    BadTerminator(String),
    /// The date cannot be read.
    BadDate(String),
    /// The scope is of another day than the date.
    OtherDay { scope: String, stamp: String },
    /// The time it is good for is out of bounds.
    Expires(&'static str),
    /// The host is not signed.
    HostUnsigned,
    /// A header of AWS's is not signed.
    HeaderUnsigned(String),
    /// Nobody has that key.
    UnknownKey(String),
    /// The session's token is none of this world's.
    BadToken,
    /// The session is over.
    ExpiredToken,
    /// Signed too long ago.
    Expired { stamp: String, now: Moment, window: u64 },
    /// Signed in the future.
    NotYet { stamp: String, now: Moment, window: u64 },
    /// S3: too far from its clock.
    Skewed { stamp: String, now: Moment },
    /// S3: a presigned URL that is over.
    UrlExpired { expires: u64, end: Moment, now: Moment },
    /// S3: a presigned URL that has not begun.
    UrlNotYet,
    /// S3: no hash of the body.
    NoPayloadHash,
    /// S3: what stands for the body is no hash.
    BadPayloadHash(String),
    /// S3: the hash is another body's.
    OtherBody { given: String, computed: String },
    /// A chunk, or the trailer, does not carry the right signature.
    Chunk,
    /// The signature is not the one the keys make.
    Mismatch { access_key: String, given: String, string_to_sign: String, canonical: String },
}

const TOKEN: &str = "The security token included in the request is invalid.";
const EC2: &str = "AWS was not able to validate the provided access credentials";
const MATCH: &str = "The request signature we calculated does not match the signature you provided.";
const QUERY_NEEDS: &str = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, \
                           X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";

impl Refused {
    /// The error that a service, or Espera itself (`None`), answers.
    #[must_use]
    pub fn error(&self, service: Option<Service>, protocol: Protocol) -> AwsError {
        match (service, protocol) {
            (Some(Service::S3), _) => self.of_s3(),
            (_, Protocol::Ec2) => self.of_ec2(),
            (_, protocol) => {
                let json = matches!(protocol, Protocol::Json10 | Protocol::Json11 | Protocol::Cbor);
                let (code, text) = self.of_others(json);
                let incomplete = code.starts_with("IncompleteSignature");
                AwsError::with_status(if json || incomplete { 400 } else { 403 }, code, text)
            }
        }
    }

    fn of_others(&self, json: bool) -> (&'static str, String) {
        let code = |xml, of_json| if json { of_json } else { xml };
        let signature = code("SignatureDoesNotMatch", "InvalidSignatureException");
        let incomplete = code("IncompleteSignature", "IncompleteSignatureException");
        let token = code("InvalidClientTokenId", "UnrecognizedClientException");
        match self {
            Refused::Missing => (
                code("MissingAuthenticationToken", "MissingAuthenticationTokenException"),
                "Request is missing Authentication Token".into(),
            ),
            Refused::UnknownKey(_) | Refused::BadToken => (token, TOKEN.into()),
            Refused::ExpiredToken => (
                code("ExpiredToken", "ExpiredTokenException"),
                "The security token included in the request is expired".into(),
            ),
            Refused::Expired { stamp, now, window } => {
                let (edge, now, minutes) = (Moment(now.0.saturating_sub(*window)), time::stamp(*now), window / MINUTE);
                let edge = time::stamp(edge);
                let text =
                    format!("Signature expired: {stamp} is now earlier than {edge} ({now} - {minutes} min.)");
                (signature, text)
            }
            Refused::NotYet { stamp, now, window } => {
                let (edge, now, minutes) = (time::stamp(Moment(now.0 + window)), time::stamp(*now), window / MINUTE);
                let text =
                    format!("Signature not yet current: {stamp} is still later than {edge} ({now} + {minutes} min.)");
                (signature, text)
            }
            Refused::OtherDay { scope, stamp } => {
                let day = stamp.get(..8).unwrap_or_default();
                let text = format!(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
                     '{scope}' != '{day}', from '{stamp}'."
                );
                (signature, text)
            }
            Refused::BadTerminator(end) => {
                (signature, format!("Credential should be scoped with a valid terminator: 'aws4_request', not '{end}'."))
            }
            Refused::HostUnsigned => (
                signature,
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".into(),
            ),
            Refused::BadCredential(credential) => {
                (incomplete, format!("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{credential}'"))
            }
            Refused::BadDate(date) => (
                incomplete,
                format!("Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601"),
            ),
            Refused::Incomplete { lacks, value } => (incomplete, lacking(lacks, value)),
            Refused::IncompleteQuery { lacks } => {
                let names = ["X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"];
                let missing = lacks.iter().zip(names).filter(|(lacks, _)| **lacks);
                let texts: Vec<String> =
                    missing.map(|(_, name)| format!("AWS query-string parameters must include '{name}'.")).collect();
                let all = "AWS query-string parameters must include 'X-Amz-Algorithm'.".to_owned();
                (incomplete, if texts.is_empty() { all } else { texts.join(" ") })
            }
            Refused::Asymmetric => (
                incomplete,
                "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256' (Signature Version 4A). Practice AWS takes AWS4-HMAC-SHA256."
                    .into(),
            ),
            Refused::OtherScheme(value) => (incomplete, lacking(&[true, true, true, false], value)),
            Refused::OtherAlgorithm | Refused::OlderHeader => {
                (incomplete, "Unsupported AWS 'algorithm'. Please use AWS4-HMAC-SHA256.".into())
            }
            Refused::Expires(text) => (incomplete, (*text).to_owned()),
            _ => (
                signature,
                format!("{MATCH} Check your AWS Secret Access Key and signing method. Consult the service documentation for details."),
            ),
        }
    }

    fn of_ec2(&self) -> AwsError {
        match self {
            Refused::Expired { .. } | Refused::NotYet { .. } | Refused::ExpiredToken => {
                AwsError::new("RequestExpired", "Request has expired.")
            }
            Refused::Missing => {
                AwsError::new("MissingParameter", "The request must contain the parameter AWSAccessKeyId")
            }
            _ => AwsError::with_status(401, "AuthFailure", EC2),
        }
    }

    fn of_s3(&self) -> AwsError {
        let denied = |text: &str| AwsError::with_status(403, "AccessDenied", text);
        let malformed = |text: String| {
            AwsError::new(
                "AuthorizationHeaderMalformed",
                format!("The authorization header is malformed; {text}"),
            )
        };
        match self {
            Refused::Missing => denied("Access Denied"),
            Refused::UnknownKey(key) => AwsError::with_status(
                403,
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
            )
            .detail("AWSAccessKeyId", key.as_str()),
            Refused::BadToken => {
                AwsError::new("InvalidToken", "The provided token is malformed or otherwise invalid.")
            }
            Refused::ExpiredToken => AwsError::new("ExpiredToken", "The provided token has expired."),
            Refused::Skewed { stamp, now } | Refused::Expired { stamp, now, .. } | Refused::NotYet { stamp, now, .. } => {
                AwsError::with_status(
                    403,
                    "RequestTimeTooSkewed",
                    "The difference between the request time and the current time is too large.",
                )
                .detail("RequestTime", stamp.as_str())
                .detail("ServerTime", time::iso(*now))
                .detail("MaxAllowedSkewMilliseconds", "900000")
            }
            Refused::UrlExpired { expires, end, now } => denied("Request has expired")
                .detail("X-Amz-Expires", expires.to_string())
                .detail("Expires", time::iso(*end))
                .detail("ServerTime", time::iso(*now)),
            Refused::OlderExpired { end, now } => {
                denied("Request has expired").detail("Expires", older::iso(*end)).detail("ServerTime", time::iso(*now))
            }
            Refused::UrlNotYet => denied("Request is not yet valid"),
            Refused::OlderExpires(given) => denied(&format!("Invalid date (should be seconds since epoch): {given}")),
            Refused::OlderIncomplete => denied(
                "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
            ),
            Refused::OlderHeader => AwsError::new(
                "InvalidRequest",
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
            ),
            Refused::Asymmetric => AwsError::new(
                "InvalidRequest",
                "Signature Version 4A (AWS4-ECDSA-P256-SHA256) is not supported here. Please use AWS4-HMAC-SHA256.",
            ),
            Refused::OtherScheme(value) => AwsError::new("InvalidArgument", "Unsupported Authorization Type")
                .detail("ArgumentName", "Authorization")
                .detail("ArgumentValue", value.as_str()),
            Refused::TwoWays => AwsError::new(
                "InvalidArgument",
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string \
                 parameter or the Authorization header should be specified",
            ),
            Refused::OtherAlgorithm => query_error("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\""),
            Refused::IncompleteQuery { .. } => query_error(QUERY_NEEDS),
            Refused::Expires(text) => query_error(text),
            Refused::BadCredential(credential) => malformed(format!(
                "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\". Got '{credential}'"
            )),
            Refused::BadTerminator(end) => malformed(format!("incorrect terminal \"{end}\". This endpoint uses \"aws4_request\".")),
            Refused::OtherDay { scope, stamp } => malformed(format!(
                "Invalid credential date \"{scope}\". This date is not the same as X-Amz-Date: \"{}\".",
                stamp.get(..8).unwrap_or_default()
            )),
            Refused::Incomplete { lacks: [false, false, false, true], .. } | Refused::BadDate(_) => {
                denied("AWS authentication requires a valid Date or x-amz-date header")
            }
            Refused::Incomplete { lacks, .. } => {
                let names = ["Credential", "Signature", "SignedHeaders"];
                let missing: Vec<_> =
                    lacks.iter().zip(names).filter(|(lacks, _)| **lacks).map(|(_, name)| name).collect();
                malformed(format!("the authorization header requires three components: Credential, SignedHeaders, and Signature. Missing: {}.", missing.join(", ")))
            }
            Refused::HostUnsigned => denied("There were headers present in the request which were not signed")
                .detail("HeadersNotSigned", "host"),
            Refused::HeaderUnsigned(name) => {
                denied("There were headers present in the request which were not signed")
                    .detail("HeadersNotSigned", name.as_str())
            }
            Refused::NoPayloadHash => AwsError::new(
                "InvalidRequest",
                "Missing required header for this request: x-amz-content-sha256",
            ),
            Refused::BadPayloadHash(value) => AwsError::new(
                "InvalidArgument",
                "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
                 STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, \
                 STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid \
                 sha256 value.",
            )
            .detail("ArgumentName", "x-amz-content-sha256")
            .detail("ArgumentValue", value.as_str()),
            Refused::OtherBody { given, computed } => AwsError::new(
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
            )
            .detail("ClientComputedContentSHA256", given.as_str())
            .detail("S3ComputedContentSHA256", computed.as_str()),
            Refused::Chunk => mismatch(),
            Refused::Mismatch { access_key, given, string_to_sign, canonical } => {
                let error = mismatch()
                    .detail("AWSAccessKeyId", access_key.as_str())
                    .detail("StringToSign", string_to_sign.as_str())
                    .detail("SignatureProvided", given.as_str());
                if canonical.is_empty() { error } else { error.detail("CanonicalRequest", canonical.as_str()) }
            }
        }
    }
}

fn mismatch() -> AwsError {
    AwsError::with_status(403, "SignatureDoesNotMatch", format!("{MATCH} Check your key and signing method."))
}

fn query_error(text: &str) -> AwsError {
    AwsError::new("AuthorizationQueryParametersError", text)
}

/// What an `Authorization` header lacks; AWS tells its value only as a hash.
fn lacking(lacks: &[bool; 4], value: &str) -> String {
    let texts = [
        "Authorization header requires 'Credential' parameter.",
        "Authorization header requires 'Signature' parameter.",
        "Authorization header requires 'SignedHeaders' parameter.",
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    ];
    let lacking: Vec<&str> =
        lacks.iter().zip(texts).filter(|(lacks, _)| **lacks).map(|(_, text)| text).collect();
    let hash = STANDARD.encode(Sha256::digest(value));
    format!("{} (Hashed with SHA-256 and encoded with Base64) Authorization={hash}", lacking.join(" "))
}
