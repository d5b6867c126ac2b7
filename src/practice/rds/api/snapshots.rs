//! Cluster snapshots.

use super::{many, one, required, scene, tags_of};
use crate::practice::call::{Call, Outcome, Reply};
use crate::practice::rds::{Snapshot, errors, listing, show, snapshots};
use crate::practice::world::World;

pub fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let name = required(&call.params, "DBClusterSnapshotIdentifier")?;
    let id = required(&call.params, "DBClusterIdentifier")?;
    let cluster = world.rds.cluster(call.region, &id).cloned().ok_or_else(|| errors::no_cluster(&id))?;
    let scene = scene(world, call);
    let arn = snapshots::take(&mut world.rds, &scene, &cluster, &name, "manual")?;
    if let Some(snapshot) = world.rds.snapshots.get_mut(&arn) {
        snapshot.tags.extend(tags_of(&call.params)?);
    }
    let snapshot = world.rds.snapshots.get(&arn).ok_or_else(|| errors::no_snapshot(&name))?;
    one(call, "DBClusterSnapshot", |xml| show::snapshot(xml, snapshot))
}

pub fn delete(world: &mut World, call: &Call<'_>) -> Outcome {
    let name = required(&call.params, "DBClusterSnapshotIdentifier")?;
    let gone = world.rds.delete_snapshot(call.region, &name)?;
    one(call, "DBClusterSnapshot", |xml| show::snapshot(xml, &gone))
}

pub fn describe(world: &World, call: &Call<'_>) -> Outcome {
    let p = &call.params;
    let known = ["db-cluster-id", "db-cluster-snapshot-id", "snapshot-type", "engine"];
    let filters = listing::filters(p, &known)?;
    if let Some(id) = p.get("DBClusterSnapshotIdentifier") {
        world.rds.snapshot(call.region, id).ok_or_else(|| errors::no_snapshot(id))?;
    }
    let asked =
        |name: &str, has: &str| p.get(name).is_none_or(|v| v == has || has.ends_with(&format!(":{v}")));
    let matches = |s: &Snapshot| {
        asked("DBClusterSnapshotIdentifier", &s.id)
            && asked("DBClusterIdentifier", &s.cluster.id)
            && asked("SnapshotType", &s.kind)
            && listing::passes(&filters, |name| match name {
                "db-cluster-id" => vec![s.cluster.id.clone(), s.cluster.arn.clone()],
                "db-cluster-snapshot-id" => vec![s.id.clone()],
                "snapshot-type" => vec![s.kind.clone()],
                _ => vec![s.cluster.engine.clone()],
            })
    };
    let found = world.rds.snapshots_in(call.region).filter(|s| matches(s));
    let page = listing::page(p, found.map(|s| (s.id.clone(), s)).collect())?;
    many(call, ("DBClusterSnapshots", "DBClusterSnapshot"), page, show::snapshot)
}

/// Instances alone leave no snapshots in practice.
pub fn describe_instances(_: &World, call: &Call<'_>) -> Outcome {
    Ok(Reply::query(call, |xml| xml.list("DBSnapshots", "DBSnapshot", [(); 0], |_, ()| {})))
}
