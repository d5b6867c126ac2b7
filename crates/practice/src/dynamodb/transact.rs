//! TransactWriteItems and TransactGetItems: all or nothing, over up to 100 items.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::DynamoDb;
use super::items::{plan_update, projection};
use super::key::Key;
use super::refusal::Refusal;
use super::request::{Guard, TRANSACTION_LIMIT, check_condition, given_key, read, reply, stored_key};
use super::value::{Item, item_size};
use crate::scene::Scene;
use ground::seed;

/// The longest client token.
const TOKEN: usize = 36;
/// For how long a client token stands for the same transaction.
const TOKEN_LIFE: std::time::Duration = std::time::Duration::from_secs(600);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Writes {
    transact_items: Vec<Action>,
    #[serde(default)]
    client_request_token: Option<String>,
}

#[derive(Deserialize)]
enum Action {
    ConditionCheck(One),
    Put(One),
    Delete(One),
    Update(One),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct One {
    table_name: String,
    #[serde(default)]
    item: Option<Item>,
    #[serde(default)]
    key: Option<Item>,
    #[serde(default)]
    update_expression: Option<String>,
    #[serde(flatten)]
    guard: Guard,
}

/// A checked write: table, key, the new item (`None` deletes; no write for a mere check), and the bytes
/// of what it is about.
type Planned = (String, Key, Option<Option<Item>>, usize);

/// TransactWriteItems.
pub fn write(db: &mut DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let writes: Writes = read(body)?;
    check_count(writes.transact_items.len())?;
    if let Some(token) = writes.client_request_token.as_ref().filter(|token| token.len() > TOKEN) {
        return Err(Refusal::invalid(format!(
            "1 validation error detected: Value '{token}' at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to {TOKEN}"
        )));
    }
    let fingerprint = seed::hash(0, &[&String::from_utf8_lossy(body)]);
    db.tokens.retain(|_, (_, at)| scene.now.since(*at) < TOKEN_LIFE);
    if let Some((done, _)) = writes.client_request_token.as_ref().and_then(|t| db.tokens.get(t)) {
        return if *done == fingerprint { Ok(b"{}".to_vec()) } else { Err(Refusal::token_reused()) };
    }
    let (mut planned, mut reasons, mut seen, mut size) = (Vec::new(), Vec::new(), BTreeSet::new(), 0);
    for action in &writes.transact_items {
        match plan(db, scene, action) {
            Ok(one) => {
                size += one.3;
                if !seen.insert((one.0.clone(), one.1.clone())) {
                    return Err(Refusal::invalid(
                        "Transaction request cannot include multiple operations on one item",
                    ));
                }
                planned.push(one);
                reasons.push(("None".to_owned(), None, None));
            }
            Err(e) if e.code == "ConditionalCheckFailedException" => {
                let item = e.members.first().map(|(_, item)| item.clone());
                reasons.push(("ConditionalCheckFailed".to_owned(), Some(e.message), item));
            }
            Err(e) => return Err(e),
        }
    }
    within_limit(size)?;
    if reasons.iter().any(|(code, ..)| code != "None") {
        return Err(Refusal::transaction_cancelled(reasons));
    }
    for (table, key, item, _) in planned {
        if let Some(item) = item {
            db.write(scene, &table, key, item);
        }
    }
    if let Some(token) = writes.client_request_token {
        db.tokens.insert(token, (fingerprint, scene.now));
    }
    Ok(b"{}".to_vec())
}

/// Refuses a transaction over too many bytes. The words are the API reference's: no report of
/// DynamoDB's own is known.
fn within_limit(size: usize) -> Result<(), Refusal> {
    if size <= TRANSACTION_LIMIT {
        return Ok(());
    }
    Err(Refusal::invalid("The aggregate size of the items in the transaction cannot exceed 4 MB"))
}

fn check_count(count: usize) -> Result<(), Refusal> {
    let bound = match count {
        0 => "greater than or equal to 1",
        1..=100 => return Ok(()),
        _ => "less than or equal to 100",
    };
    Err(Refusal::invalid(format!(
        "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length {bound}"
    )))
}

fn plan(db: &DynamoDb, scene: &Scene<'_>, action: &Action) -> Result<Planned, Refusal> {
    let (Action::ConditionCheck(one) | Action::Put(one) | Action::Delete(one) | Action::Update(one)) = action;
    let table = db.open(scene.region, &one.table_name)?;
    let name = table.name.clone();
    let key = || one.key.as_ref().ok_or_else(|| Refusal::invalid(super::request::null_member("key")));
    if let Action::Update(_) = action {
        let text = one.update_expression.as_deref();
        let done = plan_update(db, scene, &one.table_name, key()?, text, &one.guard)?;
        let size = item_size(&done.new);
        return Ok((name, done.key, Some(Some(done.new)), size));
    }
    let substitutes = one.guard.substitutes()?;
    let condition = one.guard.condition(&substitutes)?;
    substitutes.all_used()?;
    let (place, change) = match action {
        Action::Put(_) => {
            let item =
                one.item.as_ref().ok_or_else(|| Refusal::invalid(super::request::null_member("item")))?;
            (stored_key(table, item)?, Some(Some(item.clone())))
        }
        Action::Delete(_) => (given_key(table, key()?)?, Some(None)),
        _ => (given_key(table, key()?)?, None),
    };
    check_condition(condition.as_ref(), table.items.get(&place), one.guard.shows_old())?;
    let size = match &change {
        Some(Some(item)) => item_size(item),
        _ => one.key.as_ref().map_or(0, item_size),
    };
    Ok((name, place, change, size))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Reads {
    transact_items: Vec<GetOne>,
}

#[derive(Deserialize)]
struct GetOne {
    #[serde(rename = "Get")]
    get: Get,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Get {
    table_name: String,
    key: Item,
    #[serde(default)]
    projection_expression: Option<String>,
    #[serde(default)]
    expression_attribute_names: Option<BTreeMap<String, String>>,
}

/// TransactGetItems.
pub fn get(db: &DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let reads: Reads = read(body)?;
    check_count(reads.transact_items.len())?;
    let (mut responses, mut size): (Vec<Json>, usize) = (Vec::new(), 0);
    for GetOne { get } in &reads.transact_items {
        let guard =
            Guard { expression_attribute_names: get.expression_attribute_names.clone(), ..Guard::default() };
        let substitutes = guard.substitutes()?;
        let shown = projection(get.projection_expression.as_deref(), &None, &substitutes)?;
        substitutes.all_used()?;
        let table = db.open(scene.region, &get.table_name)?;
        let item = table.items.get(&given_key(table, &get.key)?);
        size += item.map_or(0, item_size);
        within_limit(size)?;
        responses.push(match item {
            Some(item) => json!({"Item": shown.map_or_else(|| item.clone(), |p| p.of(item))}),
            None => json!({}),
        });
    }
    reply(&json!({ "Responses": responses }))
}
