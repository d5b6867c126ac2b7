//! Subnet groups and parameter groups.

use super::shape::{many, one, required_text, tags_of, text, texts};
use crate::call::{AwsError, Call, Outcome, Reply, Request};
use crate::rds::model::Tags;
use crate::rds::{ParameterGroup, Rds, Scope, SubnetGroup, errors, listing, show};
use crate::wire::Params;

fn reply(rds: &Rds, call: &Call<'_>, name: &str) -> Outcome {
    let group = rds.subnet_group(call.region, name).ok_or_else(|| errors::no_subnet_group(name))?;
    one(call, "DBSubnetGroup", |xml| show::subnet_group(xml, group))
}

/// Subnets with a zone each: the service knows the network, practice lays them out in turn.
fn subnets(call: &Call<'_>) -> Result<Vec<(String, String)>, AwsError> {
    let ids = texts(&call.params, "SubnetIds", "SubnetIdentifier");
    if ids.len() < 2 {
        return Err(AwsError::new(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            format!(
                "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: {}. Add subnets to cover at least 2 AZs.",
                ids.len()
            ),
        ));
    }
    let zone = |i: usize| format!("{}{}", call.region, ["a", "b", "c"][i % 3]);
    Ok(ids.into_iter().enumerate().map(|(i, id)| (id, zone(i))).collect())
}

pub fn create_subnets(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let p = &call.params;
    let name = required_text(p, "DBSubnetGroupName")?;
    if rds.subnet_group(call.region, &name).is_some() {
        let message = format!("The DB subnet group '{name}' already exists.");
        return Err(AwsError::new("DBSubnetGroupAlreadyExists", message));
    }
    let group = SubnetGroup {
        name: name.clone(),
        description: required_text(p, "DBSubnetGroupDescription")?,
        vpc: "vpc-0e5be7a0e5be7a000".into(),
        subnets: subnets(call)?,
        tags: tags_of(p)?,
        ..SubnetGroup::default()
    };
    rds.put_subnet_group(&call.scene, group);
    reply(rds, call, &name)
}

pub fn modify_subnets(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let name = required_text(&call.params, "DBSubnetGroupName")?;
    let old = rds.subnet_group(call.region, &name).ok_or_else(|| errors::no_subnet_group(&name))?;
    let description =
        text(&call.params, "DBSubnetGroupDescription").unwrap_or_else(|| old.description.clone());
    let group = SubnetGroup { description, subnets: subnets(call)?, ..old.clone() };
    rds.put_subnet_group(&call.scene, group);
    reply(rds, call, &name)
}

pub fn delete_subnets(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let name = required_text(&call.params, "DBSubnetGroupName")?;
    rds.delete_subnet_group(call.region, &name)?;
    Ok(Reply::query(call, |_| {}))
}

pub fn describe_subnets(rds: &Rds, call: &Request<'_>) -> Outcome {
    let wanted = call.params.get("DBSubnetGroupName");
    if let Some(name) = wanted {
        rds.subnet_group(call.region, name).ok_or_else(|| errors::no_subnet_group(name))?;
    }
    let here = rds
        .subnet_groups
        .values()
        .filter(|g| g.region == call.region && wanted.is_none_or(|n| g.name.eq_ignore_ascii_case(n)));
    let page = listing::page(&call.params, here.map(|g| (g.name.clone(), g)).collect())?;
    many(call, ("DBSubnetGroups", "DBSubnetGroup"), page, show::subnet_group)
}

/// Which kind of parameter group an operation is about, and the parameter with its name.
fn scope(call: &Call<'_>) -> (Scope, &'static str) {
    if call.action.contains("Cluster") {
        (Scope::Cluster, "DBClusterParameterGroupName")
    } else {
        (Scope::Instance, "DBParameterGroupName")
    }
}

pub fn create_parameters(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let (scope, name) = scope(call);
    let p = &call.params;
    let group = ParameterGroup {
        scope,
        name: required_text(p, name)?,
        family: required_text(p, "DBParameterGroupFamily")?,
        description: required_text(p, "Description")?,
        tags: tags_of(p)?,
        ..ParameterGroup::default()
    };
    let id = group.name.clone();
    rds.create_parameter_group(&call.scene, group)?;
    let group = rds.parameter_group(call.region, scope, &id);
    let group = group.ok_or_else(|| errors::no_parameter_group(scope, &id))?;
    let kind = name.trim_end_matches("Name");
    one(call, kind, |xml| show::parameter_group(xml, group))
}

fn settings(params: &Params) -> Tags {
    let list = params.maps("Parameters.Parameter").into_iter().chain(params.maps("Parameters.member"));
    list.filter_map(|p| Some((text(&p, "ParameterName")?, text(&p, "ParameterValue")?))).collect()
}

pub fn modify_parameters(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let (scope, parameter) = scope(call);
    let name = required_text(&call.params, parameter)?;
    rds.set_parameters(call.region, scope, &name, settings(&call.params))?;
    Ok(Reply::query(call, |xml| xml.text(parameter, &name)))
}

pub fn delete_parameters(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let (scope, parameter) = scope(call);
    let name = required_text(&call.params, parameter)?;
    rds.delete_parameter_group(call.region, scope, &name)?;
    Ok(Reply::query(call, |_| {}))
}

pub fn describe_parameters(rds: &Rds, call: &Request<'_>) -> Outcome {
    let (scope, parameter) = scope(call);
    let wanted = call.params.get(parameter);
    if let Some(name) = wanted {
        rds.parameter_group(call.region, scope, name)
            .ok_or_else(|| errors::no_parameter_group(scope, name))?;
    }
    let here = rds.parameter_groups.values().filter(|g| {
        g.region == call.region && g.scope == scope && wanted.is_none_or(|n| g.name.eq_ignore_ascii_case(n))
    });
    let page = listing::page(&call.params, here.map(|g| (g.name.clone(), g)).collect())?;
    let kind = parameter.trim_end_matches("Name");
    many(call, (&format!("{kind}s"), kind), page, show::parameter_group)
}

pub fn describe_values(rds: &Rds, call: &Request<'_>) -> Outcome {
    let (scope, parameter) = scope(call);
    let name = required_text(&call.params, parameter)?;
    let group = rds.parameter_group(call.region, scope, &name);
    let group = group.ok_or_else(|| errors::no_parameter_group(scope, &name))?;
    Ok(Reply::query(call, |xml| {
        xml.list("Parameters", "Parameter", &group.parameters, |xml, (name, value)| {
            xml.text("ParameterName", name);
            xml.text("ParameterValue", value);
            xml.text("Source", "user");
            xml.text("ApplyMethod", "pending-reboot");
            xml.display("IsModifiable", true);
        });
    }))
}
