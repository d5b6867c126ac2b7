//! Where a request goes: service and Region from the signature's credential scope (header or
//! presigned query), else from the host; the edge and the control requests by host and path.

use http::{HeaderMap, Method};

use super::call::{Call, Caller, RequestId, Service};
use super::hosts::{Door, door, is_local};
use super::wire::{Params, Protocol};
use ground::clock::Moment;

/// What answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A service of AWS.
    Service(Service),
    /// CloudFront's edge.
    Edge,
    /// Espera itself, under `/_espera/`.
    Control,
    /// Aurora's own port, where rows are committed. No request from outside leads here: what runs in the
    /// world makes it (`Connection`).
    Aurora,
}

/// A request's target, Region and caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Route<'a> {
    pub target: Target,
    pub region: &'a str,
    pub caller: Caller,
}

/// Why no service was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoRoute {
    /// Neither signature nor host names a service.
    Unsigned,
    /// Practice has no such service.
    Unknown(String),
}

/// Finds the target of a request; `host` is without its port.
pub(crate) fn route<'a>(
    host: &'a str,
    path: &str,
    query: &'a str,
    headers: &'a HeaderMap,
) -> Result<Route<'a>, NoRoute> {
    if path.starts_with("/_espera/") && is_local(host) {
        return Ok(Route { target: Target::Control, region: "", caller: Caller::Account });
    }
    if door(host) == Some(Door::Edge) {
        return Ok(Route { target: Target::Edge, region: "us-east-1", caller: Caller::Anonymous });
    }
    if let Some((region, name)) = scope(query, headers) {
        let service = Service::of(name).ok_or_else(|| NoRoute::Unknown(name.to_owned()))?;
        return Ok(Route { target: Target::Service(service), region, caller: Caller::Account });
    }
    // Presigned in the older way, which only S3 knows.
    if query.contains("AWSAccessKeyId=") && query.contains("Signature=") {
        let region = by_host(host).map_or("us-east-1", |(_, region)| region);
        return Ok(Route { target: Target::Service(Service::S3), region, caller: Caller::Account });
    }
    // A path names a bucket where the host says nothing.
    let by_path = || (path.len() > 1 && is_local(host)).then_some((Service::S3, "us-east-1"));
    let found = by_host(host).or_else(|| by_target(headers)).or_else(by_path);
    let (service, region) = found.ok_or(NoRoute::Unsigned)?;
    match service {
        // Of all services only buckets may be open to everyone.
        Service::S3 => Ok(Route { target: Target::Service(service), region, caller: Caller::Anonymous }),
        _ => Err(NoRoute::Unsigned),
    }
}

/// Region and service of the credential scope.
fn scope<'a>(query: &'a str, headers: &'a HeaderMap) -> Option<(&'a str, &'a str)> {
    let credential = match headers.get(http::header::AUTHORIZATION) {
        Some(value) => after(value.to_str().ok()?, "Credential=", &[',', ' '])?,
        None => after(query, "X-Amz-Credential=", &['&'])?,
    };
    let mut parts = credential.split(['/']).rev();
    if !credential.contains('/') {
        // Presigned: the slashes are percent-encoded.
        let mut parts =
            credential.split("%2F").flat_map(|p| p.split("%2f")).collect::<Vec<_>>().into_iter().rev();
        return region_and_service(&mut parts);
    }
    region_and_service(&mut parts)
}

fn region_and_service<'a>(from_end: &mut dyn Iterator<Item = &'a str>) -> Option<(&'a str, &'a str)> {
    let end = from_end.next()?;
    let service = from_end.next()?;
    let region = from_end.next()?;
    // SigV4a has no Region in its scope: a date stands there.
    let region = if region.bytes().all(|b| b.is_ascii_digit()) { "us-east-1" } else { region };
    (end == "aws4_request").then_some((region, service))
}

fn after<'a>(text: &'a str, mark: &str, ends: &[char]) -> Option<&'a str> {
    // On the way of every request, where `find` of a string prepares more than it gains.
    let from = memchr::memmem::find(text.as_bytes(), mark.as_bytes())? + mark.len();
    let rest = &text[from..];
    Some(&rest[..rest.find(ends).unwrap_or(rest.len())])
}

/// The service of an endpoint's name: `rds.us-west-1.amazonaws.com`, `bucket.s3.localhost`.
fn by_host(host: &str) -> Option<(Service, &str)> {
    let name = host
        .strip_suffix(".amazonaws.com")
        .or_else(|| host.strip_suffix(".localhost"))
        .or_else(|| host.strip_suffix(".api.aws"))?;
    let labels: Vec<&str> = name.split('.').collect();
    let (at, (service, named)) =
        labels.iter().enumerate().rev().find_map(|(at, label)| Some((at, by_label(label)?)))?;
    // `dualstack` may stand between service and Region.
    let after = || labels[at + 1..].iter().copied().find(|l| l.contains('-'));
    Some((service, named.or_else(after).unwrap_or("us-east-1")))
}

/// The service a label of a host names, with the Region if the label names it too: `rds`, `sts-fips`,
/// `s3-us-west-1`.
fn by_label(label: &str) -> Option<(Service, Option<&str>)> {
    let known = Service::of(label.strip_suffix("-fips").unwrap_or(label));
    if let Some(service) = known {
        return Some((service, None));
    }
    let region = label.strip_prefix("s3-")?;
    let region = region.strip_prefix("website-").unwrap_or(region);
    Some((Service::S3, Some(region).filter(|region| region.contains('-'))))
}

