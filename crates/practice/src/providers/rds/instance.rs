//! `AWS::RDS::DBInstance`.

use std::time::Duration;

use serde_json::{Value, json};

use super::{AGAIN, failure, name, number, optional_flag, scene, tags, texts};
use crate::providers::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, Updating};
use crate::rds::instances::{self, InstanceChange, NewInstance};
use crate::rds::{self, Status};
use crate::services::Services;

#[derive(Debug)]
pub(super) struct Instance;

/// How long the instance of a secondary cluster takes, on average.
const SECONDARY: Duration = Duration::from_secs(660);

impl Provider for Instance {
    fn create(&self, services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let new = new_instance(services, cx);
        let id = new.id.to_ascii_lowercase();
        let cluster = new.cluster.as_ref().and_then(|c| services.rds.cluster(cx.region, c));
        let takes = match cluster {
            Some(c) if c.status != Status::Available => {
                return Err(failure(cx)(rds::errors::cluster_state(format!(
                    "DB cluster {} is in state {}",
                    c.id,
                    c.status.name()
                ))));
            }
            Some(c) if !services.rds.is_writer(c) => cx.took(SECONDARY),
            _ => cx.creating(),
        };
        let scene = scene(services, cx);
        instances::create(services.rds, &scene, new, takes).map_err(failure(cx))?;
        Ok(Started { attributes: attributes(services, cx, &id), physical_id: id, takes })
    }

    fn finish_creation(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        match services.rds.instance(cx.region, physical_id).map(|i| i.status) {
            Some(Status::Available) => Ok(attributes(services, cx, physical_id)),
            Some(_) => Err(Failure::NotYet(AGAIN)),
            None => Err(Failure::handler("NotFound", format!("DBInstance {physical_id} not found."))),
        }
    }

    fn update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
        old: &Value,
    ) -> Result<Updating, Failure> {
        let changed = |name: &str| cx.props.get(name) != old.get(name);
        let change = InstanceChange {
            class: cx.text("DBInstanceClass").filter(|_| changed("DBInstanceClass")),
            tier: number(cx, "PromotionTier"),
            public: optional_flag(cx, "PubliclyAccessible"),
            protected: optional_flag(cx, "DeletionProtection"),
            minor_upgrades: optional_flag(cx, "AutoMinorVersionUpgrade"),
            parameter_group: cx.text("DBParameterGroupName"),
        };
        let (scene, takes) = (scene(services, cx), cx.updating());
        instances::modify(services.rds, &scene, physical_id, change, takes).map_err(failure(cx))?;
        Ok(Updating::InPlace { takes })
    }

    fn delete(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Deleting, Failure> {
        let Some(instance) = services.rds.instance(cx.region, physical_id) else {
            return Ok(Deleting { takes: Duration::ZERO });
        };
        if instance.status == Status::Deleting {
            return Ok(Deleting { takes: AGAIN });
        }
        let (scene, takes) = (scene(services, cx), cx.deleting());
        instances::delete(services.rds, &scene, physical_id, takes).map_err(failure(cx))?;
        Ok(Deleting { takes })
    }

    fn finish_deletion(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<(), Failure> {
        match services.rds.instance(cx.region, physical_id) {
            Some(_) => Err(Failure::NotYet(AGAIN)),
            None => Ok(()),
        }
    }
}

fn new_instance(services: &Services<'_>, cx: &Cx<'_>) -> NewInstance {
    // A replica or a restored instance is like its origin in what the template does not say.
    let origin = cx.text("SourceDBInstanceIdentifier");
    let copied = origin.is_some() || cx.text("DBSnapshotIdentifier").is_some_and(|id| !id.is_empty());
    let like = origin.and_then(|id| services.rds.instance(cx.region, &id)).map(|i| i.engine.clone());
    let engine = cx.text("Engine").or(like).or(copied.then(|| "mysql".to_owned())).unwrap_or_default();
    let cluster = cx.text("DBClusterIdentifier");
    NewInstance {
        id: name(cx, "DBInstanceIdentifier"),
        class: cx.text("DBInstanceClass").unwrap_or_default(),
        engine: engine.to_ascii_lowercase(),
        version: cx.text("EngineVersion"),
        zone: cx.text("AvailabilityZone"),
        subnet_group: cx.text("DBSubnetGroupName"),
        parameter_group: cx.text("DBParameterGroupName"),
        security_groups: texts(cx, "VPCSecurityGroups"),
        tier: number(cx, "PromotionTier"),
        public: cx.flag("PubliclyAccessible"),
        master: cx.text("MasterUsername"),
        database: cx.text("DBName"),
        storage: number(cx, "AllocatedStorage").or(copied.then_some(20)),
        encrypted: cx.flag("StorageEncrypted"),
        protected: cx.flag("DeletionProtection"),
        minor_upgrades: optional_flag(cx, "AutoMinorVersionUpgrade"),
        tags: tags(cx),
        cluster,
    }
}

fn attributes(services: &Services<'_>, cx: &Cx<'_>, id: &str) -> Attributes {
    let Some(i) = services.rds.instance(cx.region, id) else { return Attributes::new() };
    let mut out = Attributes::new();
    let mut set = |name: &str, value: String| out.insert(name.to_owned(), json!(value));
    set("DBInstanceArn", i.arn.clone());
    set("DbiResourceId", i.resource_id.clone());
    set("Endpoint.Address", rds::address(i));
    set("Endpoint.Port", i.port.to_string());
    set("Endpoint.HostedZoneId", rds::hosted_zone(&i.region).to_owned());
    out
}
