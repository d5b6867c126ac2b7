//! One request as a service sees it (`Call`) and its answer (`Outcome`): what every handler takes
//! and gives, whatever the protocol.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::Value;

use ground::clock::Moment;
use ground::seed::mix;

use super::scene::Scene;
use super::wire::{Params, Protocol};

ground::every! {
    /// A service of practice AWS.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Service {
        /// Stacks.
        CloudFormation,
        /// Relational databases.
        Rds,
        /// Identity.
        Sts,
        /// Metrics.
        CloudWatch,
        /// Networks and instances.
        Ec2,
        /// Buckets.
        S3,
        /// Distributions.
        CloudFront,
        /// Tables.
        DynamoDb,
        /// Parameters.
        Ssm,
        /// Secrets.
        SecretsManager,
    }
}

/// One request, taken apart. It borrows from the HTTP request and lives as long as its handling.
#[derive(Debug)]
pub struct Call<'a> {
    /// The service addressed.
    pub service: Service,
    /// How the request is written, and so its answer.
    pub protocol: Protocol,
    /// The Region addressed.
    pub region: &'a str,
    /// Who asks.
    pub caller: Caller,
    /// The operation (`DescribeStacks`); empty for REST protocols, where method and path say it.
    pub action: String,
    /// The present moment of practice time.
    pub now: Moment,
    /// HTTP method.
    pub method: &'a Method,
    /// Path as sent, percent-encoded.
    pub path: &'a str,
    /// Query string as sent, without `?`.
    pub query: &'a str,
    /// Headers.
    pub headers: &'a HeaderMap,
    /// Body.
    pub body: &'a Bytes,
    /// The host addressed, without port.
    pub host: &'a str,
    /// The form parameters of awsQuery and ec2Query; for REST protocols, those of the query string.
    pub params: Params,
    /// The id of this request.
    pub request_id: RequestId,
}

/// A call in its scene: what every handler is given beside its service's state.
#[derive(Debug)]
pub struct Request<'a> {
    /// The call.
    pub call: &'a Call<'a>,
    /// Where and when it is carried out.
    pub scene: Scene<'a>,
}

impl<'a> std::ops::Deref for Request<'a> {
    type Target = Call<'a>;

    fn deref(&self) -> &Call<'a> {
        self.call
    }
}

/// Who makes a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// The practice account: whoever signs with its keys.
    Account,
    /// Nobody known: the request is not signed.
    Anonymous,
}

/// The answer of a handler.
pub type Outcome = Result<Reply, AwsError>;

/// A successful answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers beside the request id, which is added for all.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// The caller's.
    #[default]
    Sender,
    /// The service's.
    Receiver,
}

/// An error as AWS answers it.
#[derive(Clone, Debug, PartialEq)]
pub struct AwsError {
    /// HTTP status.
    pub status: u16,
    /// The code (`ValidationError`, `NoSuchBucket`, `ResourceNotFoundException`).
    pub code: String,
    /// What happened.
    pub message: String,
    /// Whose fault it is.
    pub origin: Origin,
    /// More members of the error's shape: of a JSON error's object (`Item`), or texts within S3's.
    pub details: Vec<(&'static str, Value)>,
}

/// The id of one request, written as a UUID.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestId(pub u64);

impl Service {
    /// The name in endpoints, ARNs and credential scopes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Service::CloudFormation => "cloudformation",
            Service::Rds => "rds",
            Service::Sts => "sts",
            Service::CloudWatch => "monitoring",
            Service::Ec2 => "ec2",
            Service::S3 => "s3",
            Service::CloudFront => "cloudfront",
            Service::DynamoDb => "dynamodb",
            Service::Ssm => "ssm",
            Service::SecretsManager => "secretsmanager",
        }
    }

    /// The name in AWS's service models, which clients go by: `aws cloudwatch`.
    #[must_use]
    pub fn client_name(self) -> &'static str {
        match self {
            Service::CloudWatch => "cloudwatch",
            other => other.as_str(),
        }
    }

    /// The service of that name in an endpoint or credential scope.
    #[must_use]
    pub fn of(name: &str) -> Option<Service> {
        let one_zone = (name == "s3express").then_some(Service::S3);
        let known = |service: &Service| [service.as_str(), service.client_name()].contains(&name);
        Service::ALL.into_iter().find(known).or(one_zone)
    }

    /// What the header `X-Amz-Target` names before the operation, for services that are asked by it.
    #[must_use]
    pub fn target_prefix(self) -> Option<&'static str> {
        match self {
            Service::DynamoDb => Some("DynamoDB_20120810"),
            Service::Ssm => Some("AmazonSSM"),
            Service::SecretsManager => Some("secretsmanager"),
            Service::CloudFormation
            | Service::Rds
            | Service::Sts
            | Service::CloudWatch
            | Service::Ec2
            | Service::S3
            | Service::CloudFront => None,
        }
    }

    /// The version of its API, as query errors name it.
    #[must_use]
    pub fn version(self) -> &'static str {
        match self {
            Service::CloudFormation => "2010-05-15",
            Service::Rds => "2014-10-31",
            Service::Sts => "2011-06-15",
            Service::CloudWatch => "2010-08-01",
            Service::Ec2 => "2016-11-15",
            Service::S3 => "2006-03-01",
            Service::CloudFront => "2020-05-31",
            Service::DynamoDb => "2012-08-10",
            Service::Ssm => "2014-11-06",
            Service::SecretsManager => "2017-10-17",
        }
    }

    /// The XML name space of its answers; empty for JSON services.
    #[must_use]
    pub fn namespace(self) -> &'static str {
        match self {
            Service::CloudFormation => "http://cloudformation.amazonaws.com/doc/2010-05-15/",
            Service::Rds => "http://rds.amazonaws.com/doc/2014-10-31/",
            Service::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
            Service::CloudWatch => "http://monitoring.amazonaws.com/doc/2010-08-01/",
            Service::Ec2 => "http://ec2.amazonaws.com/doc/2016-11-15/",
            Service::S3 => "http://s3.amazonaws.com/doc/2006-03-01/",
            Service::CloudFront => "http://cloudfront.amazonaws.com/doc/2020-05-31/",
            Service::DynamoDb | Service::Ssm | Service::SecretsManager => "",
        }
    }
}

