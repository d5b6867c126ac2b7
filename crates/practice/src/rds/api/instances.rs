//! CreateDBInstance, ModifyDBInstance, DeleteDBInstance, RebootDBInstance, DescribeDBInstances.

use std::time::Duration;

use super::shape::{many, one, required_text, tags_of, text, texts};
use crate::call::{Call, Outcome, Request};
use crate::durations;
use crate::rds::Drawn as _;
use crate::rds::instances::{self, InstanceChange, NewInstance};
use crate::rds::{Instance, Rds, errors, listing, show};

const KIND: &str = "AWS::RDS::DBInstance";

fn reply(rds: &Rds, call: &Call<'_>, arn: &str) -> Outcome {
    let instance = rds.instances.get(arn).ok_or_else(|| errors::no_instance(arn))?;
    one(call, "DBInstance", |xml| show::instance(xml, rds, instance))
}

pub fn create(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let p = &call.params;
    let new = NewInstance {
        id: required_text(p, "DBInstanceIdentifier")?,
        class: required_text(p, "DBInstanceClass")?,
        engine: required_text(p, "Engine")?,
        version: text(p, "EngineVersion"),
        cluster: text(p, "DBClusterIdentifier"),
        zone: text(p, "AvailabilityZone"),
        subnet_group: text(p, "DBSubnetGroupName"),
        parameter_group: text(p, "DBParameterGroupName"),
        security_groups: texts(p, "VpcSecurityGroupIds", "VpcSecurityGroupId"),
        tier: p.number("PromotionTier"),
        public: p.flag("PubliclyAccessible").unwrap_or(false),
        master: text(p, "MasterUsername"),
        database: text(p, "DBName"),
        storage: p.number("AllocatedStorage"),
        encrypted: p.flag("StorageEncrypted").unwrap_or(false),
        protected: p.flag("DeletionProtection").unwrap_or(false),
        minor_upgrades: p.flag("AutoMinorVersionUpgrade"),
        tags: tags_of(p)?,
    };
    let takes = call.scene.takes(KIND, &new.id);
    let arn = instances::create(rds, &call.scene, new, takes)?;
    reply(rds, call, &arn)
}

pub fn modify(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let p = &call.params;
    let change = InstanceChange {
        class: text(p, "DBInstanceClass"),
        tier: p.number("PromotionTier"),
        public: p.flag("PubliclyAccessible"),
        protected: p.flag("DeletionProtection"),
        minor_upgrades: p.flag("AutoMinorVersionUpgrade"),
        parameter_group: text(p, "DBParameterGroupName"),
    };
    let id = required_text(p, "DBInstanceIdentifier")?;
    let takes = call.scene.spread(Duration::from_secs(180), &id);
    let arn = instances::modify(rds, &call.scene, &id, change, takes)?;
    reply(rds, call, &arn)
}

pub fn reboot(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let id = required_text(&call.params, "DBInstanceIdentifier")?;
    let takes = call.scene.spread(Duration::from_secs(40), &id);
    let change = InstanceChange::default();
    let arn = instances::modify(rds, &call.scene, &id, change, takes)?;
    if let Some(instance) = rds.instances.get_mut(&arn) {
        instance.status = crate::rds::Status::Rebooting;
    }
    reply(rds, call, &arn)
}

pub fn delete(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let id = required_text(&call.params, "DBInstanceIdentifier")?;
    let found = rds.instance(call.region, &id).ok_or_else(|| errors::no_instance(&id))?;
    if found.cluster.is_none() && !found.protected {
        super::clusters::last(call, "FinalDBSnapshotIdentifier")?;
    }
    let takes = call.scene.spread(durations::delete(KIND), &id);
    let arn = instances::delete(rds, &call.scene, &id, takes)?;
    reply(rds, call, &arn)
}

pub fn describe(rds: &Rds, call: &Request<'_>) -> Outcome {
    let known = ["db-cluster-id", "db-instance-id", "dbi-resource-id", "engine", "domain"];
    let filters = listing::filters(&call.params, &known)?;
    let wanted = call.params.get("DBInstanceIdentifier");
    if let Some(id) = wanted {
        rds.instance(call.region, id).ok_or_else(|| errors::no_instance(id))?;
    }
    let matches = |i: &Instance| {
        let cluster = i.cluster.clone().unwrap_or_default();
        i.region == call.region
            && wanted.is_none_or(|id| i.arn == id || i.id.eq_ignore_ascii_case(id))
            && listing::passes(&filters, |name| match name {
                "db-cluster-id" => {
                    let arn = rds.cluster(call.region, &cluster).map(|c| c.arn.clone());
                    std::iter::once(cluster.clone()).chain(arn).collect()
                }
                "db-instance-id" => vec![i.id.clone(), i.arn.clone()],
                "dbi-resource-id" => vec![i.resource_id.clone()],
                "engine" => vec![i.engine.clone()],
                _ => Vec::new(),
            })
    };
    let found = rds.instances.values().filter(|i| matches(i)).map(|i| (i.id.clone(), i)).collect();
    let page = listing::page(&call.params, found)?;
    many(call, ("DBInstances", "DBInstance"), page, |xml, i| show::instance(xml, rds, i))
}
