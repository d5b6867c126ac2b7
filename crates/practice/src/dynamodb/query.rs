//! Query and Scan: ranges of items in key order, filtered, projected, paged at 1 MB.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::DynamoDb;
use super::expression::condition::Condition;
use super::expression::key_condition::{self, KeyCondition};
use super::expression::projection::Projection;
use super::items::{filter, projection};
use super::key::{self, Key, Schema};
use super::refusal::Refusal;
use super::request::{Guard, consumed_capacity, read, read_units, reply};
use super::table::{Index, Table};
use super::value::{Item, item_size};
use crate::scene::Scene;

/// What one page may read, in bytes.
const PAGE: usize = 1024 * 1024;

/// Into how many segments a scan may be cut (API reference, Scan).
const SEGMENTS: u64 = 1_000_000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Ask {
    table_name: String,
    #[serde(default)]
    index_name: Option<String>,
    #[serde(default)]
    key_condition_expression: Option<String>,
    #[serde(default)]
    filter_expression: Option<String>,
    #[serde(default)]
    projection_expression: Option<String>,
    #[serde(default)]
    attributes_to_get: Option<Vec<String>>,
    #[serde(default)]
    expression_attribute_names: Option<BTreeMap<String, String>>,
    #[serde(default)]
    expression_attribute_values: Option<Item>,
    #[serde(default)]
    exclusive_start_key: Option<Item>,
    #[serde(default)]
    scan_index_forward: Option<bool>,
    #[serde(default)]
    limit: Option<usize>,
    #[serde(default)]
    select: Option<String>,
    #[serde(default)]
    consistent_read: bool,
    #[serde(default)]
    segment: Option<u64>,
    #[serde(default)]
    total_segments: Option<u64>,
    #[serde(default)]
    return_consumed_capacity: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<Item>>,
    count: usize,
    scanned_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_evaluated_key: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumed_capacity: Option<Json>,
}

pub fn query(db: &DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let ask: Ask = read(body)?;
    let table = db.open(scene.region, &ask.table_name)?;
    run(&ask, table, |substitutes, schema| {
        let Some(text) = &ask.key_condition_expression else {
            return Err(Refusal::invalid(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
            ));
        };
        Ok(Some(key_condition::parse(text, substitutes, schema)?))
    })
}

pub fn scan(db: &DynamoDb, scene: &Scene<'_>, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let ask: Ask = read(body)?;
    if let Some(total) = ask.total_segments.filter(|total| *total > SEGMENTS) {
        return Err(Refusal::invalid(format!(
            "1 validation error detected: Value '{total}' at 'totalSegments' failed to satisfy constraint: Member must have value less than or equal to {SEGMENTS}"
        )));
    }
    match (ask.segment, ask.total_segments) {
        (Some(_), None) => {
            return Err(Refusal::invalid(
                "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
            ));
        }
        (None, Some(_)) => {
            return Err(Refusal::invalid(
                "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
            ));
        }
        (Some(s), Some(t)) if s >= t => {
            return Err(Refusal::invalid(format!(
                "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: {s} is not less than TotalSegments: {t}"
            )));
        }
        _ => {}
    }
    let table = db.open(scene.region, &ask.table_name)?;
    run(&ask, table, |_, _| Ok(None))
}

fn run(
    ask: &Ask,
    table: &Table,
    keys: impl Fn(&super::expression::Substitutes<'_>, &Schema) -> Result<Option<KeyCondition>, Refusal>,
) -> Result<Vec<u8>, Refusal> {
    let guard = Guard {
        expression_attribute_names: ask.expression_attribute_names.clone(),
        expression_attribute_values: ask.expression_attribute_values.clone(),
        ..Guard::default()
    };
    let substitutes = guard.substitutes()?;
    let index = chosen_index(ask, table)?;
    let schema = index.map_or(&table.definition.schema, |i| &i.schema);
    let condition = keys(&substitutes, schema)?;
    let wanted = filter(ask.filter_expression.as_deref(), &substitutes)?;
    let shown = projection(ask.projection_expression.as_deref(), &ask.attributes_to_get, &substitutes)?;
    substitutes.all_used()?;
    if ask.limit == Some(0) {
        return Err(Refusal::invalid("Limit must be greater than or equal to 1"));
    }
    let start = match &ask.exclusive_start_key {
        Some(given) => Some(start_key(given, table, index)?),
        None => None,
    };
    let rows = match index {
        Some(index) => index_items(table, index),
        None => Vec::new(),
    };
    let source: Box<dyn DoubleEndedIterator<Item = (&[u8], &Item)>> = match (index, &condition) {
        (Some(_), _) => Box::new(rows.iter().map(|(k, i)| (&**k, *i))),
        (None, Some(c)) => {
            let prefix = key::partition(&c.partition);
            let end = after(&prefix);
            Box::new(table.items.between(&prefix, &end).map(|(k, i)| (&**k, i)))
        }
        (None, None) => Box::new(table.items.items().map(|(k, i)| (&**k, i))),
    };
    let shown = shown.or_else(|| index.and_then(|i| of_index(i, table)));
    Reader { ask, table, index, condition, wanted, shown, start }.page(source)
}

/// The bytes after all that begin with `prefix`.
fn after(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            break;
        }
    }
    end
}

