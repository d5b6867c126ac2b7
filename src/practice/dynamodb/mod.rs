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

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(world: &mut World, call: &Call<'_>) -> Outcome {
    let scene = Scene {
        region: call.region,
        account: &world.account,
        now: call.now,
        seed: world.seed,
        lag: Duration::from_millis(world.scenario.lag.table_ms) + world.faults.slowdown(call.now),
    };
    let body: &[u8] = if call.body.is_empty() { b"{}" } else { call.body };
    if body.len() > request::REQUEST_LIMIT {
        return Err(too_large());
    }
    match answer(&mut world.dynamodb, &scene, &call.action, body) {
        Ok(json) => Ok(Reply::new(200, content_type(call.protocol), json)),
        Err(e) if e.code == "UnknownOperationException" => Err(AwsError::unknown_action(call)),
        Err(e) => {
            let mut error = AwsError::new(e.code, e.message);
            error.details = e.members;
            Err(error)
        }
    }
}

/// The refusal of a body that no call may have.
fn too_large() -> AwsError {
    let text = format!("HTTP content length exceeded {} bytes.", request::REQUEST_LIMIT);
    AwsError::with_status(413, "RequestEntityTooLargeException", text)
}

/// Answers one operation; the body is the request's JSON, the answer the response's.
///
/// # Errors
/// The exception AWS would answer.
pub fn answer(db: &mut DynamoDb, scene: &Scene<'_>, action: &str, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    match action {
        "PutItem" => items::put(db, scene, body),
        "GetItem" => items::get(db, scene, body),
        "UpdateItem" => items::update(db, scene, body),
        "DeleteItem" => items::delete(db, scene, body),
        "Query" => query::query(db, scene, body),
        "Scan" => query::scan(db, scene, body),
        "BatchGetItem" => batch::get(db, scene, body),
        "BatchWriteItem" => batch::write(db, scene, body),
        "TransactWriteItems" => transact::write(db, scene, body),
        "TransactGetItems" => transact::get(db, scene, body),
        "CreateTable" => create::create_table(db, scene, body),
        "DescribeTable" => admin::describe_table(db, scene, body),
        "UpdateTable" => admin::update_table(db, scene, body),
        "DeleteTable" => admin::delete_table(db, scene, body),
        "ListTables" => admin::list_tables(db, scene, body),
        "DescribeTimeToLive" => settings::describe_ttl(db, scene, body),
        "UpdateTimeToLive" => settings::update_ttl(db, scene, body),
        "DescribeContinuousBackups" => settings::describe_backups(db, scene, body),
        "UpdateContinuousBackups" => settings::update_backups(db, scene, body),
        "TagResource" => settings::tag(db, scene, body),
        "UntagResource" => settings::untag(db, scene, body),
        "ListTagsOfResource" => settings::list_tags(db, scene, body),
        "DescribeLimits" => settings::limits(),
        "DescribeEndpoints" => settings::endpoints(scene),
        _ => Err(Refusal::unknown_operation()),
    }
}
