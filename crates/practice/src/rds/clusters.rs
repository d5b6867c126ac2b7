//! Clusters: creating them (alone, as the first of a global cluster, or as a secondary), changing and
//! deleting them, with everything RDS checks.

use std::time::Duration;

use super::errors::{self, check_identifier, check_password};
use super::event::Event;
use super::model::{Cluster, Forwarding, Member, Status, Synchronization, Tags};
use super::{Drawn, Rds, Scene, Scope, catalog};
use crate::call::AwsError;
use ground::seed;

/// What a new cluster should be.
#[derive(Clone, Debug, Default)]
pub struct NewCluster {
    pub id: String,
    pub engine: String,
    /// Version; the default when unset.
    pub version: Option<String>,
    /// Initial database.
    pub database: Option<String>,
    /// Master user.
    pub master: Option<String>,
    /// Master password.
    pub password: Option<String>,
    /// Whether RDS should keep the password in Secrets Manager.
    pub managed_password: bool,
    /// Subnet group; `default` when unset.
    pub subnet_group: Option<String>,
    /// Cluster parameter group; the version's default when unset.
    pub parameter_group: Option<String>,
    pub security_groups: Vec<String>,
    pub zones: Vec<String>,
    /// Whether to encrypt.
    pub encrypted: Option<bool>,
    /// KMS key.
    pub kms: Option<String>,
    /// Deletion protection.
    pub protected: bool,
    pub backup_days: Option<u64>,
    pub backup_window: Option<String>,
    pub maintenance_window: Option<String>,
    /// Exported logs.
    pub logs: Vec<String>,
    pub port: Option<u64>,
    /// IAM authentication.
    pub iam: bool,
    /// Tags to snapshots.
    pub copy_tags: bool,
    /// Serverless capacity.
    pub serverless: Option<(f64, f64)>,
    /// The global cluster to join.
    pub global: Option<String>,
    /// Whether to forward writes.
    pub forwarding: bool,
    pub tags: Tags,
}

/// Begins to create a cluster, available after `takes`. Gives its ARN.
///
/// # Errors
/// Everything RDS validates.
pub fn create(
    rds: &mut Rds,
    scene: &Scene<'_>,
    new: NewCluster,
    takes: Duration,
) -> Result<String, AwsError> {
    check_identifier("DBClusterIdentifier", &new.id)?;
    if rds.cluster(scene.region, &new.id).is_some() {
        return Err(AwsError::new("DBClusterAlreadyExistsFault", "DB Cluster already exists"));
    }
    if !matches!(new.engine.as_str(), "aurora-mysql" | "aurora-postgresql") {
        return Err(errors::value("Invalid DB engine"));
    }
    let primary = match &new.global {
        Some(id) => join(rds, scene, id, &new)?,
        None => None,
    };
    if primary.is_none() {
        check_master(&new)?;
    }
    let asked = new.version.as_deref().or(primary.as_ref().map(|p| p.version.as_str()));
    let version = catalog::resolve(&new.engine, asked).ok_or_else(|| {
        let asked = asked.unwrap_or_default();
        errors::combination(format!("Cannot find version {asked} for {}", new.engine))
    })?;
    if let Some(p) = primary.as_ref().filter(|p| p.version != version.version) {
        return Err(errors::combination(format!(
            "The engine version that you requested for your DB cluster ({}) does not match the engine version of your global database's primary DB cluster ({}).",
            version.version, p.version
        )));
    }
    check_groups(rds, scene, &new)?;
    let cluster = build(scene, &new, &version, primary.as_ref());
    let arn = cluster.arn.clone();
    if let Some(global) = new.global.as_ref().and_then(|g| rds.globals.get_mut(&g.to_ascii_lowercase())) {
        let writer = primary.is_none();
        let synchronization = Synchronization::Connected;
        global.members.push(Member { arn: arn.clone(), writer, synchronization, resyncing: false });
        global.database = global.database.take().or(cluster.database.clone());
    }
    rds.clusters.insert(arn.clone(), cluster);
    rds.note(scene, "db-cluster", &arn, "creation", "DB cluster created");
    rds.agenda.add(scene.now.after(takes), Event::ClusterReady(arn.clone()));
    Ok(arn)
}

