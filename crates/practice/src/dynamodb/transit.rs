//! How the replicas of a global table converge: each write travels to the other Regions after a
//! lag, and where two meet the later one wins. Deletions leave a mark until nothing is under way.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::dynamodb::key::Key;
use crate::dynamodb::value::{Binary, Item};
use ground::clock::Moment;
use ground::seed;

/// When an item was last written: by time, then by the order in which the world took the writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Version {
    /// The writer's time.
    pub at: Moment,
    /// The write's number.
    pub sequence: u64,
}

/// The items of one replica, in key order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub struct Replica {
    items: BTreeMap<Key, (Item, Version)>,
    deleted: BTreeMap<Key, Version>,
}

/// The saved form: keys are bytes, which JSON cannot have as names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Saved {
    items: Vec<(Binary, Item, Version)>,
    deleted: Vec<(Binary, Version)>,
}

impl From<Saved> for Replica {
    fn from(saved: Saved) -> Self {
        Replica {
            items: saved.items.into_iter().map(|(k, i, v)| (k.0.into_boxed_slice(), (i, v))).collect(),
            deleted: saved.deleted.into_iter().map(|(k, v)| (k.0.into_boxed_slice(), v)).collect(),
        }
    }
}

impl From<Replica> for Saved {
    fn from(replica: Replica) -> Self {
        Saved {
            items: replica.items.into_iter().map(|(k, (i, v))| (Binary(k.into()), i, v)).collect(),
            deleted: replica.deleted.into_iter().map(|(k, v)| (Binary(k.into()), v)).collect(),
        }
    }
}

impl Replica {
    /// The item with this key.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<&Item> {
        self.items.get(key).map(|(item, _)| item)
    }

    /// All items in key order.
    pub fn items(&self) -> impl DoubleEndedIterator<Item = (&Key, &Item)> {
        self.items.iter().map(|(key, (item, _))| (key, item))
    }

    /// Items whose keys lie from `from` up to but without `to`, in key order.
    pub fn between<'a>(
        &'a self,
        from: &[u8],
        to: &[u8],
    ) -> impl DoubleEndedIterator<Item = (&'a Key, &'a Item)> + use<'a> {
        let bounds = (std::ops::Bound::Included(from), std::ops::Bound::Excluded(to));
        self.items.range::<[u8], _>(bounds).map(|(key, (item, _))| (key, item))
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// A local write: always the newest. Gives the old item.
    pub fn write(&mut self, key: Key, item: Item, version: Version) -> Option<Item> {
        self.deleted.remove(&key);
        self.items.insert(key, (item, version)).map(|(old, _)| old)
    }

    /// A local deletion; `remember` keeps a mark so that an older write under way cannot bring it back.
    pub fn delete(&mut self, key: &[u8], version: Version, remember: bool) -> Option<Item> {
        if remember {
            self.deleted.insert(key.into(), version);
        }
        self.items.remove(key).map(|(old, _)| old)
    }

    /// A change from another Region: taken unless something later is here already.
    pub fn merge(&mut self, change: Change) {
        let Change { key, item, version } = change;
        let here = self.items.get(&key).map(|(_, v)| *v).max(self.deleted.get(&key).copied());
        if here.is_some_and(|here| here >= version) {
            return;
        }
        match item {
            Some(item) => {
                self.write(key, item, version);
            }
            None => {
                self.delete(&key, version, true);
            }
        }
    }

    /// Everything here as changes, to fill a new replica.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Change> {
        let kept = self.items.iter().map(|(key, (item, version))| Change {
            key: key.clone(),
            item: Some(item.clone()),
            version: *version,
        });
        let gone = self.deleted.iter().map(|(key, v)| Change { key: key.clone(), item: None, version: *v });
        kept.chain(gone).collect()
    }

    /// Forgets deletions: nothing is under way any more.
    pub fn forget_deletions(&mut self) {
        self.deleted.clear();
    }
}

/// One write on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The item's key.
    pub key: Key,
    /// The new item; `None` for a deletion.
    pub item: Option<Item>,
    /// When it was written.
    pub version: Version,
}

/// A change and where it goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "SavedParcel", into = "SavedParcel")]
pub struct Parcel {
    /// Where it was written.
    pub from: String,
    /// The Region it goes to.
    pub to: String,
    pub table: String,
    /// What was written.
    pub change: Change,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct SavedParcel(String, String, String, Binary, Option<Item>, Version);

impl From<SavedParcel> for Parcel {
    fn from(s: SavedParcel) -> Self {
        let change = Change { key: s.3.0.into_boxed_slice(), item: s.4, version: s.5 };
        Parcel { from: s.0, to: s.1, table: s.2, change }
    }
}

impl From<Parcel> for SavedParcel {
    fn from(p: Parcel) -> Self {
        let Change { key, item, version } = p.change;
        SavedParcel(p.from, p.to, p.table, Binary(key.into()), item, version)
    }
}

/// All changes on their way between Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Transit {
    under_way: VecDeque<(Moment, Parcel)>,
    held: Vec<Parcel>,
}

