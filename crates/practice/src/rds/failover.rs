//! Changing the writer of a global cluster: the planned switchover and the unplanned failover, and
//! what becomes of the old writer when its Region is back.

use std::time::Duration;

use super::errors;
use super::event::Event;
use super::model::{Cluster, Failover, FailoverStatus, Forwarding, Global, Member, Status, Synchronization};
use super::{Drawn, Rds, Replication, Scene, snapshots};
use crate::call::AwsError;
use ground::clock::Moment;
use ground::seed;

/// How the writer is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Planned: nothing is lost, the old writer follows the new one.
    Switchover,
    /// Unplanned: what had not arrived is lost.
    Failover,
}

/// Begins to change the writer of a global cluster to the cluster `target` (an ARN or identifier).
///
/// # Errors
/// Missing ones, a change under way, a target that is the writer or not ready, and a switchover
/// while the writer's Region does not answer.
pub fn begin(
    rds: &mut Rds,
    scene: &Scene<'_>,
    id: &str,
    target: &str,
    manner: Manner,
) -> Result<(), AwsError> {
    let global = rds.global(id).ok_or_else(|| errors::no_global(id))?;
    if let Some(failover) = &global.failover {
        return Err(errors::global_state(format!(
            "Global cluster {id} is in state {}: another switchover or failover is under way",
            failover.status.name()
        )));
    }
    let (from, to) = check(rds, scene, global, target, manner)?;
    let id = global.id.clone();
    let failover = Failover {
        status: FailoverStatus::Pending,
        from: from.arn.clone(),
        to: to.arn.clone(),
        data_loss: manner == Manner::Failover,
    };
    if let Some(g) = rds.globals.get_mut(&id) {
        g.failover = Some(failover);
        g.status = Status::FailingOver;
    }
    let word = if manner == Manner::Failover { "failover" } else { "switchover" };
    rds.note(
        scene,
        "db-cluster",
        &to.arn,
        "global-failover",
        &format!("Global {word} to DB cluster {} in Region {} started.", to.id, to.region),
    );
    let starts = scene.spread(Duration::from_secs(15), &id);
    let draw = seed::hash(scene.seed, &[&id, &scene.now.0.to_string(), word]) % 1000;
    let (least, most) = match manner {
        Manner::Switchover => (60.0, 180.0),
        Manner::Failover => (120.0, 480.0),
    };
    let takes = Duration::from_secs_f64(least + (most - least) * draw as f64 / 1000.0).mul_f64(scene.scale());
    rds.agenda.add(scene.now.after(starts), Event::FailoverStarts(id.clone()));
    rds.agenda.add(scene.now.after(takes.max(starts)), Event::FailoverEnds(id));
    Ok(())
}

/// The old and the new writer, if the change may begin.
fn check(
    rds: &Rds,
    scene: &Scene<'_>,
    global: &Global,
    target: &str,
    manner: Manner,
) -> Result<(Cluster, Cluster), AwsError> {
    let member = global
        .members
        .iter()
        .find(|m| m.arn == target || m.arn.rsplit(':').next() == Some(target))
        .ok_or_else(|| errors::no_cluster(target))?;
    let writer =
        global.writer().ok_or_else(|| errors::global_state("Global cluster has no primary DB cluster"))?;
    let to = rds.cluster_by_arn(&member.arn).ok_or_else(|| errors::no_cluster(target))?;
    let from = rds.cluster_by_arn(&writer.arn).ok_or_else(|| errors::no_cluster(&writer.arn))?;
    if member.writer {
        return Err(errors::cluster_state(format!(
            "The target DB cluster {} is already the primary DB cluster of global cluster {}",
            to.arn, global.id
        )));
    }
    if member.synchronization == Synchronization::PendingResync {
        return Err(errors::cluster_state(format!(
            "The target DB cluster {} is resynchronizing with the primary",
            to.arn
        )));
    }
    let instance = rds.instances_of(to).into_iter().any(|i| i.status == Status::Available);
    if to.status != Status::Available || !instance {
        return Err(errors::cluster_state(format!(
            "The target DB cluster {} must be available and have at least one available DB instance",
            to.arn
        )));
    }
    if let Some(at) = scene.faults.broken_since(&to.region) {
        let since = scene.now.since(at).as_secs();
        return Err(errors::cluster_state(format!(
            "The target DB cluster {} has not been reachable for {since} s",
            to.arn
        )));
    }
    if manner == Manner::Switchover {
        let reached = scene.faults.apart_since(&from.region, &to.region).is_none();
        let healthy = reached && from.status == Status::Available;
        if !healthy {
            return Err(errors::cluster_state(format!(
                "The primary DB cluster {} isn't available. A switchover requires a healthy primary; to recover from an unplanned outage use FailoverGlobalCluster with AllowDataLoss",
                from.arn
            )));
        }
        if to.version != from.version {
            return Err(errors::combination(
                "The primary and the target DB cluster must have the same engine version for a switchover",
            ));
        }
    }
    Ok((from.clone(), to.clone()))
}

