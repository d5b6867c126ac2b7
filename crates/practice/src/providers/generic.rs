//! The provider of every type without one of its own: a name or id as `Ref` would give it, and a
//! plausible value for every attribute a template asks for.

use serde_json::Value;

use super::naming;
use super::schema::{self, Identity, Shape};
use super::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, Updating};
use crate::call::AwsError;
use crate::services::Services;
use crate::ssm;
use ::cloudformation::engine::Engine;
use ground::seed::{HEX, LOWER, UPPER};

/// Creates, changes and deletes anything without touching any service's state.
#[derive(Debug)]
pub struct Generic;

impl Provider for Generic {
    fn is_named_once(&self) -> bool {
        true
    }

    fn create(&self, _services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        fits(cx)?;
        Ok(Started { physical_id: physical_id(cx), attributes: Attributes::new(), takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        _cx: &Cx<'_>,
        _physical_id: &str,
    ) -> Result<Attributes, Failure> {
        Ok(Attributes::new())
    }

    fn update(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        _physical_id: &str,
        _old_props: &Value,
    ) -> Result<Updating, Failure> {
        fits(cx)?;
        Ok(Updating::InPlace { takes: cx.updating() })
    }

    fn delete(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        _physical_id: &str,
    ) -> Result<Deleting, Failure> {
        Ok(Deleting { takes: cx.deleting() })
    }

    fn finish_deletion(
        &self,
        _services: &mut Services<'_>,
        _cx: &Cx<'_>,
        _physical_id: &str,
    ) -> Result<(), Failure> {
        Ok(())
    }
}

/// Refuses a value that is too long for the service behind a type that practice keeps no state of.
fn fits(cx: &Cx<'_>) -> Result<(), Failure> {
    if cx.kind != "AWS::SSM::Parameter" {
        return Ok(());
    }
    let value = cx.text("Value").unwrap_or_default();
    let wrong = |error: AwsError| Failure::handler("InvalidRequest", error.message);
    ssm::tier_of(&value, cx.text("Tier").as_deref()).map(|_| ()).map_err(wrong)
}

/// Refuses a name of the template's own choosing that another stack's resource of this type has: in
/// the Region, or anywhere for the types whose names are the account's or the world's.
///
/// # Errors
/// `... already exists in stack ...`, as CloudFormation says it.
pub fn check_name(others: &Engine, cx: &Cx<'_>) -> Result<(), Failure> {
    let Some(kind) = schema::kind(cx.kind) else { return Ok(()) };
    let parts: Vec<Identity> = kind.identity().collect();
    let [Identity::Property(name)] = parts.as_slice() else { return Ok(()) };
    let Some(name) = cx.text(name) else { return Ok(()) };
    let region = (!naming::global(cx.kind)).then_some(cx.region);
    match others.holder(cx.kind, &name, region) {
        Some(stack) => Err(Failure::Failed(format!("{name} already exists in stack {}", stack.id))),
        None => Ok(()),
    }
}

/// What `Ref` gives for a resource of this type: the name the template set, or one in AWS's style.
#[must_use]
pub fn physical_id(cx: &Cx<'_>) -> String {
    if let Some(prefix) = naming::id_prefix(cx.kind) {
        return cx.hex_id(prefix);
    }
    if let Some(arn) = naming::arn_for_ref(cx) {
        return arn;
    }
    let Some(kind) = schema::kind(cx.kind) else { return cx.name() };
    let parts: Vec<Identity> = kind.identity().collect();
    match parts.as_slice() {
        [] => cx.name(),
        [one] => part(cx, *one),
        many => many.iter().map(|one| part(cx, *one)).collect::<Vec<_>>().join("|"),
    }
}

fn part(cx: &Cx<'_>, identity: Identity) -> String {
    match identity {
        Identity::Property(name) => cx.text(name).unwrap_or_else(|| own_name(cx)),
        Identity::Given("Id") => cx.name(),
        Identity::Given(name) if is_arn(name) => naming::arn_of(cx, &resource_name(cx)),
        Identity::Given(name) if name.ends_with("Url") => {
            let service = naming::service(cx.kind);
            format!("https://{service}.{}.amazonaws.com/{}/{}", cx.region, cx.account, resource_name(cx))
        }
        Identity::Given(_) => cx.letters(10, LOWER),
    }
}

/// The name a template gave in whatever property the type has for it, or a generated one.
fn resource_name(cx: &Cx<'_>) -> String {
    let resource = cx.kind.rsplit("::").next().unwrap_or_default();
    [format!("{resource}Name"), "Name".to_owned()]
        .iter()
        .find_map(|property| cx.text(property))
        .unwrap_or_else(|| own_name(cx))
}

fn own_name(cx: &Cx<'_>) -> String {
    match naming::lower_case(cx.kind) {
        true => cx.name().to_ascii_lowercase(),
        false => cx.name(),
    }
}

/// A plausible value for any attribute, the same each time it is asked for.
#[must_use]
pub fn plausible(cx: &Cx<'_>, physical_id: &str, name: &str) -> Option<Value> {
    let last = name.rsplit('.').next().unwrap_or(name);
    if let Some(given) = lookup(cx.props, name).or_else(|| lookup(cx.props, last)) {
        return Some(given.clone());
    }
    Some(match schema::shape(cx.kind, name) {
        Shape::List => {
            (1..=4).map(|n| Value::String(text_attribute(&with_number(cx, n), physical_id, last))).collect()
        }
        Shape::Truth => Value::Bool(false),
        Shape::Number if last.ends_with("Port") => Value::from(naming::port(cx.kind).parse::<u64>().ok()),
        Shape::Number if last.contains("Time") => Value::from(cx.now.0 / 1000),
        Shape::Number => Value::from(1),
        Shape::Text => Value::String(text_attribute(cx, physical_id, last)),
    })
}

/// The same resource with another number, so that the members of a list differ.
fn with_number<'a>(cx: &Cx<'a>, n: u64) -> Cx<'a> {
    Cx { seed: cx.seed.wrapping_add(n), ..*cx }
}

