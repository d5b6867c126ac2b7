//! Cluster snapshots: taken on deletion, by hand, or by RDS after an unplanned failover.

use super::errors;
use super::model::{Cluster, Snapshot, Tags};
use super::{Drawn, Rds, Scene};
use crate::call::AwsError;

/// Takes a snapshot; it is available at once. Gives its ARN.
///
/// # Errors
/// A name that is taken.
pub fn take(
    rds: &mut Rds,
    scene: &Scene<'_>,
    cluster: &Cluster,
    name: &str,
    kind: &str,
) -> Result<String, AwsError> {
    let arn = scene.arn("cluster-snapshot", name);
    if rds.snapshots.contains_key(&arn) {
        let message = format!(
            "Cannot create the cluster snapshot because one with the identifier {name} already exists."
        );
        return Err(AwsError::new("DBClusterSnapshotAlreadyExistsFault", message));
    }
    let tags = if cluster.copy_tags { cluster.tags.clone() } else { Tags::new() };
    let snapshot = Snapshot {
        region: scene.region.to_owned(),
        id: name.to_owned(),
        arn: arn.clone(),
        kind: kind.to_owned(),
        taken: scene.now,
        cluster: cluster.clone(),
        tags,
    };
    rds.snapshots.insert(arn.clone(), snapshot);
    rds.note(scene, "db-cluster-snapshot", &arn, "backup", "DB cluster snapshot created");
    Ok(arn)
}

impl Rds {
    /// The snapshot with this identifier (or ARN) in a Region.
    #[must_use]
    pub fn snapshot(&self, region: &str, id: &str) -> Option<&Snapshot> {
        self.snapshots.values().find(|s| s.arn == id || (s.region == region && s.id == id))
    }

    /// All snapshots of a Region.
    pub fn snapshots_in(&self, region: &str) -> impl Iterator<Item = &Snapshot> {
        self.snapshots.values().filter(move |s| s.region == region)
    }

    /// Removes an automated snapshot whose retention is over; only RDS itself can.
    pub(super) fn snapshot_expires(&mut self, arn: &str) {
        self.snapshots.remove(arn);
    }

    /// Deletes a snapshot.
    ///
    /// # Errors
    /// A missing one, or an automated one that RDS keeps itself.
    pub fn delete_snapshot(&mut self, region: &str, id: &str) -> Result<Snapshot, AwsError> {
        let snapshot = self.snapshot(region, id).ok_or_else(|| errors::no_snapshot(id))?;
        if snapshot.kind != "manual" {
            return Err(AwsError::new(
                "InvalidDBClusterSnapshotStateFault",
                "Only manual snapshots may be deleted.",
            ));
        }
        let arn = snapshot.arn.clone();
        self.snapshots.remove(&arn).ok_or_else(|| errors::no_snapshot(id))
    }
}
