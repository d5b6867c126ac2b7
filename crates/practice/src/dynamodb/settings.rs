//! Settings beside a table: time to live, backups, tags, limits.

use serde_json::{Map, Value as Json, json};

use super::DynamoDb;
use super::describe::seconds;
use super::refusal::Refusal;
use super::request::{member, null_member, object, reply, table_name};
use super::table::Table;
use crate::scene::Scene;

/// The name of the table that is asked for.
fn named_table(ask: &Map<String, Json>) -> Result<String, Refusal> {
    let given: String = member(ask, "TableName")?
        .or(member(ask, "ResourceArn")?)
        .ok_or_else(|| Refusal::invalid(null_member("tableName")))?;
    Ok(table_name(&given).to_owned())
}

fn find<'d>(db: &'d DynamoDb, scene: &Scene<'_>, ask: &Map<String, Json>) -> Result<&'d Table, Refusal> {
    let name = named_table(ask)?;
    db.table(scene.region, &name).ok_or_else(|| Refusal::no_such_table(&name))
}

fn find_mut<'d>(
    db: &'d mut DynamoDb,
    scene: &Scene<'_>,
    ask: &Map<String, Json>,
) -> Result<&'d mut Table, Refusal> {
    let name = named_table(ask)?;
    db.table_mut(scene.region, &name).ok_or_else(|| Refusal::no_such_table(&name))
}

pub fn describe_ttl(db: &DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let table = find(db, scene, &object(body)?)?;
    reply(&match &table.definition.ttl {
        Some(name) => {
            json!({"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": name}})
        }
        None => json!({"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}),
    })
}

pub fn update_ttl(db: &mut DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let ask = object(body)?;
    let table = find_mut(db, scene, &ask)?;
    let spec = ask.get("TimeToLiveSpecification").cloned().unwrap_or_default();
    let on = spec["Enabled"].as_bool().unwrap_or(false);
    if on == table.definition.ttl.is_some() {
        let word = if on { "enabled" } else { "disabled" };
        return Err(Refusal::invalid(format!("TimeToLive is already {word}")));
    }
    table.definition.ttl = spec["AttributeName"].as_str().filter(|_| on).map(str::to_owned);
    reply(&json!({ "TimeToLiveSpecification": spec }))
}

fn backups(table: &Table, scene: &Scene<'_>) -> Json {
    let recovery = if table.definition.recovery {
        json!({
            "PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 35,
            "EarliestRestorableDateTime": seconds(table.created),
            "LatestRestorableDateTime": seconds(scene.now)
        })
    } else {
        json!({"PointInTimeRecoveryStatus": "DISABLED"})
    };
    json!({"ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery
    }})
}

pub fn describe_backups(db: &DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let ask = object(body)?;
    let table = find(db, scene, &ask).map_err(|e| Refusal {
        code: "TableNotFoundException",
        message: e.message.replace("Requested resource", "Table"),
        ..e
    })?;
    reply(&backups(table, scene))
}

pub fn update_backups(db: &mut DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let ask = object(body)?;
    let on = ask
        .get("PointInTimeRecoverySpecification")
        .and_then(|s| s["PointInTimeRecoveryEnabled"].as_bool())
        .unwrap_or(false);
    let table = find_mut(db, scene, &ask)?;
    table.definition.recovery = on;
    reply(&backups(table, scene))
}

pub fn tag(db: &mut DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let ask = object(body)?;
    let tags = super::create::tags(&ask)?;
    find_mut(db, scene, &ask)?.tags.extend(tags);
    Ok(Vec::new())
}

pub fn untag(db: &mut DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let ask = object(body)?;
    let keys: Vec<String> = member(&ask, "TagKeys")?.unwrap_or_default();
    find_mut(db, scene, &ask)?.tags.retain(|k, _| !keys.contains(k));
    Ok(Vec::new())
}

pub fn list_tags(db: &DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let table = find(db, scene, &object(body)?)?;
    let tags: Vec<Json> = table.tags.iter().map(|(k, v)| json!({"Key": k, "Value": v})).collect();
    reply(&json!({ "Tags": tags }))
}

pub fn limits(_: &DynamoDb, _: &Scene<'_>, _: &[u8]) -> Result<Vec<u8>, Refusal> {
    reply(&json!({
        "AccountMaxReadCapacityUnits": 80_000, "AccountMaxWriteCapacityUnits": 80_000,
        "TableMaxReadCapacityUnits": 40_000, "TableMaxWriteCapacityUnits": 40_000
    }))
}

pub fn endpoints(_: &DynamoDb, scene: &Scene<'_>, _: &[u8]) -> Result<Vec<u8>, Refusal> {
    let address = format!("dynamodb.{}.amazonaws.com", scene.region);
    reply(&json!({"Endpoints": [{"Address": address, "CachePeriodInMinutes": 1440}]}))
}
