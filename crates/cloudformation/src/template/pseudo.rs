//! The pseudo parameters: what `Ref: AWS::Region` and its kin yield for a stack.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The stack an evaluation is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pseudo {
    /// Twelve digits.
    pub account_id: String,
    /// The Region's name.
    pub region: String,
    /// The stack's ARN.
    pub stack_id: String,
    /// The stack's name.
    pub stack_name: String,
    /// Topics told of the stack's events.
    pub notification_arns: Vec<String>,
}

/// The names `Ref` knows without a declaration.
pub(crate) const NAMES: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

impl Pseudo {
    /// The pseudo parameters of a stack without notifications.
    #[must_use]
    pub fn new(account_id: &str, region: &str, stack_name: &str, stack_id: &str) -> Self {
        Self {
            account_id: account_id.to_owned(),
            region: region.to_owned(),
            stack_id: stack_id.to_owned(),
            stack_name: stack_name.to_owned(),
            notification_arns: Vec::new(),
        }
    }

    /// `aws`, `aws-cn` or `aws-us-gov`.
    #[must_use]
    pub fn partition(&self) -> &'static str {
        match self.region.as_str() {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }

    /// The domain of the partition.
    #[must_use]
    pub fn url_suffix(&self) -> &'static str {
        if self.partition() == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" }
    }

    /// The value of a pseudo parameter by its name; `None` for another name and for `AWS::NoValue`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        Some(Value::from(match name {
            "AWS::AccountId" => self.account_id.as_str(),
            "AWS::Region" => self.region.as_str(),
            "AWS::StackId" => self.stack_id.as_str(),
            "AWS::StackName" => self.stack_name.as_str(),
            "AWS::Partition" => self.partition(),
            "AWS::URLSuffix" => self.url_suffix(),
            "AWS::NotificationARNs" => return Some(Value::from(self.notification_arns.clone())),
            _ => return None,
        }))
    }
}

/// Whether `name` is a pseudo parameter's.
pub(crate) fn is_pseudo(name: &str) -> bool {
    NAMES.contains(&name)
}
