//! What DynamoDB holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::event::Timers;
use super::key::Key;
use super::table::Table;
use super::transit::{self, Parcel, Transit, Version, lag};
use super::value::Item;
use crate::scene::Scene;
use ground::clock::Moment;

/// Everything DynamoDB holds, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DynamoDb {
    /// Region, then name.
    pub(super) tables: BTreeMap<String, BTreeMap<String, Table>>,
    /// Writes on their way to other Regions.
    pub(super) transit: Transit,
    /// What happens to tables by themselves, and when.
    pub(super) timers: Timers,
    /// The number of the next write.
    pub(super) sequence: u64,
    /// Idempotency tokens of transactions that were carried out: the token and when.
    pub(super) tokens: BTreeMap<String, (u64, Moment)>,
}

impl DynamoDb {
    /// The table called `name` in `region`, in whatever state.
    #[must_use]
    pub fn table(&self, region: &str, name: &str) -> Option<&Table> {
        self.tables.get(region)?.get(name)
    }

    pub(super) fn table_mut(&mut self, region: &str, name: &str) -> Option<&mut Table> {
        self.tables.get_mut(region)?.get_mut(name)
    }

    /// All tables of a Region, by name.
    pub fn tables_in(&self, region: &str) -> impl Iterator<Item = &Table> {
        self.tables.get(region).into_iter().flat_map(BTreeMap::values)
    }

    /// Writes (or with `None` deletes) an item and sends the change to the replicas. Gives the old item.
    pub(super) fn write(
        &mut self,
        scene: &Scene<'_>,
        name: &str,
        key: Key,
        item: Option<Item>,
    ) -> Option<Item> {
        let sequence = self.sequence;
        self.sequence += 1;
        let version = Version { at: scene.now, sequence };
        let table = self.tables.get_mut(scene.region)?.get_mut(name)?;
        for to in table.followers() {
            let due = scene.now.after(lag(scene.seed, sequence, scene.table_lag()));
            let change = transit::Change { key: key.clone(), item: item.clone(), version };
            let parcel = Parcel { from: scene.region.into(), to: to.into(), table: name.into(), change };
            self.transit.send(due, parcel);
        }
        match item {
            Some(item) => table.items.write(key, item, version),
            None => {
                let remember = table.followers().next().is_some();
                table.items.delete(&key, version, remember)
            }
        }
    }

    /// When something happens next by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        match (self.transit.next_due(), self.timers.next_due()) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }
}
