//! What can be wrong with a template or its parameters, in CloudFormation's own words, so that the
//! practice API can answer with them unchanged.

use std::fmt;

use thiserror::Error;

use super::functions::SUPPORTED;

/// A place in the template's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// A template (or what was given to it) that CloudFormation would refuse. Its `Display` is the text
/// of AWS's `ValidationError`.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{fault}")]
pub struct TemplateError {
    fault: Fault,
    span: Option<Span>,
}

impl TemplateError {
    /// What is wrong.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Where in the text, when that is known.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.span
    }

    /// The same error, said to be at `span` unless it already has a place.
    #[must_use]
    pub(crate) fn at(mut self, span: Option<Span>) -> Self {
        self.span = self.span.or(span);
        self
    }
}

impl From<Fault> for TemplateError {
    fn from(fault: Fault) -> Self {
        Self { fault, span: None }
    }
}

/// The kinds of refusal. The texts are CloudFormation's.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// The text is not YAML.
    #[error("Template format error: YAML not well-formed.{}", place(*.0))]
    Yaml(Option<Span>),
    /// The text looks like JSON and isn't.
    #[error("Template format error: JSON not well-formed.{}", place(*.0))]
    Json(Option<Span>),
    /// A YAML alias or merge key, which CloudFormation has not.
    #[error("Template error: YAML aliases are not allowed in CloudFormation templates")]
    Alias,
    /// Deeper than any sensible template.
    #[error("Template format error: Template is nested too deeply (more than {0} levels).")]
    TooDeep(usize),
    /// An evaluation that would produce more than practice allows; so many bytes.
    #[error(
        "Template error: evaluating the intrinsic functions of this template would produce more than {0} bytes"
    )]
    TooCostly(usize),
    /// A value that is too large once it is evaluated; more than so many bytes.
    #[error("Template error: a value must have at most {0} bytes once its intrinsic functions are resolved")]
    TooLarge(usize),
    /// Not a map at the top.
    #[error("Template format error: unsupported structure.")]
    Structure,
    /// A section that does not exist.
    #[error("Invalid template property or properties [{}]", .0.join(", "))]
    UnknownSections(Vec<String>),
    /// A member of a resource that resources have not.
    #[error("Invalid template resource property '{0}'")]
    UnknownResourceMember(String),
    /// A member of a parameter that parameters have not.
    #[error("Invalid template parameter property '{0}'")]
    UnknownParameterMember(String),
    /// A `null` somewhere; the path names it.
    #[error("[{0}] 'null' values are not allowed in templates")]
    Null(String),
    /// Anything else about the format; the text is complete but for its prefix.
    #[error("Template format error: {0}")]
    Format(String),
    /// Names in Resources or in an intrinsic there that nothing in the template has.
    #[error("Template format error: Unresolved resource dependencies [{}] in the Resources block of the template", .0.join(", "))]
    UnresolvedResources(Vec<String>),
    /// Names in Outputs that nothing in the template has.
    #[error("Unresolved resource dependencies [{}] in the Outputs block of the template", .0.join(", "))]
    UnresolvedOutputs(Vec<String>),
    /// Names in Conditions or Rules that are no parameters.
    #[error("Template format error: Unresolved dependencies [{}]. Cannot reference resources in the {section} block of the template", .names.join(", "))]
    UnresolvedDependencies {
        /// The names.
        names: Vec<String>,
        /// `Conditions` or `Rules`.
        section: &'static str,
    },
    /// `Fn::GetAtt` of a resource that isn't there.
    #[error("Template error: instance of Fn::GetAtt references undefined resource {0}")]
    UndefinedResource(String),
    /// `Fn::GetAtt` of an attribute the type hasn't.
    #[error("Template error: resource {resource} does not support attribute type {attribute} in Fn::GetAtt")]
    UnknownAttribute {
        /// The resource's logical id.
        resource: String,
        /// The attribute asked for.
        attribute: String,
    },
    /// A condition that isn't there, in an `Fn::If`.
    #[error("Template error: unresolved condition dependency {0} in Fn::If")]
    UndefinedConditionInIf(String),
    /// A condition that isn't there, named by a resource, output or condition.
    #[error(
        "Template format error: Unresolved condition dependency {condition} in the {section} block of the template"
    )]
    UndefinedCondition {
        /// The condition's name.
        condition: String,
        /// `Resources`, `Outputs` or `Conditions`.
        section: &'static str,
    },
    /// Conditions that need each other.
    #[error("Template format error: Circular dependency between conditions: [{}]", .0.join(", "))]
    CircularConditions(Vec<String>),
    /// Resources that need each other.
    #[error("Circular dependency between resources: [{}]", .0.join(", "))]
    CircularResources(Vec<String>),
    /// An intrinsic used wrongly; the text is complete but for its prefix.
    #[error("Template error: {0}")]
    Function(String),
    /// A function that CloudFormation hasn't, or not here.
    #[error("Template error: Encountered unsupported function: {0} Supported functions are: [{SUPPORTED}]")]
    UnknownFunction(String),
    /// A mapping or one of its keys that isn't there.
    #[error("Template error: Unable to get mapping for {0}")]
    Mapping(String),
    /// The template wants transforms, which need a macro to run.
    #[error("No transform named {0} found.")]
    Transform(String),
    /// Parameters without a value.
    #[error("Parameters: [{}] must have values", .0.join(", "))]
    MissingParameters(Vec<String>),
    /// Values for parameters the template hasn't.
    #[error("Parameters: [{}] do not exist in the template", .0.join(", "))]
    UnknownParameters(Vec<String>),
    /// A value its parameter does not allow; the text is whole.
    #[error("{0}")]
    Parameter(String),
    /// An SSM parameter that isn't there.
    #[error("Unable to fetch parameters [{}] from parameter store for this account.", .0.join(","))]
    MissingSsm(Vec<String>),
    /// A rule's assertion that does not hold.
    #[error("Rule '{rule}' failed: {text}")]
    Rule {
        /// The rule's name.
        rule: String,
        /// Its `AssertDescription`, or what failed.
        text: String,
    },
    /// An export of another stack that isn't there.
    #[error("No export named {0} found.")]
    MissingExport(String),
    /// An output of another stack that isn't there.
    #[error("Output {output} of stack {stack} does not exist")]
    MissingOutput {
        /// The other stack's name.
        stack: String,
        /// The output's name.
        output: String,
    },
    /// A dynamic reference that can't be resolved; the text is whole.
    #[error("{0}")]
    Dynamic(String),
}

fn place(span: Option<Span>) -> String {
    span.map_or_else(String::new, |span| format!(" ({span})"))
}

/// The result of everything here.
pub(crate) type Outcome<T> = Result<T, TemplateError>;

/// An error about an intrinsic's use.
pub(crate) fn misuse(text: impl Into<String>) -> TemplateError {
    Fault::Function(text.into()).into()
}

/// An error about the template's format.
pub(crate) fn format_error(text: impl Into<String>) -> TemplateError {
    Fault::Format(text.into()).into()
}
