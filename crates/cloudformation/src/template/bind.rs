//! Binding: the values given to a template's parameters, checked and made ready for `Ref`.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::admit;
use super::error::{Fault, TemplateError};
use super::model::Template;
use super::parameter::ParameterType;
use super::references::refuse_transform;

/// Every parameter of a template with its value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bindings {
    /// By parameter name, in template order.
    pub values: indexmap::IndexMap<String, Bound>,
}

/// One parameter's value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// The text given, or the default.
    pub given: String,
    /// For an SSM type: what the store held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
    /// What `Ref` yields: a text, or a list of texts.
    pub value: Value,
    /// Whether it must be shown as `****`.
    pub no_echo: bool,
}

impl Bound {
    /// The text given, as `DescribeStacks` may show it.
    #[must_use]
    pub fn shown_value(&self) -> &str {
        if self.no_echo { "****" } else { &self.given }
    }
}

impl Bindings {
    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name).map(|bound| &bound.value)
    }

    /// The texts given, by name: what a later update may use as its previous values.
    #[must_use]
    pub fn given_values(&self) -> BTreeMap<String, String> {
        self.values.iter().map(|(name, bound)| (name.clone(), bound.given.clone())).collect()
    }
}

impl Template {
    /// Binds the parameters: `given` first, then `previous` (for `UsePreviousValue`: put only those
    /// names in it), then the default. `ssm` looks a name up in Systems Manager.
    ///
    /// # Errors
    /// A missing, unknown or refused value; a transform, which practice cannot run.
    pub fn bind(
        &self,
        given: &BTreeMap<String, String>,
        previous: Option<&BTreeMap<String, String>>,
        ssm: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Bindings, TemplateError> {
        if let Some(name) = self.transforms.first() {
            return Err(refuse_transform(name));
        }
        let unknown: Vec<String> =
            given.keys().filter(|name| !self.parameters.contains_key(*name)).cloned().collect();
        if !unknown.is_empty() {
            return Err(Fault::UnknownParameters(unknown).into());
        }
        let mut bindings = Bindings::default();
        let matched = Cell::new(0);
        let (mut missing, mut unfetched) = (Vec::new(), Vec::new());
        for (name, parameter) in &self.parameters {
            let before = previous.and_then(|previous| previous.get(name));
            let Some(text) = given.get(name).or(before).or(parameter.default.as_ref()) else {
                missing.push(name.clone());
                continue;
            };
            admit::check(name, parameter, text, &matched)?;
            let resolved = match parameter.kind {
                ParameterType::Ssm(_) => ssm(text),
                _ => None,
            };
            if resolved.is_none() && matches!(parameter.kind, ParameterType::Ssm(_)) {
                unfetched.push(text.clone());
            }
            let plain = resolved.as_deref().unwrap_or(text);
            let value = if parameter.kind.is_list() { members(plain).collect() } else { Value::from(plain) };
            let bound = Bound { given: text.clone(), value, no_echo: parameter.no_echo, resolved };
            bindings.values.insert(name.clone(), bound);
        }
        match (missing.is_empty(), unfetched.is_empty()) {
            (false, _) => Err(Fault::MissingParameters(missing).into()),
            (true, false) => Err(Fault::MissingSsm(unfetched).into()),
            (true, true) => Ok(bindings),
        }
    }
}

/// The members of a list written with commas. An empty text has one empty member, as in AWS.
pub(super) fn members(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim)
}
