//! Instances: creating, changing and deleting them.

use std::time::Duration;

use super::errors::{self, check_identifier};
use super::event::Event;
use super::model::{Instance, Status, Tags};
use super::{Drawn, Rds, Scene, Scope, catalog};
use crate::call::AwsError;
use ground::seed;

/// What a new instance should be.
#[derive(Clone, Debug, Default)]
pub struct NewInstance {
    pub id: String,
    pub class: String,
    pub engine: String,
    /// Version, when it stands alone.
    pub version: Option<String>,
    /// The cluster it belongs to.
    pub cluster: Option<String>,
    pub zone: Option<String>,
    /// Subnet group, when it stands alone.
    pub subnet_group: Option<String>,
    pub parameter_group: Option<String>,
    /// Security groups, when it stands alone.
    pub security_groups: Vec<String>,
    /// Promotion tier.
    pub tier: Option<u64>,
    /// Whether it has a public address.
    pub public: bool,
    /// Master user, when it stands alone.
    pub master: Option<String>,
    /// Initial database, when it stands alone.
    pub database: Option<String>,
    /// Gibibytes, when it stands alone.
    pub storage: Option<u64>,
    /// Whether to encrypt, when it stands alone.
    pub encrypted: bool,
    /// Deletion protection, when it stands alone.
    pub protected: bool,
    /// Minor versions by themselves.
    pub minor_upgrades: Option<bool>,
    pub tags: Tags,
}

/// Begins to create an instance, available after `takes`. Gives its ARN.
///
/// # Errors
/// Everything RDS validates.
pub fn create(
    rds: &mut Rds,
    scene: &Scene<'_>,
    new: NewInstance,
    takes: Duration,
) -> Result<String, AwsError> {
    check_identifier("DBInstanceIdentifier", &new.id)?;
    if rds.instance(scene.region, &new.id).is_some() {
        return Err(AwsError::new("DBInstanceAlreadyExists", "DB instance already exists"));
    }
    if !new.class.starts_with("db.") {
        return Err(errors::value(format!("Invalid DB Instance class: {}", new.class)));
    }
    let instance = match &new.cluster {
        Some(cluster) => in_cluster(rds, scene, &new, cluster)?,
        None => build_without_cluster(rds, scene, &new)?,
    };
    if let Some(name) = new.parameter_group.as_deref().filter(|n| !n.starts_with("default.")) {
        rds.parameter_group(scene.region, Scope::Instance, name)
            .ok_or_else(|| errors::no_parameter_group(Scope::Instance, name))?;
    }
    let arn = instance.arn.clone();
    rds.instances.insert(arn.clone(), instance);
    rds.note(scene, "db-instance", &arn, "creation", "DB instance created");
    rds.agenda.add(scene.now.after(takes), Event::InstanceReady(arn.clone()));
    Ok(arn)
}

/// The refusal of a class that is not offered for an engine in a Region.
fn not_offered(new: &NewInstance, version: &str) -> AwsError {
    errors::combination(format!(
        "RDS does not support creating a DB instance with the following combination: DBInstanceClass={}, Engine={}, EngineVersion={version}, LicenseModel=general-public-license. For supported combinations of instance class and database engine version, see the documentation.",
        new.class, new.engine
    ))
}

fn in_cluster(rds: &Rds, scene: &Scene<'_>, new: &NewInstance, id: &str) -> Result<Instance, AwsError> {
    let cluster = rds.cluster(scene.region, id).ok_or_else(|| errors::no_cluster(id))?;
    if !new.engine.is_empty() && new.engine != cluster.engine {
        return Err(errors::combination(format!(
            "The engine name requested for your DB instance ({}) doesn't match the engine name of your DB cluster ({}).",
            new.engine, cluster.engine
        )));
    }
    if let Some(master) = &new.master {
        return Err(errors::combination(format!(
            "The requested DB Instance will be a member of a DB Cluster. Set master user name {master} for the DB Cluster."
        )));
    }
    if cluster.status == Status::Deleting {
        return Err(errors::cluster_state(format!("DB cluster {id} is being deleted")));
    }
    let global = rds.global_of(&cluster.arn).is_some();
    if !catalog::is_offered(&new.class, scene.region) || (global && !catalog::fits_global(&new.class)) {
        return Err(not_offered(new, &cluster.version));
    }
    if new.class == "db.serverless" && cluster.serverless.is_none() {
        return Err(errors::combination(
            "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 DB instance.",
        ));
    }
    let family =
        catalog::resolve(&cluster.engine, Some(&cluster.version)).map(|v| v.family).unwrap_or_default();
    Ok(Instance {
        cluster: Some(cluster.id.clone()),
        engine: cluster.engine.clone(),
        version: cluster.version.clone(),
        label: cluster.label.clone(),
        port: cluster.port,
        subnet_group: cluster.subnet_group.clone(),
        parameter_group: new.parameter_group.clone().unwrap_or_else(|| format!("default.{family}")),
        security_groups: cluster.security_groups.clone(),
        zone: new.zone.clone().or_else(|| cluster.zones.first().cloned()).unwrap_or_default(),
        master: cluster.master.clone().unwrap_or_default(),
        database: cluster.database.clone(),
        encrypted: cluster.encrypted,
        kms: cluster.kms.clone(),
        storage: 1,
        ..base(scene, new)
    })
}

