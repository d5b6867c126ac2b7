//! Tags of anything RDS names by ARN.

use super::shape::{required_text, tags_of, texts};
use crate::call::{AwsError, Outcome, Reply, Request};
use crate::rds::{Rds, Tags, errors, show};

fn find<'r>(rds: &'r Rds, arn: &str) -> Result<&'r Tags, AwsError> {
    let mut parts = arn.splitn(7, ':').skip(5);
    let (kind, id) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match kind {
        "cluster" => rds.clusters.get(arn).map(|c| &c.tags).ok_or_else(|| errors::no_cluster(id)),
        "db" => rds.instances.get(arn).map(|i| &i.tags).ok_or_else(|| errors::no_instance(id)),
        "global-cluster" => {
            let global = rds.globals.values().find(|g| g.arn == arn);
            global.map(|g| &g.tags).ok_or_else(|| errors::no_global(id))
        }
        "subgrp" => rds.subnet_groups.get(arn).map(|g| &g.tags).ok_or_else(|| errors::no_subnet_group(id)),
        "cluster-snapshot" => rds.snapshots.get(arn).map(|s| &s.tags).ok_or_else(|| errors::no_snapshot(id)),
        _ => rds
            .parameter_groups
            .get(arn)
            .map(|g| &g.tags)
            .ok_or_else(|| errors::value(format!("Invalid resource name: {arn}"))),
    }
}

/// Changes the tags of what `find` finds: an ARN says by itself of which kind its bearer is.
fn retag(rds: &mut Rds, arn: &str, change: impl FnOnce(&mut Tags)) -> Result<(), AwsError> {
    find(rds, arn)?;
    let tags = (rds.clusters.get_mut(arn).map(|c| &mut c.tags))
        .or_else(|| rds.instances.get_mut(arn).map(|i| &mut i.tags))
        .or_else(|| rds.globals.values_mut().find(|g| g.arn == arn).map(|g| &mut g.tags))
        .or_else(|| rds.subnet_groups.get_mut(arn).map(|g| &mut g.tags))
        .or_else(|| rds.snapshots.get_mut(arn).map(|s| &mut s.tags))
        .or_else(|| rds.parameter_groups.get_mut(arn).map(|g| &mut g.tags));
    tags.map(change).ok_or_else(|| errors::value(format!("Invalid resource name: {arn}")))
}

pub fn add(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let arn = required_text(&call.params, "ResourceName")?;
    find(rds, &arn)?;
    let tags = tags_of(&call.params)?;
    retag(rds, &arn, |all| all.extend(tags))?;
    Ok(Reply::query(call, |_| {}))
}

pub fn remove(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let arn = required_text(&call.params, "ResourceName")?;
    let keys = texts(&call.params, "TagKeys", "member");
    retag(rds, &arn, |all| all.retain(|key, _| !keys.contains(key)))?;
    Ok(Reply::query(call, |_| {}))
}

pub fn list(rds: &Rds, call: &Request<'_>) -> Outcome {
    let arn = required_text(&call.params, "ResourceName")?;
    let tags = find(rds, &arn)?;
    Ok(Reply::query(call, |xml| show::tags(xml, "TagList", tags)))
}
