//! Tables as a whole: describe, update, delete, list.

use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use super::DynamoDb;
use super::create::{billing, description_reply, spread, stream};
use super::event::Event;
use super::refusal::Refusal;
use super::replicas::{self, ready};
use super::request::{check_name, member, null_member, object, reply, table_name};
use super::table::{Billing, Status};
use crate::scene::Scene;

fn required_table_name(ask: &Map<String, Json>) -> Result<String, Refusal> {
    let given: String =
        member(ask, "TableName")?.ok_or_else(|| Refusal::invalid(null_member("tableName")))?;
    let name = table_name(&given);
    check_name(name)?;
    Ok(name.to_owned())
}

pub(super) fn describe_table(db: &DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    description_reply(db, scene, &required_table_name(&object(body)?)?, "Table")
}

/// ListTables, 100 a page at most.
pub(super) fn list_tables(db: &DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let ask = object(body)?;
    let start: String = member(&ask, "ExclusiveStartTableName")?.unwrap_or_default();
    let limit: usize = member(&ask, "Limit")?.unwrap_or(100);
    let mut names: Vec<&str> =
        db.tables_in(scene.region).map(|t| t.name.as_str()).filter(|n| *n > start.as_str()).collect();
    let more = names.len() > limit;
    names.truncate(limit);
    let mut answer = json!({ "TableNames": names });
    if let Some(last) = names.last().filter(|_| more) {
        answer["LastEvaluatedTableName"] = json!(last);
    }
    reply(&answer)
}

pub(super) fn delete_table(db: &mut DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let name = required_table_name(&object(body)?)?;
    remove(db, scene, &name, Duration::from_secs(6))?;
    description_reply(db, scene, &name, "TableDescription")
}

/// Begins to delete a table in the scene's Region; it is gone after `takes`.
///
/// # Errors
/// A missing, busy or protected table, and the 24-hour rule.
pub fn remove(db: &mut DynamoDb, scene: &Scene<'_>, name: &str, takes: Duration) -> Result<(), Refusal> {
    let table = ready(db, scene, name)?;
    if table.definition.protected {
        return Err(Refusal::invalid(
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
        ));
    }
    replicas::check_not_source(db, scene, name, scene.region)?;
    if !table.replicas.is_empty() {
        return replicas::remove(db, scene, name, scene.region, takes);
    }
    if let Some(table) = db.table_mut(scene.region, name) {
        table.status = Status::Deleting;
    }
    db.timers.add(scene.now.after(takes), Event::Gone(scene.region.into(), name.into()));
    Ok(())
}

pub(super) fn update_table(db: &mut DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let ask = object(body)?;
    let name = required_table_name(&ask)?;
    ready(db, scene, &name)?;
    let updates: Vec<Json> = member(&ask, "ReplicaUpdates")?.unwrap_or_default();
    match updates.as_slice() {
        [] => change(db, scene, &name, &ask, Duration::from_secs(8))?,
        [one] => {
            let takes = spread(scene, &name, "AWS::DynamoDB::GlobalTable");
            let region = |action: &str| one[action]["RegionName"].as_str().map(str::to_owned);
            match (region("Create"), region("Delete")) {
                (Some(to), None) => replicas::add(db, scene, &name, &to, takes)?,
                (None, Some(at)) => replicas::remove(db, scene, &name, &at, takes)?,
                _ => change(db, scene, &name, &ask, Duration::from_secs(8))?,
            }
        }
        _ => {
            return Err(Refusal::limit(
                "Subscriber limit exceeded: Only 1 create or delete replica operation can be performed simultaneously",
            ));
        }
    }
    description_reply(db, scene, &name, "TableDescription")
}

/// Changes settings of a table in place: billing, stream, protection, class.
///
/// # Errors
/// What DynamoDB validates.
pub fn change(
    db: &mut DynamoDb,
    scene: &Scene<'_>,
    name: &str,
    ask: &Map<String, Json>,
    takes: Duration,
) -> Result<(), Refusal> {
    let table = ready(db, scene, name)?;
    let mut next = table.definition.clone();
    if ask.contains_key("BillingMode") || ask.contains_key("ProvisionedThroughput") {
        let mut wanted = ask.clone();
        if matches!(next.billing, Billing::Provisioned { .. }) || !ask.contains_key("BillingMode") {
            wanted.entry("BillingMode").or_insert_with(|| json!("PROVISIONED"));
        }
        next.billing = billing(&wanted)?;
    }
    if let Some(spec) = ask.get("StreamSpecification") {
        let wanted = stream(ask, scene)?;
        if wanted.is_some() && next.stream.is_some() {
            return Err(Refusal::invalid(format!("Table already has an enabled stream: TableName: {name}")));
        }
        if spec["StreamEnabled"] == json!(false) && !table.replicas.is_empty() {
            return Err(Refusal::invalid(
                "Stream cannot be disabled on a table that is part of a global table",
            ));
        }
        next.stream = wanted;
    }
    if let Some(protected) = member(ask, "DeletionProtectionEnabled")? {
        next.protected = protected;
    }
    if let Some(class) = member::<String>(ask, "TableClass")? {
        next.class = Some(class).filter(|c| c != "STANDARD");
    }
    redefine(db, scene, name, next, takes);
    Ok(())
}

/// Gives a table another definition, active again after `takes`.
pub fn redefine(
    db: &mut DynamoDb,
    scene: &Scene<'_>,
    name: &str,
    definition: super::table::Definition,
    takes: Duration,
) {
    if let Some(table) = db.table_mut(scene.region, name) {
        table.definition = definition;
        table.status = Status::Updating;
    }
    db.timers.add(scene.now.after(takes), Event::Active(scene.region.into(), name.into()));
}
