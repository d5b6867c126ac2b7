//! Networks: VPC, subnets, gateways, routes, security groups. Their ids and attributes, and the two
//! mistakes that EC2 refuses most often: a zone the account has not, and a CIDR block that is none.

use std::net::Ipv4Addr;

use serde_json::{Value, json};

use super::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, generic};
use crate::regions::zones;
use crate::services::Services;

/// The provider of a type of the `EC2` family that is part of a network.
#[must_use]
pub fn provider(kind: &str) -> Option<&'static dyn Provider> {
    match kind {
        "AWS::EC2::VPC" | "AWS::EC2::Subnet" | "AWS::EC2::SecurityGroup" => Some(&Network),
        "AWS::EC2::EIP" => Some(&ElasticIp),
        _ => None,
    }
}

#[derive(Debug)]
struct Network;

impl Provider for Network {
    fn create(&self, _services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        check_block(cx)?;
        check_zone(cx)?;
        let physical_id = generic::physical_id(cx);
        let attributes = attributes(cx, &physical_id);
        Ok(Started { physical_id, attributes, takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        Ok(attributes(cx, physical_id))
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

fn attributes(cx: &Cx<'_>, physical_id: &str) -> Attributes {
    let id =
        |prefix: &str| format!("{prefix}-0{}", ground::seed::letters(cx.hash(prefix), 16, ground::seed::HEX));
    let text = |name: &str| cx.text(name).unwrap_or_default();
    let value = match cx.kind {
        "AWS::EC2::VPC" => json!({
            "VpcId": physical_id,
            "CidrBlock": text("CidrBlock"),
            "CidrBlockAssociations": [id("vpc-cidr-assoc")],
            "DefaultSecurityGroup": id("sg"),
            "DefaultNetworkAcl": id("acl"),
        }),
        "AWS::EC2::Subnet" => json!({
            "SubnetId": physical_id,
            "VpcId": text("VpcId"),
            "CidrBlock": text("CidrBlock"),
            "AvailabilityZone": cx.text("AvailabilityZone").unwrap_or_else(|| first_zone(cx)),
            "NetworkAclAssociationId": id("aclassoc"),
        }),
        _ => json!({
            "GroupId": physical_id,
            "Id": physical_id,
            "GroupName": cx.text("GroupName").unwrap_or_else(|| cx.name()),
            "VpcId": cx.text("VpcId").unwrap_or_else(|| id("vpc")),
        }),
    };
    match value {
        Value::Object(map) => map,
        _ => Attributes::new(),
    }
}

fn first_zone(cx: &Cx<'_>) -> String {
    zones(cx.region).into_iter().next().unwrap_or_default()
}

fn check_zone(cx: &Cx<'_>) -> Result<(), Failure> {
    let Some(zone) = cx.text("AvailabilityZone") else { return Ok(()) };
    let known = zones(cx.region);
    if known.contains(&zone) {
        return Ok(());
    }
    Err(Failure::handler(
        "InvalidRequest",
        format!(
            "Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in \
             the following availability zones: {}. (Service: Ec2, Status Code: 400)",
            known.join(", ")
        ),
    ))
}

fn check_block(cx: &Cx<'_>) -> Result<(), Failure> {
    let Some(block) = cx.text("CidrBlock") else { return Ok(()) };
    let sound = block.split_once('/').is_some_and(|(address, bits)| {
        let bits = bits.parse::<u32>().unwrap_or(0);
        address.parse::<Ipv4Addr>().is_ok() && (16..=28).contains(&bits)
    });
    if sound {
        return Ok(());
    }
    Err(Failure::handler(
        "InvalidRequest",
        format!(
            "Value ({block}) for parameter cidrBlock is invalid. This is not a valid CIDR block of size /16 to /28. \
             (Service: Ec2, Status Code: 400)"
        ),
    ))
}

#[derive(Debug)]
struct ElasticIp;

impl Provider for ElasticIp {
    fn create(&self, _services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let hash = cx.hash("address");
        let physical_id = format!("54.{}.{}.{}", hash % 256, (hash >> 8) % 256, 4 + (hash >> 16) % 250);
        Ok(Started { physical_id, attributes: Attributes::new(), takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        let mut attributes = Attributes::new();
        attributes.insert("AllocationId".to_owned(), cx.hex_id("eipalloc").into());
        attributes.insert("PublicIp".to_owned(), physical_id.into());
        Ok(attributes)
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
