//! What happens to databases by themselves: they become available, go away, change their writer.

use super::event::Event;
use super::model::{Forwarding, Status, Synchronization};
use super::{Rds, Replication, Scene, failover};

/// Does everything due at or before the scene's moment.
pub fn step(rds: &mut Rds, data: &mut dyn Replication, scene: &Scene<'_>) {
    while let Some(event) = rds.agenda.take(scene.now) {
        match event {
            Event::FailoverStarts(id) => failover::starts(rds, &id),
            Event::FailoverEnds(id) => failover::ends(rds, data, scene, &id),
            Event::Resynced(id, arn) => {
                rds.resync(&id, &arn);
                data.resynchronize(&id, &arn);
            }
            Event::ClusterReady(arn) => {
                rds.cluster_ready(&arn);
            }
            Event::InstanceReady(arn) => {
                let scene = scene.in_region(arn.split(':').nth(3).unwrap_or_default());
                rds.instance_ready(&scene, &arn);
            }
            Event::SnapshotExpires(arn) => rds.snapshot_expires(&arn),
            Event::ClusterGone(arn) => rds.cluster_gone(&arn),
            Event::InstanceGone(arn) => {
                rds.instances.remove(&arn);
            }
        }
    }
}

impl Rds {
    fn cluster_ready(&mut self, arn: &str) {
        if let Some(cluster) = self.clusters.get_mut(arn)
            && cluster.status != Status::Deleting
        {
            cluster.status = Status::Available;
            cluster.forwarding = match cluster.forwarding {
                Forwarding::Enabling => Forwarding::Enabled,
                Forwarding::Disabling => Forwarding::Disabled,
                settled => settled,
            };
        }
    }

    fn instance_ready(&mut self, scene: &Scene<'_>, arn: &str) {
        if let Some(instance) = self.instances.get_mut(arn)
            && instance.status != Status::Deleting
        {
            instance.status = Status::Available;
            self.note(scene, "db-instance", arn, "availability", "DB instance is available");
        }
    }

    fn cluster_gone(&mut self, arn: &str) {
        self.clusters.remove(arn);
        for global in self.globals.values_mut() {
            global.members.retain(|m| m.arn != arn);
        }
    }

    fn resync(&mut self, id: &str, arn: &str) {
        let members = self.globals.get_mut(id).map(|g| g.members.iter_mut()).into_iter().flatten();
        for member in members.filter(|m| m.arn == arn) {
            (member.synchronization, member.resyncing) = (Synchronization::Connected, false);
        }
    }
}