fn by_target(headers: &HeaderMap) -> Option<(Service, &'static str)> {
    let target = headers.get("x-amz-target")?.to_str().ok()?;
    let prefix = target.split('.').next()?;
    let service = Service::ALL.into_iter().find(|service| service.target_prefix() == Some(prefix))?;
    Some((service, "us-east-1"))
}

/// The protocol a service's request is written in.
pub(crate) fn protocol(service: Service, headers: &HeaderMap) -> Protocol {
    match service {
        Service::CloudWatch if headers.contains_key("x-amz-target") => Protocol::Json10,
        Service::CloudWatch if headers.contains_key("smithy-protocol") => Protocol::Cbor,
        Service::CloudFormation | Service::Rds | Service::Sts | Service::CloudWatch => Protocol::Query,
        Service::Ec2 => Protocol::Ec2,
        Service::S3 | Service::CloudFront => Protocol::Rest,
        Service::DynamoDb => Protocol::Json10,
        Service::Ssm | Service::SecretsManager => Protocol::Json11,
    }
}

/// A request without what its transport adds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    pub method: &'a Method,
    pub host: &'a str,
    pub path: &'a str,
    pub query: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a bytes::Bytes,
}

/// Takes a service's request apart; its moment is set when the world is locked.
pub(crate) fn call<'a>(
    service: Service,
    region: &'a str,
    caller: Caller,
    parts: Parts<'a>,
    id: RequestId,
) -> Call<'a> {
    let protocol = protocol(service, parts.headers);
    let (action, params) = action(protocol, parts);
    Call {
        service,
        protocol,
        region,
        caller,
        action,
        params,
        now: Moment::default(),
        method: parts.method,
        path: parts.path,
        query: parts.query,
        headers: parts.headers,
        body: parts.body,
        host: parts.host,
        request_id: id,
    }
}

fn action(protocol: Protocol, parts: Parts<'_>) -> (String, Params) {
    match protocol {
        Protocol::Query | Protocol::Ec2 => {
            let form: &[u8] = if parts.body.is_empty() { parts.query.as_bytes() } else { parts.body };
            let params = Params::parse(form);
            (params.get("Action").unwrap_or_default().to_owned(), params)
        }
        Protocol::Json10 | Protocol::Json11 => {
            let target = parts.headers.get("x-amz-target").and_then(|v| v.to_str().ok()).unwrap_or_default();
            (target.rsplit('.').next().unwrap_or_default().to_owned(), Params::default())
        }
        Protocol::Cbor => (parts.path.rsplit('/').next().unwrap_or_default().to_owned(), Params::default()),
        Protocol::Rest => (String::new(), Params::parse(parts.query.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed_headers(scope: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let value = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00");
        headers.insert("authorization", value.parse().unwrap());
        headers
    }

    #[test]
    fn the_signature_decides_then_the_host() {
        let headers = signed_headers("KEY/20261122/us-west-1/rds/aws4_request");
        let found = route("127.0.0.1", "/", "", &headers).unwrap();
        assert_eq!((found.target, found.region), (Target::Service(Service::Rds), "us-west-1"));
        let none = HeaderMap::new();
        let presigned = "X-Amz-Credential=K%2F20261122%2Fus-west-1%2Fs3%2Faws4_request&X-Amz-Date=x";
        let found = route("localhost", "/b/k", presigned, &none).unwrap();
        assert_eq!((found.region, found.caller), ("us-west-1", Caller::Account));
        let found = route("pages.s3.us-west-1.localhost", "/", "", &none).unwrap();
        assert_eq!((found.region, found.caller), ("us-west-1", Caller::Anonymous));
        assert_eq!(route("x.cloudfront.localhost", "/", "", &none).unwrap().target, Target::Edge);
        assert_eq!(route("localhost", "/", "", &none), Err(NoRoute::Unsigned));
        assert_eq!(route("localhost", "/b/k", "", &none).unwrap().caller, Caller::Anonymous);
        let older = "AWSAccessKeyId=K&Signature=s&Expires=1";
        assert_eq!(route("localhost", "/b/k", older, &none).unwrap().caller, Caller::Account);
        let iam = signed_headers("KEY/20261122/us-east-1/iam/aws4_request");
        assert_eq!(route("localhost", "/", "", &iam), Err(NoRoute::Unknown("iam".into())));
    }

    #[test]
    fn endpoints_of_every_kind_name_service_and_region() {
        for (host, service, region) in [
            ("sts.amazonaws.com", Service::Sts, "us-east-1"),
            ("rds.us-west-1.amazonaws.com", Service::Rds, "us-west-1"),
            ("rds-fips.us-west-1.amazonaws.com", Service::Rds, "us-west-1"),
            ("b.s3.dualstack.us-west-1.amazonaws.com", Service::S3, "us-west-1"),
            ("b.s3-us-west-1.amazonaws.com", Service::S3, "us-west-1"),
            ("b.s3-website-us-west-1.amazonaws.com", Service::S3, "us-west-1"),
            ("b.s3-accelerate.amazonaws.com", Service::S3, "us-east-1"),
            ("my.s3.bucket.s3.us-west-1.amazonaws.com", Service::S3, "us-west-1"),
            ("ec2.us-west-1.api.aws", Service::Ec2, "us-west-1"),
        ] {
            assert_eq!(by_host(host), Some((service, region)), "{host}");
        }
        assert_eq!(by_host("iam.amazonaws.com"), None);
    }
}
