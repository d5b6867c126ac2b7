//! Rows in Aurora: who may write where, what a write does, and what a cluster's readers see. A write is a
//! request to the world, so that it is journaled and happens again when a world is opened.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::aurora::{self, Commit};
use crate::call::Reply;
use crate::rds::{Cluster, Forwarding, Status, Synchronization};
use crate::world::World;

/// A change to be committed at a cluster, in its own or through its writer's Region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Write {
    /// The ARN of the cluster that the writing program is connected to.
    pub cluster: String,
    /// Keys that no other commit may have.
    pub keys: Vec<String>,
    /// What is committed: the program's business.
    pub change: Value,
}

/// How a write gets from a cluster to the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The cluster is the writer.
    Local,
    /// It forwards writes to another Region.
    Forwarded,
    /// It would, but the writer cannot be reached, or is being changed.
    Lost,
    /// It neither writes nor forwards.
    ReadOnly,
}

impl Way {
    /// Whether a write gets there.
    pub fn arrives(self) -> bool {
        matches!(self, Way::Local | Way::Forwarded)
    }
}

/// How a write at a cluster fares at present.
pub(crate) fn way(world: &World, arn: &str) -> Way {
    let Some((cluster, global)) = world.rds.cluster_by_arn(arn).zip(world.rds.global_of(arn)) else {
        return Way::ReadOnly;
    };
    let (Some(own), Some(writer)) = (global.member(arn), global.writer()) else { return Way::ReadOnly };
    let reached = world.faults.apart_since(own.region(), writer.region()).is_none();
    let takes = !aurora::changing(global) && reached && serves(world, &writer.arn);
    match (own.writer, cluster.forwarding) {
        (true, _) if takes => Way::Local,
        (false, Forwarding::Enabled) if takes && own.synchronization == Synchronization::Connected => {
            Way::Forwarded
        }
        (true, _) | (false, Forwarding::Enabled) => Way::Lost,
        _ => Way::ReadOnly,
    }
}

/// Whether the cluster with this ARN answers queries: it is there and has an instance that runs.
pub(crate) fn serves(world: &World, arn: &str) -> bool {
    let runs = |cluster: &Cluster| {
        let instances = world.rds.instances_of(cluster);
        instances.iter().any(|i| !matches!(i.status, Status::Creating | Status::Deleting))
    };
    let there = |cluster: &&Cluster| !matches!(cluster.status, Status::Creating | Status::Deleting);
    world.rds.cluster_by_arn(arn).filter(there).is_some_and(runs)
}

/// What a write takes, beside the way to the program that writes.
pub(crate) fn takes(world: &World, way: Way) -> Duration {
    let commit = Duration::from_millis(world.scenario.lag.commit_ms);
    match way {
        Way::Local => commit,
        Way::Forwarded => commit + aurora::forwarding_cost(&world.scenario),
        Way::Lost => aurora::forwarding_cost(&world.scenario),
        Way::ReadOnly => Duration::ZERO,
    }
}

/// The change that holds a key, as far as a cluster has got the commit.
pub(crate) fn row<'w>(world: &'w World, arn: &str, key: &str) -> Option<&'w Value> {
    let stream = world.dataplane.aurora.stream(world.rds.global_of(arn)?)?;
    stream.held_at(arn, key).map(|commit| &commit.change)
}

/// Who holds the keys of a write.
enum Held<'w> {
    /// Nobody.
    Free,
    /// One commit holds all of them: this write came before.
    Same(&'w Commit),
    /// Another has one of them.
    Taken,
}

/// Carries a write out: 201 with the change that holds the keys (this one, or that of an earlier commit that
/// holds all of them), 409 when another commit has a key, 503 while nothing takes writes.
pub(crate) fn write(world: &mut World, write: Write) -> Reply {
    let Write { cluster, keys, change } = write;
    if !way(world, &cluster).arrives() {
        return Reply::empty(503);
    }
    let Some(global) = world.rds.global_of(&cluster) else { return Reply::empty(503) };
    // Whether they are free only the writer can tell, whose rows are all there are.
    let stream = world.dataplane.aurora.stream(global);
    match holder_of_all(keys.iter().map(|key| stream.and_then(|stream| stream.holder(key)))) {
        Held::Same(commit) => return commit_reply(&commit.change),
        Held::Taken => return Reply::empty(409),
        Held::Free => {}
    }
    let (global, reply) = (global.id.clone(), commit_reply(&change));
    match world.commit(&global, &keys, change) {
        Some(_) => reply,
        None => Reply::empty(503),
    }
}

fn holder_of_all<'w>(mut holders: impl Iterator<Item = Option<&'w Commit>>) -> Held<'w> {
    let Some(first) = holders.next() else { return Held::Free };
    let sequence = |commit: Option<&Commit>| commit.map(|commit| commit.sequence);
    let agree = holders.all(|holder| sequence(holder) == sequence(first));
    match first {
        None if agree => Held::Free,
        Some(commit) if agree => Held::Same(commit),
        _ => Held::Taken,
    }
}

fn commit_reply(change: &Value) -> Reply {
    Reply::new(201, "application/json", change.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::clock::Moment;

    fn of(holders: &[Option<u64>]) -> &'static str {
        let commit = |sequence| Commit { sequence, at: Moment(0), change: Value::Null };
        let commits: Vec<Option<Commit>> = holders.iter().map(|holder| holder.map(commit)).collect();
        match holder_of_all(commits.iter().map(Option::as_ref)) {
            Held::Free => "free",
            Held::Same(_) => "same",
            Held::Taken => "taken",
        }
    }

    #[test]
    fn a_write_came_before_only_if_one_commit_holds_all_of_its_keys() {
        assert_eq!((of(&[]), of(&[None, None])), ("free", "free"));
        assert_eq!((of(&[Some(3)]), of(&[Some(3), Some(3)])), ("same", "same"));
        assert_eq!((of(&[Some(3), None]), of(&[None, Some(3)])), ("taken", "taken"));
        assert_eq!(of(&[Some(3), Some(4)]), "taken");
    }
}
