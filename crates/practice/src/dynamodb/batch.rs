//! BatchGetItem and BatchWriteItem: up to 100 reads, up to 25 writes, in several tables.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::DynamoDb;
use super::items::projection;
use super::refusal::Refusal;
use super::request::{
    Guard, REQUEST_LIMIT, consumed_capacity, given_key, read, read_units, reply, stored_key, table_name,
    write_units,
};
use super::value::{Item, item_size};
use crate::scene::Scene;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Reads {
    request_items: BTreeMap<String, KeysOf>,
    #[serde(default)]
    return_consumed_capacity: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeysOf {
    keys: Vec<Item>,
    #[serde(default)]
    consistent_read: bool,
    #[serde(default)]
    projection_expression: Option<String>,
    #[serde(default)]
    attributes_to_get: Option<Vec<String>>,
    #[serde(default)]
    expression_attribute_names: Option<BTreeMap<String, String>>,
}

impl KeysOf {
    /// The same request for fewer keys.
    fn rest(&self, keys: &[&Item]) -> Json {
        let mut rest = json!({"Keys": keys});
        if self.consistent_read {
            rest["ConsistentRead"] = Json::Bool(true);
        }
        for (name, value) in [
            ("ProjectionExpression", self.projection_expression.as_ref().map(|v| json!(v))),
            ("AttributesToGet", self.attributes_to_get.as_ref().map(|v| json!(v))),
            ("ExpressionAttributeNames", self.expression_attribute_names.as_ref().map(|v| json!(v))),
        ] {
            if let Some(value) = value {
                rest[name] = value;
            }
        }
        rest
    }
}

/// Refuses a table's list of none or of more than `most`.
fn few_enough(count: usize, most: usize) -> Result<(), Refusal> {
    if (1..=most).contains(&count) {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to {most}, Member must have length greater than or equal to 1]"
    )))
}

/// BatchGetItem.
pub fn get(db: &DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let reads: Reads = read(body)?;
    not_empty(reads.request_items.is_empty())?;
    for keys in reads.request_items.values() {
        few_enough(keys.keys.len(), 100)?;
    }
    if reads.request_items.values().map(|k| k.keys.len()).sum::<usize>() > 100 {
        return Err(Refusal::invalid("Too many items requested for the BatchGetItem call"));
    }
    let (mut responses, mut capacity) = (BTreeMap::new(), Vec::new());
    let (mut answered, mut unprocessed) = (0, Map::new());
    for (name, keys) in &reads.request_items {
        let guard =
            Guard { expression_attribute_names: keys.expression_attribute_names.clone(), ..Guard::default() };
        let substitutes = guard.substitutes()?;
        let shown = projection(keys.projection_expression.as_deref(), &keys.attributes_to_get, &substitutes)?;
        substitutes.all_used()?;
        let table = db.open(scene.region, name)?;
        let (mut seen, mut found, mut units) = (BTreeSet::new(), Vec::new(), 0.0);
        let mut rest: Vec<&Item> = Vec::new();
        for key in &keys.keys {
            let place = given_key(table, key)?;
            let item = table.items.get(&place);
            // What no longer fits into the answer the caller asks for again.
            let size = item.map_or(0, item_size);
            if answered + size > REQUEST_LIMIT {
                rest.push(key);
                continue;
            }
            answered += size;
            units += read_units(item.map_or(0, item_size), keys.consistent_read);
            if !seen.insert(place) {
                return Err(Refusal::invalid("Provided list of item keys contains duplicates"));
            }
            found.extend(item.map(|i| shown.as_ref().map_or_else(|| i.clone(), |p| p.of(i))));
        }
        capacity.extend(consumed_capacity(
            reads.return_consumed_capacity.as_deref(),
            table_name(name),
            units,
        ));
        responses.insert(name.clone(), found);
        if !rest.is_empty() {
            unprocessed.insert(name.clone(), keys.rest(&rest));
        }
    }
    reply(&with_capacity(json!({"Responses": responses, "UnprocessedKeys": unprocessed}), capacity))
}

fn not_empty(empty: bool) -> Result<(), Refusal> {
    if empty {
        return Err(Refusal::invalid(
            "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ));
    }
    Ok(())
}

fn with_capacity(mut answer: Json, capacity: Vec<Json>) -> Json {
    if !capacity.is_empty() {
        answer["ConsumedCapacity"] = Json::Array(capacity);
    }
    answer
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Writes {
    request_items: BTreeMap<String, Vec<Write>>,
    #[serde(default)]
    return_consumed_capacity: Option<String>,
}

#[derive(Deserialize)]
enum Write {
    #[serde(rename = "PutRequest")]
    Put {
        #[serde(rename = "Item")]
        item: Item,
    },
    #[serde(rename = "DeleteRequest")]
    Delete {
        #[serde(rename = "Key")]
        key: Item,
    },
}

/// BatchWriteItem.
pub fn write(db: &mut DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let writes: Writes = read(body)?;
    not_empty(writes.request_items.is_empty())?;
    for list in writes.request_items.values() {
        few_enough(list.len(), 25)?;
    }
    if writes.request_items.values().map(Vec::len).sum::<usize>() > 25 {
        return Err(Refusal::invalid("Too many items requested for the BatchWriteItem call"));
    }
    // All are checked before the first is written: a refused batch writes nothing.
    let (mut planned, mut capacity) = (Vec::new(), Vec::new());
    for (given, list) in writes.request_items {
        let table = db.open(scene.region, &given)?;
        let (mut seen, mut units) = (BTreeSet::new(), 0.0);
        for write in list {
            let (key, item) = match write {
                Write::Put { item } => (stored_key(table, &item)?, Some(item)),
                Write::Delete { key } => (given_key(table, &key)?, None),
            };
            units += write_units(item.as_ref().or(table.items.get(&key)).map_or(0, item_size));
            if !seen.insert(key.clone()) {
                return Err(Refusal::invalid("Provided list of item keys contains duplicates"));
            }
            planned.push((table.name.clone(), key, item));
        }
        capacity.extend(consumed_capacity(writes.return_consumed_capacity.as_deref(), &table.name, units));
    }
    for (name, key, item) in planned {
        db.write(scene, &name, key, item);
    }
    reply(&with_capacity(json!({"UnprocessedItems": {}}), capacity))
}
