//! Instances of stacks, as `DescribeInstances` shows them.

use serde_json::Value;

use crate::call::{AwsError, Call, Outcome, Reply, Request};
use crate::wire::Xml;
use ::cloudformation::engine::Engine;
use ::cloudformation::engine::resource::StackResource;
use ::cloudformation::engine::stack::Stack;
use ::cloudformation::engine::status::ResourceStatus;

use super::Ec2;
use super::filters::Filters;
use super::power::{Power, state};

/// A resource of a type in a Region's stacks, deleted ones left out.
pub(super) fn resources<'w>(
    stacks: &'w Engine,
    region: &'w str,
    kind: &'w str,
) -> impl Iterator<Item = (&'w Stack, &'w StackResource, &'w str)> {
    stacks.living(region).flat_map(move |stack| {
        let of_kind = stack.resources.values().filter(move |r| r.kind == kind);
        of_kind
            .filter(|r| r.status != ResourceStatus::DeleteComplete)
            .filter_map(move |r| Some((stack, r, r.physical_id.as_deref()?)))
    })
}

/// The tags of a resource: its own, the stack's, and those CloudFormation adds.
pub(super) fn tags(stack: &Stack, resource: &StackResource) -> Vec<(String, String)> {
    let mut tags: Vec<(String, String)> = vec![
        ("aws:cloudformation:stack-name".into(), stack.name.clone()),
        ("aws:cloudformation:stack-id".into(), stack.id.clone()),
        ("aws:cloudformation:logical-id".into(), resource.logical_id.clone()),
    ];
    tags.extend(stack.wish.tags.iter().map(|(k, v)| (k.clone(), v.clone())));
    let own = resource.props.get("Tags").and_then(Value::as_array);
    for tag in own.into_iter().flatten() {
        let text = |name| tag.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        tags.push((text("Key"), text("Value")));
    }
    tags
}

/// A filter's value that any resource of a stack has: its tags.
pub(super) fn tag_value(tags: &[(String, String)], filter: &str) -> Option<String> {
    let key = filter.strip_prefix("tag:")?;
    tags.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone())
}

pub(super) fn write_tags(xml: &mut Xml, tags: &[(String, String)]) {
    xml.list("tagSet", "item", tags, |xml, (key, value)| {
        xml.text("key", key);
        xml.text("value", value);
    });
}

pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The ids that a request names.
pub(super) fn instance_ids<'c>(call: &'c Call<'_>) -> Result<Vec<&'c str>, AwsError> {
    let ids = call.params.list("InstanceId");
    match ids.is_empty() {
        true => Err(AwsError::new("MissingParameter", "The request must contain the parameter InstanceId")),
        false => Ok(ids),
    }
}

type Found<'w> = (&'w Stack, &'w StackResource, &'w str);

pub(super) fn find<'w>(
    ec2: &Ec2,
    stacks: &'w Engine,
    call: &'w Call<'_>,
) -> Result<Vec<Found<'w>>, AwsError> {
    let all: Vec<Found<'w>> = resources(stacks, call.region, "AWS::EC2::Instance").collect();
    let ids = call.params.list("InstanceId");
    if let Some(unknown) = ids.iter().find(|id| !all.iter().any(|(_, _, own)| own == *id)) {
        let text = format!("The instance ID '{unknown}' does not exist");
        return Err(AwsError::new("InvalidInstanceID.NotFound", text));
    }
    let filters = Filters::of(&call.params);
    Ok(all
        .into_iter()
        .filter(|(stack, resource, id)| {
            let tags = tags(stack, resource);
            (ids.is_empty() || ids.contains(id))
                && filters.pass(|name| match name {
                    "instance-id" => Some((*id).to_owned()),
                    "instance-state-name" => Some(ec2.state(resource, id).code_and_name().1.to_owned()),
                    "instance-type" => text(&resource.props, "InstanceType"),
                    "subnet-id" => text(&resource.props, "SubnetId"),
                    _ => tag_value(&tags, name),
                })
        })
        .collect())
}

pub(super) fn describe(ec2: &Ec2, stacks: &Engine, call: &Request<'_>) -> Outcome {
    let found = find(ec2, stacks, call)?;
    Ok(Reply::ec2(call, |xml| {
        xml.list("reservationSet", "item", &found, |xml, (stack, resource, id)| {
            xml.text("reservationId", id.replacen("i-", "r-", 1));
            xml.text("ownerId", &stack.account);
            xml.list("groupSet", "item", std::iter::empty::<()>(), |_, ()| {});
            xml.list("instancesSet", "item", [()], |xml, ()| {
                instance(xml, stack, resource, (id, ec2.state(resource, id)));
            });
        });
    }))
}

fn instance(xml: &mut Xml, stack: &Stack, resource: &StackResource, (id, power): (&str, Power)) {
    let of = |name: &str| text(&resource.props, name).unwrap_or_default();
    let attribute =
        |name: &str| resource.attributes.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    xml.text("instanceId", id);
    xml.text("imageId", of("ImageId"));
    state(xml, "instanceState", power);
    xml.text("privateDnsName", attribute("PrivateDnsName"));
    xml.text("dnsName", attribute("PublicDnsName"));
    xml.text("amiLaunchIndex", "0");
    xml.text("instanceType", text(&resource.props, "InstanceType").unwrap_or_else(|| "t3.micro".into()));
    xml.text("launchTime", resource.at.iso8601());
    xml.nest("placement", |xml| {
        xml.text("availabilityZone", attribute("AvailabilityZone"));
        xml.text("tenancy", "default");
    });
    xml.nest("monitoring", |xml| xml.text("state", "disabled"));
    xml.optional("subnetId", text(&resource.props, "SubnetId"));
    xml.text("privateIpAddress", attribute("PrivateIp"));
    xml.text("ipAddress", attribute("PublicIp"));
    xml.text("architecture", if of("InstanceType").contains("g.") { "arm64" } else { "x86_64" });
    write_tags(xml, &tags(stack, resource));
}

pub(super) fn status(ec2: &Ec2, stacks: &Engine, call: &Request<'_>) -> Outcome {
    let found = find(ec2, stacks, call)?;
    let running = found.iter().filter(|(_, resource, id)| ec2.state(resource, id) == Power::Running);
    Ok(Reply::ec2(call, |xml| {
        xml.list("instanceStatusSet", "item", running, |xml, (_, resource, id)| {
            xml.text("instanceId", id);
            state(xml, "instanceState", ec2.state(resource, id));
            for name in ["systemStatus", "instanceStatus"] {
                xml.nest(name, |xml| {
                    xml.text("status", "ok");
                    xml.list("details", "item", [()], |xml, ()| {
                        xml.text("name", "reachability");
                        xml.text("status", "passed");
                    });
                });
            }
        });
    }))
}
