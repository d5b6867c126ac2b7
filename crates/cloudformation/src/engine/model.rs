//! A stack's template, parsed and bound to its parameters: what evaluation needs.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::host::Lookup;
use super::stack::Stack;
use super::status::Policy;
use super::wish::{ShownParameter, Wish};
use crate::template::{Bindings, Fault, Keep, Plan, Pseudo, Resolver, Resource, Template, TemplateError};

/// A template ready to be carried out for one stack.
#[derive(Clone, Debug)]
pub struct Model {
    /// The template.
    pub template: Template,
    /// Its parameters' values.
    pub bindings: Bindings,
    /// The stack it is for.
    pub pseudo: Pseudo,
    /// Which resources exist, and in what order.
    pub plan: Plan,
}

impl Model {
    /// Parses and binds `wish` for the stack that `pseudo` names.
    ///
    /// # Errors
    /// What CloudFormation would say of the template or its parameters.
    pub fn new(lookup: &dyn Lookup, pseudo: Pseudo, wish: &Wish) -> Result<Model, TemplateError> {
        let template = Template::parse(&wish.template)?;
        let ssm = |name: &str| lookup.parameter(&pseudo.region, name);
        let bindings = template.bind(&wish.parameters, None, &ssm)?;
        let plan = template.plan(&bindings, &pseudo)?;
        let model = Model { template, bindings, pseudo, plan };
        model.affordable()?;
        Ok(model)
    }

    /// The stack's model, made if it is not at hand.
    ///
    /// # Errors
    /// As `new`; a template that was accepted once is accepted again.
    pub fn of(lookup: &dyn Lookup, stack: &mut Stack) -> Result<Arc<Model>, TemplateError> {
        if let Some(model) = &stack.model {
            return Ok(model.clone());
        }
        let model = Arc::new(Model::new(lookup, pseudo(stack), &stack.wish)?);
        stack.model = Some(model.clone());
        Ok(model)
    }

    /// The parameters as they may be shown.
    #[must_use]
    pub fn shown_parameters(&self) -> Vec<ShownParameter> {
        let shown = |(key, bound): (&String, &crate::template::Bound)| ShownParameter {
            key: key.clone(),
            value: bound.shown_value().to_owned(),
            resolved: bound.resolved.clone(),
        };
        self.bindings.values.iter().map(shown).collect()
    }

    /// The live resources in an order in which each comes after what it needs.
    #[must_use]
    pub fn order(&self) -> Vec<&str> {
        let mut placed: BTreeSet<&str> = BTreeSet::new();
        let mut order: Vec<&str> = Vec::new();
        let mut left: Vec<&str> = self.plan.live.iter().map(String::as_str).collect();
        while !left.is_empty() {
            let ready = |id: &&str| {
                self.plan.needs.get(*id).is_none_or(|needs| needs.iter().all(|n| placed.contains(n.as_str())))
            };
            let (now, later): (Vec<&str>, Vec<&str>) = left.iter().partition(|id| ready(id));
            // The plan has no circles; should it have one, the rest keeps the template's order.
            let (now, later) = if now.is_empty() { (later, Vec::new()) } else { (now, later) };
            placed.extend(&now);
            order.extend(now);
            left = later;
        }
        order
    }

    /// What `logical_id` needs first.
    #[must_use]
    pub fn needs(&self, logical_id: &str) -> BTreeSet<String> {
        self.plan.needs.get(logical_id).cloned().unwrap_or_default()
    }

    /// The evaluated properties of a resource.
    ///
    /// # Errors
    /// What CloudFormation would say of an intrinsic that cannot be resolved.
    pub fn props(&self, resource: &Resource, resolver: &dyn Resolver) -> Result<Value, TemplateError> {
        self.evaluate(&resource.properties, resolver)
    }

    /// A value of the template, evaluated for this stack.
    ///
    /// # Errors
    /// What CloudFormation would say of an intrinsic that cannot be resolved.
    pub fn evaluate(&self, value: &Value, resolver: &dyn Resolver) -> Result<Value, TemplateError> {
        self.template.evaluate_in(&self.plan, value, &self.bindings, &self.pseudo, resolver)
    }

    /// Refuses a template whose values would be too large to make, before a stack is made of it:
    /// whatever is not known yet is taken for nothing, so what is refused here could only be larger.
    fn affordable(&self) -> Result<(), TemplateError> {
        let values = self.plan.live.iter().filter_map(|id| self.template.resources.get(id));
        let values = values.map(|resource| &resource.properties);
        let outputs = self.plan.outputs.iter().filter_map(|name| self.template.outputs.get(name));
        for value in values.chain(outputs.map(|output| &output.value)) {
            match self.evaluate(value, &Unmade) {
                Err(error) if matches!(error.fault(), Fault::TooCostly(_) | Fault::TooLarge(_)) => {
                    return Err(error);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What becomes of `resource` when the stack lets it go, and when it is replaced.
    #[must_use]
    pub fn policies(resource: &Resource) -> (Policy, Policy) {
        // Without a word of the template, databases that stand alone leave a snapshot.
        let unsaid = match resource.kind.as_str() {
            "AWS::RDS::DBCluster" => Policy::Snapshot,
            "AWS::RDS::DBInstance" if resource.properties.get("DBClusterIdentifier").is_none() => {
                Policy::Snapshot
            }
            _ => Policy::Delete,
        };
        (policy(resource.deletion_policy, unsaid), policy(resource.update_replace_policy, unsaid))
    }
}

/// The pseudo parameters of a stack.
#[must_use]
pub fn pseudo(stack: &Stack) -> Pseudo {
    Pseudo {
        notification_arns: stack.wish.notification_arns.clone(),
        ..Pseudo::new(&stack.account, &stack.region, &stack.name, &stack.id)
    }
}

/// A world in which all is there and nothing has a name yet.
struct Unmade;

impl Resolver for Unmade {
    fn reference(&self, _id: &str) -> Option<String> {
        Some(String::new())
    }

    fn attribute(&self, _id: &str, _name: &str) -> Option<Value> {
        Some(Value::String(String::new()))
    }

    fn import(&self, _name: &str) -> Option<String> {
        Some(String::new())
    }

    fn output(&self, _stack: &str, _name: &str, _region: &str) -> Option<String> {
        Some(String::new())
    }

    fn zones(&self, _region: &str) -> Vec<String> {
        Vec::new()
    }

    fn dynamic(&self, _reference: &str) -> Option<String> {
        Some(String::new())
    }
}

fn policy(keep: Keep, unsaid: Policy) -> Policy {
    match keep {
        Keep::Unsaid => unsaid,
        Keep::Delete => Policy::Delete,
        Keep::Retain => Policy::Retain,
        Keep::RetainExceptOnCreate => Policy::RetainExceptOnCreate,
        Keep::Snapshot => Policy::Snapshot,
    }
}
