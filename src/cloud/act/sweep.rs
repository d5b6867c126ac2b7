//! The proof: both Regions are searched for anything the workshop made. It only looks.

use std::collections::BTreeSet;

use super::super::facts::{Leftover, Phase, Role, Sweep};
use super::super::{ActionError, Cloud, error, names};
use super::Notes;

/// What CloudFormation calls a global database.
const GLOBAL_KIND: &str = "AWS::RDS::GlobalCluster";
/// Buckets asked for at once: unasked, an account with very many gets an error and no list.
const BUCKETS: i32 = 1000;
/// Names of all that the workshop's stacks make begin so.
const PREFIX: &str = "unishop-";

impl Cloud {
    pub(super) async fn sweep(&self, note: Notes<'_>) -> Result<(), ActionError> {
        let (mut left, mut lost) = (Vec::new(), None);
        for role in Role::ALL {
            let mut found = Vec::new();
            match self.sweep_region(role, &mut found).await {
                Ok(()) => {}
                Err(e) if error::is_lost(&e.code) => {
                    found = self.presumed(role);
                    lost = lost.or(Some((role, e.code)));
                }
                Err(e) => return Err(e),
            }
            left.extend(found);
        }
        // Global, so any Region tells of it; once is enough.
        let mut seen = BTreeSet::new();
        left.retain(|l| l.kind != GLOBAL_KIND || seen.insert(l.name.clone()));
        self.sweep_edge(&mut left).await?;
        for found in &left {
            let line = format!("{} · {} {}", found.region, found.kind, found.name);
            self.tell(note, format!("Queda: {line}"), format!("Left: {line}"));
        }
        if left.is_empty() {
            self.tell(note, "Barrido: no queda nada del taller.", "Sweep: nothing of the workshop is left.");
        }
        self.memory.lock().sweep = Some(Sweep { at: self.clock.now(), left });
        match lost {
            Some((role, code)) => Err(super::lost::unsearched(role, &code)),
            None => Ok(()),
        }
    }

    async fn sweep_region(&self, role: Role, left: &mut Vec<Leftover>) -> Result<(), ActionError> {
        self.sweep_stacks(role, left).await?;
        self.sweep_databases(role, left).await?;
        self.sweep_storage(role, left).await
    }

    async fn sweep_stacks(&self, role: Role, left: &mut Vec<Leftover>) -> Result<(), ActionError> {
        for name in names::stacks(role) {
            if let Some(stack) = self.stack_now(role, name).await?
                && stack.status.phase() != Phase::Deleted
            {
                left.push(leftover(role, "AWS::CloudFormation::Stack", name));
            }
        }
        Ok(())
    }

    async fn sweep_databases(&self, role: Role, left: &mut Vec<Leftover>) -> Result<(), ActionError> {
        let rds = &self.clients.at(role).rds;
        let mut pages = rds.describe_db_clusters().into_paginator().items().send();
        while let Some(cluster) = pages.next().await {
            left.extend(ours(role, "AWS::RDS::DBCluster", cluster?.db_cluster_identifier()));
        }
        let mut pages = rds.describe_db_instances().into_paginator().items().send();
        while let Some(instance) = pages.next().await {
            left.extend(ours(role, "AWS::RDS::DBInstance", instance?.db_instance_identifier()));
        }
        let mut pages = rds.describe_db_cluster_snapshots().into_paginator().items().send();
        while let Some(snapshot) = pages.next().await {
            let snapshot = snapshot?;
            if ours(role, "", snapshot.db_cluster_identifier()).is_some() {
                let id = snapshot.db_cluster_snapshot_identifier().unwrap_or_default();
                left.push(leftover(role, "DBClusterSnapshot", id));
            }
        }
        let mut pages = rds.describe_global_clusters().into_paginator().items().send();
        while let Some(global) = pages.next().await {
            left.extend(ours(Role::Primary, GLOBAL_KIND, global?.global_cluster_identifier()));
        }
        Ok(())
    }

    async fn sweep_storage(&self, role: Role, left: &mut Vec<Leftover>) -> Result<(), ActionError> {
        let clients = self.clients.at(role);
        let mut pages = clients.dynamodb.list_tables().into_paginator().items().send();
        while let Some(table) = pages.next().await {
            left.extend(ours(role, "AWS::DynamoDB::GlobalTable", Some(&table?)));
        }
        // Every Region lists all buckets; each is told of once, by the Region its stack's name says.
        let mut pages = clients.s3.list_buckets().max_buckets(BUCKETS).into_paginator().items().send();
        while let Some(bucket) = pages.next().await {
            let bucket = bucket?;
            let name = bucket.name().unwrap_or_default();
            let program = name.starts_with(names::ARTIFACTS) && name.ends_with(role.region());
            if program || name.starts_with(names::shop(role)) {
                left.push(leftover(role, "AWS::S3::Bucket", name));
            }
        }
        Ok(())
    }

    async fn sweep_edge(&self, left: &mut Vec<Leftover>) -> Result<(), ActionError> {
        let mut pages = self.clients.cloudfront.list_distributions().into_paginator().items().send();
        while let Some(distribution) = pages.next().await {
            let distribution = distribution?;
            let origins = distribution.origins().map(|o| o.items()).unwrap_or_default();
            if origins.iter().any(|o| o.domain_name().starts_with(PREFIX)) {
                left.push(leftover(Role::Primary, "AWS::CloudFront::Distribution", distribution.id()));
            }
        }
        Ok(())
    }
}

fn ours(role: Role, kind: &str, name: Option<&str>) -> Option<Leftover> {
    name.filter(|n| n.starts_with(PREFIX)).map(|n| leftover(role, kind, n))
}

pub(super) fn leftover(role: Role, kind: &str, name: &str) -> Leftover {
    Leftover { region: role.region().to_owned(), kind: kind.to_owned(), name: name.to_owned() }
}
