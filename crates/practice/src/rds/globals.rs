//! Global clusters: creating them (empty or from a cluster), changing, taking members out, deleting.

use std::time::Duration;

use super::clusters::PRIMARY_WITH_OTHERS;
use super::errors::{self, check_identifier};
use super::event::Event;
use super::model::{Forwarding, Global, Member, Status, Tags};
use super::{Drawn, Rds, Scene, catalog};
use crate::call::AwsError;
use ground::seed;

/// What a new global cluster should be.
#[derive(Clone, Debug, Default)]
pub struct NewGlobal {
    pub id: String,
    /// The cluster that becomes its writer.
    pub source: Option<String>,
    /// Engine, without a source.
    pub engine: Option<String>,
    /// Version, without a source.
    pub version: Option<String>,
    /// Initial database, without a source.
    pub database: Option<String>,
    /// Encryption, without a source.
    pub encrypted: Option<bool>,
    /// Deletion protection.
    pub protected: bool,
    pub tags: Tags,
}

/// Creates a global cluster; it is available at once.
///
/// # Errors
/// An identifier that is taken, a source that cannot be one, values a source already decides.
pub fn create(rds: &mut Rds, scene: &Scene<'_>, new: NewGlobal) -> Result<(), AwsError> {
    check_identifier("GlobalClusterIdentifier", &new.id)?;
    let id = new.id.to_ascii_lowercase();
    if rds.global(&id).is_some() {
        let message = format!("Global cluster {id} already exists");
        return Err(AwsError::new("GlobalClusterAlreadyExistsFault", message));
    }
    let mut global = Global {
        arn: format!("arn:aws:rds::{}:global-cluster:{id}", scene.account),
        resource_id: format!("cluster-{}", scene.letters(&id, "global", 16, seed::HEX)),
        label: scene.letters(&id, "global endpoint", 12, seed::LOWER),
        status: Status::Available,
        protected: new.protected,
        tags: new.tags.clone(),
        id: id.clone(),
        ..Global::default()
    };
    match &new.source {
        Some(source) => from_source(rds, scene, &new, source, &mut global)?,
        None => from_nothing(&new, &mut global)?,
    }
    rds.globals.insert(id, global);
    Ok(())
}

fn from_source(
    rds: &Rds,
    scene: &Scene<'_>,
    new: &NewGlobal,
    source: &str,
    global: &mut Global,
) -> Result<(), AwsError> {
    let taken = [
        ("Engine", new.engine.is_some()),
        ("EngineVersion", new.version.is_some()),
        ("StorageEncrypted", new.encrypted.is_some()),
        ("DatabaseName", new.database.is_some()),
    ];
    if let Some((name, _)) = taken.iter().find(|(_, given)| *given) {
        return Err(errors::combination(format!(
            "When creating global cluster from existing db cluster, value for {name} should not be specified since it will be inherited from source cluster"
        )));
    }
    let cluster = rds.cluster(scene.region, source).ok_or_else(|| errors::no_cluster(source))?;
    if cluster.status != Status::Available {
        return Err(errors::cluster_state(format!(
            "Source cluster {} is in state {}: it must be available",
            cluster.arn,
            cluster.status.name()
        )));
    }
    if rds.global_of(&cluster.arn).is_some() {
        return Err(errors::cluster_state("The source DB cluster is already a member of a global cluster"));
    }
    if cluster.secret.is_some() {
        return Err(errors::combination(
            "ManageMasterUserPassword isn't supported for DB clusters that are members of a global database.",
        ));
    }
    let burstable = rds.instances_of(cluster).into_iter().find(|i| !catalog::fits_global(&i.class));
    if let Some(instance) = burstable {
        return Err(errors::combination(format!(
            "DB instance {} has class {}, which isn't supported for Aurora global databases.",
            instance.id, instance.class
        )));
    }
    global.engine = cluster.engine.clone();
    global.version = cluster.version.clone();
    global.database = cluster.database.clone();
    global.encrypted = cluster.encrypted;
    global.members.push(Member { arn: cluster.arn.clone(), writer: true, ..Member::default() });
    Ok(())
}

