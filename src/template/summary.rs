//! What `GetTemplateSummary` and `ValidateTemplate` tell of a template.

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
        Summary::default()
    }
}
