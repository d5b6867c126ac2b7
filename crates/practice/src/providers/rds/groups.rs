//! `AWS::RDS::DBSubnetGroup`, `AWS::RDS::DBClusterParameterGroup`, `AWS::RDS::DBParameterGroup`.

use serde_json::{Value, json};

use super::{failure, name, scene, tags, texts};
use crate::providers::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, Updating};
use crate::rds::{ParameterGroup, Scope, SubnetGroup, Tags, errors};
use crate::services::Services;

#[derive(Debug)]
pub(super) struct Subnets;

impl Provider for Subnets {
    fn create(&self, services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let id = name(cx, "DBSubnetGroupName").to_ascii_lowercase();
        if services.rds.subnet_group(cx.region, &id).is_some() {
            let error = crate::call::AwsError::new(
                "DBSubnetGroupAlreadyExists",
                format!("The DB subnet group '{id}' already exists."),
            );
            return Err(failure(cx)(error));
        }
        put(services, cx, &id)?;
        Ok(Started { attributes: attributes(services, cx, &id), physical_id: id, takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        Ok(attributes(services, cx, physical_id))
    }

    fn update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
        _old: &Value,
    ) -> Result<Updating, Failure> {
        put(services, cx, physical_id)?;
        Ok(Updating::InPlace { takes: cx.updating() })
    }

    fn delete(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Deleting, Failure> {
        if services.rds.subnet_group(cx.region, physical_id).is_some() {
            services.rds.delete_subnet_group(cx.region, physical_id).map_err(failure(cx))?;
        }
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

fn put(services: &mut Services<'_>, cx: &Cx<'_>, id: &str) -> Result<(), Failure> {
    let ids = texts(cx, "SubnetIds");
    if ids.len() < 2 {
        return Err(failure(cx)(crate::call::AwsError::new(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            format!(
                "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: {}. Add subnets to cover at least 2 AZs.",
                ids.len()
            ),
        )));
    }
    let zones = crate::regions::zones(cx.region);
    let zone = |i: usize| zones.get(i % zones.len().max(1)).cloned().unwrap_or_default();
    let subnets = ids.into_iter().enumerate().map(|(i, id)| (id, zone(i))).collect();
    let group = SubnetGroup {
        name: id.to_owned(),
        description: cx.text("DBSubnetGroupDescription").unwrap_or_default(),
        vpc: cx.hex_id("vpc"),
        subnets,
        tags: tags(cx),
        ..SubnetGroup::default()
    };
    let scene = scene(services, cx);
    services.rds.put_subnet_group(&scene, group);
    Ok(())
}

fn attributes(services: &Services<'_>, cx: &Cx<'_>, id: &str) -> Attributes {
    let mut out = Attributes::new();
    if let Some(group) = services.rds.subnet_group(cx.region, id) {
        out.insert("DBSubnetGroupArn".into(), json!(group.arn));
    }
    out
}

#[derive(Debug)]
pub(super) struct Parameters;

fn scope(cx: &Cx<'_>) -> (Scope, &'static str) {
    match cx.kind {
        "AWS::RDS::DBParameterGroup" => (Scope::Instance, "DBParameterGroupName"),
        _ => (Scope::Cluster, "DBClusterParameterGroupName"),
    }
}

fn settings(cx: &Cx<'_>) -> Tags {
    let given = cx.props.get("Parameters").and_then(Value::as_object).into_iter().flatten();
    given.map(|(k, v)| (k.clone(), v.as_str().map_or_else(|| v.to_string(), str::to_owned))).collect()
}

impl Provider for Parameters {
    fn create(&self, services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let (scope, property) = scope(cx);
        let family = cx.text("Family").unwrap_or_default();
        if family.is_empty() {
            return Err(failure(cx)(errors::value(
                "The parameter DBParameterGroupFamily must be provided and must not be blank.",
            )));
        }
        let group = ParameterGroup {
            scope,
            name: name(cx, property),
            family,
            description: cx.text("Description").unwrap_or_default(),
            parameters: settings(cx),
            tags: tags(cx),
            ..ParameterGroup::default()
        };
        let (id, scene) = (group.name.to_ascii_lowercase(), scene(services, cx));
        services.rds.create_parameter_group(&scene, group).map_err(failure(cx))?;
        Ok(Started { physical_id: id, attributes: Attributes::new(), takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        _cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        let mut out = Attributes::new();
        out.insert("DBParameterGroupName".into(), json!(physical_id));
        Ok(out)
    }

    fn update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
        _old: &Value,
    ) -> Result<Updating, Failure> {
        let (scope, _) = scope(cx);
        services.rds.set_parameters(cx.region, scope, physical_id, settings(cx)).map_err(failure(cx))?;
        Ok(Updating::InPlace { takes: cx.updating() })
    }

    fn delete(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Deleting, Failure> {
        let (scope, _) = scope(cx);
        if services.rds.parameter_group(cx.region, scope, physical_id).is_some() {
            services.rds.delete_parameter_group(cx.region, scope, physical_id).map_err(failure(cx))?;
        }
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