fn build_without_cluster(rds: &Rds, scene: &Scene<'_>, new: &NewInstance) -> Result<Instance, AwsError> {
    if new.engine.starts_with("aurora") {
        return Err(errors::combination("DBClusterIdentifier must be specified for Aurora DB instances"));
    }
    if new.storage.is_none() {
        return Err(errors::combination("The request must contain the parameter AllocatedStorage"));
    }
    if let Some(name) = new.subnet_group.as_deref().filter(|n| *n != "default") {
        rds.subnet_group(scene.region, name).ok_or_else(|| errors::no_subnet_group(name))?;
    }
    let (port, version) = match new.engine.as_str() {
        "mysql" => (3306, "8.0.42"),
        "mariadb" => (3306, "11.4.5"),
        "postgres" => (5432, "16.9"),
        e if e.starts_with("oracle") => (1521, "19"),
        e if e.starts_with("sqlserver") => (1433, "16.00"),
        _ => return Err(errors::value(format!("Invalid DB engine: {}", new.engine))),
    };
    let version = new.version.clone().unwrap_or_else(|| version.to_owned());
    Ok(Instance {
        engine: new.engine.clone(),
        label: scene.label(),
        port,
        subnet_group: new.subnet_group.clone().unwrap_or_else(|| "default".into()),
        parameter_group: new.parameter_group.clone().unwrap_or_else(|| {
            let major: Vec<&str> = version.split('.').take(2).collect();
            format!("default.{}{}", new.engine, major.join("."))
        }),
        security_groups: new.security_groups.clone(),
        zone: new.zone.clone().unwrap_or_else(|| format!("{}a", scene.region)),
        master: new.master.clone().unwrap_or_else(|| "admin".into()),
        database: new.database.clone(),
        encrypted: new.encrypted,
        storage: new.storage.unwrap_or(20),
        protected: new.protected,
        version,
        ..base(scene, new)
    })
}

fn base(scene: &Scene<'_>, new: &NewInstance) -> Instance {
    let id = new.id.to_ascii_lowercase();
    Instance {
        region: scene.region.to_owned(),
        arn: scene.arn("db", &id),
        resource_id: format!("db-{}", scene.letters(&id, "resource", 26, seed::UPPER)),
        created: scene.now,
        status: Status::Creating,
        class: new.class.clone(),
        tier: new.tier.unwrap_or(1),
        public: new.public,
        minor_upgrades: new.minor_upgrades.unwrap_or(true),
        tags: new.tags.clone(),
        id,
        ..Instance::default()
    }
}

/// What should change of an instance; unset stays.
#[derive(Clone, Debug, Default)]
pub struct InstanceChange {
    pub class: Option<String>,
    /// Promotion tier.
    pub tier: Option<u64>,
    /// Public address.
    pub public: Option<bool>,
    /// Deletion protection.
    pub protected: Option<bool>,
    /// Minor versions by themselves.
    pub minor_upgrades: Option<bool>,
    pub parameter_group: Option<String>,
}

/// Begins to change an instance; done after `takes`.
///
/// # Errors
/// A missing or busy instance, a class that is not offered.
pub fn modify(
    rds: &mut Rds,
    scene: &Scene<'_>,
    id: &str,
    change: InstanceChange,
    takes: Duration,
) -> Result<String, AwsError> {
    let instance = rds.instance(scene.region, id).ok_or_else(|| errors::no_instance(id))?;
    if instance.status != Status::Available {
        return Err(errors::instance_state(format!(
            "Database instance is not in available state: {}",
            instance.status.name()
        )));
    }
    if let Some(class) = change.class.as_deref().filter(|_| instance.cluster.is_some())
        && !catalog::is_offered(class, scene.region)
    {
        let wanted =
            NewInstance { class: class.into(), engine: instance.engine.clone(), ..NewInstance::default() };
        return Err(not_offered(&wanted, &instance.version));
    }
    let arn = instance.arn.clone();
    let Some(i) = rds.instances.get_mut(&arn) else { return Err(errors::no_instance(id)) };
    i.class = change.class.unwrap_or_else(|| i.class.clone());
    i.parameter_group = change.parameter_group.unwrap_or_else(|| i.parameter_group.clone());
    i.tier = change.tier.unwrap_or(i.tier);
    i.public = change.public.unwrap_or(i.public);
    i.protected = change.protected.unwrap_or(i.protected);
    i.minor_upgrades = change.minor_upgrades.unwrap_or(i.minor_upgrades);
    i.status = Status::Modifying;
    rds.agenda.add(scene.now.after(takes), Event::InstanceReady(arn.clone()));
    Ok(arn)
}

/// Begins to delete an instance; gone after `takes`.
///
/// # Errors
/// Protection, a deletion under way, and the last instance of a primary that others follow.
pub fn delete(rds: &mut Rds, scene: &Scene<'_>, id: &str, takes: Duration) -> Result<String, AwsError> {
    let instance = rds.instance(scene.region, id).ok_or_else(|| errors::no_instance(id))?;
    if instance.status == Status::Deleting {
        return Err(errors::instance_state(format!("Instance {id} is already being deleted.")));
    }
    if instance.protected {
        return Err(errors::combination(
            "Cannot delete protected DB Instance, please disable deletion protection and try again.",
        ));
    }
    if let Some(cluster) = instance.cluster.as_ref().and_then(|c| rds.cluster(scene.region, c)) {
        let others =
            rds.instances_of(cluster).iter().any(|i| i.arn != instance.arn && i.status != Status::Deleting);
        let followed = rds
            .global_of(&cluster.arn)
            .is_some_and(|g| g.members.len() > 1 && g.writer().is_some_and(|w| w.arn == cluster.arn));
        if followed && !others {
            return Err(errors::cluster_state(
                "Cannot delete the last instance of the master cluster. Delete the replica cluster before deleting the last master cluster instance.",
            ));
        }
    }
    let arn = instance.arn.clone();
    if let Some(i) = rds.instances.get_mut(&arn) {
        i.status = Status::Deleting;
    }
    rds.agenda.add(scene.now.after(takes), Event::InstanceGone(arn.clone()));
    Ok(arn)
}
