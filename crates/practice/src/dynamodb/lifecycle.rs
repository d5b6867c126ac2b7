//! What happens to tables by themselves: they become active, replicas become ready, things go away,
//! and writes arrive in other Regions.

use super::DynamoDb;
use super::event::Event;
use super::table::Status;
use crate::faults::Faults;
use ground::clock::Moment;

/// Does everything due at or before `at`.
pub fn step(dynamodb: &mut DynamoDb, faults: &Faults, at: Moment) {
    while let Some(parcel) = dynamodb.transit.next_arrival(at) {
        if faults.apart_since(&parcel.from, &parcel.to).is_some() {
            dynamodb.transit.hold(parcel);
        } else {
            dynamodb.deliver(parcel);
        }
    }
    while let Some(event) = dynamodb.timers.take(at) {
        dynamodb.happen(event);
    }
}

/// Sends on what a broken Region or a cut network held up, once it is well again.
pub fn release(dynamodb: &mut DynamoDb, faults: &Faults, now: Moment) {
    if dynamodb.transit.has_held() {
        dynamodb.transit.release(now, |p| faults.apart_since(&p.from, &p.to).is_some());
        step(dynamodb, faults, now);
    }
}

impl DynamoDb {
    fn deliver(&mut self, parcel: super::transit::Parcel) {
        let name = parcel.table.clone();
        if let Some(table) = self.table_mut(&parcel.to, &parcel.table) {
            table.items.merge(parcel.change);
        }
        // Only now can no older write arrive any more.
        if self.transit.is_empty() {
            self.tables
                .values_mut()
                .filter_map(|t| t.get_mut(&name))
                .for_each(|t| t.items.forget_deletions());
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Active(region, name) => self.set_active(&region, &name),
            Event::Gone(region, name) => {
                self.tables.entry(region).or_default().remove(&name);
            }
            Event::ReplicaReady(from, to, name) => {
                let copy = self.table(&from, &name).map(|t| t.items.snapshot()).unwrap_or_default();
                if let Some(table) = self.table_mut(&to, &name) {
                    copy.into_iter().for_each(|change| table.items.merge(change));
                }
                self.set_active(&to, &name);
                self.set_replica_active(&to, &name);
                self.set_active(&from, &name);
            }
            Event::ReplicaGone(from, at, name) => {
                self.tables.entry(at.clone()).or_default().remove(&name);
                for tables in self.tables.values_mut() {
                    if let Some(table) = tables.get_mut(&name) {
                        table.replicas.retain(|r| r.region != at);
                    }
                }
                self.set_active(&from, &name);
            }
        }
    }

    fn set_active(&mut self, region: &str, name: &str) {
        if let Some(table) = self.table_mut(region, name)
            && table.status != Status::Deleting
        {
            table.status = Status::Active;
        }
    }

    /// All Regions of the group see the replica as active.
    fn set_replica_active(&mut self, at: &str, name: &str) {
        let all = self.tables.values_mut().filter_map(|t| t.get_mut(name));
        all.flat_map(|t| &mut t.replicas).filter(|r| r.region == at).for_each(|r| r.status = Status::Active);
    }
}