impl Call<'_> {
    /// A header's value, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Reply {
    /// An answer with a status, a content type and a body.
    #[must_use]
    pub fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Reply {
        let mut headers = HeaderMap::with_capacity(4);
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        Reply { status: StatusCode::from_u16(status).unwrap_or_default(), headers, body: body.into() }
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Reply {
        Reply {
            status: StatusCode::from_u16(status).unwrap_or_default(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// This answer with one more header; a value that cannot stand in a header is left out.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl AsRef<str>) -> Reply {
        if let Ok(value) = HeaderValue::from_str(value.as_ref()) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }
}

impl AwsError {
    /// What a broken Region answers.
    #[must_use]
    pub(crate) fn unavailable() -> AwsError {
        AwsError::with_status(503, "ServiceUnavailable", "Service is unable to handle request.")
    }

    /// An error of the caller's, status 400.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> AwsError {
        AwsError {
            status: 400,
            code: code.into(),
            message: message.into(),
            origin: Origin::Sender,
            details: Vec::new(),
        }
    }

    /// An error with its HTTP status; from 500 on it is the service's fault.
    pub(crate) fn with_status(status: u16, code: impl Into<String>, message: impl Into<String>) -> AwsError {
        let origin = if status >= 500 { Origin::Receiver } else { Origin::Sender };
        AwsError { status, origin, ..AwsError::new(code, message) }
    }

    /// This error with one more member.
    #[must_use]
    pub fn detail(mut self, name: &'static str, value: impl Into<Value>) -> AwsError {
        self.details.push((name, value.into()));
        self
    }

    /// The service has no such operation.
    #[must_use]
    pub(crate) fn unknown_action(call: &Call<'_>) -> AwsError {
        let action = &call.action;
        match call.protocol {
            Protocol::Json10 | Protocol::Json11 | Protocol::Cbor => {
                AwsError::new("UnknownOperationException", format!("Practice does not know {action}."))
            }
            Protocol::Query => {
                let version = call.service.version();
                let text = format!("Could not find operation {action} for version {version}");
                AwsError::new("InvalidAction", text)
            }
            Protocol::Ec2 => AwsError::new(
                "InvalidAction",
                format!("The action {action} is not valid for this web service."),
            ),
            Protocol::Rest => AwsError::with_status(
                501,
                "NotImplemented",
                "A header you provided implies functionality that is not implemented.",
            ),
        }
    }
}

impl RequestId {
    /// Writes the 36 characters of the UUID.
    pub fn write(self, out: &mut [u8; 36]) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let (a, b) = (mix(self.0), mix(self.0 ^ 0x5851_f42d_4c95_7f2d));
        // Version 4, variant 1.
        let halves = [(a & !0xf000) | 0x4000, (b & !(0b11 << 62)) | (0b10 << 62)];
        let mut digits = halves.iter().flat_map(|half| (0..16).rev().map(move |n| (half >> (n * 4)) & 0xf));
        for (place, byte) in out.iter_mut().enumerate() {
            *byte = match place {
                8 | 13 | 18 | 23 => b'-',
                _ => digits.next().and_then(|d| HEX.get(usize::try_from(d).ok()?)).copied().unwrap_or(b'0'),
            };
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 36];
        self.write(&mut text);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_are_uuids_and_differ() {
        let (a, b) = (RequestId(1).to_string(), RequestId(2).to_string());
        assert_ne!(a, b);
        assert_eq!((a.len(), a.as_bytes()[14]), (36, b'4'));
        assert!(a.split('-').map(str::len).eq([8, 4, 4, 4, 12]));
    }
}
