//! One item at a time: PutItem, GetItem, UpdateItem, DeleteItem.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::DynamoDb;
use super::expression::Kind;
use super::expression::projection::Projection;
use super::expression::update::Update;
use super::refusal::Refusal;
use super::request::{
    Guard, check_condition, consumed_capacity, given_key, read, read_units, reply, stored_key, write_units,
};
use super::value::{Item, item_size};
use crate::scene::Scene;

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Cow<'a, Item>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumed_capacity: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put<'a> {
    #[serde(borrow)]
    table_name: Cow<'a, str>,
    item: Item,
    #[serde(default)]
    condition_expression: Option<String>,
    #[serde(default)]
    expression_attribute_names: Option<std::collections::BTreeMap<String, String>>,
    #[serde(default)]
    expression_attribute_values: Option<Item>,
    #[serde(default)]
    return_values_on_condition_check_failure: Option<String>,
    #[serde(default)]
    return_values: Option<String>,
    #[serde(default)]
    return_consumed_capacity: Option<String>,
}

/// PutItem.
pub fn put(db: &mut DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let put: Put<'_> = read(body)?;
    let guard = Guard {
        condition_expression: put.condition_expression,
        expression_attribute_names: put.expression_attribute_names,
        expression_attribute_values: put.expression_attribute_values,
        return_values_on_condition_check_failure: put.return_values_on_condition_check_failure,
    };
    let asked = return_values(put.return_values.as_deref(), &["NONE", "ALL_OLD"])?;
    let table = db.open(scene.region, &put.table_name)?;
    let key = stored_key(table, &put.item)?;
    if !guard.is_empty() {
        let substitutes = guard.substitutes()?;
        let condition = guard.condition(&substitutes)?;
        substitutes.all_used()?;
        check_condition(condition.as_ref(), table.items.get(&key), guard.shows_old())?;
    }
    let units = put.return_consumed_capacity.as_deref().map(|_| write_units(item_size(&put.item)));
    let capacity =
        units.and_then(|u| consumed_capacity(put.return_consumed_capacity.as_deref(), &table.name, u));
    let name = super::request::table_name(&put.table_name);
    let old = db.write(scene, name, key, Some(put.item));
    let attributes = if asked == "ALL_OLD" { old } else { None };
    if attributes.is_none() && capacity.is_none() {
        return Ok(b"{}".to_vec());
    }
    reply(&Answer { attributes, consumed_capacity: capacity, ..Answer::default() })
}