impl Transit {
    /// Sends a change so that it arrives at `due`.
    pub fn send(&mut self, due: Moment, parcel: Parcel) {
        // Lags differ, so a later one may overtake: kept in order of arrival from the back.
        let at = self.under_way.iter().rposition(|(d, _)| *d <= due).map_or(0, |i| i + 1);
        self.under_way.insert(at, (due, parcel));
    }

    /// When the next change arrives.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        self.under_way.front().map(|(due, _)| *due)
    }

    /// The next change that has arrived by `at`.
    pub fn next_arrival(&mut self, at: Moment) -> Option<Parcel> {
        self.under_way.pop_front_if(|(due, _)| *due <= at).map(|(_, parcel)| parcel)
    }

    /// Keeps a change whose way is cut, until `release`.
    pub fn hold(&mut self, parcel: Parcel) {
        self.held.push(parcel);
    }

    /// A Region is back: sends on what its failure held, unless `still_cut` says the way is cut yet.
    pub fn release(&mut self, due: Moment, still_cut: impl Fn(&Parcel) -> bool) {
        let (stay, go): (Vec<_>, Vec<_>) = std::mem::take(&mut self.held).into_iter().partition(still_cut);
        self.held = stay;
        go.into_iter().for_each(|parcel| self.send(due, parcel));
    }

    /// Whether something waits for a broken Region.
    #[must_use]
    pub fn has_held(&self) -> bool {
        !self.held.is_empty()
    }

    /// Whether nothing is under way or held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.under_way.is_empty() && self.held.is_empty()
    }
}

/// How long one write takes to the other Region: around `mean`, from half of it to two and a half times.
#[must_use]
pub fn lag(seed: u64, sequence: u64, mean: Duration) -> Duration {
    let draw = seed::hash(seed ^ sequence, &["table lag"]) % 1000;
    // Squared, so that most are short and a few long.
    let share = (draw * draw / 1000) as f64 / 1000.0;
    mean.mul_f64(0.5 + 2.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamodb::value::Value;
    use proptest::prelude::*;

    fn change(key: u8, value: Option<u8>, at: u64, sequence: u64) -> Change {
        let item = value.map(|v| Item::from([("v".to_owned(), Value::S(v.to_string()))]));
        Change { key: Box::new([key]), item, version: Version { at: Moment(at), sequence } }
    }

    proptest! {
        #[test]
        fn replicas_converge_to_the_same_items_whatever_the_order(
            writes in prop::collection::vec((0u8..4, prop::option::of(0u8..9), 0u64..6), 1..40),
            order in prop::collection::vec(any::<u32>(), 40),
        ) {
            let changes: Vec<Change> = writes.iter().enumerate()
                .map(|(i, (k, v, at))| change(*k, *v, *at, i as u64)).collect();
            let mut shuffled: Vec<(u32, &Change)> = order.iter().copied().zip(&changes).collect();
            shuffled.sort_by_key(|(o, _)| *o);
            let (mut a, mut b) = (Replica::default(), Replica::default());
            changes.iter().for_each(|c| a.merge(c.clone()));
            shuffled.iter().for_each(|(_, c)| b.merge((*c).clone()));
            prop_assert_eq!(a.items().collect::<Vec<_>>(), b.items().collect::<Vec<_>>());
            // And the winner of each key is the latest write of all.
            for key in 0u8..4 {
                let last = changes.iter().filter(|c| *c.key == [key]).max_by_key(|c| c.version);
                prop_assert_eq!(a.get(&[key]), last.and_then(|c| c.item.as_ref()));
            }
        }

        #[test]
        fn changes_arrive_in_order_of_their_due_time(dues in prop::collection::vec(0u64..50, 1..30)) {
            let mut transit = Transit::default();
            for due in &dues {
                let parcel = Parcel { from: "a".into(), to: "b".into(), table: "t".into(), change: change(0, None, 0, 0) };
                transit.send(Moment(*due), parcel);
            }
            let mut sorted = dues.clone();
            sorted.sort_unstable();
            for due in sorted {
                prop_assert_eq!(transit.next_due(), Some(Moment(due)));
                prop_assert!(transit.next_arrival(Moment(due)).is_some());
            }
            prop_assert!(transit.is_empty());
        }
    }

    #[test]
    fn a_lag_stays_between_half_and_two_and_a_half_times_its_mean() {
        let mean = Duration::from_secs(1);
        let all: Vec<Duration> = (0..500).map(|n| lag(7, n, mean)).collect();
        assert!(all.iter().all(|l| *l >= mean / 2 && *l <= mean.mul_f64(2.5)));
        assert!(all.iter().any(|l| *l > mean.mul_f64(1.5)));
    }
}