/// The change leaves `pending`.
pub(super) fn starts(rds: &mut Rds, id: &str) {
    let Some(global) = rds.globals.get_mut(id) else { return };
    let Some(failover) = global.failover.as_mut() else { return };
    failover.status =
        if failover.data_loss { FailoverStatus::FailingOver } else { FailoverStatus::SwitchingOver };
    let touched = if failover.data_loss {
        vec![failover.to.clone()]
    } else {
        vec![failover.from.clone(), failover.to.clone()]
    };
    for arn in touched {
        set_status(rds, &arn, Status::FailingOver);
    }
}

fn set_status(rds: &mut Rds, arn: &str, status: Status) {
    if let Some(cluster) = rds.clusters.get_mut(arn)
        && cluster.status != Status::Deleting
    {
        cluster.status = status;
    }
}

/// The roles change.
pub(super) fn ends(rds: &mut Rds, data: &mut dyn Replication, scene: &Scene<'_>, id: &str) {
    let Some(global) = rds.globals.get_mut(id) else { return };
    let Some(failover) = global.failover.take() else { return };
    global.status = Status::Available;
    for member in &mut global.members {
        member.writer = member.arn == failover.to;
        // After an unplanned failover every other member is made anew from the new writer.
        if failover.data_loss && !member.writer {
            member.synchronization = Synchronization::PendingResync;
            member.resyncing = false;
        }
    }
    let arns: Vec<String> = global.members.iter().map(|m| m.arn.clone()).collect();
    for arn in arns {
        set_status(rds, &arn, Status::Available);
        let Some(cluster) = rds.clusters.get_mut(&arn) else { continue };
        cluster.forwarding = match (arn == failover.to, cluster.forwarding_requested) {
            (false, true) => Forwarding::Enabled,
            _ => Forwarding::Disabled,
        };
    }
    let lost = if failover.data_loss {
        data.fail_over(id, &failover.to)
    } else {
        data.switch_over(id, &failover.to);
        0
    };
    let region = failover.to.split(':').nth(3).unwrap_or_default().to_owned();
    let message = if failover.data_loss {
        format!(
            "Global failover to DB cluster in Region {region} completed. Transactions that had not been replicated: {lost}."
        )
    } else {
        format!("Global switchover to DB cluster in Region {region} completed.")
    };
    rds.note(&scene.in_region(&region), "db-cluster", &failover.to, "global-failover", &message);
    recover(rds, scene);
}

/// Old writers whose Region answers again: RDS keeps a snapshot of what they alone had, and begins to
/// make them anew from the writer.
pub fn recover(rds: &mut Rds, scene: &Scene<'_>) {
    let now = scene.now;
    let waiting: Vec<(String, String)> = rds
        .globals
        .values()
        .flat_map(|g| g.members.iter().map(move |m| (g, m)))
        .filter(|(_, m)| m.synchronization == Synchronization::PendingResync && !m.resyncing)
        .filter(|(g, m)| {
            let writer = g.writer().map_or(m.region(), Member::region);
            scene.faults.apart_since(writer, m.region()).is_none()
        })
        .map(|(g, m)| (g.id.clone(), m.arn.clone()))
        .collect();
    for (id, arn) in waiting {
        let Some(cluster) = rds.cluster_by_arn(&arn).cloned() else { continue };
        let scene = scene.in_region(&cluster.region);
        let name = format!("rds:unplanned-global-failover-{}-{}", cluster.id, stamp(now));
        // A snapshot of that name can only exist already if this very failover made it.
        if let Ok(snapshot) = snapshots::take(rds, &scene, &cluster, &name, "automated") {
            let kept = Duration::from_secs(cluster.backup_days.max(1) * 86_400);
            rds.agenda.add(now.after(kept), Event::SnapshotExpires(snapshot));
        }
        let members = rds.globals.get_mut(&id).map(|g| g.members.iter_mut()).into_iter().flatten();
        members.filter(|m| m.arn == arn).for_each(|m| m.resyncing = true);
        let takes = scene.spread(Duration::from_secs(300), &id);
        rds.agenda.add(now.after(takes), Event::Resynced(id, arn));
    }
}

/// A moment as RDS puts it in snapshot names: `2026-11-22-23-26`.
fn stamp(at: Moment) -> String {
    let text = at.iso8601();
    text.chars().take(16).map(|c| if c == 'T' || c == ':' { '-' } else { c }).collect()
}
