//! CreateTable: reading a definition, checking it as DynamoDB does, and making the table.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use super::DynamoDb;
use super::event::Event;
use super::key::Schema;
use super::refusal::Refusal;
use super::request::{check_name, member, null_member, object, reply, table_name};
use super::table::{Billing, Definition, Index, Status, Stream, Table};
use crate::durations;
use crate::scene::Scene;
use ground::seed;

const PREFIX: &str = "One or more parameter values were invalid:";

pub fn create_table(db: &mut DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let ask = object(body)?;
    let name: String =
        member(&ask, "TableName")?.ok_or_else(|| Refusal::invalid(null_member("tableName")))?;
    let name = table_name(&name);
    let definition = definition(&ask, scene)?;
    let tags = tags(&ask)?;
    let takes = spread(scene, name, "AWS::DynamoDB::Table");
    make(db, scene, name, definition, tags, takes)?;
    description_reply(db, scene, name, "TableDescription")
}

/// The description of a table under the member `under`.
pub(super) fn description_reply(
    db: &DynamoDb,
    scene: &Scene<'_>,
    name: &str,
    under: &str,
) -> Result<Vec<u8>, Refusal> {
    let table = db.table(scene.region, name).ok_or_else(|| Refusal::no_such_table(name))?;
    let mut answer = Map::new();
    answer.insert(under.to_owned(), super::describe::table(table, scene.now));
    reply(&answer)
}

/// The measured time to create something of type `kind`, spread by this world's seed.
pub(super) fn spread(scene: &Scene<'_>, name: &str, kind: &str) -> Duration {
    let draw = seed::hash(scene.seed, &[scene.region, name, &scene.now.0.to_string()]);
    seed::spread(draw, durations::create(kind))
}

/// Makes a table that is active after `takes`.
///
/// # Errors
/// A name that cannot be, or is taken.
pub fn make(
    db: &mut DynamoDb,
    scene: &Scene<'_>,
    name: &str,
    definition: Definition,
    tags: BTreeMap<String, String>,
    takes: Duration,
) -> Result<(), Refusal> {
    check_name(name)?;
    if db.table(scene.region, name).is_some() {
        return Err(Refusal::in_use(format!("Table already exists: {name}")));
    }
    let table = Table {
        name: name.into(),
        id: seed::uuid(seed::hash(scene.seed, &[scene.region, name, &scene.now.0.to_string()])),
        arn: super::replicas::arn(scene.region, scene.account, name),
        status: Status::Creating,
        created: scene.now,
        definition,
        tags,
        ..Table::default()
    };
    db.tables.entry(scene.region.to_owned()).or_default().insert(name.into(), table);
    db.timers.add(scene.now.after(takes), Event::Active(scene.region.into(), name.into()));
    Ok(())
}

/// Tags as `[{"Key", "Value"}]`.
pub fn tags(ask: &Map<String, Json>) -> Result<BTreeMap<String, String>, Refusal> {
    let list: Vec<Json> = member(ask, "Tags")?.unwrap_or_default();
    let text = |tag: &Json, name: &str| tag[name].as_str().map(str::to_owned);
    Ok(list.iter().filter_map(|t| Some((text(t, "Key")?, text(t, "Value").unwrap_or_default()))).collect())
}

/// A table's definition in the terms of CreateTable (CloudFormation's are the same but for details
/// that its provider translates).
///
/// # Errors
/// What DynamoDB validates: keys without definition, definitions without use, missing throughput.
pub fn definition(ask: &Map<String, Json>, scene: &Scene<'_>) -> Result<Definition, Refusal> {
    let attributes = attributes(ask)?;
    let keys: Json = member(ask, "KeySchema")?.ok_or_else(|| Refusal::invalid(null_member("keySchema")))?;
    let mut definition = Definition {
        schema: schema(&keys, &attributes)?,
        billing: billing(ask)?,
        stream: stream(ask, scene)?,
        kms: kms(ask, scene),
        protected: member(ask, "DeletionProtectionEnabled")?.unwrap_or(false),
        class: member::<String>(ask, "TableClass")?.filter(|c| c != "STANDARD"),
        ..Definition::default()
    };
    // Developer guide, "Constraints", secondary indexes.
    for (list, local, what, most) in [
        ("LocalSecondaryIndexes", true, "LocalSecondaryIndex", 5),
        ("GlobalSecondaryIndexes", false, "GlobalSecondaryIndex", 20),
    ] {
        let given = member::<Vec<Json>>(ask, list)?.unwrap_or_default();
        if given.len() > most {
            return Err(Refusal::invalid(format!(
                "{PREFIX} {what} count exceeds the per-table limit of {most}"
            )));
        }
        for one in given {
            definition.indexes.push(index(&one, &attributes, local)?);
        }
    }
    let used = |name: &str| {
        definition.schema.contains(name) || definition.indexes.iter().any(|i| i.schema.contains(name))
    };
    if attributes.iter().any(|(n, _)| !used(n)) {
        let keys: Vec<&str> = definition
            .schema
            .attributes()
            .chain(definition.indexes.iter().flat_map(|i| i.schema.attributes()))
            .map(|(n, _)| n.as_str())
            .collect();
        let given: Vec<&str> = attributes.iter().map(|(n, _)| n.as_str()).collect();
        return Err(Refusal::invalid(format!(
            "{PREFIX} Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
            given.join(", "),
            keys.join(", ")
        )));
    }
    definition.attributes = attributes;
    Ok(definition)
}

