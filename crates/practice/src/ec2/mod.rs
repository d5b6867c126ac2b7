//! EC2 (ec2Query 2016-11-15): Regions, zones, and the instances and networks that stacks made, which
//! are read from the stacks. Whether an instance is stopped is all that it keeps.

use super::call::{AwsError, Outcome, Reply, Request};
use super::operation::{Operation, by_name};
use ::cloudformation::engine::Engine;

mod filters;
mod instances;
mod networks;
mod power;
mod state;

use super::regions;
use filters::Filters;
pub use power::step;
pub use state::Ec2;

/// What answers a call.
pub(crate) type Read = fn(&Ec2, &Engine, &Request<'_>) -> Outcome;
/// What answers a call and changes what there is.
pub(crate) type Change = fn(&mut Ec2, &Engine, &Request<'_>) -> Outcome;
type Op = Operation<Read, Change>;

/// What EC2 answers.
pub(super) static OPERATIONS: &[Op] = &by_name([
    Op::reads("DescribeAccountAttributes", attributes),
    Op::reads("DescribeAvailabilityZones", describe_zones),
    Op::reads("DescribeInstanceStatus", instances::status),
    Op::reads("DescribeInstances", instances::describe),
    Op::reads("DescribeRegions", describe_regions),
    Op::reads("DescribeSecurityGroups", networks::security_groups),
    Op::reads("DescribeSubnets", networks::subnets),
    Op::reads("DescribeVpcs", networks::vpcs),
    Op::changes("StartInstances", power::start),
    Op::changes("StopInstances", power::stop),
]);

fn describe_regions(_: &Ec2, _: &Engine, call: &Request<'_>) -> Outcome {
    let names = call.params.list("RegionName");
    let filters = Filters::of(&call.params);
    let wanted = |region: &&str| {
        (names.is_empty() || names.contains(region))
            && filters.pass(|name| (name == "region-name").then(|| (*region).to_owned()))
    };
    Ok(Reply::ec2(call, |xml| {
        xml.list("regionInfo", "item", regions::all().filter(wanted), |xml, region| {
            xml.text("regionName", region);
            xml.text("regionEndpoint", format!("ec2.{region}.amazonaws.com"));
            xml.text("optInStatus", "opt-in-not-required");
        });
    }))
}

fn describe_zones(_: &Ec2, _: &Engine, call: &Request<'_>) -> Outcome {
    let zones = regions::zones(call.region);
    let names = call.params.list("ZoneName");
    if let Some(unknown) = names.iter().find(|name| !zones.iter().any(|zone| zone == *name)) {
        return Err(AwsError::new(
            "InvalidParameterValue",
            format!("Invalid availability zone: [{unknown}]"),
        ));
    }
    let filters = Filters::of(&call.params);
    let numbered = zones.iter().enumerate().filter(|(_, zone)| {
        (names.is_empty() || names.contains(&zone.as_str()))
            && filters.pass(|name| match name {
                "zone-name" => Some((*zone).clone()),
                "region-name" => Some(call.region.to_owned()),
                "state" => Some("available".to_owned()),
                "zone-type" => Some("availability-zone".to_owned()),
                "opt-in-status" => Some("opt-in-not-required".to_owned()),
                _ => None,
            })
    });
    Ok(Reply::ec2(call, |xml| {
        xml.list("availabilityZoneInfo", "item", numbered, |xml, (number, zone)| {
            xml.text("zoneName", zone);
            xml.text("zoneId", format!("{}-az{}", regions::short(call.region), number + 1));
            xml.text("zoneState", "available");
            xml.text("regionName", call.region);
            xml.text("groupName", format!("{}-zg-1", call.region));
            xml.text("networkBorderGroup", call.region);
            xml.text("zoneType", "availability-zone");
            xml.text("optInStatus", "opt-in-not-required");
            xml.text("messageSet", "");
        });
    }))
}

fn attributes(_: &Ec2, _: &Engine, call: &Request<'_>) -> Outcome {
    Ok(Reply::ec2(call, |xml| {
        xml.nest("accountAttributeSet", |xml| {
            for (name, value) in [("supported-platforms", "VPC"), ("default-vpc", "none")] {
                xml.nest("item", |xml| {
                    xml.text("attributeName", name);
                    xml.list("attributeValueSet", "item", [value], |xml, value| {
                        xml.text("attributeValue", value)
                    });
                });
            }
        });
    }))
}