fn from_nothing(new: &NewGlobal, global: &mut Global) -> Result<(), AwsError> {
    let engine = new.engine.as_deref().unwrap_or_default();
    if engine.is_empty() {
        return Err(errors::combination("Either Engine or SourceDBClusterIdentifier must be specified"));
    }
    if !engine.starts_with("aurora-") {
        return Err(errors::value(format!("Invalid DB engine: {engine}")));
    }
    let version = catalog::resolve(engine, new.version.as_deref()).ok_or_else(|| {
        let asked = new.version.as_deref().unwrap_or_default();
        errors::combination(format!("Cannot find version {asked} for {engine}"))
    })?;
    global.engine = engine.to_owned();
    global.version = version.version;
    global.database = new.database.clone();
    global.encrypted = new.encrypted.unwrap_or(false);
    Ok(())
}

/// Changes a global cluster at once.
///
/// # Errors
/// A missing one, a new name that is taken, a version that does not exist.
pub fn modify(
    rds: &mut Rds,
    id: &str,
    new_id: Option<&str>,
    version: Option<&str>,
    protected: Option<bool>,
) -> Result<String, AwsError> {
    let mut global = rds.global(id).cloned().ok_or_else(|| errors::no_global(id))?;
    if global.failover.is_some() {
        return Err(errors::global_state(format!(
            "Global cluster {id} is in state {}",
            global.status.name()
        )));
    }
    if let Some(version) = version {
        let found = catalog::resolve(&global.engine, Some(version)).ok_or_else(|| {
            errors::combination(format!("Cannot find version {version} for {}", global.engine))
        })?;
        global.version = found.version;
        for member in &global.members {
            if let Some(cluster) = rds.clusters.get_mut(&member.arn) {
                cluster.version = global.version.clone();
            }
        }
    }
    global.protected = protected.unwrap_or(global.protected);
    if let Some(new_id) = new_id.map(str::to_ascii_lowercase).filter(|n| *n != global.id) {
        check_identifier("NewGlobalClusterIdentifier", &new_id)?;
        if rds.global(&new_id).is_some() {
            let message = format!("Global cluster {new_id} already exists");
            return Err(AwsError::new("GlobalClusterAlreadyExistsFault", message));
        }
        rds.globals.remove(&global.id);
        global.arn = global.arn.replace(&global.id, &new_id);
        global.id = new_id;
    }
    let id = global.id.clone();
    rds.globals.insert(id.clone(), global);
    Ok(id)
}

/// Takes a cluster out of its global cluster; a secondary becomes a cluster of its own after `takes`.
///
/// # Errors
/// Missing ones, a failover under way, the writer while others follow it.
pub fn remove_member(
    rds: &mut Rds,
    scene: &Scene<'_>,
    id: &str,
    cluster: &str,
    takes: Duration,
) -> Result<(), AwsError> {
    let global = rds.global(id).ok_or_else(|| errors::no_global(id))?;
    let member = global
        .members
        .iter()
        .find(|m| m.arn == cluster || m.arn.rsplit(':').next() == Some(cluster))
        .ok_or_else(|| errors::no_cluster(cluster))?
        .clone();
    if let Some(failover) = &global.failover {
        return Err(errors::global_state(format!(
            "Global cluster {id} is in state {}: wait until it is over",
            failover.status.name()
        )));
    }
    if member.writer && global.members.len() > 1 {
        return Err(errors::global_state(PRIMARY_WITH_OTHERS.replace("delete", "remove")));
    }
    if let Some(g) = rds.globals.get_mut(&id.to_ascii_lowercase()) {
        g.members.retain(|m| m.arn != member.arn);
    }
    if let Some(c) = rds.clusters.get_mut(&member.arn).filter(|_| !member.writer) {
        c.forwarding = Forwarding::Disabled;
        c.forwarding_requested = false;
        if c.status != Status::Deleting {
            c.status = Status::Promoting;
            rds.agenda.add(scene.now.after(takes), Event::ClusterReady(member.arn.clone()));
        }
        rds.note(
            scene,
            "db-cluster",
            &member.arn,
            "configuration change",
            "Promoted to a stand-alone DB cluster",
        );
    }
    Ok(())
}

/// Deletes a global cluster at once.
///
/// # Errors
/// A missing one, protection, members that remain.
pub fn delete(rds: &mut Rds, id: &str) -> Result<Global, AwsError> {
    let global = rds.global(id).ok_or_else(|| errors::no_global(id))?;
    if global.protected {
        return Err(errors::combination(
            "Cannot delete protected Global Cluster, please disable deletion protection and try again.",
        ));
    }
    if !global.members.is_empty() {
        return Err(errors::global_state(format!("Global Cluster {} is not empty", global.arn)));
    }
    rds.globals.remove(&id.to_ascii_lowercase()).ok_or_else(|| errors::no_global(id))
}
