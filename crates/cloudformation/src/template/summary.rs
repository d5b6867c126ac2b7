//! What `GetTemplateSummary` and `ValidateTemplate` tell of a template.

use std::collections::BTreeSet;

use super::capabilities::Capability;
use super::model::Template;

/// A template in short. Its parameters are in [`Template::parameters`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The template's description.
    pub description: Option<String>,
    /// `AWSTemplateFormatVersion`.
    pub version: Option<String>,
    /// `Metadata` as JSON text.
    pub metadata: Option<String>,
    /// Resource types, once each, sorted.
    pub resource_types: Vec<String>,
    /// Macros asked for.
    pub transforms: Vec<String>,
    /// Acknowledgements needed.
    pub capabilities: Vec<Capability>,
    /// Why they are.
    pub capabilities_reason: Option<String>,
}

impl Template {
    /// The template in short.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let types: BTreeSet<&str> = self.resources.values().map(|resource| resource.kind.as_str()).collect();
        let iam = self.iam_types();
        Summary {
            description: self.description.clone(),
            version: self.format_version.clone(),
            metadata: (!self.metadata.is_null()).then(|| self.metadata.to_string()),
            resource_types: types.into_iter().filter(|kind| !kind.is_empty()).map(str::to_owned).collect(),
            transforms: self.transforms.clone(),
            capabilities: self.capabilities(),
            capabilities_reason: (!iam.is_empty())
                .then(|| format!("The following resource(s) require capabilities: [{}]", iam.join(", "))),
        }
    }
}
