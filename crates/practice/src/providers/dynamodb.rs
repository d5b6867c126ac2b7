//! `AWS::DynamoDB::Table` and `AWS::DynamoDB::GlobalTable`: what a stack makes is what DynamoDB's calls
//! see, in the Region of each replica.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::refusal::service_failure;
use super::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, Updating};
use crate::call::AwsError;
use crate::dynamodb::refusal::Refusal;
use crate::dynamodb::table::{Definition, Status, Table};
use crate::dynamodb::{admin, create, replicas};
use crate::scene::Scene;
use crate::services::Services;

/// The provider of a type of the `DynamoDB` family.
#[must_use]
pub fn provider(kind: &str) -> Option<&'static dyn Provider> {
    matches!(kind, "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable").then_some(&Tables)
}

#[derive(Debug)]
struct Tables;

/// For how long a handler waits before it looks again.
const AGAIN: Duration = Duration::from_secs(5);

impl Provider for Tables {
    fn create(&self, services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let regions = regions(cx);
        if is_global(cx) && !regions.contains(cx.region) {
            return Err(Failure::handler(
                "InvalidRequest",
                format!("Replicas must contain the stack's own Region, {}.", cx.region),
            ));
        }
        let takes = cx.creating();
        let scene = scene(services, cx);
        let (name, definition) = (name(cx), definition(cx, &scene).map_err(failure(cx))?);
        create::make(services.dynamodb, &scene, &name, definition, tags(cx), takes).map_err(failure(cx))?;
        Ok(Started { attributes: attributes(services, cx, &name), physical_id: name, takes })
    }

    fn finish_creation(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        converge(services, cx, physical_id)?;
        Ok(attributes(services, cx, physical_id))
    }

    fn update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
        old: &Value,
    ) -> Result<Updating, Failure> {
        let missing = || failure(cx)(Refusal::no_such_table(physical_id));
        let table = services.dynamodb.table(cx.region, physical_id).ok_or_else(missing)?;
        if table.status != Status::Active || table.replicas.iter().any(|r| r.status != Status::Active) {
            return Err(Failure::NotYet(AGAIN));
        }
        let (now_there, next) = (others(table), regions(cx));
        let wanted_elsewhere: BTreeSet<String> = next.into_iter().filter(|r| r != cx.region).collect();
        let moves = now_there.symmetric_difference(&wanted_elsewhere).count();
        if moves > 1 {
            return Err(Failure::handler(
                "InvalidRequest",
                "Only one replica can be added or removed in a single update.",
            ));
        }
        if moves == 0 && cx.props != old {
            let scene = scene(services, cx);
            let mut definition = definition(cx, &scene).map_err(failure(cx))?;
            let kept = services.dynamodb.table(cx.region, physical_id).map(|t| t.definition.clone());
            // The same stream goes on under its old label.
            if let Some(Definition { stream: Some(stream), .. }) = kept
                && definition.stream.as_ref().is_some_and(|s| s.view == stream.view)
            {
                definition.stream = Some(stream);
            }
            let takes = cx.took(Duration::from_secs(8));
            admin::redefine(services.dynamodb, &scene, physical_id, definition, takes);
            return Ok(Updating::InPlace { takes });
        }
        step_towards(services, cx, physical_id)?;
        Ok(Updating::InPlace { takes: cx.updating() })
    }

    fn finish_update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        self.finish_creation(services, cx, physical_id)
    }

    fn delete(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Deleting, Failure> {
        let Some(table) = services.dynamodb.table(cx.region, physical_id) else {
            return Ok(Deleting { takes: Duration::ZERO });
        };
        let takes = cx.deleting();
        if table.status == Status::Deleting {
            return Ok(Deleting { takes: AGAIN });
        }
        // A creation given up half-way (or a change) ends first; DynamoDB deletes only what is active.
        if table.status != Status::Active {
            return Err(Failure::NotYet(AGAIN));
        }
        let scene = scene(services, cx);
        replicas::check_not_source(services.dynamodb, &scene, physical_id, cx.region).map_err(failure(cx))?;
        match others_in_order(table).first().cloned() {
            Some(at) => replicas::remove(services.dynamodb, &scene, physical_id, &at, takes),
            None => admin::remove(services.dynamodb, &scene, physical_id, takes),
        }
        .map_err(failure(cx))?;
        Ok(Deleting { takes })
    }

    fn finish_deletion(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<(), Failure> {
        let Some(table) = services.dynamodb.table(cx.region, physical_id) else { return Ok(()) };
        // A replica is gone: the next one, and at last the table itself.
        if table.status == Status::Active && table.replicas.iter().all(|r| r.status == Status::Active) {
            self.delete(services, cx, physical_id)?;
        }
        Err(Failure::NotYet(AGAIN))
    }
}

fn is_global(cx: &Cx<'_>) -> bool {
    cx.kind == "AWS::DynamoDB::GlobalTable"
}

fn scene<'a>(services: &Services<'a>, cx: &Cx<'a>) -> Scene<'a> {
    services.scene(cx.region, cx.now)
}

fn failure(cx: &Cx<'_>) -> impl Fn(Refusal) -> Failure {
    |e| service_failure(cx, "DynamoDb", &AwsError::new(e.code, e.message))
}

fn name(cx: &Cx<'_>) -> String {
    cx.text("TableName").unwrap_or_else(|| cx.name())
}

/// The Regions the template lists.
fn regions(cx: &Cx<'_>) -> BTreeSet<String> {
    let list = cx.props.get("Replicas").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|r| r.get("Region").and_then(Value::as_str).map(str::to_owned)).collect()
}

