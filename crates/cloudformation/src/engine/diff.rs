//! What an update would change: a stack beside the template and parameters it is to get. For
//! change sets, and to say that there is nothing to update.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::Engine;
use super::causes::{Cause, causes};
use super::change::{Change, ChangeAction, Detail, Replacement};
use super::host::{Host, cx};
use super::model::{Model, pseudo};
use super::resolver::StackResolver;
use super::resource::StackResource;
use super::stack::Stack;
use super::values::{changed_properties, plain};
use super::wish::Wish;
use crate::template::{Resolver, Resource, TemplateError};
use ground::clock::Moment;

/// What AWS writes for a value that only the update itself will make known.
const LATER: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// What differs between a stack and what it is to become.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// By resource, in the order of the new template; removals last.
    pub changes: Vec<Change>,
    /// Whether outputs, tags or the like differ.
    pub beyond_resources: bool,
}

impl Difference {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && !self.beyond_resources
    }
}

/// Compares `stack` with what `wish` (parsed and bound as `model`) would make of it.
///
/// # Errors
/// What CloudFormation would say of an intrinsic that cannot be resolved.
pub fn compare(
    engine: &Engine,
    host: &dyn Host,
    stack: &Stack,
    wish: &Wish,
    model: &Arc<Model>,
    at: Moment,
) -> Result<Difference, TemplateError> {
    let now = match &stack.model {
        Some(model) => Some(model.clone()),
        None if stack.resources.is_empty() => None,
        None => Some(Arc::new(Model::new(host, pseudo(stack), &stack.wish)?)),
    };
    let mut forecast = Forecast {
        resolver: StackResolver::new(engine, host, stack, at),
        unknown: BTreeSet::new(),
        host,
        stack,
        at,
    };
    let mut changes: Vec<Change> = Vec::new();
    for id in model.order() {
        if let Some(change) = forecast.resource(model, now.as_deref(), id)? {
            let new = match change.action {
                ChangeAction::Add => true,
                ChangeAction::Modify(replacement) => replacement != Replacement::False,
                ChangeAction::Remove(_) => false,
            };
            if new {
                forecast.unknown.insert(change.logical_id.clone());
            }
            changes.push(change);
        }
    }
    let place = |change: &Change| model.plan.live.iter().position(|id| *id == change.logical_id);
    changes.sort_by_key(place);
    let gone = stack.resources.values().filter(|r| !model.plan.live.contains(&r.logical_id));
    changes.extend(gone.map(removal));
    let beyond_resources = stack.wish.tags != wish.tags || forecast.outputs_differ(model, now.as_deref());
    Ok(Difference { changes, beyond_resources })
}

fn removal(resource: &StackResource) -> Change {
    Change {
        logical_id: resource.logical_id.clone(),
        physical_id: resource.physical_id.clone(),
        kind: resource.kind.clone(),
        action: ChangeAction::Remove(resource.deletion),
        scope: Vec::new(),
        details: Vec::new(),
    }
}

/// The stack as it would look on the way: what is to be made anew is not known yet.
struct Forecast<'a> {
    resolver: StackResolver<'a>,
    unknown: BTreeSet<String>,
    host: &'a dyn Host,
    stack: &'a Stack,
    at: Moment,
}

