//! A declared parameter: its type and what its values must satisfy.

use std::fmt;

/// A parameter as the template declares it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its type.
    pub kind: ParameterType,
    /// Its value when none is given.
    pub default: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The only values allowed; empty when any is.
    pub allowed_values: Vec<String>,
    /// A regular expression the whole value must match.
    pub allowed_pattern: Option<String>,
    /// What to say instead of the pattern.
    pub constraint_description: Option<String>,
    /// Least length, in characters.
    pub min_length: Option<u64>,
    /// Greatest length, in characters.
    pub max_length: Option<u64>,
    /// Least value of a number.
    pub min_value: Option<f64>,
    /// Greatest value of a number.
    pub max_value: Option<f64>,
    /// Whether its value is shown as `****`.
    pub no_echo: bool,
}

/// The type of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterType {
    /// Any text.
    String,
    /// A number; used as text.
    Number,
    /// Texts between commas.
    CommaDelimitedList,
    /// `List<Number>`.
    NumberList,
    /// One thing of the account, `AWS::EC2::VPC::Id`.
    Aws(String),
    /// `List<AWS::EC2::Subnet::Id>`; the inner name.
    AwsList(String),
    /// `AWS::SSM::Parameter::Value<...>`: the value given names a parameter of Systems Manager.
    Ssm(Box<ParameterType>),
}

impl ParameterType {
    /// The type of that name; `None` if CloudFormation has none such.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let inner = |prefix: &str| name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix('>'));
        if let Some(of) = inner("AWS::SSM::Parameter::Value<") {
            return match Self::parse(of)? {
                Self::Ssm(_) | Self::Number | Self::NumberList => None,
                of => Some(Self::Ssm(Box::new(of))),
            };
        }
        if let Some(of) = inner("List<") {
            return match of {
                "Number" => Some(Self::NumberList),
                "String" => Some(Self::CommaDelimitedList),
                of if of.starts_with("AWS::") && !of.contains('<') => Some(Self::AwsList(of.to_owned())),
                _ => None,
            };
        }
        match name {
            "String" => Some(Self::String),
            "Number" => Some(Self::Number),
            "CommaDelimitedList" => Some(Self::CommaDelimitedList),
            _ if name.starts_with("AWS::") && !name.contains(['<', '>']) => Some(Self::Aws(name.to_owned())),
            _ => None,
        }
    }

    /// Whether its value is a list.
    #[must_use]
    pub fn is_list(&self) -> bool {
        match self {
            Self::CommaDelimitedList | Self::NumberList | Self::AwsList(_) => true,
            Self::Ssm(of) => of.is_list(),
            Self::String | Self::Number | Self::Aws(_) => false,
        }
    }
}

impl fmt::Display for ParameterType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("String"),
            Self::Number => f.write_str("Number"),
            Self::CommaDelimitedList => f.write_str("CommaDelimitedList"),
            Self::NumberList => f.write_str("List<Number>"),
            Self::Aws(name) => f.write_str(name),
            Self::AwsList(name) => write!(f, "List<{name}>"),
            Self::Ssm(of) => write!(f, "AWS::SSM::Parameter::Value<{of}>"),
        }
    }
}
