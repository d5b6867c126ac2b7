//! Emptying our buckets, and deleting the snapshots that outlive our clusters.

use std::collections::BTreeSet;

use aws_sdk_rds::types::DbClusterSnapshot;
use aws_sdk_s3::types::{Delete, Error as Refused, ObjectIdentifier};

use super::super::action::Notes;
use super::super::facts::Role;
use super::super::guard::Pages;
use super::super::ours::{OurBucket, OurStack};
use super::super::run::Trust;
use super::super::{ActionError, Cloud, error, names};
use super::unfinished::Unfinished;
use ground::lang::Said;

/// A key and a version of it.
type Named = (String, Option<String>);

impl Cloud {
    /// Empties a stack's buckets, old versions and delete markers too: a bucket with anything in it stays.
    pub(super) async fn empty(
        &self,
        role: Role,
        stack: &OurStack,
        unfinished: &mut Unfinished,
        note: Notes<'_>,
    ) -> Result<(), ActionError> {
        for bucket in self.own_buckets(role, stack).await? {
            let name = &bucket.name;
            let emptied = self.empty_bucket(&bucket).await;
            if let Some(gone) = unfinished.take(self, name, emptied, note)? {
                self.tell(
                    note,
                    format!("{name}: {gone} objetos borrados."),
                    format!("{name}: {gone} objects deleted."),
                );
            }
        }
        Ok(())
    }

    /// Deletes every version of every object; answers how many. A round that gets nowhere is the last.
    pub(super) async fn empty_bucket(&self, bucket: &OurBucket) -> Result<usize, ActionError> {
        let client = &self.clients.at(bucket.role).s3;
        let (mut gone, mut before) = (0, BTreeSet::new());
        let mut rounds = Pages::default();
        loop {
            let list = client.list_object_versions().bucket(&bucket.name);
            let listed = match list.expected_bucket_owner(&bucket.owner).send().await {
                Ok(listed) => listed,
                Err(e) if error::is_missing(&e) => return Ok(gone),
                Err(e) => return Err(e.into()),
            };
            let versions = listed.versions().iter().map(|v| (v.key(), v.version_id()));
            let markers = listed.delete_markers().iter().map(|m| (m.key(), m.version_id()));
            let version = |v: Option<&str>| v.filter(|v| *v != "null").map(str::to_owned);
            let found: BTreeSet<Named> =
                versions.chain(markers).filter_map(|(key, v)| Some((key?.to_owned(), version(v)))).collect();
            if found.is_empty() {
                return Ok(gone);
            }
            // The same again, though none was refused: it goes nowhere either.
            if found == before {
                return Err(stuck_error(&bucket.name, found.len(), found.iter().next(), None));
            }
            rounds.count_one()?;
            let refused = self.delete_objects(bucket, &found).await?;
            gone += found.len().saturating_sub(refused.len());
            if refused.len() >= found.len() {
                return Err(stuck_error(&bucket.name, refused.len(), None, refused.first()));
            }
            before = found;
        }
    }

    /// Deletes these; answers those that S3 refuses, which it tells of in an answer of 200.
    async fn delete_objects(
        &self,
        bucket: &OurBucket,
        found: &BTreeSet<Named>,
    ) -> Result<Vec<Refused>, ActionError> {
        let wrong =
            |e: aws_sdk_s3::error::BuildError| ActionError::new("BadRequest", e.to_string(), e.to_string());
        let objects = found.iter().map(|(key, version)| {
            ObjectIdentifier::builder().key(key).set_version_id(version.clone()).build()
        });
        let objects = objects.collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build().map_err(wrong)?;
        let request = self.clients.at(bucket.role).s3.delete_objects().bucket(&bucket.name);
        let answer = request.expected_bucket_owner(&bucket.owner).delete(delete).send().await?;
        Ok(answer.errors.unwrap_or_default())
    }

