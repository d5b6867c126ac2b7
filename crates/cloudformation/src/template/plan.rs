//! The plan of a stack: which resources it has under its conditions, and what each needs first.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::bind::Bindings;
use super::check::parts;
use super::conditions;
use super::error::{Fault, Outcome, TemplateError};
use super::evaluate::Evaluator;
use super::model::{Resource, Template};
use super::pseudo::Pseudo;
use super::references::{Branch, Mention, mentions, refuse_transform};
use super::resolver::EmptyResolver;
use super::rules;

/// What a stack will consist of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Resources whose condition holds, in template order.
    pub live: Vec<String>,
    /// By live resource: the live resources that must be complete before it.
    pub needs: BTreeMap<String, BTreeSet<String>>,
    /// Outputs whose condition holds, in template order.
    pub outputs: Vec<String>,
    /// Every condition's verdict.
    pub conditions: BTreeMap<String, bool>,
}

impl Template {
    /// Decides the conditions, checks the rules and draws the dependency graph.
    ///
    /// # Errors
    /// Names that lead nowhere under these conditions, circles, rules that do not hold.
    pub fn plan(&self, bindings: &Bindings, pseudo: &Pseudo) -> Result<Plan, TemplateError> {
        if let Some(name) = self.transforms.first() {
            return Err(refuse_transform(name));
        }
        let evaluator = Evaluator::new(self, bindings, pseudo, &EmptyResolver);
        let verdicts = conditions::verdicts(self, &evaluator)?;
        rules::check(self, &verdicts, &evaluator)?;
        let holds =
            |name: &Option<String>| name.as_ref().is_none_or(|name| verdicts.get(name) == Some(&true));
        let live: Vec<String> = self
            .resources
            .iter()
            .filter(|(_, resource)| holds(&resource.condition))
            .map(|(name, _)| name.clone())
            .collect();
        let alive: BTreeSet<&str> = live.iter().map(String::as_str).collect();
        let decide = |name: &str| verdicts.get(name).copied();
        let mut graph = Graph::new();
        for name in &live {
            if let Some(resource) = self.resources.get(name) {
                graph.insert(name, self.needs_of(name, resource, &alive, &decide)?);
            }
        }
        refuse_circles(self, &graph)?;
        let outputs = self.live_outputs(&alive, &decide, holds)?;
        let owned = |(name, of): (&str, BTreeSet<&str>)| {
            (name.to_owned(), of.into_iter().map(str::to_owned).collect::<BTreeSet<_>>())
        };
        let needs = graph.into_iter().map(owned).collect();
        Ok(Plan { live, needs, outputs, conditions: verdicts })
    }

    fn needs_of<'t>(
        &'t self,
        name: &'t str,
        resource: &'t Resource,
        alive: &BTreeSet<&str>,
        decide: Branch<'_>,
    ) -> Outcome<BTreeSet<&'t str>> {
        let (mut needs, mut dead) = (Named::new(), Named::new());
        for part in parts(resource) {
            let mut here = Named::new();
            self.collect_named(part, alive, decide, &mut here, &mut dead)?;
            // A resource's metadata may speak of the resource itself: it is read when it exists.
            if std::ptr::eq(part, &resource.metadata) {
                here.remove(name);
            }
            needs.append(&mut here);
        }
        if let Some((dead, how)) = dead.into_iter().next() {
            let fault = match how {
                How::Attribute => Fault::UndefinedResource(dead.to_owned()),
                How::Reference => Fault::UnresolvedResources(vec![dead.to_owned()]),
            };
            return Err(TemplateError::from(fault).at(resource.span));
        }
        let explicit = resource.depends_on.iter().map(String::as_str).filter(|name| alive.contains(name));
        Ok(needs.into_keys().chain(explicit).collect())
    }

    /// The resources that `value` names: those alive, and those whose condition does not hold.
    fn collect_named<'t>(
        &'t self,
        value: &'t Value,
        alive: &BTreeSet<&str>,
        decide: Branch<'_>,
        needs: &mut Named<'t>,
        dead: &mut Named<'t>,
    ) -> Outcome<()> {
        mentions(value, decide, &mut |mention| {
            let (name, how) = match mention {
                Mention::Name(name) | Mention::SubAttribute(name) => (name, How::Reference),
                Mention::Attribute(name) => (name, How::Attribute),
                Mention::Condition(_) | Mention::Mapping(_) | Mention::Transform(_) => return,
            };
            if alive.contains(name) {
                needs.insert(name, how);
            } else if self.resources.contains_key(name) {
                dead.insert(name, how);
            }
        })
    }

    fn live_outputs(
        &self,
        alive: &BTreeSet<&str>,
        decide: Branch<'_>,
        holds: impl Fn(&Option<String>) -> bool,
    ) -> Outcome<Vec<String>> {
        let mut live = Vec::new();
        for (name, output) in self.outputs.iter().filter(|(_, output)| holds(&output.condition)) {
            let (mut needs, mut dead) = (Named::new(), Named::new());
            self.collect_named(&output.value, alive, decide, &mut needs, &mut dead)?;
            if !dead.is_empty() {
                return Err(Fault::UnresolvedOutputs(dead.into_keys().map(str::to_owned).collect()).into());
            }
            live.push(name.clone());
        }
        Ok(live)
    }
}

