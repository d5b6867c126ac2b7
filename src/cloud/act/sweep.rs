//! The proof: both Regions are searched for anything the workshop made. It only looks.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_rds::types::{DbClusterSnapshot, GlobalCluster};

use super::super::action::Notes;
use super::super::facts::{Expiring, Leftover, Phase, Role, Stack, Sweep, Whose};
use super::super::guard::Pages;
use super::super::run::Trust;
use super::super::{ActionError, Cloud, error, names};
use super::empty::is_manual;
use ground::clock::Moment;

/// What CloudFormation calls a global database.
const GLOBAL_KIND: &str = "AWS::RDS::GlobalCluster";
/// Buckets asked for at once: unasked, an account with very many gets an error and no list.
const BUCKETS: i32 = 1000;

/// How long AWS keeps the snapshots it makes of our clusters: the template's `BackupRetentionPeriod`.
const RETENTION: Duration = Duration::from_secs(24 * 3600);

/// Code of the error that tells what a lost Region kept from being deleted or searched.
pub(super) const REGION_LOST: &str = "RegionLost";

/// What a sweep has found so far.
#[derive(Default)]
struct Found {
    left: Vec<Leftover>,
    expiring: Vec<Expiring>,
    /// Physical ids of what belongs to somebody else's stacks of our names: none of ours.
    others: BTreeSet<String>,
}

impl Found {
    fn add(&mut self, found: Option<Leftover>) {
        self.left.extend(found.filter(|l| !self.others.contains(&l.name)));
    }
}

impl Cloud {
    pub(super) async fn sweep(&self, note: Notes<'_>) -> Result<(), ActionError> {
        let (mut found, mut lost) = (Found::default(), None);
        for role in Role::ALL {
            let before = found.left.len();
            match self.sweep_region(role, &mut found, note).await {
                Ok(()) => {}
                Err(e) if error::is_lost(&e.code) => {
                    found.left.truncate(before);
                    found.left.extend(self.presumed_leftovers(role));
                    lost = lost.or(Some((role, e.code)));
                }
                Err(e) => return Err(e),
            }
        }
        // Global, so any Region tells of it; once is enough.
        let mut seen = BTreeSet::new();
        found.left.retain(|l| l.kind != GLOBAL_KIND || seen.insert(l.name.clone()));
        self.sweep_edge(&mut found).await?;
        let Found { left, expiring, .. } = found;
        for found in &left {
            let line = format!("{} · {} {}", found.region, found.kind, found.name);
            self.tell(note, format!("Queda: {line}"), format!("Left: {line}"));
        }
        for kept in &expiring {
            let (region, name, day) = (&kept.what.region, &kept.what.name, day_of(kept.until));
            self.tell(
                note,
                format!("{region} · instantánea automática {name}: AWS no deja borrarla y la quita ella misma hacia el {day}."),
                format!("{region} · automated snapshot {name}: AWS lets nobody delete it and removes it by itself, about {day}."),
            );
        }
        if left.is_empty() {
            self.tell(note, "Barrido: no queda nada del taller.", "Sweep: nothing of the workshop is left.");
        }
        self.memory.lock().sweep = Some(Sweep { at: self.clock.now(), left, expiring });
        match lost {
            Some((role, code)) => Err(unsearched_error(role, &code)),
            None => Ok(()),
        }
    }

    /// What is presumed to be in a Region that cannot be searched: the stacks it last held; if it has never
    /// been seen, all that it could hold.
    pub(super) fn presumed_leftovers(&self, role: Role) -> Vec<Leftover> {
        let known = self.last_known(role);
        let lives = |name: &&str| {
            known.is_empty() || known.iter().any(|s| s.name == **name && s.status.phase() != Phase::Deleted)
        };
        let there = names::stacks(role).iter().copied().filter(lives);
        there.map(|name| leftover(role, "AWS::CloudFormation::Stack", name)).collect()
    }

    async fn sweep_region(&self, role: Role, found: &mut Found, note: Notes<'_>) -> Result<(), ActionError> {
        self.sweep_stacks(role, found, note).await?;
        self.sweep_databases(role, found).await?;
        self.sweep_storage(role, found).await
    }

    async fn sweep_stacks(&self, role: Role, found: &mut Found, note: Notes<'_>) -> Result<(), ActionError> {
        for name in names::stacks(role) {
            match self.stack_now(role, name).await? {
                Some(stack) if stack.status.phase() == Phase::Deleted => {}
                Some(stack) if stack.whose == Whose::Ours => {
                    found.left.push(leftover(role, "AWS::CloudFormation::Stack", name));
                }
                Some(stack) => self.leave_out(role, &stack, found, note),
                None => {}
            }
        }
        Ok(())
    }

    /// Tells of a stack that is not ours, and keeps what it made out of the list of what is left.
    fn leave_out(&self, role: Role, stack: &Stack, found: &mut Found, note: Notes<'_>) {
        let (region, name) = (role.region(), &stack.name);
        self.tell(
            note,
            format!("{region} · {name} no es de este taller: no se cuenta."),
            format!("{region} · {name} is not of this run: it does not count."),
        );
        found.others.extend(stack.resources.iter().filter_map(|r| r.physical_id.clone()));
    }