/// Checks a cluster that joins a global cluster. Gives the primary when it becomes a secondary.
fn join(rds: &Rds, scene: &Scene<'_>, id: &str, new: &NewCluster) -> Result<Option<Cluster>, AwsError> {
    let global = rds.global(id).ok_or_else(|| errors::no_global(id))?;
    if new.managed_password {
        return Err(errors::combination(
            "ManageMasterUserPassword isn't supported for DB clusters that are members of a global database.",
        ));
    }
    if new.engine != global.engine {
        return Err(errors::combination(
            "The engine of the DB cluster must match the engine of the global cluster.",
        ));
    }
    let Some(writer) = global.writer() else { return Ok(None) };
    if global.failover.is_some() {
        return Err(errors::global_state(format!(
            "Global cluster {id} is in state {}",
            global.status.name()
        )));
    }
    if global.members.iter().any(|m| m.region() == scene.region) {
        return Err(errors::global_state(format!(
            "Global cluster {id} already has a member in region {}: only one DB cluster per Region is allowed.",
            scene.region
        )));
    }
    let given = [(&new.database, "database name"), (&new.master, "user name"), (&new.password, "password")];
    if let Some((_, what)) = given.iter().find(|(v, _)| v.is_some()) {
        return Err(errors::combination(format!(
            "Cannot specify {what} for cross region replication cluster"
        )));
    }
    let primary = rds.cluster_by_arn(&writer.arn).ok_or_else(|| errors::no_cluster(&writer.arn))?;
    let ready = rds.instances_of(primary).iter().any(|i| i.status == Status::Available);
    if primary.status != Status::Available || !ready {
        return Err(errors::cluster_state(format!(
            "Source cluster: {} is in a state which is not valid for physical replication",
            primary.arn
        )));
    }
    match (primary.encrypted, new.encrypted.unwrap_or(new.kms.is_some()), &new.kms) {
        (true, true, None) => Err(errors::combination(
            "KmsKeyId must be specified for an encrypted cross region replication cluster: the source cluster's key is not valid in this Region.",
        )),
        (true, false, _) => Err(errors::combination(
            "Cannot create an unencrypted cross region replica of an encrypted DB cluster: set StorageEncrypted as the source cluster has it.",
        )),
        (false, true, _) => Err(errors::combination(
            "Cannot create an encrypted cross region replica of an unencrypted DB cluster: set StorageEncrypted as the source cluster has it.",
        )),
        _ => Ok(Some(primary.clone())),
    }
}

fn check_master(new: &NewCluster) -> Result<(), AwsError> {
    let missing =
        |name: &str| errors::value(format!("The parameter {name} must be provided and must not be blank."));
    let master = new.master.as_deref().filter(|m| !m.is_empty()).ok_or_else(|| missing("MasterUsername"))?;
    if matches!(master, "rdsadmin" | "rdsproxyadmin") {
        return Err(errors::value(format!(
            "MasterUsername {master} cannot be used as it is a reserved word used by the engine"
        )));
    }
    match (&new.password, new.managed_password) {
        (Some(_), true) => Err(errors::combination(
            "You can't specify MasterUserPassword when you specify ManageMasterUserPassword.",
        )),
        (Some(password), false) => check_password(password),
        (None, true) => Ok(()),
        (None, false) => Err(missing("MasterUserPassword")),
    }
}

fn check_groups(rds: &Rds, scene: &Scene<'_>, new: &NewCluster) -> Result<(), AwsError> {
    if let Some(name) = new.subnet_group.as_deref().filter(|n| *n != "default") {
        rds.subnet_group(scene.region, name).ok_or_else(|| errors::no_subnet_group(name))?;
    }
    if let Some(name) = new.parameter_group.as_deref().filter(|n| !n.starts_with("default.")) {
        rds.parameter_group(scene.region, Scope::Cluster, name)
            .ok_or_else(|| errors::no_parameter_group(Scope::Cluster, name))?;
    }
    Ok(())
}

