//! Tags of anything RDS names by ARN.

use super::{required, tags_of, texts};
use crate::practice::call::{AwsError, Call, Outcome, Reply};
use crate::practice::rds::{Rds, Tags, errors, show};
use crate::practice::world::World;

fn find<'r>(rds: &'r mut Rds, arn: &str) -> Result<&'r mut Tags, AwsError> {
    let mut parts = arn.splitn(7, ':').skip(5);
    let (kind, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match kind {
        "cluster" => rds.clusters.get_mut(arn).map(|c| &mut c.tags).ok_or_else(|| errors::no_cluster(id)),
        "db" => rds.instances.get_mut(arn).map(|i| &mut i.tags).ok_or_else(|| errors::no_instance(id)),
        "global-cluster" => {
            let global = rds.globals.values_mut().find(|g| g.arn == arn);
            global.map(|g| &mut g.tags).ok_or_else(|| errors::no_global(id))
        }
        "subgrp" => {
            rds.subnet_groups.get_mut(arn).map(|g| &mut g.tags).ok_or_else(|| errors::no_subnet_group(id))
        }
        "cluster-snapshot" => {
            rds.snapshots.get_mut(arn).map(|s| &mut s.tags).ok_or_else(|| errors::no_snapshot(id))
        }
        _ => rds
            .parameter_groups
            .get_mut(arn)
            .map(|g| &mut g.tags)
            .ok_or_else(|| errors::value(format!("Invalid resource name: {arn}"))),
    }
}

pub fn add(world: &mut World, call: &Call<'_>) -> Outcome {
    let arn = required(&call.params, "ResourceName")?;
    find(&mut world.rds, &arn)?.extend(tags_of(&call.params)?);
    Ok(Reply::query(call, |_| {}))
}

pub fn remove(world: &mut World, call: &Call<'_>) -> Outcome {
    let arn = required(&call.params, "ResourceName")?;
    let keys = texts(&call.params, "TagKeys", "member");
    find(&mut world.rds, &arn)?.retain(|key, _| !keys.contains(key));
    Ok(Reply::query(call, |_| {}))
}

pub fn list(world: &mut World, call: &Call<'_>) -> Outcome {
    let arn = required(&call.params, "ResourceName")?;
    let tags = find(&mut world.rds, &arn)?;
    Ok(Reply::query(call, |xml| show::tags(xml, "TagList", tags)))
}
