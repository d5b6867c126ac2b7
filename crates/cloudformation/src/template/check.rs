//! What can be said of a template before it has parameters: every name leads somewhere, every
//! intrinsic has its form, conditions make no circle, and neither do resources whatever the conditions.

use indexmap::IndexSet;
use serde_json::Value;

use super::conditions;
use super::error::{Fault, Outcome, Span, TemplateError};
use super::evaluate::no_mapping;
use super::model::{Resource, Template};
use super::plan;
use super::pseudo::is_pseudo;
use super::references::{Mention, mentions};
use super::source::Places;

/// Checks the whole template; notes the macros it asks for, and stops there when it asks for any.
pub(super) fn whole(template: &mut Template, places: &Places) -> Outcome<()> {
    let mut wanted = Vec::new();
    for resource in template.resources.values() {
        transforms_in(&resource.properties, &mut wanted);
    }
    if template.resources.contains_key("Fn::Transform") {
        wanted.push("Fn::Transform");
    }
    let wanted: Vec<String> = wanted.into_iter().map(str::to_owned).collect();
    for name in wanted {
        if !template.transforms.contains(&name) {
            template.transforms.push(name);
        }
    }
    if !template.transforms.is_empty() {
        return Ok(());
    }
    conditions::order(template)?;
    in_conditions(template, places)?;
    in_resources(template)?;
    in_outputs(template, places)?;
    plan::unconditional_circles(template)
}

/// The names of the macros that `Fn::Transform` calls in `value`.
fn transforms_in<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Array(list) => list.iter().for_each(|item| transforms_in(item, found)),
        Value::Object(map) => {
            for (key, member) in map {
                if key == "Fn::Transform" {
                    found.push(member.get("Name").and_then(Value::as_str).unwrap_or("Fn::Transform"));
                }
                transforms_in(member, found);
            }
        }
        _ => {}
    }
}

/// The parts of a resource in which intrinsics are evaluated.
pub(super) fn parts(resource: &Resource) -> [&Value; 4] {
    [&resource.properties, &resource.metadata, &resource.creation_policy, &resource.update_policy]
}

fn in_conditions(template: &Template, places: &Places) -> Outcome<()> {
    let known = |name: &str| template.parameters.contains_key(name) || is_pseudo(name);
    for (name, value) in &template.conditions {
        let mut foreign = IndexSet::new();
        let result = collect(template, value, &mut |mention| {
            if let Mention::Name(name) | Mention::Attribute(name) | Mention::SubAttribute(name) = mention
                && !known(name)
            {
                foreign.insert(name.to_owned());
            }
        });
        let result = result.and_then(|()| match foreign.is_empty() {
            true => Ok(()),
            false => {
                let names = foreign.into_iter().collect();
                Err(Fault::UnresolvedDependencies { names, section: "Conditions" }.into())
            }
        });
        result.map_err(|error| error.at(places.of("Conditions", name)))?;
    }
    Ok(())
}

fn in_resources(template: &Template) -> Outcome<()> {
    let mut unresolved = Unresolved::default();
    for resource in template.resources.values() {
        condition(template, resource.condition.as_deref(), "Resources")
            .map_err(|error| error.at(resource.span))?;
        for name in resource.depends_on.iter().filter(|name| !template.resources.contains_key(*name)) {
            unresolved.add(name, resource.span);
        }
        for part in parts(resource) {
            names(template, part, &mut unresolved, resource.span).map_err(|error| error.at(resource.span))?;
        }
    }
    unresolved.refuse(Fault::UnresolvedResources)
}

fn in_outputs(template: &Template, places: &Places) -> Outcome<()> {
    let mut unresolved = Unresolved::default();
    for (name, output) in &template.outputs {
        let span = places.of("Outputs", name);
        condition(template, output.condition.as_deref(), "Outputs").map_err(|error| error.at(span))?;
        names(template, &output.value, &mut unresolved, span).map_err(|error| error.at(span))?;
        if let Some(export) = &output.export {
            names(template, &export.name, &mut unresolved, span).map_err(|error| error.at(span))?;
        }
    }
    unresolved.refuse(Fault::UnresolvedOutputs)
}

fn condition(template: &Template, name: Option<&str>, section: &'static str) -> Outcome<()> {
    match name {
        Some(name) if !template.conditions.contains_key(name) => {
            Err(Fault::UndefinedCondition { condition: name.to_owned(), section }.into())
        }
        _ => Ok(()),
    }
}

/// Names that lead nowhere, and where the first of them stands.
#[derive(Default)]
struct Unresolved {
    names: IndexSet<String>,
    span: Option<Span>,
}

impl Unresolved {
    fn add(&mut self, name: &str, span: Option<Span>) {
        self.span = self.span.or(span);
        if !self.names.contains(name) {
            self.names.insert(name.to_owned());
        }
    }

    fn refuse(self, fault: fn(Vec<String>) -> Fault) -> Outcome<()> {
        match self.names.is_empty() {
            true => Ok(()),
            false => Err(TemplateError::from(fault(self.names.into_iter().collect())).at(self.span)),
        }
    }
}

fn names(template: &Template, value: &Value, unresolved: &mut Unresolved, span: Option<Span>) -> Outcome<()> {
    let mut undefined = None;
    collect(template, value, &mut |mention| match mention {
        Mention::Name(name)
            if !template.resources.contains_key(name)
                && !template.parameters.contains_key(name)
                && !is_pseudo(name) =>
        {
            unresolved.add(name, span);
        }
        Mention::SubAttribute(name) if !template.resources.contains_key(name) => unresolved.add(name, span),
        Mention::Attribute(name) if !template.resources.contains_key(name) => {
            undefined = Some(name.to_owned())
        }
        _ => {}
    })?;
    undefined.map_or(Ok(()), |name| Err(Fault::UndefinedResource(name).into()))
}

/// Walks every branch; conditions and mappings that do not exist are refused here.
fn collect<'v>(template: &Template, value: &'v Value, found: &mut dyn FnMut(Mention<'v>)) -> Outcome<()> {
    let mut refused: Option<TemplateError> = None;
    mentions(value, &|_| None, &mut |mention| match mention {
        Mention::Condition(name) if !template.conditions.contains_key(name) => {
            refused.get_or_insert_with(|| Fault::UndefinedConditionInIf(name.to_owned()).into());
        }
        Mention::Mapping(name) if !template.mappings.contains_key(name) => {
            refused.get_or_insert_with(|| no_mapping(name));
        }
        other => found(other),
    })?;
    refused.map_or(Ok(()), Err)
}