fn chosen_index<'t>(ask: &Ask, table: &'t Table) -> Result<Option<&'t Index>, Refusal> {
    let Some(name) = &ask.index_name else { return Ok(None) };
    let index = table
        .index(name)
        .ok_or_else(|| Refusal::invalid(format!("The table does not have the specified index: {name}")))?;
    if ask.consistent_read && !index.local {
        return Err(Refusal::invalid("Consistent reads are not supported on global secondary indexes"));
    }
    Ok(Some(index))
}

/// The index's items in its own order: by its key, then by the table's.
fn index_items<'t>(table: &'t Table, index: &Index) -> Vec<(Key, &'t Item)> {
    let mut rows: Vec<(Key, &Item)> =
        table.items.items().filter_map(|(_, item)| Some((index_key(table, index, item)?, item))).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows
}

fn index_key(table: &Table, index: &Index, item: &Item) -> Option<Key> {
    let mut bytes = index.schema.key_of(item)?.into_vec();
    bytes.push(0);
    bytes.extend_from_slice(&table.definition.schema.key_of(item)?);
    Some(bytes.into_boxed_slice())
}

fn start_key(given: &Item, table: &Table, index: Option<&Index>) -> Result<Key, Refusal> {
    let found = match index {
        Some(index) => index_key(table, index, given),
        None => table
            .definition
            .schema
            .check_exact(given)
            .ok()
            .and_then(|()| table.definition.schema.key_of(given)),
    };
    found.ok_or_else(|| Refusal::invalid("The provided starting key is invalid"))
}

/// What an index holds, unless it holds all.
fn of_index(index: &Index, table: &Table) -> Option<Projection> {
    if index.projection.0 == "ALL" {
        return None;
    }
    let keys = index.schema.attributes().chain(table.definition.schema.attributes()).map(|(n, _)| n);
    let mut names: Vec<String> = keys.chain(&index.projection.1).cloned().collect();
    names.sort();
    names.dedup();
    Some(Projection::of_names(&names))
}

struct Reader<'a> {
    ask: &'a Ask,
    table: &'a Table,
    index: Option<&'a Index>,
    condition: Option<KeyCondition>,
    wanted: Option<Condition>,
    shown: Option<Projection>,
    start: Option<Key>,
}

impl Reader<'_> {
    fn page<'i>(
        &self,
        source: Box<dyn DoubleEndedIterator<Item = (&'i [u8], &'i Item)> + 'i>,
    ) -> Result<Vec<u8>, Refusal> {
        let forward = self.ask.scan_index_forward.unwrap_or(true);
        let source: Box<dyn Iterator<Item = (&[u8], &Item)>> =
            if forward { source } else { Box::new(source.rev()) };
        let counting = self.ask.select.as_deref() == Some("COUNT");
        let (mut items, mut count, mut scanned, mut bytes, mut last) = (Vec::new(), 0, 0, 0, None);
        for (place, item) in source {
            if !self.in_range(place, item, forward) {
                continue;
            }
            // Another one exists after a full page: only then is there a key to go on from.
            if self.ask.limit.is_some_and(|l| scanned >= l) || bytes >= PAGE {
                break;
            }
            scanned += 1;
            bytes += item_size(item);
            last = Some(item);
            if self.wanted.as_ref().is_none_or(|w| w.met_by(item)) {
                count += 1;
                if !counting {
                    items.push(self.shown.as_ref().map_or_else(|| item.clone(), |p| p.of(item)));
                }
            }
        }
        let full = self.ask.limit.is_some_and(|l| scanned >= l) || bytes >= PAGE;
        let units = read_units(bytes, self.ask.consistent_read);
        reply(&Page {
            items: (!counting).then_some(items),
            count,
            scanned_count: scanned,
            last_evaluated_key: last.filter(|_| full).map(|item| self.key_of(item)),
            consumed_capacity: consumed_capacity(
                self.ask.return_consumed_capacity.as_deref(),
                &self.table.name,
                units,
            ),
        })
    }

    fn in_range(&self, place: &[u8], item: &Item, forward: bool) -> bool {
        if let Some(start) = &self.start {
            let passed = if forward { place > &**start } else { place < &**start };
            if !passed {
                return false;
            }
        }
        if let (Some(segment), Some(total)) = (self.ask.segment, self.ask.total_segments) {
            let hash = place.first_chunk::<8>().map_or(0, |b| u64::from_be_bytes(*b));
            if hash % total != segment {
                return false;
            }
        }
        let Some(condition) = &self.condition else { return true };
        let schema = self.index.map_or(&self.table.definition.schema, |i| &i.schema);
        item.get(&schema.hash.0) == Some(&condition.partition)
            && condition.range.as_ref().is_none_or(|r| r.met_by(item))
    }

    fn key_of(&self, item: &Item) -> Item {
        let mut key = self.table.definition.schema.only_key(item);
        if let Some(index) = self.index {
            key.extend(index.schema.only_key(item));
        }
        key
    }
}
