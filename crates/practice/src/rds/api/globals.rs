//! Global clusters: create, modify, delete, members, switchover, failover, describe.

use std::time::Duration;

use super::shape::{many, one, required_text, tags_of, text};
use crate::call::{Call, Outcome, Request};
use crate::rds::Drawn as _;
use crate::rds::failover::{self, Manner};
use crate::rds::globals::{self, NewGlobal};
use crate::rds::{Global, Rds, errors, listing, show};

fn reply(rds: &Rds, call: &Call<'_>, id: &str) -> Outcome {
    let global = rds.global(id).ok_or_else(|| errors::no_global(id))?;
    one(call, "GlobalCluster", |xml| show::global(xml, rds, global))
}

pub fn create(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let p = &call.params;
    let new = NewGlobal {
        id: required_text(p, "GlobalClusterIdentifier")?,
        source: text(p, "SourceDBClusterIdentifier"),
        engine: text(p, "Engine"),
        version: text(p, "EngineVersion"),
        database: text(p, "DatabaseName"),
        encrypted: p.flag("StorageEncrypted"),
        protected: p.flag("DeletionProtection").unwrap_or(false),
        tags: tags_of(p)?,
    };
    let id = new.id.clone();
    globals::create(rds, &call.scene, new)?;
    reply(rds, call, &id)
}

pub fn modify(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let p = &call.params;
    let id = required_text(p, "GlobalClusterIdentifier")?;
    let (new_id, version) = (p.get("NewGlobalClusterIdentifier"), p.get("EngineVersion"));
    let id = globals::modify(rds, &id, new_id, version, p.flag("DeletionProtection"))?;
    reply(rds, call, &id)
}

pub fn delete(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let id = required_text(&call.params, "GlobalClusterIdentifier")?;
    let mut gone = globals::delete(rds, &id)?;
    gone.status = crate::rds::Status::Deleting;
    one(call, "GlobalCluster", |xml| show::global(xml, rds, &gone))
}

pub fn remove(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let id = required_text(&call.params, "GlobalClusterIdentifier")?;
    let cluster = required_text(&call.params, "DbClusterIdentifier")?;
    let takes = call.scene.spread(Duration::from_secs(90), &cluster);
    globals::remove_member(rds, &call.scene, &id, &cluster, takes)?;
    reply(rds, call, &id)
}

pub fn switchover(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    change_writer(rds, call, Manner::Switchover)
}

pub fn failover(rds: &mut Rds, call: &Request<'_>) -> Outcome {
    let loss = call.params.flag("AllowDataLoss").unwrap_or(false);
    if loss && call.params.flag("Switchover").unwrap_or(false) {
        return Err(errors::combination(
            "The AllowDataLoss and Switchover parameters can't be specified together.",
        ));
    }
    change_writer(rds, call, if loss { Manner::Failover } else { Manner::Switchover })
}

fn change_writer(rds: &mut Rds, call: &Request<'_>, manner: Manner) -> Outcome {
    let id = required_text(&call.params, "GlobalClusterIdentifier")?;
    let target = required_text(&call.params, "TargetDbClusterIdentifier")?;
    failover::begin(rds, &call.scene, &id, &target, manner)?;
    reply(rds, call, &id)
}

pub fn describe(rds: &Rds, call: &Request<'_>) -> Outcome {
    let filters = listing::filters(&call.params, &["db-cluster-id", "region"])?;
    let wanted = call.params.get("GlobalClusterIdentifier");
    if let Some(id) = wanted {
        rds.global(id).ok_or_else(|| errors::no_global(id))?;
    }
    let matches = |g: &Global| {
        wanted.is_none_or(|id| g.id.eq_ignore_ascii_case(id))
            && listing::passes(&filters, |name| {
                let members = g.members.iter();
                match name {
                    "region" => members.map(|m| m.region().to_owned()).collect(),
                    _ => members
                        .flat_map(|m| [m.arn.clone(), m.arn.rsplit(':').next().unwrap_or_default().into()])
                        .collect(),
                }
            })
    };
    let found = rds.globals().filter(|g| matches(g)).map(|g| (g.id.clone(), g)).collect();
    let page = listing::page(&call.params, found)?;
    many(call, ("GlobalClusters", "GlobalClusterMember"), page, |xml, g| show::global(xml, rds, g))
}