fn return_values<'a>(asked: Option<&'a str>, allowed: &[&str]) -> Result<&'a str, Refusal> {
    const ALL: [&str; 5] = ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"];
    match asked.unwrap_or("NONE") {
        known if allowed.contains(&known) => Ok(known),
        known if ALL.contains(&known) => Err(Refusal::invalid("Return values set to invalid value")),
        other => Err(Refusal::invalid(format!(
            "1 validation error detected: Value '{other}' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"
        ))),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Get {
    table_name: String,
    key: Item,
    #[serde(default)]
    consistent_read: bool,
    #[serde(default)]
    projection_expression: Option<String>,
    #[serde(default)]
    attributes_to_get: Option<Vec<String>>,
    #[serde(default)]
    expression_attribute_names: Option<std::collections::BTreeMap<String, String>>,
    #[serde(default)]
    return_consumed_capacity: Option<String>,
}

/// GetItem.
pub fn get(db: &DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let get: Get = read(body)?;
    let guard =
        Guard { expression_attribute_names: get.expression_attribute_names.clone(), ..Guard::default() };
    let substitutes = guard.substitutes()?;
    let projection = projection(get.projection_expression.as_deref(), &get.attributes_to_get, &substitutes)?;
    substitutes.all_used()?;
    let table = db.open(scene.region, &get.table_name)?;
    let found = table.items.get(&given_key(table, &get.key)?);
    let asked = get.return_consumed_capacity.as_deref();
    let units = read_units(found.map_or(0, item_size), get.consistent_read);
    let item = found.map(|item| match &projection {
        Some(p) => Cow::Owned(p.of(item)),
        None => Cow::Borrowed(item),
    });
    reply(&Answer {
        item,
        consumed_capacity: consumed_capacity(asked, &table.name, units),
        ..Answer::default()
    })
}

/// The projection a request asks for, in either style.
pub(super) fn projection(
    expression: Option<&str>,
    names: &Option<Vec<String>>,
    substitutes: &super::expression::Substitutes<'_>,
) -> Result<Option<Projection>, Refusal> {
    match (expression, names) {
        (Some(text), None) => Ok(Some(Projection::parse(text, substitutes)?)),
        (None, Some(names)) => Ok(Some(Projection::of_names(names))),
        (None, None) => Ok(None),
        _ => Err(Refusal::invalid(
            "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}",
        )),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    table_name: String,
    key: Item,
    #[serde(default)]
    update_expression: Option<String>,
    #[serde(default)]
    attribute_updates: Option<Json>,
    #[serde(flatten)]
    guard: Guard,
    #[serde(default)]
    return_values: Option<String>,
    #[serde(default)]
    return_consumed_capacity: Option<String>,
}

/// UpdateItem.
pub fn update(db: &mut DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let change: Change = read(body)?;
    if change.attribute_updates.is_some() {
        return Err(Refusal::invalid("AttributeUpdates is a legacy parameter; use UpdateExpression"));
    }
    let asked = return_values(
        change.return_values.as_deref(),
        &["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"],
    )?;
    let plan = plan_update(
        db,
        scene,
        &change.table_name,
        &change.key,
        change.update_expression.as_deref(),
        &change.guard,
    )?;
    let attributes = match asked {
        "ALL_OLD" => plan.old.clone(),
        "ALL_NEW" => Some(plan.new.clone()),
        "UPDATED_OLD" => plan.old.as_ref().map(|old| plan.written_attributes(old)),
        "UPDATED_NEW" => Some(plan.written_attributes(&plan.new)),
        _ => None,
    };
    let name = super::request::table_name(&change.table_name);
    let units = write_units(item_size(&plan.new).max(plan.old.as_ref().map_or(0, item_size)));
    let capacity = consumed_capacity(change.return_consumed_capacity.as_deref(), name, units);
    db.write(scene, name, plan.key, Some(plan.new));
    let attributes = attributes.filter(|a| !a.is_empty());
    reply(&Answer { attributes, consumed_capacity: capacity, ..Answer::default() })
}

/// A checked update that only waits to be written.
pub(super) struct Planned {
    pub key: super::key::Key,
    pub old: Option<Item>,
    pub new: Item,
    update: Update,
}

impl Planned {
    /// The attributes the update wrote, out of `item`.
    fn written_attributes(&self, item: &Item) -> Item {
        let paths: Vec<_> = self.update.targets().cloned().collect();
        Projection::of_paths(paths).of(item)
    }
}

/// Checks an update and computes its result, without writing.
pub(super) fn plan_update(
    db: &DynamoDb,
    scene: &Scene<'_>,
    table: &str,
    key: &Item,
    expression: Option<&str>,
    guard: &Guard,
) -> Result<Planned, Refusal> {
    let substitutes = guard.substitutes()?;
    let update = match expression {
        Some(text) => Update::parse(text, &substitutes)?,
        None => Update::default(),
    };
    let condition = guard.condition(&substitutes)?;
    substitutes.all_used()?;
    let table = db.open(scene.region, table)?;
    let schema = &table.definition.schema;
    let place = given_key(table, key)?;
    if let Some(path) = update.targets().find(|p| schema.contains(p.root())) {
        return Err(Refusal::invalid(format!(
            "One or more parameter values were invalid: Cannot update attribute {}. This attribute is part of the key",
            path.root()
        )));
    }
    let old = table.items.get(&place);
    check_condition(condition.as_ref(), old, guard.shows_old())?;
    let new = update.apply(old.unwrap_or(key))?;
    stored_key(table, &new).map_err(|e| {
        let message = e.message.replace("Item size has exceeded", "Item size to update has exceeded");
        Refusal { message, ..e }
    })?;
    Ok(Planned { key: place, old: old.cloned(), new, update })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delete {
    table_name: String,
    key: Item,
    #[serde(flatten)]
    guard: Guard,
    #[serde(default)]
    return_values: Option<String>,
    #[serde(default)]
    return_consumed_capacity: Option<String>,
}

/// DeleteItem.
pub fn delete(db: &mut DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let delete: Delete = read(body)?;
    let asked = return_values(delete.return_values.as_deref(), &["NONE", "ALL_OLD"])?;
    let substitutes = delete.guard.substitutes()?;
    let condition = delete.guard.condition(&substitutes)?;
    substitutes.all_used()?;
    let table = db.open(scene.region, &delete.table_name)?;
    let key = given_key(table, &delete.key)?;
    check_condition(condition.as_ref(), table.items.get(&key), delete.guard.shows_old())?;
    let name = super::request::table_name(&delete.table_name);
    let old = db.write(scene, name, key, None);
    let units = write_units(old.as_ref().map_or(0, item_size));
    let capacity = consumed_capacity(delete.return_consumed_capacity.as_deref(), name, units);
    let attributes = if asked == "ALL_OLD" { old } else { None };
    reply(&Answer { attributes, consumed_capacity: capacity, ..Answer::default() })
}

/// Whether a filter is a filter: used by query and scan.
pub(super) fn filter(
    text: Option<&str>,
    substitutes: &super::expression::Substitutes<'_>,
) -> Result<Option<super::expression::condition::Condition>, Refusal> {
    match text {
        Some(text) => Ok(Some(super::expression::condition::parse(Kind::Filter, text, substitutes)?)),
        None => Ok(None),
    }
}