    async fn sweep_databases(&self, role: Role, found: &mut Found) -> Result<(), ActionError> {
        let rds = &self.clients.at(role).rds;
        let mut end = Pages::default();
        let mut pages = rds.describe_db_clusters().into_paginator().items().send();
        while let Some(cluster) = pages.next().await {
            end.count_one()?;
            found.add(our_leftover(role, "AWS::RDS::DBCluster", cluster?.db_cluster_identifier()));
        }
        let mut pages = rds.describe_db_instances().into_paginator().items().send();
        while let Some(instance) = pages.next().await {
            end.count_one()?;
            found.add(our_leftover(role, "AWS::RDS::DBInstance", instance?.db_instance_identifier()));
        }
        for snapshot in self.our_snapshots(role).await? {
            let id = snapshot.db_cluster_snapshot_identifier().unwrap_or_default();
            let what = leftover(role, "DBClusterSnapshot", id);
            match is_manual(&snapshot) {
                true => found.add(Some(what)),
                false => {
                    found.expiring.push(Expiring { what, until: removal_time(&snapshot, self.clock.now()) })
                }
            }
        }
        let mut pages = rds.describe_global_clusters().into_paginator().items().send();
        while let Some(global) = pages.next().await {
            end.count_one()?;
            let global = global?;
            if self.may_be_ours(&global) {
                found.add(our_leftover(Role::Primary, GLOBAL_KIND, global.global_cluster_identifier()));
            }
        }
        Ok(())
    }

    /// Whether a global database may be ours: one whose members are all somebody else's clusters is not.
    fn may_be_ours(&self, global: &GlobalCluster) -> bool {
        let run = self.run_so_far();
        let members: Vec<_> =
            global.global_cluster_members().iter().filter_map(|m| m.db_cluster_arn()).collect();
        let known = |arn: &&str| run.clusters.contains(arn.rsplit(':').next().unwrap_or_default());
        self.owner.trust == Trust::Tag || members.is_empty() || members.iter().any(known)
    }

    async fn sweep_storage(&self, role: Role, found: &mut Found) -> Result<(), ActionError> {
        let clients = self.clients.at(role);
        let mut end = Pages::default();
        let mut pages = clients.dynamodb.list_tables().into_paginator().items().send();
        while let Some(table) = pages.next().await {
            end.count_one()?;
            found.add(our_leftover(role, "AWS::DynamoDB::GlobalTable", Some(&table?)));
        }
        // Every Region lists all buckets; each is told of once, by the Region its stack's name says.
        let mut pages = clients.s3.list_buckets().max_buckets(BUCKETS).into_paginator().items().send();
        while let Some(bucket) = pages.next().await {
            end.count_one()?;
            let bucket = bucket?;
            let name = bucket.name().unwrap_or_default();
            let program = name.starts_with(names::ARTIFACTS) && name.ends_with(role.region());
            // Somebody else's program is told of by whoever meets it.
            let program =
                program && !matches!(self.program_bucket(role).await, Err(e) if e.code.starts_with("Not"));
            if program || name.starts_with(names::shop(role)) {
                found.add(Some(leftover(role, "AWS::S3::Bucket", name)));
            }
        }
        Ok(())
    }

    async fn sweep_edge(&self, found: &mut Found) -> Result<(), ActionError> {
        let mut end = Pages::default();
        let mut pages = self.clients.cloudfront.list_distributions().into_paginator().items().send();
        while let Some(distribution) = pages.next().await {
            end.count_one()?;
            let distribution = distribution?;
            let origins = distribution.origins().map(|o| o.items()).unwrap_or_default();
            if origins.iter().any(|o| o.domain_name().starts_with(names::PREFIX)) {
                found.add(Some(leftover(Role::Primary, "AWS::CloudFront::Distribution", distribution.id())));
            }
        }
        Ok(())
    }
}

/// When AWS removes a snapshot that it made by itself.
fn removal_time(snapshot: &DbClusterSnapshot, now: Moment) -> Moment {
    let made = snapshot
        .snapshot_create_time()
        .map(|t| Moment(t.to_millis().unwrap_or_default().try_into().unwrap_or_default()));
    made.unwrap_or(now).after(RETENTION)
}

fn day_of(at: Moment) -> String {
    at.iso8601().chars().take(10).collect()
}

fn our_leftover(role: Role, kind: &str, name: Option<&str>) -> Option<Leftover> {
    name.filter(|n| n.starts_with(names::PREFIX)).map(|n| leftover(role, kind, n))
}

fn leftover(role: Role, kind: &str, name: &str) -> Leftover {
    Leftover { region: role.region().to_owned(), kind: kind.to_owned(), name: name.to_owned() }
}

/// The error of a sweep that could not search everywhere: it proves nothing.
fn unsearched_error(role: Role, code: &str) -> ActionError {
    let region = role.region();
    ActionError::new(
        REGION_LOST,
        format!(
            "{region} no contesta ({code}) y no se pudo mirar: el barrido no prueba nada. Repítelo cuando conteste."
        ),
        format!(
            "{region} does not answer ({code}) and could not be searched: the sweep proves nothing. Repeat it once it answers."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_keeps_backups_as_long_as_is_told() {
        let template = include_str!("../../../assets/templates/unishop.yaml");
        let days = RETENTION.as_secs() / 86_400;
        assert!(template.contains(&format!("BackupRetentionPeriod: {days}\n")));
    }
}
