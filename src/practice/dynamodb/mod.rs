//! DynamoDB (AWS JSON 1.0, 2012-08-10): tables, items, expressions and replicas in other Regions.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::key::Key;
use self::refusal::Refusal;
use self::request::Scene;
use self::table::Table;
use self::value::Item;
use crate::clock::Moment;
use crate::practice::call::{AwsError, Call, Outcome, Reply};
use crate::practice::dataplane::tables::{Change, Parcel, Transit, Version, lag};
use crate::practice::operation::{Operation, by_name, changes, reads};
use crate::practice::wire::json::content_type;
use crate::practice::world::World;

pub mod admin;
mod batch;
pub mod create;
mod describe;
pub mod expression;
mod items;
pub mod key;
mod lifecycle;
pub mod number;
mod query;
pub mod refusal;
pub mod replicas;
pub mod request;
mod settings;
pub mod table;
mod transact;
pub mod value;

pub use lifecycle::{release, step};

/// Everything DynamoDB holds, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DynamoDb {
    /// Region, then name.
    tables: BTreeMap<String, BTreeMap<String, Table>>,
    /// Writes on their way to other Regions.
    transit: Transit,
    /// What happens to tables by themselves, and when.
    timers: lifecycle::Timers,
    /// The number of the next write.
    sequence: u64,
    /// Idempotency tokens of transactions that were carried out: the token and when.
    tokens: BTreeMap<String, (u64, Moment)>,
}

impl DynamoDb {
    /// The table called `name` in `region`, in whatever state.
    #[must_use]
    pub fn table(&self, region: &str, name: &str) -> Option<&Table> {
        self.tables.get(region)?.get(name)
    }

    fn table_mut(&mut self, region: &str, name: &str) -> Option<&mut Table> {
        self.tables.get_mut(region)?.get_mut(name)
    }

    /// All tables of a Region, by name.
    pub fn tables_in(&self, region: &str) -> impl Iterator<Item = &Table> {
        self.tables.get(region).into_iter().flat_map(BTreeMap::values)
    }

    /// Writes (or with `None` deletes) an item and sends the change to the replicas. Gives the old item.
    fn write(&mut self, scene: &Scene<'_>, name: &str, key: Key, item: Option<Item>) -> Option<Item> {
        let sequence = self.sequence;
        self.sequence += 1;
        let version = Version { at: scene.now, sequence };
        let table = self.tables.get_mut(scene.region)?.get_mut(name)?;
        for to in table.followers() {
            let due = scene.now.after(lag(scene.seed, sequence, scene.lag));
            let change = Change { key: key.clone(), item: item.clone(), version };
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

/// What DynamoDB answers.
pub(super) static OPERATIONS: &[Operation] = &by_name([
    reads("BatchGetItem", |w, c| read(w, c, batch::get)),
    changes("BatchWriteItem", |w, c| change(w, c, batch::write)),
    changes("CreateTable", |w, c| change(w, c, create::create_table)),
    changes("DeleteItem", |w, c| change(w, c, items::delete)),
    changes("DeleteTable", |w, c| change(w, c, admin::delete_table)),
    reads("DescribeContinuousBackups", |w, c| read(w, c, settings::describe_backups)),
    reads("DescribeEndpoints", |w, c| read(w, c, settings::endpoints)),
    reads("DescribeLimits", |w, c| read(w, c, settings::limits)),
    reads("DescribeTable", |w, c| read(w, c, admin::describe_table)),
    reads("DescribeTimeToLive", |w, c| read(w, c, settings::describe_ttl)),
    reads("GetItem", |w, c| read(w, c, items::get)),
    reads("ListTables", |w, c| read(w, c, admin::list_tables)),
    reads("ListTagsOfResource", |w, c| read(w, c, settings::list_tags)),
    changes("PutItem", |w, c| change(w, c, items::put)),
    reads("Query", |w, c| read(w, c, query::query)),
    reads("Scan", |w, c| read(w, c, query::scan)),
    changes("TagResource", |w, c| change(w, c, settings::tag)),
    reads("TransactGetItems", |w, c| read(w, c, transact::get)),
    changes("TransactWriteItems", |w, c| change(w, c, transact::write)),
    changes("UntagResource", |w, c| change(w, c, settings::untag)),
    changes("UpdateContinuousBackups", |w, c| change(w, c, settings::update_backups)),
    changes("UpdateItem", |w, c| change(w, c, items::update)),
    changes("UpdateTable", |w, c| change(w, c, admin::update_table)),
    changes("UpdateTimeToLive", |w, c| change(w, c, settings::update_ttl)),
]);

/// Answers from the tables; the body is the request's JSON, the answer the response's.
fn read(
    world: &World,
    call: &Call<'_>,
    answer: impl FnOnce(&DynamoDb, &Scene<'_>, &[u8]) -> Result<Vec<u8>, Refusal>,
) -> Outcome {
    let body = body(call)?;
    let lag = lag_of(world, call);
    let scene = Scene { region: call.region, account: &world.account, now: call.now, seed: world.seed, lag };
    reply(call, answer(&world.dynamodb, &scene, body))
}

/// As `read`, and changes them.
fn change(
    world: &mut World,
    call: &Call<'_>,
    answer: impl FnOnce(&mut DynamoDb, &Scene<'_>, &[u8]) -> Result<Vec<u8>, Refusal>,
) -> Outcome {
    let body = body(call)?;
    let lag = lag_of(world, call);
    let scene = Scene { region: call.region, account: &world.account, now: call.now, seed: world.seed, lag };
    reply(call, answer(&mut world.dynamodb, &scene, body))
}

fn body<'c>(call: &'c Call<'_>) -> Result<&'c [u8], AwsError> {
    if call.body.len() > request::REQUEST_LIMIT {
        return Err(too_large());
    }
    Ok(if call.body.is_empty() { b"{}" } else { call.body })
}

/// How long writes are on their way to other Regions at present, on average.
fn lag_of(world: &World, call: &Call<'_>) -> Duration {
    Duration::from_millis(world.scenario.lag.table_ms) + world.faults.slowdown(call.now)
}

fn reply(call: &Call<'_>, answer: Result<Vec<u8>, Refusal>) -> Outcome {
    match answer {
        Ok(json) => Ok(Reply::new(200, content_type(call.protocol), json)),
        Err(refusal) => {
            let mut error = AwsError::new(refusal.code, refusal.message);
            error.details = refusal.members;
            Err(error)
        }
    }
}

/// The refusal of a body that no call may have.
fn too_large() -> AwsError {
    let text = format!("HTTP content length exceeded {} bytes.", request::REQUEST_LIMIT);
    AwsError::with_status(413, "RequestEntityTooLargeException", text)
}