fn build(
    scene: &Scene<'_>,
    new: &NewCluster,
    version: &catalog::Version,
    primary: Option<&Cluster>,
) -> Cluster {
    let id = new.id.to_ascii_lowercase();
    let encrypted = new.encrypted.unwrap_or(new.kms.is_some());
    let port = if new.engine == "aurora-mysql" { 3306 } else { 5432 };
    let zone = |letter: char| format!("{}{letter}", scene.region);
    let zones = if new.zones.is_empty() { vec![zone('a'), zone('b'), zone('c')] } else { new.zones.clone() };
    Cluster {
        arn: scene.arn("cluster", &id),
        resource_id: format!("cluster-{}", scene.letters(&id, "resource", 26, seed::UPPER)),
        label: scene.label(),
        region: scene.region.to_owned(),
        created: scene.now,
        engine: new.engine.clone(),
        version: version.version.clone(),
        port: new.port.unwrap_or(port),
        database: new.database.clone().or(primary.and_then(|p| p.database.clone())),
        master: new.master.clone().or(primary.and_then(|p| p.master.clone())),
        subnet_group: new.subnet_group.clone().unwrap_or_else(|| "default".into()).to_ascii_lowercase(),
        parameter_group: new.parameter_group.clone().unwrap_or_else(|| format!("default.{}", version.family)),
        security_groups: new.security_groups.clone(),
        zones,
        encrypted,
        kms: encrypted.then(|| kms_arn(scene, new.kms.as_deref())),
        protected: new.protected,
        backup_days: new.backup_days.unwrap_or(1),
        backup_window: new.backup_window.clone().unwrap_or_else(|| "08:14-08:44".into()),
        maintenance_window: new.maintenance_window.clone().unwrap_or_else(|| "sun:05:32-sun:06:02".into()),
        logs: new.logs.clone(),
        iam: new.iam,
        copy_tags: new.copy_tags,
        serverless: new.serverless,
        secret: new.managed_password.then(|| {
            let tail = scene.letters(&id, "secret", 6, seed::UPPER);
            format!(
                "arn:aws:secretsmanager:{}:{}:secret:rds!cluster-{id}-{tail}",
                scene.region, scene.account
            )
        }),
        forwarding_requested: new.forwarding,
        forwarding: if new.forwarding && primary.is_some() {
            Forwarding::Enabling
        } else {
            Forwarding::Disabled
        },
        tags: new.tags.clone(),
        status: Status::Creating,
        id,
    }
}

/// The ARN of a KMS key given as ARN, id or alias.
fn kms_arn(scene: &Scene<'_>, given: Option<&str>) -> String {
    match given {
        Some(arn) if arn.starts_with("arn:") => arn.to_owned(),
        Some(id) if !id.starts_with("alias/") => {
            format!("arn:aws:kms:{}:{}:key/{id}", scene.region, scene.account)
        }
        other => {
            let seed = seed::hash(scene.seed, &[scene.region, other.unwrap_or("alias/aws/rds"), "kms"]);
            format!("arn:aws:kms:{}:{}:key/{}", scene.region, scene.account, seed::uuid(seed))
        }
    }
}

/// What should change of a cluster; unset stays.
#[derive(Clone, Debug, Default)]
pub struct ClusterChange {
    pub version: Option<String>,
    /// Master password.
    pub password: Option<String>,
    /// Deletion protection.
    pub protected: Option<bool>,
    pub backup_days: Option<u64>,
    pub parameter_group: Option<String>,
    pub security_groups: Option<Vec<String>>,
    /// Write forwarding.
    pub forwarding: Option<bool>,
    /// IAM authentication.
    pub iam: Option<bool>,
    /// Tags to snapshots.
    pub copy_tags: Option<bool>,
    /// Serverless capacity.
    pub serverless: Option<(f64, f64)>,
    pub backup_window: Option<String>,
    pub maintenance_window: Option<String>,
}

