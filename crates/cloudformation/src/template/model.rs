//! A template as it was read: its sections, in the order they were written, with every intrinsic in
//! its long form.

use indexmap::IndexMap;
use serde_json::Value;

use super::error::Span;
use super::parameter::Parameter;

/// A CloudFormation template, well-formed and with every name in it known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    /// `AWSTemplateFormatVersion`, when given.
    pub format_version: Option<String>,
    /// What the template is for.
    pub description: Option<String>,
    /// `Metadata`, or null.
    pub metadata: Value,
    /// Parameters by name.
    pub parameters: IndexMap<String, Parameter>,
    /// Mappings by name; each is a map of maps.
    pub mappings: IndexMap<String, Value>,
    /// Conditions by name, intrinsics in long form.
    pub conditions: IndexMap<String, Value>,
    /// Rules over parameters by name.
    pub rules: IndexMap<String, Rule>,
    /// Resources by logical id, in template order.
    pub resources: IndexMap<String, Resource>,
    /// Outputs by name.
    pub outputs: IndexMap<String, Output>,
    /// Macros the template asks for, at the top or in `Fn::Transform`; practice runs none.
    pub transforms: Vec<String>,
    /// `Hooks`, or null.
    pub hooks: Value,
}

/// One resource of a template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    /// The resource type, `AWS::S3::Bucket`.
    pub kind: String,
    /// The properties; always a map; intrinsics in long form.
    pub properties: Value,
    /// Logical ids that must be complete first.
    pub depends_on: Vec<String>,
    /// The condition under which it exists.
    pub condition: Option<String>,
    /// What a deletion leaves.
    pub deletion_policy: Keep,
    /// What a replacement leaves of the old one.
    pub update_replace_policy: Keep,
    /// `CreationPolicy`, or null.
    pub creation_policy: Value,
    /// `UpdatePolicy`, or null.
    pub update_policy: Value,
    /// `Metadata`, or null.
    pub metadata: Value,
    /// Where the resource stands in the text.
    pub span: Option<Span>,
}

/// What remains of a resource that a stack gives up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// Nothing was said: each type has its default (nearly always `Delete`).
    #[default]
    Unsaid,
    /// It is deleted.
    Delete,
    /// It stays, outside of the stack.
    Retain,
    /// It stays unless the operation that created it is rolled back.
    RetainExceptOnCreate,
    /// A snapshot stays.
    Snapshot,
}

/// One output of a stack.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// What it is.
    pub description: Option<String>,
    /// Its value, intrinsics in long form.
    pub value: Value,
    /// The condition under which it exists.
    pub condition: Option<String>,
    /// The name other stacks import it by.
    pub export: Option<Export>,
}

/// The name under which an output is exported.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// The name, intrinsics in long form.
    pub name: Value,
}

/// A rule over the parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// When it applies; absent means always.
    pub condition: Option<Value>,
    /// What must hold, each with what to say if it doesn't.
    pub assertions: Vec<(Value, Option<String>)>,
}
