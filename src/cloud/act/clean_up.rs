//! Step 7: everything the workshop made is deleted, in the order AWS demands. Only what belongs to
//! the workshop's own stacks is touched, and who writes decides the order, not the stacks' names.

use std::time::Duration;

use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use super::super::facts::{DatabaseMember, Phase, Role, Stack};
use super::super::{ActionError, Cloud, error, names};
use super::Notes;
use super::deploy::{is_missing, is_ours};

/// The longest a detached cluster is waited for, in the world's time.
const PATIENCE: Duration = Duration::from_secs(45 * 60);

impl Cloud {
    pub(super) async fn clean_up(&self, note: Notes<'_>) -> Result<(), ActionError> {
        match self.clean_everything(note).await {
            Err(e) if error::is_lost(&e.code) => self.clean_what_answers(e, note).await,
            ended => ended,
        }
    }

    async fn clean_everything(&self, note: Notes<'_>) -> Result<(), ActionError> {
        // All are looked at before anything is touched.
        for role in Role::ALL {
            for name in names::stacks(role) {
                self.stack_now(role, name).await?.map_or(Ok(()), |s| is_ours(&s))?;
            }
        }
        self.delete_stack(Role::Primary, names::EDGE, note).await?;
        for role in Role::ALL {
            if let Some(stack) = self.settled(role, names::shop(role), note).await? {
                self.empty(role, &stack, note).await?;
            }
        }
        self.remove_replica(note).await?;
        self.detach(note).await?;
        self.delete_stack(Role::Standby, names::STANDBY, note).await?;
        self.delete_stack(Role::Primary, names::PRIMARY, note).await?;
        for role in Role::ALL {
            self.remove_program(role, note).await?;
            self.delete_snapshots(role, note).await?;
        }
        self.sweep(note).await
    }

    /// Empties a stack's bucket, old versions and delete markers too: a bucket with anything in it stays.
    pub(super) async fn empty(&self, role: Role, stack: &Stack, note: Notes<'_>) -> Result<(), ActionError> {
        let buckets = stack.resources.iter().filter(|r| r.kind == "AWS::S3::Bucket");
        for bucket in buckets.filter(|b| b.status.phase() != Phase::Deleted) {
            let Some(name) = &bucket.physical_id else { continue };
            let gone = self.empty_bucket(role, name).await?;
            self.tell(
                note,
                format!("{name}: {gone} objetos borrados."),
                format!("{name}: {gone} objects deleted."),
            );
        }
        Ok(())
    }

    pub(super) async fn empty_bucket(&self, role: Role, bucket: &str) -> Result<usize, ActionError> {
        let client = &self.clients.at(role).s3;
        let mut gone = 0;
        loop {
            let listed = match client.list_object_versions().bucket(bucket).send().await {
                Ok(listed) => listed,
                Err(e) if is_missing(&e) => return Ok(gone),
                Err(e) => return Err(e.into()),
            };
            let versions = listed.versions().iter().map(|v| (v.key(), v.version_id()));
            let markers = listed.delete_markers().iter().map(|m| (m.key(), m.version_id()));
            let objects: Vec<ObjectIdentifier> = versions
                .chain(markers)
                .filter_map(|(key, version)| {
                    let version = version.filter(|v| *v != "null").map(str::to_owned);
                    ObjectIdentifier::builder().key(key?).set_version_id(version).build().ok()
                })
                .collect();
            if objects.is_empty() {
                return Ok(gone);
            }
            gone += objects.len();
            let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build();
            let delete = delete.map_err(|e| ActionError::new("BadRequest", e.to_string(), e.to_string()))?;
            client.delete_objects().bucket(bucket).delete(delete).send().await?;
        }
    }

    /// Takes the table's replica away first: a source table with replicas cannot go for 24 hours.
    async fn remove_replica(&self, note: Notes<'_>) -> Result<(), ActionError> {
        let Some(stack) = self.stack_now(Role::Primary, names::PRIMARY).await? else { return Ok(()) };
        if !stack.status.is_whole() {
            return Ok(());
        }
        self.reparametrize(Role::Primary, names::PRIMARY, &[("TableReplicaRegion", "")], note).await
    }

    /// Takes the primary's cluster out of the global database when a failover has made it a reader:
    /// a writer with readers cannot go. The standby's cluster is left to its stack, which takes it out
    /// itself and would mistake one taken out before for one deleted.
    async fn detach(&self, note: Notes<'_>) -> Result<(), ActionError> {
        let began = self.clock.now();
        loop {
            let database = match self.observe_database(Role::Primary).await {
                Ok(database) => database,
                Err(e) if error::is_lost(&e.code) => return Err(e),
                Err(_) => return Ok(()),
            };
            let reader = |m: &&DatabaseMember| !m.writer && m.region == Role::Primary.region();
            let Some(member) = database.members.iter().find(reader) else { return Ok(()) };
            if self.clock.now().since(began) > PATIENCE {
                return Err(ActionError::new(
                    "TooLong",
                    format!(
                        "{} no sale de la base global. Mira los eventos de RDS y repite la limpieza.",
                        member.arn
                    ),
                    format!(
                        "{} does not leave the global database. See the RDS events and repeat the clean-up.",
                        member.arn
                    ),
                ));
            }
            let rds = &self.clients.region(&member.region).rds;
            let asked = rds
                .remove_from_global_cluster()
                .global_cluster_identifier(&database.id)
                .db_cluster_identifier(&member.arn)
                .send()
                .await;
            match asked {
                Ok(_) => {
                    let region = &member.region;
                    self.tell(
                        note,
                        format!("El clúster de {region} sale de la base global."),
                        format!("The cluster of {region} leaves the global database."),
                    );
                }
                // On its way out already, or a failover has not quite ended: looked at again shortly.
                Err(e) if error::code_of(&e).contains("InvalidGlobalClusterState") => {}
                Err(e) if error::code_of(&e).contains("InvalidDBClusterState") => {}
                Err(e) if is_missing(&e) => {}
                Err(e) => return Err(e.into()),
            }
            self.clock.sleep(super::wait::POLL).await;
        }
    }

    /// Deletes the snapshots that a failover or a deletion left of the workshop's clusters, known by the
    /// names CloudFormation gave them: the stacks may be gone already, when a clean-up is taken up again.
    pub(super) async fn delete_snapshots(&self, role: Role, note: Notes<'_>) -> Result<(), ActionError> {
        let rds = &self.clients.at(role).rds;
        let mut pages = rds.describe_db_cluster_snapshots().into_paginator().items().send();
        while let Some(snapshot) = pages.next().await {
            let snapshot = snapshot?;
            let cluster = snapshot.db_cluster_identifier().unwrap_or_default();
            let made = |r: Role| cluster.starts_with(&format!("{}-databasecluster-", names::shop(r)));
            let Some(id) =
                snapshot.db_cluster_snapshot_identifier().filter(|_| Role::ALL.into_iter().any(made))
            else {
                continue;
            };
            match rds.delete_db_cluster_snapshot().db_cluster_snapshot_identifier(id).send().await {
                Ok(_) => {
                    self.tell(note, format!("Instantánea {id} borrada."), format!("Snapshot {id} deleted."))
                }
                Err(e) if is_missing(&e) => {}
                Err(e) => return Err(e.into()),
            }
        }
        Ok(())
    }
}
