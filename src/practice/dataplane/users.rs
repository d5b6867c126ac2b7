//! The shop's users as rows in Aurora: who may write where, and what a cluster's readers see. A sign-up
//! is a request to the world, so that it is journaled and happens again when a world is opened.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::practice::aurora;
use crate::practice::call::{Reply, RequestId};
use crate::practice::rds::{Cluster, Forwarding, Status, Synchronization};
use crate::practice::world::World;
use crate::seed;
use crate::shop::wire::{NewUser, User};

/// Seconds after which a write that was not taken may be tried again.
pub(crate) const RETRY_AFTER: u64 = 5;

/// A sign-up at a cluster, in its own or through its writer's Region.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SignUp {
    /// The ARN of the cluster that the shop's server talks to.
    pub cluster: String,
    /// Who signs up.
    pub user: NewUser,
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

/// How a write at a cluster fares at present.
pub(crate) fn way(world: &World, arn: &str) -> Way {
    let Some((cluster, global)) = world.rds.cluster_by_arn(arn).zip(world.rds.global_of(arn)) else {
        return Way::ReadOnly;
    };
    let (Some(own), Some(writer)) = (global.member(arn), global.writer()) else { return Way::ReadOnly };
    let reached = world.faults.apart(own.region(), writer.region()).is_none();
    let takes = !aurora::changing(global)
        && reached
        && world.rds.cluster_by_arn(&writer.arn).is_some_and(|writer| serves(world, writer));
    match (own.writer, cluster.forwarding) {
        (true, _) if takes => Way::Local,
        (false, Forwarding::Enabled) if takes && own.synchronization == Synchronization::Connected => {
            Way::Forwarded
        }
        (true, _) | (false, Forwarding::Enabled) => Way::Lost,
        _ => Way::ReadOnly,
    }
}

/// Whether a cluster answers queries: it is there and has an instance that runs.
fn serves(world: &World, cluster: &Cluster) -> bool {
    !matches!(cluster.status, Status::Creating | Status::Deleting)
        && world
            .rds
            .instances_of(cluster)
            .iter()
            .any(|i| !matches!(i.status, Status::Creating | Status::Deleting))
}

/// Whether the cluster with this ARN answers queries.
pub(crate) fn reads(world: &World, arn: &str) -> bool {
    world.rds.cluster_by_arn(arn).is_some_and(|cluster| serves(world, cluster))
}

/// What a write takes, beside the way to the shop's server.
pub(crate) fn takes(world: &World, way: Way) -> Duration {
    let commit = Duration::from_millis(world.scenario.lag.commit_ms);
    match way {
        Way::Local => commit,
        Way::Forwarded => commit + aurora::forwarding_cost(&world.scenario),
        Way::Lost => aurora::forwarding_cost(&world.scenario),
        Way::ReadOnly => Duration::ZERO,
    }
}

/// The user with this e-mail, as far as a cluster has got the row.
pub(crate) fn find(world: &World, arn: &str, email: &str) -> Option<User> {
    let stream = world.dataplane.aurora.stream(world.rds.global_of(arn)?)?;
    user(stream.held_at(arn, &by_email(email))?)
}

/// Carries a sign-up out: 201 with the user, 409 when the e-mail is taken, 503 while nothing takes it.
pub(crate) fn sign_up(world: &mut World, body: &[u8], id: RequestId) -> Reply {
    let Ok(SignUp { cluster, user: new }) = serde_json::from_slice(body) else { return Reply::empty(400) };
    if !matches!(way(world, &cluster), Way::Local | Way::Forwarded) {
        return Reply::empty(503);
    }
    let Some(global) = world.rds.global_of(&cluster) else { return Reply::empty(503) };
    // Whether it is unique only the writer can tell, whose rows are all there are.
    let stream = world.dataplane.aurora.stream(global);
    let held = |key: String| stream.and_then(|s| s.holder(&key)).and_then(user);
    let known = new.uuid.and_then(|uuid| held(by_uuid(uuid)));
    if let Some(known) = known.or_else(|| held(by_email(&new.email))) {
        let same = Some(known.uuid) == new.uuid && by_email(&known.email) == by_email(&new.email);
        return if same { created(&known) } else { Reply::empty(409) };
    }
    let global = global.id.clone();
    let NewUser { uuid, email, first_name, last_name } = new;
    let user = User { uuid: uuid.unwrap_or_else(|| minted(world.seed, id)), email, first_name, last_name };
    let keys = [by_email(&user.email), by_uuid(user.uuid)];
    let Ok(change) = serde_json::to_value(&user) else { return Reply::empty(400) };
    match world.commit(&global, &keys, change) {
        Some(_) => created(&user),
        None => Reply::empty(503),
    }
}

fn created(user: &User) -> Reply {
    Reply::new(201, "application/json", serde_json::to_vec(user).unwrap_or_default())
}

fn user(commit: &aurora::Commit) -> Option<User> {
    User::deserialize(&commit.change).ok()
}

/// E-mails that differ in capitals alone are the same, as the column's collation has it.
fn by_email(email: &str) -> String {
    format!("email {}", email.trim().to_lowercase())
}

fn by_uuid(uuid: Uuid) -> String {
    format!("uuid {uuid}")
}

fn minted(seed: u64, id: RequestId) -> Uuid {
    let text = seed::uuid(seed::hash(seed ^ id.0, &["user"]));
    Uuid::parse_str(&text).unwrap_or_default()
}