fn others(table: &Table) -> BTreeSet<String> {
    table.followers().map(str::to_owned).collect()
}

fn others_in_order(table: &Table) -> Vec<String> {
    table.followers().map(str::to_owned).collect()
}

/// Adds or removes one replica towards what the template lists; `NotYet` until all are as listed.
fn converge(services: &mut Services<'_>, cx: &Cx<'_>, name: &str) -> Result<(), Failure> {
    let Some(table) = services.dynamodb.table(cx.region, name) else {
        return Err(failure(cx)(Refusal::no_such_table(name)));
    };
    if table.status != Status::Active || table.replicas.iter().any(|r| r.status != Status::Active) {
        return Err(Failure::NotYet(AGAIN));
    }
    let wanted: BTreeSet<String> = regions(cx).into_iter().filter(|r| r != cx.region).collect();
    if !is_global(cx) || others(table) == wanted {
        return Ok(());
    }
    step_towards(services, cx, name)?;
    Err(Failure::NotYet(cx.updating()))
}

fn step_towards(services: &mut Services<'_>, cx: &Cx<'_>, name: &str) -> Result<(), Failure> {
    let Some(table) = services.dynamodb.table(cx.region, name) else { return Ok(()) };
    let now_there = others(table);
    let wanted: BTreeSet<String> = regions(cx).into_iter().filter(|r| r != cx.region).collect();
    let (scene, takes) = (scene(services, cx), cx.updating());
    let db = &mut *services.dynamodb;
    if let Some(to) = wanted.difference(&now_there).next() {
        replicas::add(db, &scene, name, to, takes).map_err(failure(cx))?;
    } else if let Some(at) = now_there.difference(&wanted).next() {
        replicas::remove(db, &scene, name, at, takes).map_err(failure(cx))?;
    }
    Ok(())
}

/// The template's properties in the terms of CreateTable.
fn definition(cx: &Cx<'_>, scene: &Scene<'_>) -> Result<Definition, Refusal> {
    let mut ask: Map<String, Value> = cx.props.as_object().cloned().unwrap_or_default();
    if let Some(spec) = ask.get_mut("StreamSpecification").and_then(Value::as_object_mut) {
        spec.insert("StreamEnabled".into(), json!(true));
    }
    let on_demand = cx.text("BillingMode").is_some_and(|m| m == "PAY_PER_REQUEST");
    if is_global(cx) && !on_demand && !ask.contains_key("ProvisionedThroughput") {
        // Global tables scale by themselves: the least capacity is what they begin with.
        let least = |path: &str| cx.props.pointer(path).and_then(Value::as_u64).unwrap_or(5);
        let write = least("/WriteProvisionedThroughputSettings/WriteCapacityAutoScalingSettings/MinCapacity");
        ask.insert(
            "ProvisionedThroughput".into(),
            json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": write}),
        );
    }
    let own = own_replica(cx);
    let protected = own.get("DeletionProtectionEnabled").or(cx.props.get("DeletionProtectionEnabled"));
    ask.insert("DeletionProtectionEnabled".into(), json!(truth(protected)));
    let mut definition = create::definition(&ask, scene)?;
    if is_global(cx) && regions(cx).len() > 1 && definition.stream.is_none() {
        return Err(Refusal::invalid(
            "StreamSpecification is required when a global table has more than one replica",
        ));
    }
    definition.ttl = cx
        .props
        .get("TimeToLiveSpecification")
        .filter(|s| truth(s.get("Enabled")))
        .and_then(|s| s.get("AttributeName")?.as_str().map(str::to_owned));
    let recovery =
        own.get("PointInTimeRecoverySpecification").or(cx.props.get("PointInTimeRecoverySpecification"));
    definition.recovery = truth(recovery.and_then(|s| s.get("PointInTimeRecoveryEnabled")));
    Ok(definition)
}

fn truth(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(b)) => *b,
        Some(Value::String(s)) => s.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// The template's entry for the stack's own Region.
fn own_replica(cx: &Cx<'_>) -> Map<String, Value> {
    let list = cx.props.get("Replicas").and_then(Value::as_array).into_iter().flatten();
    let own = list
        .filter_map(Value::as_object)
        .find(|r| r.get("Region").and_then(Value::as_str) == Some(cx.region));
    own.cloned().unwrap_or_default()
}

fn tags(cx: &Cx<'_>) -> BTreeMap<String, String> {
    let mut tags = cx.stack_tags.clone();
    let own = if is_global(cx) { Value::Object(own_replica(cx)) } else { cx.props.clone() };
    let list = own.get("Tags").and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |tag: &Value, name: &str| tag.get(name).and_then(Value::as_str).map(str::to_owned);
    tags.extend(list.iter().filter_map(|t| Some((text(t, "Key")?, text(t, "Value").unwrap_or_default()))));
    tags
}

fn attributes(services: &Services<'_>, cx: &Cx<'_>, name: &str) -> Attributes {
    let mut out = Attributes::new();
    let Some(table) = services.dynamodb.table(cx.region, name) else { return out };
    out.insert("Arn".into(), json!(table.arn));
    out.insert("TableId".into(), json!(table.id));
    if let Some(stream) = &table.definition.stream {
        let label = stream.since.iso8601().trim_end_matches('Z').to_owned();
        out.insert("StreamArn".into(), json!(format!("{}/stream/{label}", table.arn)));
    }
    out
}