/// How a resource is named, for the wording of an error.
#[derive(Clone, Copy)]
enum How {
    Reference,
    Attribute,
}

type Named<'t> = BTreeMap<&'t str, How>;
type Graph<'t> = BTreeMap<&'t str, BTreeSet<&'t str>>;

/// Refuses circles that exist under any conditions: among resources without one, outside of `Fn::If`.
pub(super) fn unconditional_circles(template: &Template) -> Outcome<()> {
    let mut graph = Graph::new();
    let always: BTreeSet<&str> = template
        .resources
        .iter()
        .filter(|(_, resource)| resource.condition.is_none())
        .map(|(name, _)| name.as_str())
        .collect();
    for name in &always {
        let Some(resource) = template.resources.get(*name) else { continue };
        let mut needs: BTreeSet<&str> =
            resource.depends_on.iter().map(String::as_str).filter(|name| always.contains(name)).collect();
        for part in parts(resource) {
            outside_of_if(part, &mut |mention| {
                if let Mention::Name(other) | Mention::Attribute(other) | Mention::SubAttribute(other) =
                    mention
                    && always.contains(other)
                    && !(other == *name && std::ptr::eq(part, &resource.metadata))
                {
                    needs.insert(other);
                }
            })?;
        }
        graph.insert(name, needs);
    }
    refuse_circles(template, &graph)
}

fn outside_of_if<'v>(value: &'v Value, found: &mut dyn FnMut(Mention<'v>)) -> Outcome<()> {
    match value {
        Value::Array(list) => list.iter().try_for_each(|item| outside_of_if(item, found)),
        Value::Object(map) if map.contains_key("Fn::If") => Ok(()),
        Value::Object(map) if super::functions::call(value).is_none() => {
            map.values().try_for_each(|member| outside_of_if(member, found))
        }
        Value::Object(map) if map.contains_key("Ref") || map.contains_key("Fn::GetAtt") => {
            mentions(value, &|_| None, found)
        }
        Value::Object(map) if map.contains_key("Fn::Sub") => match map.get("Fn::Sub") {
            Some(Value::Array(parts)) => parts.iter().try_for_each(|part| outside_of_if(part, found)),
            _ => mentions(value, &|_| None, found),
        },
        Value::Object(map) => map.values().try_for_each(|member| outside_of_if(member, found)),
        _ => Ok(()),
    }
}

/// Takes away what has no needs left, then what nothing needs; what stays is on a circle.
fn refuse_circles(template: &Template, graph: &Graph<'_>) -> Outcome<()> {
    let mut left = peel(graph);
    if left.is_empty() {
        return Ok(());
    }
    let mut needed_by = Graph::new();
    for name in &left {
        needed_by.entry(name).or_default();
        for needed in graph.get(name).into_iter().flatten().filter(|needed| left.contains(*needed)) {
            needed_by.entry(needed).or_default().insert(name);
        }
    }
    left = peel(&needed_by);
    let circle: Vec<String> =
        template.resources.keys().filter(|name| left.contains(name.as_str())).cloned().collect();
    let span =
        circle.first().and_then(|name| template.resources.get(name)).and_then(|resource| resource.span);
    Err(TemplateError::from(Fault::CircularResources(circle)).at(span))
}

/// What is left of a graph when everything whose needs are met is taken away again and again.
fn peel<'t>(graph: &Graph<'t>) -> BTreeSet<&'t str> {
    let mut open: BTreeMap<&str, usize> = graph.iter().map(|(name, needs)| (*name, needs.len())).collect();
    let mut dependents: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, needs) in graph {
        needs.iter().for_each(|needed| dependents.entry(needed).or_default().push(name));
    }
    let mut ready: Vec<&str> = open.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    let mut left: BTreeSet<&'t str> = graph.keys().copied().collect();
    while let Some(name) = ready.pop() {
        left.remove(name);
        for dependent in dependents.get(name).into_iter().flatten() {
            if let Some(count) = open.get_mut(dependent) {
                *count -= 1;
                if *count == 0 {
                    ready.push(dependent);
                }
            }
        }
    }
    left
}
