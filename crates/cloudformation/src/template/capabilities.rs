//! What a person must acknowledge before a template may be deployed.

use std::collections::BTreeSet;

use super::model::{Resource, Template};

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
    pub fn is_granted(self, given: &[String]) -> bool {
        let has = |capability: Self| given.iter().any(|name| name == capability.as_str());
        has(self) || (self == Self::Iam && has(Self::NamedIam))
    }
}

/// The types that ask for acknowledgement, each with the property that names it.
const IAM: [(&str, Option<&str>); 11] = [
    ("AWS::IAM::AccessKey", None),
    ("AWS::IAM::Group", Some("GroupName")),
    ("AWS::IAM::GroupPolicy", None),
    ("AWS::IAM::InstanceProfile", Some("InstanceProfileName")),
    ("AWS::IAM::ManagedPolicy", Some("ManagedPolicyName")),
    ("AWS::IAM::Policy", None),
    ("AWS::IAM::Role", Some("RoleName")),
    ("AWS::IAM::RolePolicy", None),
    ("AWS::IAM::User", Some("UserName")),
    ("AWS::IAM::UserPolicy", None),
    ("AWS::IAM::UserToGroupAddition", None),
];

impl Template {
    /// The acknowledgements this template needs. A named IAM resource asks for `NamedIam` alone,
    /// which includes `Iam`.
    #[must_use]
    pub fn capabilities(&self) -> Vec<Capability> {
        let named = |resource: &Resource| {
            IAM.iter().any(|(kind, name)| {
                *kind == resource.kind && name.is_some_and(|name| resource.properties.get(name).is_some())
            })
        };
        let mut needed = Vec::new();
        if self.resources.values().any(named) {
            needed.push(Capability::NamedIam);
        } else if !self.iam_types().is_empty() {
            needed.push(Capability::Iam);
        }
        if !self.transforms.is_empty() {
            needed.push(Capability::AutoExpand);
        }
        needed
    }

    /// The types for whose sake IAM must be acknowledged, once each, sorted.
    #[must_use]
    pub(super) fn iam_types(&self) -> Vec<String> {
        let kinds = self.resources.values().map(|resource| resource.kind.as_str());
        let asking: BTreeSet<&str> = kinds.filter(|kind| IAM.iter().any(|(iam, _)| iam == kind)).collect();
        asking.into_iter().map(str::to_owned).collect()
    }
}