/// Begins to change a cluster; done after `takes`.
///
/// # Errors
/// A missing or busy cluster, and values that cannot be.
pub fn modify(
    rds: &mut Rds,
    scene: &Scene<'_>,
    id: &str,
    change: ClusterChange,
    takes: Duration,
) -> Result<String, AwsError> {
    let cluster = rds.cluster(scene.region, id).ok_or_else(|| errors::no_cluster(id))?;
    if cluster.status != Status::Available {
        return Err(errors::cluster_state(format!(
            "DB cluster is not available for modification with status {}",
            cluster.status.name()
        )));
    }
    let arn = cluster.arn.clone();
    let secondary = !rds.is_writer(cluster);
    if let Some(password) = &change.password {
        check_password(password)?;
    }
    if let Some(name) = change.parameter_group.as_deref().filter(|n| !n.starts_with("default.")) {
        rds.parameter_group(scene.region, Scope::Cluster, name)
            .ok_or_else(|| errors::no_parameter_group(Scope::Cluster, name))?;
    }
    let version = match &change.version {
        Some(v) => {
            Some(catalog::resolve(&cluster.engine, Some(v)).map(|v| v.version).ok_or_else(|| {
                errors::combination(format!("Cannot find version {v} for {}", cluster.engine))
            })?)
        }
        None => None,
    };
    let Some(cluster) = rds.clusters.get_mut(&arn) else { return Err(errors::no_cluster(id)) };
    cluster.version = version.unwrap_or_else(|| cluster.version.clone());
    apply(cluster, change, secondary);
    rds.agenda.add(scene.now.after(takes), Event::ClusterReady(arn.clone()));
    Ok(arn)
}

fn apply(c: &mut Cluster, change: ClusterChange, secondary: bool) {
    c.protected = change.protected.unwrap_or(c.protected);
    c.backup_days = change.backup_days.unwrap_or(c.backup_days);
    c.iam = change.iam.unwrap_or(c.iam);
    c.copy_tags = change.copy_tags.unwrap_or(c.copy_tags);
    c.serverless = change.serverless.or(c.serverless);
    for (new, old) in [
        (change.parameter_group, &mut c.parameter_group),
        (change.backup_window, &mut c.backup_window),
        (change.maintenance_window, &mut c.maintenance_window),
    ] {
        if let Some(new) = new {
            *old = new;
        }
    }
    if let Some(groups) = change.security_groups {
        c.security_groups = groups;
    }
    if let Some(on) = change.forwarding.filter(|on| *on != c.forwarding_requested) {
        c.forwarding_requested = on;
        if secondary {
            c.forwarding = if on { Forwarding::Enabling } else { Forwarding::Disabling };
        }
    }
    c.status = Status::Modifying;
}

/// What becomes of the data of a cluster that is deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Last {
    /// Nothing is kept.
    #[default]
    Skip,
    /// A snapshot of this name is kept.
    Snapshot(String),
}

/// Begins to delete a cluster; gone after `takes`.
///
/// # Errors
/// Protection, instances that remain, membership of a global cluster.
pub fn delete(
    rds: &mut Rds,
    scene: &Scene<'_>,
    id: &str,
    last: Last,
    takes: Duration,
) -> Result<String, AwsError> {
    let cluster = rds.cluster(scene.region, id).ok_or_else(|| errors::no_cluster(id))?;
    if cluster.protected {
        return Err(errors::combination(
            "Cannot delete protected Cluster, please disable deletion protection and try again.",
        ));
    }
    if cluster.status == Status::Deleting {
        return Err(errors::cluster_state(format!("Cluster {id} is already being deleted")));
    }
    if rds.instances_of(cluster).iter().any(|i| i.status != Status::Deleting) {
        return Err(errors::cluster_state(
            "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
        ));
    }
    if let Some(global) = rds.global_of(&cluster.arn) {
        let primary = global.member(&cluster.arn).is_some_and(|m| m.writer);
        return Err(if primary && global.members.len() > 1 {
            errors::global_state(PRIMARY_WITH_OTHERS)
        } else {
            errors::cluster_state(
                "This cluster is a part of a global cluster, please remove it from globalcluster first",
            )
        });
    }
    let cluster = cluster.clone();
    if let Last::Snapshot(name) = &last {
        if cluster.status != Status::Available {
            return Err(errors::cluster_state(format!(
                "Can't create a snapshot because the database cluster {} isn't currently in the available state.",
                cluster.id
            )));
        }
        super::snapshots::take(rds, scene, &cluster, name, "manual")?;
    }
    if let Some(c) = rds.clusters.get_mut(&cluster.arn) {
        c.status = Status::Deleting;
    }
    rds.agenda.add(scene.now.after(takes), Event::ClusterGone(cluster.arn.clone()));
    Ok(cluster.arn)
}

/// AWS's words when the writer of a global cluster should go before the others.
pub const PRIMARY_WITH_OTHERS: &str = "Unable to delete cluster that is a primary member of global cluster while there are other global cluster members";
