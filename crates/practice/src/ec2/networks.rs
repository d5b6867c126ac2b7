//! Networks of stacks: VPCs, subnets and security groups.

use crate::call::{AwsError, Call, Outcome, Reply, Request};
use crate::wire::Xml;
use ::cloudformation::engine::Engine;
use ::cloudformation::engine::resource::StackResource;
use ::cloudformation::engine::stack::Stack;

use super::Ec2;
use super::filters::Filters;
use super::instances::{resources, tag_value, tags, text, write_tags};

/// What is asked for: the resource type, the parameter of its ids and the error of an unknown one.
struct Kind {
    kind: &'static str,
    ids: &'static str,
    unknown: (&'static str, &'static str),
    filter: &'static str,
    set: &'static str,
}

fn describe(
    stacks: &Engine,
    call: &Call<'_>,
    kind: &Kind,
    write: impl Fn(&mut Xml, &Stack, &StackResource, &str),
) -> Outcome {
    let all: Vec<_> = resources(stacks, call.region, kind.kind).collect();
    let ids = call.params.list(kind.ids);
    if let Some(unknown) = ids.iter().find(|id| !all.iter().any(|(_, _, own)| own == *id)) {
        let (code, what) = kind.unknown;
        return Err(AwsError::new(code, format!("The {what} '{unknown}' does not exist")));
    }
    let filters = Filters::of(&call.params);
    let found = all.iter().filter(|(stack, resource, id)| {
        let tags = tags(stack, resource);
        (ids.is_empty() || ids.contains(id))
            && filters.pass(|name| match name {
                "vpc-id" if kind.filter != "vpc-id" => text(&resource.props, "VpcId"),
                "state" => Some("available".to_owned()),
                _ if name == kind.filter => Some((*id).to_owned()),
                _ => tag_value(&tags, name),
            })
    });
    Ok(Reply::ec2(call, |xml| {
        xml.list(kind.set, "item", found, |xml, (stack, resource, id)| {
            write(xml, stack, resource, id);
            write_tags(xml, &tags(stack, resource));
        });
    }))
}

pub(super) fn vpcs(_: &Ec2, stacks: &Engine, call: &Request<'_>) -> Outcome {
    let kind = Kind {
        kind: "AWS::EC2::VPC",
        ids: "VpcId",
        unknown: ("InvalidVpcID.NotFound", "vpc ID"),
        filter: "vpc-id",
        set: "vpcSet",
    };
    describe(stacks, call, &kind, |xml, stack, resource, id| {
        xml.text("vpcId", id);
        xml.text("ownerId", &stack.account);
        xml.text("state", "available");
        xml.text("cidrBlock", text(&resource.props, "CidrBlock").unwrap_or_default());
        xml.text("instanceTenancy", "default");
        xml.text("isDefault", "false");
    })
}

pub(super) fn subnets(_: &Ec2, stacks: &Engine, call: &Request<'_>) -> Outcome {
    let kind = Kind {
        kind: "AWS::EC2::Subnet",
        ids: "SubnetId",
        unknown: ("InvalidSubnetID.NotFound", "subnet ID"),
        filter: "subnet-id",
        set: "subnetSet",
    };
    describe(stacks, call, &kind, |xml, stack, resource, id| {
        xml.text("subnetId", id);
        xml.text("ownerId", &stack.account);
        xml.text("state", "available");
        xml.text("vpcId", text(&resource.props, "VpcId").unwrap_or_default());
        xml.text("cidrBlock", text(&resource.props, "CidrBlock").unwrap_or_default());
        xml.text("availableIpAddressCount", "250");
        xml.optional("availabilityZone", text(&resource.props, "AvailabilityZone"));
        xml.text("defaultForAz", "false");
    })
}

pub(super) fn security_groups(_: &Ec2, stacks: &Engine, call: &Request<'_>) -> Outcome {
    let kind = Kind {
        kind: "AWS::EC2::SecurityGroup",
        ids: "GroupId",
        unknown: ("InvalidGroup.NotFound", "security group"),
        filter: "group-id",
        set: "securityGroupInfo",
    };
    describe(stacks, call, &kind, |xml, stack, resource, id| {
        xml.text("groupId", id);
        xml.text("ownerId", &stack.account);
        xml.text("groupName", text(&resource.props, "GroupName").unwrap_or_else(|| id.to_owned()));
        xml.text("groupDescription", text(&resource.props, "GroupDescription").unwrap_or_default());
        xml.optional("vpcId", text(&resource.props, "VpcId"));
    })
}