fn attributes(ask: &Map<String, Json>) -> Result<Vec<(String, String)>, Refusal> {
    let list: Vec<Json> = member(ask, "AttributeDefinitions")?.unwrap_or_default();
    let mut found = Vec::new();
    for one in &list {
        let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let (name, kind) = (text("AttributeName"), text("AttributeType"));
        if !matches!(kind.as_str(), "S" | "N" | "B") {
            return Err(Refusal::invalid(format!(
                "1 validation error detected: Value '{kind}' at 'attributeDefinitions.{}.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]",
                found.len() + 1
            )));
        }
        found.push((name, kind));
    }
    Ok(found)
}

fn schema(keys: &Json, attributes: &[(String, String)]) -> Result<Schema, Refusal> {
    let keys = keys.as_array().map(Vec::as_slice).unwrap_or_default();
    let part = |one: &Json, role: &str| {
        let name = one["AttributeName"].as_str().unwrap_or_default();
        if one["KeyType"].as_str() != Some(role) {
            return Err(Refusal::invalid(format!(
                "Invalid KeySchema: The {} KeySchemaElement is not a {role} key type",
                if role == "HASH" { "first" } else { "second" }
            )));
        }
        attributes.iter().find(|(n, _)| n == name).cloned().ok_or_else(|| {
            let given: Vec<&str> = attributes.iter().map(|(n, _)| n.as_str()).collect();
            Refusal::invalid(format!(
                "{PREFIX} Some index key attributes are not defined in AttributeDefinitions. Keys: [{name}], AttributeDefinitions: [{}]",
                given.join(", ")
            ))
        })
    };
    match keys {
        [hash] => Ok(Schema { hash: part(hash, "HASH")?, range: None }),
        [hash, range] => Ok(Schema { hash: part(hash, "HASH")?, range: Some(part(range, "RANGE")?) }),
        _ => Err(Refusal::invalid(
            "1 validation error detected: Value at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2",
        )),
    }
}

fn index(one: &Json, attributes: &[(String, String)], local: bool) -> Result<Index, Refusal> {
    let projection = &one["Projection"];
    let included = projection["NonKeyAttributes"].as_array().into_iter().flatten();
    Ok(Index {
        name: one["IndexName"].as_str().unwrap_or_default().to_owned(),
        schema: schema(&one["KeySchema"], attributes)?,
        local,
        projection: (
            projection["ProjectionType"].as_str().unwrap_or("ALL").to_owned(),
            included.filter_map(|n| n.as_str().map(str::to_owned)).collect(),
        ),
        throughput: throughput(&one["ProvisionedThroughput"]).unwrap_or_default(),
    })
}

fn throughput(value: &Json) -> Option<Billing> {
    let number = |name: &str| value[name].as_u64().or_else(|| value[name].as_str()?.parse().ok());
    Some(Billing::Provisioned { read: number("ReadCapacityUnits")?, write: number("WriteCapacityUnits")? })
}

pub(super) fn billing(ask: &Map<String, Json>) -> Result<Billing, Refusal> {
    let given = ask.get("ProvisionedThroughput").and_then(throughput);
    match ask.get("BillingMode").and_then(Json::as_str).unwrap_or("PROVISIONED") {
        "PAY_PER_REQUEST" if given.is_some() => Err(Refusal::invalid(format!(
            "{PREFIX} Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
        ))),
        "PAY_PER_REQUEST" => Ok(Billing::OnDemand),
        _ => given.ok_or_else(|| {
            Refusal::invalid(format!(
                "{PREFIX} ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
            ))
        }),
    }
}

/// The stream a request switches on, if it does.
pub(super) fn stream(ask: &Map<String, Json>, scene: &Scene<'_>) -> Result<Option<Stream>, Refusal> {
    let spec = ask.get("StreamSpecification").cloned().unwrap_or_else(|| json!({}));
    if !spec["StreamEnabled"].as_bool().unwrap_or(spec.get("StreamViewType").is_some()) {
        return Ok(None);
    }
    let view = spec["StreamViewType"].as_str().ok_or_else(|| {
        Refusal::invalid(format!("{PREFIX} StreamViewType must be specified when StreamEnabled is true"))
    })?;
    Ok(Some(Stream { view: view.to_owned(), since: scene.now }))
}

fn kms(ask: &Map<String, Json>, scene: &Scene<'_>) -> Option<String> {
    let spec = ask.get("SSESpecification")?;
    let on = spec["Enabled"].as_bool().or(spec["SSEEnabled"].as_bool()).unwrap_or(false);
    let key = spec["KMSMasterKeyId"].as_str().unwrap_or("alias/aws/dynamodb");
    on.then(|| {
        if key.starts_with("arn:") {
            key.to_owned()
        } else {
            format!("arn:aws:kms:{}:{}:{key}", scene.region, scene.account)
        }
    })
}
