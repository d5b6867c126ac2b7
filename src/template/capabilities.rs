//! What a person must acknowledge before a template may be deployed.

use super::model::Template;

/// An acknowledgement CloudFormation asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// The template makes IAM resources.
    Iam,
    /// It makes IAM resources with names of its own.
    NamedIam,
    /// It has macros.
    AutoExpand,
}

impl Capability {
    /// The name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Iam => "CAPABILITY_IAM",
            Self::NamedIam => "CAPABILITY_NAMED_IAM",
            Self::AutoExpand => "CAPABILITY_AUTO_EXPAND",
        }
    }

    /// Whether having acknowledged `given` (names of the API) is enough for this one.
    #[must_use]
    pub fn granted(self, given: &[String]) -> bool {
        let has = |capability: Self| given.iter().any(|name| name == capability.as_str());
        has(self) || (self == Self::Iam && has(Self::NamedIam))
    }
}

impl Template {
    /// The acknowledgements this template needs.
    #[must_use]
    pub fn capabilities(&self) -> Vec<Capability> {
        Vec::new()
    }

    /// The types for whose sake IAM must be acknowledged, once each, sorted.
    #[must_use]
    pub fn iam_types(&self) -> Vec<String> {
        Vec::new()
    }
}