    /// Deletes the manual snapshots of our clusters. Those that AWS made by itself nobody else may delete:
    /// the sweep tells when AWS does.
    pub(super) async fn delete_snapshots(
        &self,
        role: Role,
        unfinished: &mut Unfinished,
        note: Notes<'_>,
    ) -> Result<(), ActionError> {
        let item = format!("DBClusterSnapshot ({})", role.region());
        let found = self.our_snapshots(role).await;
        let Some(found) = unfinished.take(self, &item, found, note)? else { return Ok(()) };
        let rds = &self.clients.at(role).rds;
        for snapshot in found.iter().filter(|s| is_manual(s)) {
            let Some(id) = snapshot.db_cluster_snapshot_identifier() else { continue };
            let done = match rds.delete_db_cluster_snapshot().db_cluster_snapshot_identifier(id).send().await
            {
                Ok(_) => {
                    self.tell(note, format!("Instantánea {id} borrada."), format!("Snapshot {id} deleted."));
                    Ok(())
                }
                Err(e) if error::is_missing(&e) => Ok(()),
                Err(e) => Err(e.into()),
            };
            unfinished.take(self, id, done, note)?;
        }
        Ok(())
    }

    /// The snapshots of our clusters in a Region, whoever made them.
    pub(super) async fn our_snapshots(&self, role: Role) -> Result<Vec<DbClusterSnapshot>, ActionError> {
        let rds = &self.clients.at(role).rds;
        let mut pages = rds.describe_db_cluster_snapshots().into_paginator().items().send();
        let (mut found, mut end) = (Vec::new(), Pages::default());
        while let Some(snapshot) = pages.next().await {
            end.count_one()?;
            let snapshot = snapshot?;
            if self.is_of_ours(&snapshot) {
                found.push(snapshot);
            }
        }
        Ok(found)
    }

    /// Whether a snapshot is of a cluster that this run made: by the cluster's name, which is known from
    /// the stack, or by the tags it took from it. The stacks may be gone already.
    fn is_of_ours(&self, snapshot: &DbClusterSnapshot) -> bool {
        let cluster = snapshot.db_cluster_identifier().unwrap_or_default();
        let run = self.run_so_far();
        let tagged =
            snapshot.tag_list().iter().any(|t| t.key() == Some(names::RUN_TAG) && t.value() == Some(&run.id));
        let named = |role: Role| cluster.starts_with(&format!("{}-databasecluster-", names::shop(role)));
        let in_practice = self.owner.trust == Trust::Tag && Role::ALL.into_iter().any(named);
        run.clusters.contains(cluster) || tagged || in_practice
    }
}

/// Whether a person made a snapshot, and so a person may delete it.
pub(super) fn is_manual(snapshot: &DbClusterSnapshot) -> bool {
    snapshot.snapshot_type() == Some("manual")
}

/// The bucket stays full: with a key and AWS's own sentence, if it gave one.
fn stuck_error(bucket: &str, count: usize, key: Option<&Named>, refused: Option<&Refused>) -> ActionError {
    let clean = |text: Option<&str>| ground::lang::printable(text.unwrap_or_default()).into_owned();
    let key = key.map(|(key, _)| key.as_str()).or_else(|| refused.and_then(Refused::key));
    let (key, code) = (clean(key), refused.map(|r| clean(r.code())));
    let message = refused.map(|r| clean(r.message())).unwrap_or_default();
    let Said { es, en } = match &code {
        Some(code) => error::quote_aws(code, &message),
        None => Said::new(
            "AWS dice que se borró y ahí sigue.",
            "AWS says that it was deleted, and it is still there.",
        ),
    };
    ActionError::new(
        code.unwrap_or_else(|| "NotEmptied".to_owned()),
        format!("De {bucket} no se pueden borrar {count} objetos, «{key}» entre ellos. {es}"),
        format!("{count} objects of {bucket} cannot be deleted, \"{key}\" among them. {en}"),
    )
}