fn lookup<'v>(props: &'v Value, dotted: &str) -> Option<&'v Value> {
    let found = dotted.split('.').try_fold(props, |value, key| value.get(key))?;
    (!found.is_object()).then_some(found)
}

fn text_attribute(cx: &Cx<'_>, physical_id: &str, name: &str) -> String {
    let seeded = |count, alphabet| ground::seed::letters(cx.hash(name), count, alphabet);
    let host = || {
        let label: String = physical_id.rsplit(['/', ':', '|']).next().unwrap_or("x").to_ascii_lowercase();
        format!("{label}.{}.{}.amazonaws.com", seeded(12, LOWER), region_and_service(cx))
    };
    match name {
        _ if is_arn(name) && physical_id.starts_with("arn:") => physical_id.to_owned(),
        _ if is_arn(name) => naming::arn_of(cx, physical_id),
        "RegionalDomainName" => format!("{physical_id}.s3.{}.amazonaws.com", cx.region),
        "DomainName" if cx.kind == "AWS::S3::Bucket" => format!("{physical_id}.s3.amazonaws.com"),
        "DomainName" if cx.kind == "AWS::CloudFront::Distribution" => {
            format!("{}.cloudfront.net", physical_id.to_ascii_lowercase())
        }
        _ if name.contains("HostedZone") && name.ends_with("Name") => host(),
        _ if name.contains("HostedZone") => format!("Z{}", seeded(13, UPPER)),
        _ if name.ends_with("Port") => naming::port(cx.kind).to_owned(),
        _ if ["Url", "URL", "Uri"].iter().any(|end| name.ends_with(end)) => format!("https://{}", host()),
        _ if name.ends_with("Endpoint") && cx.kind.contains("Api") => format!("https://{}", host()),
        // A VPC endpoint's names come each with the zone that holds it.
        "DnsEntries" => format!("Z{}:{}", seeded(13, UPPER), host()),
        "Ipv6CidrBlocks" => {
            format!("2600:1f18:{:x}:{:x}00::/56", cx.hash(name) & 0xffff, cx.hash(name) >> 56)
        }
        _ if name.contains("PrivateIpAddress") => dotted_address(cx.hash(name), "10"),
        _ if name.ends_with("PublicIp") => dotted_address(cx.hash(name), "54"),
        _ if name.ends_with("Ip") || name.ends_with("IpAddress") => dotted_address(cx.hash(name), "10"),
        _ if ["DNSName", "DnsName", "DomainName", "Address", "Addresses", "Endpoint"]
            .iter()
            .any(|end| name.ends_with(end)) =>
        {
            host()
        }
        _ if name.contains("Version") => "1".to_owned(),
        "NetworkInterfaceIds" => format!("eni-0{}", seeded(16, HEX)),
        "SubnetIds" => format!("subnet-0{}", seeded(16, HEX)),
        "SecurityGroups" | "VpcSecurityGroups" | "VpcSecurityGroupIds" | "SecurityGroupIds" => {
            format!("sg-0{}", seeded(16, HEX))
        }
        "SecretAccessKey" => seeded(40, UPPER),
        "AvailabilityZone" => format!("{}a", cx.region),
        "State" | "Status" => "ACTIVE".to_owned(),
        "Id" | "Name" | "Ref" => physical_id.to_owned(),
        _ if physical_id_is(cx.kind, name) => physical_id.to_owned(),
        _ if name.ends_with("Id") => seeded(10, LOWER),
        _ if name.ends_with("Name") => physical_id.rsplit(['/', ':', '|']).next().unwrap_or(name).to_owned(),
        _ => format!("{}-{}", name.to_ascii_lowercase(), seeded(8, LOWER)),
    }
}

fn physical_id_is(kind: &str, attribute: &str) -> bool {
    let resource = kind.rsplit("::").next().unwrap_or_default();
    let identity = schema::kind(kind).is_some_and(|kind| {
        kind.identity()
            .any(|part| matches!(part, Identity::Given(n) | Identity::Property(n) if n == attribute))
    });
    identity || attribute.strip_prefix(resource).is_some_and(|rest| rest == "Id" || rest == "Name")
}

fn is_arn(name: &str) -> bool {
    name.ends_with("Arn") || name.ends_with("ARN")
}

fn region_and_service(cx: &Cx<'_>) -> String {
    format!("{}.{}", cx.region, naming::service(cx.kind))
}

fn dotted_address(hash: u64, first: &str) -> String {
    format!("{first}.{}.{}.{}", hash % 256, (hash >> 8) % 256, 4 + (hash >> 16) % 250)
}
