//! CloudFormation templates as a user meets them: what is read, what is refused and in which words,
//! what values become, what a stack would consist of, and that no text brings the reader down.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must stop")]

mod evaluation;
mod format;
mod limits;
mod parameters;
mod planning;
mod texts;

use std::collections::BTreeMap;

use cloudformation::template::{Bindings, Pseudo, Resolver, Template, TemplateError};
use serde_json::{Value, json};

/// A world in which every resource exists.
pub struct Everything;

impl Resolver for Everything {
    fn reference(&self, id: &str) -> Option<String> {
        Some(format!("{id}-id"))
    }

    fn attribute(&self, id: &str, name: &str) -> Option<Value> {
        match name {
            "Missing" => None,
            "Ports" => Some(json!([80, 443])),
            _ => Some(format!("{id}/{name}").into()),
        }
    }

    fn import(&self, name: &str) -> Option<String> {
        (name == "net-vpc").then(|| "vpc-1".to_owned())
    }

    fn output(&self, stack: &str, name: &str, region: &str) -> Option<String> {
        (stack == "net").then(|| format!("{name}@{region}"))
    }

    fn zones(&self, region: &str) -> Vec<String> {
        ["a", "c"].map(|zone| format!("{region}{zone}")).to_vec()
    }

    fn dynamic(&self, reference: &str) -> Option<String> {
        match reference {
            "ssm:/shop/size:1" => Some("t4g.small".to_owned()),
            "secretsmanager:Secret-id:SecretString:password" => Some("s3same".to_owned()),
            _ => None,
        }
    }
}

/// The stack all of this is about.
pub fn pseudo() -> Pseudo {
    let id = "arn:aws:cloudformation:us-west-1:123456789012:stack/shop/1";
    Pseudo::new("123456789012", "us-west-1", "shop", id)
}

/// Binds with the values given; one SSM parameter exists.
pub fn bind(template: &Template, given: &[(&str, &str)]) -> Result<Bindings, TemplateError> {
    let given: BTreeMap<String, String> =
        given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    template.bind(&given, None, &|name| (name == "/ami/latest").then(|| "ami-0123".to_owned()))
}

/// The refusal of a template.
pub fn refusal(text: &str) -> String {
    Template::parse(text).expect_err("it should be refused").to_string()
}

/// A template whose one resource has `value` (YAML, one line) as its property `P`.
pub fn with(value: &str) -> String {
    format!(
        "Parameters:
  Env: {{Type: String, Default: prod}}
  Zones: {{Type: CommaDelimitedList, Default: 'a, b,c'}}
Mappings:
  Sizes: {{prod: {{size: large, ports: [80, 443]}}, test: {{size: small}}}}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  Test: !Not [Condition: Prod]
Resources:
  Other: {{Type: 'AWS::SNS::Topic'}}
  Secret: {{Type: 'AWS::SecretsManager::Secret'}}
  It:
    Type: AWS::SNS::Topic
    Properties:
      P: {value}
      Kept: 1
"
    )
}

/// What `P` becomes.
pub fn evaluated(value: &str) -> Result<Value, TemplateError> {
    let template = Template::parse(&with(value))?;
    let bindings = bind(&template, &[])?;
    let properties = &template.resources["It"].properties;
    let done = template.evaluate(properties, &bindings, &pseudo(), &Everything)?;
    Ok(done.get("P").cloned().unwrap_or(Value::Null))
}
