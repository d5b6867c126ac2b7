//! Cluster snapshots.

use super::shape::{many, one, required_text, tags_of};
use crate::call::{Outcome, Reply, Request};
use crate::rds::Rds;
use crate::rds::{Snapshot, errors, listing, show, snapshots};

pub fn create(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let name = required_text(&call.params, "DBClusterSnapshotIdentifier")?;
    let id = required_text(&call.params, "DBClusterIdentifier")?;
    let cluster = rds.cluster(call.region, &id).cloned().ok_or_else(|| errors::no_cluster(&id))?;
    let arn = snapshots::take(rds, &call.scene, &cluster, &name, "manual")?;
    if let Some(snapshot) = rds.snapshots.get_mut(&arn) {
        snapshot.tags.extend(tags_of(&call.params)?);
    }
    let snapshot = rds.snapshots.get(&arn).ok_or_else(|| errors::no_snapshot(&name))?;
    one(call, "DBClusterSnapshot", |xml| show::snapshot(xml, snapshot))
}

pub fn delete(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let name = required_text(&call.params, "DBClusterSnapshotIdentifier")?;
    let gone = rds.delete_snapshot(call.region, &name)?;
    one(call, "DBClusterSnapshot", |xml| show::snapshot(xml, &gone))
}

pub fn describe(rds: &Rds, call: &Request<'_>) -> Outcome {
    let p = &call.params;
    let known = ["db-cluster-id", "db-cluster-snapshot-id", "snapshot-type", "engine"];
    let filters = listing::filters(p, &known)?;
    if let Some(id) = p.get("DBClusterSnapshotIdentifier") {
        rds.snapshot(call.region, id).ok_or_else(|| errors::no_snapshot(id))?;
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
    let found = rds.snapshots_in(call.region).filter(|s| matches(s));
    let page = listing::page(p, found.map(|s| (s.id.clone(), s)).collect())?;
    many(call, ("DBClusterSnapshots", "DBClusterSnapshot"), page, show::snapshot)
}

/// Instances alone leave no snapshots in practice.
pub fn describe_instances(_: &Rds, call: &Request<'_>) -> Outcome {
    Ok(Reply::query(call, |xml| xml.list("DBSnapshots", "DBSnapshot", [(); 0], |_, ()| {})))
}
