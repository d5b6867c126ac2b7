//! Nested stacks: a resource that is itself a stack, from a template in the practice S3.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::begin::{self, NewStack};
use super::host::{Cx, Deleting, Failure, Host, Started, Updating};
use super::model::{Model, pseudo};
use super::resource::Attributes;
use super::status::{OnFailure, StackStatus};
use super::wish::{Parent, Wish};
use super::{Engine, diff};
use crate::template::Pseudo;

/// The type of such a resource.
pub(super) const KIND: &str = "AWS::CloudFormation::Stack";

/// How often the parent looks how its child fares.
const LOOK: Duration = Duration::from_secs(2);

/// How deep stacks may nest. AWS names no number, but a child begins within its parent's step: without
/// a bound, a template that nests itself would never come back.
const DEEPEST: u32 = 16;

/// What a child is when it has come to what its parent asked for.
const GOOD: [StackStatus; 2] = [StackStatus::CreateComplete, StackStatus::UpdateComplete];

pub(super) fn create(engine: &mut Engine, host: &mut dyn Host, cx: &Cx<'_>) -> Result<Started, Failure> {
    let depth = cx.parent.map_or(1, |above| above.depth + 1);
    if depth > DEEPEST {
        return Err(Failure::Failed(format!(
            "Stacks can be nested {DEEPEST} deep here: a template that nests itself has no end."
        )));
    }
    begin::room(engine, cx.region).map_err(Failure::Failed)?;
    let wish = wish(host, cx)?;
    let name = cx.name();
    let id = begin::new_id(engine, cx.seed, (cx.region, cx.account), &name);
    let model = model(host, Pseudo::new(cx.account, cx.region, &name, &id), &wish)?;
    let new = NewStack {
        region: cx.region.to_owned(),
        account: cx.account.to_owned(),
        name,
        wish,
        on_failure: OnFailure::Rollback,
        timeout_minutes: cx.text("TimeoutInMinutes").and_then(|text| text.parse().ok()),
        termination_protection: false,
        parent: Some(Parent {
            stack_id: cx.stack_id.to_owned(),
            root_id: cx.parent.map_or(cx.stack_id, |above| &above.root_id).to_owned(),
            depth,
        }),
    };
    begin::review(engine, new, id.clone(), cx.now);
    begin::create(engine, host, &id, model, None, cx.now);
    Ok(Started { physical_id: id, attributes: Attributes::new(), takes: LOOK })
}

pub(super) fn finish_creation(engine: &Engine, physical_id: &str) -> Result<Attributes, Failure> {
    child_outcome(engine, physical_id, "created", &GOOD)
}

pub(super) fn update(
    engine: &mut Engine,
    host: &mut dyn Host,
    cx: &Cx<'_>,
    physical_id: &str,
) -> Result<Updating, Failure> {
    let wish = wish(host, cx)?;
    let Some(child) = engine.by_id(physical_id) else { return Ok(Updating::Replace) };
    let model = model(host, pseudo(child), &wish)?;
    let difference = diff::compare(engine, host, child, &wish, &model, cx.now)
        .map_err(|error| Failure::Failed(error.to_string()))?;
    if !difference.is_empty() {
        begin::update(engine, host, physical_id, (wish, model), None, cx.now);
    }
    Ok(Updating::InPlace { takes: LOOK })
}

pub(super) fn finish_update(engine: &Engine, physical_id: &str) -> Result<Attributes, Failure> {
    child_outcome(engine, physical_id, "updated", &GOOD)
}

pub(super) fn delete(
    engine: &mut Engine,
    host: &mut dyn Host,
    cx: &Cx<'_>,
    physical_id: &str,
) -> Result<Deleting, Failure> {
    let status = engine.by_id(physical_id).map(|child| child.status);
    match status {
        Some(StackStatus::DeleteComplete) | None => {}
        Some(status) if status.in_progress() => return Err(Failure::NotYet(LOOK)),
        Some(_) => {
            begin::delete(engine, host, physical_id, Default::default(), None, cx.now);
        }
    }
    Ok(Deleting { takes: LOOK })
}

pub(super) fn finish_deletion(engine: &Engine, physical_id: &str) -> Result<(), Failure> {
    match engine.by_id(physical_id) {
        None => Ok(()),
        Some(_) => child_outcome(engine, physical_id, "deleted", &[StackStatus::DeleteComplete]).map(|_| ()),
    }
}

fn wish(host: &dyn Host, cx: &Cx<'_>) -> Result<Wish, Failure> {
    let url = cx.text("TemplateURL").unwrap_or_default();
    let template = host.template(&url).map_err(Failure::Failed)?;
    let parameters = cx.props.get("Parameters").and_then(Value::as_object).into_iter().flatten();
    let parameters: BTreeMap<String, String> =
        parameters.map(|(key, value)| (key.clone(), flat(value))).collect();
    Ok(Wish {
        template,
        parameters,
        tags: cx.stack_tags.clone(),
        capabilities: Vec::new(),
        notification_arns: Vec::new(),
        role_arn: None,
    })
}

fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(flat).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn model(host: &dyn Host, pseudo: Pseudo, wish: &Wish) -> Result<Arc<Model>, Failure> {
    Model::new(host, pseudo, wish).map(Arc::new).map_err(|error| Failure::Failed(error.to_string()))
}

/// What became of the child: its outputs, a wait, or why it failed.
fn child_outcome(engine: &Engine, id: &str, verb: &str, good: &[StackStatus]) -> Result<Attributes, Failure> {
    let Some(child) = engine.by_id(id) else {
        return Err(Failure::Failed(format!("Embedded stack {id} does not exist")));
    };
    if child.status.in_progress() {
        return Err(Failure::NotYet(LOOK));
    }
    if !good.contains(&child.status) {
        let own = child.events.iter().rev().filter(|event| event.logical_id == child.name);
        let reason = own.filter_map(|event| event.reason.as_deref()).next().unwrap_or_default();
        return Err(Failure::Failed(format!("Embedded stack {id} was not successfully {verb}: {reason}")));
    }
    let outputs = child.outputs.iter();
    Ok(outputs.map(|output| (format!("Outputs.{}", output.key), output.value.clone().into())).collect())
}
