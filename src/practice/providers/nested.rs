//! Nested stacks: a resource that is itself a stack, from a template in the practice S3.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::{Attributes, Cx, Deleting, Failure, Provider, Started, Updating};
use crate::practice::cloudformation::template_from_url;
use crate::practice::engine::begin::{self, NewStack};
use crate::practice::engine::diff;
use crate::practice::engine::model::{Model, pseudo};
use crate::practice::engine::stack::{Parent, Wish};
use crate::practice::engine::status::{OnFailure, StackStatus};
use crate::practice::world::World;
use crate::template::Pseudo;

/// How often the parent looks how its child fares.
const LOOK: Duration = Duration::from_secs(2);

/// How deep stacks may nest. AWS names no number, but a child begins within its parent's step: without
/// a bound, a template that nests itself would never come back.
const DEEPEST: u32 = 16;

#[derive(Debug)]
pub(super) struct Nested;

impl Provider for Nested {
    fn create(&self, world: &mut World, cx: &Cx<'_>) -> Result<Started, Failure> {
        let depth = cx.parent.map_or(1, |above| above.depth + 1);
        if depth > DEEPEST {
            return Err(Failure::Failed(format!(
                "Stacks can be nested {DEEPEST} deep here: a template that nests itself has no end."
            )));
        }
        begin::room(world, cx.region).map_err(Failure::Failed)?;
        let wish = wish(world, cx)?;
        let name = cx.name();
        let id = begin::new_id(world, cx.region, cx.account, &name);
        let model = model(world, Pseudo::new(cx.account, cx.region, &name, &id), &wish)?;
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
        begin::review(world, new, id.clone(), cx.now);
        begin::create(world, &id, model, None, cx.now);
        Ok(Started { physical_id: id, attributes: Attributes::new(), takes: LOOK })
    }

    fn created(&self, world: &mut World, _cx: &Cx<'_>, physical_id: &str) -> Result<Attributes, Failure> {
        settled(world, physical_id, "created", &[StackStatus::CreateComplete, StackStatus::UpdateComplete])
    }

    fn update(
        &self,
        world: &mut World,
        cx: &Cx<'_>,
        physical_id: &str,
        _old_props: &Value,
    ) -> Result<Updating, Failure> {
        let wish = wish(world, cx)?;
        let Some(child) = world.cloudformation.by_id(physical_id) else { return Ok(Updating::Replace) };
        let model = model(world, pseudo(child), &wish)?;
        let difference = diff::compare(world, child, &wish, &model, cx.now)
            .map_err(|error| Failure::Failed(error.to_string()))?;
        if !difference.is_empty() {
            begin::update(world, physical_id, (wish, model), None, cx.now);
        }
        Ok(Updating::InPlace { takes: LOOK })
    }

    fn updated(&self, world: &mut World, _cx: &Cx<'_>, physical_id: &str) -> Result<Attributes, Failure> {
        settled(world, physical_id, "updated", &[StackStatus::CreateComplete, StackStatus::UpdateComplete])
    }

    fn delete(&self, world: &mut World, cx: &Cx<'_>, physical_id: &str) -> Result<Deleting, Failure> {
        let status = world.cloudformation.by_id(physical_id).map(|child| child.status);
        match status {
            Some(StackStatus::DeleteComplete) | None => {}
            Some(status) if status.in_progress() => return Err(Failure::NotYet(LOOK)),
            Some(_) => {
                begin::delete(world, physical_id, Default::default(), None, cx.now);
            }
        }
        Ok(Deleting { takes: LOOK })
    }

    fn deleted(&self, world: &mut World, _cx: &Cx<'_>, physical_id: &str) -> Result<(), Failure> {
        match world.cloudformation.by_id(physical_id) {
            None => Ok(()),
            Some(_) => settled(world, physical_id, "deleted", &[StackStatus::DeleteComplete]).map(|_| ()),
        }
    }
}

fn wish(world: &World, cx: &Cx<'_>) -> Result<Wish, Failure> {
    let url = cx.text("TemplateURL").unwrap_or_default();
    let template = template_from_url(world, &url).map_err(Failure::Failed)?;
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

fn model(world: &World, pseudo: Pseudo, wish: &Wish) -> Result<Arc<Model>, Failure> {
    Model::new(world, pseudo, wish).map(Arc::new).map_err(|error| Failure::Failed(error.to_string()))
}

/// What became of the child: its outputs, a wait, or why it failed.
fn settled(world: &World, id: &str, verb: &str, good: &[StackStatus]) -> Result<Attributes, Failure> {
    let Some(child) = world.cloudformation.by_id(id) else {
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