impl Forecast<'_> {
    fn resource(&self, new: &Model, now: Option<&Model>, id: &str) -> Result<Option<Change>, TemplateError> {
        let Some(spec) = new.template.resources.get(id) else { return Ok(None) };
        let blank = |physical_id, action| Change {
            logical_id: id.to_owned(),
            physical_id,
            kind: spec.kind.clone(),
            action,
            scope: Vec::new(),
            details: Vec::new(),
        };
        let failed = super::status::ResourceStatus::CreateFailed;
        let Some(old) = self.stack.live(id).filter(|r| r.status != failed) else {
            return Ok(Some(blank(None, ChangeAction::Add)));
        };
        let props = new.evaluate(&spec.properties, self)?;
        let mut details = self.properties(new, now, old, spec, &props);
        let before = now.and_then(|model| model.template.resources.get(id));
        details.extend(before.into_iter().flat_map(|before| around(before, spec)));
        if details.is_empty() {
            return Ok(None);
        }
        let replacement = details.iter().filter(|d| d.recreates).map(|d| d.cause.certain()).max();
        let replacement = match replacement {
            None => Replacement::False,
            Some(true) => Replacement::True,
            Some(false) => Replacement::Conditional,
        };
        let mut change = blank(old.physical_id.clone(), ChangeAction::Modify(replacement));
        for detail in &details {
            if !change.scope.contains(&detail.attribute) {
                change.scope.push(detail.attribute.clone());
            }
        }
        change.details = details;
        Ok(Some(change))
    }

    fn properties(
        &self,
        new: &Model,
        now: Option<&Model>,
        old: &StackResource,
        spec: &Resource,
        props: &Value,
    ) -> Vec<Detail> {
        let cx = cx(self.host, self.stack, old, self.at);
        let mut details = Vec::new();
        for name in changed_properties(&old.props, props) {
            let attribute = if name == "Tags" { "Tags" } else { "Properties" };
            let recreates = self.host.replaces(&cx, std::slice::from_ref(&name));
            let before = now.and_then(|model| model.template.resources.get(&old.logical_id));
            let raw = (before.and_then(|r| r.properties.get(&name)), spec.properties.get(&name));
            let bindings = (now.map(|model| &model.bindings), &new.bindings);
            for cause in causes(raw, bindings, &self.unknown) {
                details.push(Detail {
                    attribute: attribute.to_owned(),
                    name: (attribute == "Properties").then(|| name.clone()),
                    recreates,
                    cause,
                });
            }
        }
        details
    }

    fn outputs_differ(&self, new: &Model, now: Option<&Model>) -> bool {
        let said = |model: &Model| -> Vec<(String, String, Option<String>, Option<String>)> {
            let outputs =
                model.plan.outputs.iter().filter_map(|key| Some((key, model.template.outputs.get(key)?)));
            outputs
                .map(|(key, output)| {
                    let text = |value| {
                        let value = model.evaluate(value, self);
                        value.map(|v| plain(&v)).unwrap_or_default()
                    };
                    let export = output.export.as_ref().map(|export| text(&export.name));
                    (key.clone(), text(&output.value), output.description.clone(), export)
                })
                .collect()
        };
        now.is_some_and(|now| said(now) != said(new))
    }
}

impl Resolver for Forecast<'_> {
    fn reference(&self, id: &str) -> Option<String> {
        let later = self.unknown.contains(id) || self.stack.live(id).is_none();
        if later { Some(LATER.to_owned()) } else { self.resolver.reference(id) }
    }

    fn attribute(&self, id: &str, name: &str) -> Option<Value> {
        let later = self.unknown.contains(id) || self.stack.live(id).is_none();
        if later { Some(LATER.into()) } else { self.resolver.attribute(id, name) }
    }

    fn import(&self, name: &str) -> Option<String> {
        self.resolver.import(name)
    }

    fn zones(&self, region: &str) -> Vec<String> {
        self.resolver.zones(region)
    }

    fn dynamic(&self, reference: &str) -> Option<String> {
        self.resolver.dynamic(reference)
    }
}

/// What differs around the properties.
fn around(before: &Resource, after: &Resource) -> Vec<Detail> {
    let parts = [
        ("Metadata", before.metadata != after.metadata),
        ("CreationPolicy", before.creation_policy != after.creation_policy),
        ("UpdatePolicy", before.update_policy != after.update_policy),
        ("DeletionPolicy", before.deletion_policy != after.deletion_policy),
        ("UpdateReplacePolicy", before.update_replace_policy != after.update_replace_policy),
    ];
    parts
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(attribute, _)| Detail {
            attribute: attribute.to_owned(),
            name: None,
            recreates: false,
            cause: Cause::Template,
        })
        .collect()
}
