//! IAM: roles, policies, profiles, users. One account has one IAM for all Regions, so a name that a
//! stack in another Region uses is taken here too.

use super::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, generic, naming};
use crate::services::Services;
use ground::seed;

/// The provider of a type of the `IAM` family.
#[must_use]
pub fn provider(_kind: &str) -> Option<&'static dyn Provider> {
    Some(&Iam)
}

#[derive(Debug)]
struct Iam;

impl Provider for Iam {
    fn is_named_once(&self) -> bool {
        true
    }

    fn create(&self, _services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let physical_id = match cx.kind {
            "AWS::IAM::AccessKey" => format!("AKIA{}", cx.letters(16, seed::UPPER)),
            "AWS::IAM::ManagedPolicy" => {
                naming::arn_of(cx, &cx.text("ManagedPolicyName").unwrap_or_else(|| cx.name()))
            }
            // A policy's physical id is made from its stack and logical id, whatever its name.
            "AWS::IAM::Policy" => short(cx),
            _ => generic::physical_id(cx),
        };
        Ok(Started { attributes: attributes(cx, &physical_id), physical_id, takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        Ok(attributes(cx, physical_id))
    }

    fn delete(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        _physical_id: &str,
    ) -> Result<Deleting, Failure> {
        Ok(Deleting { takes: cx.deleting() })
    }

    fn finish_deletion(
        &self,
        _services: &mut Services<'_>,
        _cx: &Cx<'_>,
        _physical_id: &str,
    ) -> Result<(), Failure> {
        Ok(())
    }
}

fn short(cx: &Cx<'_>) -> String {
    let head = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    format!("{}-{}-{}", head(cx.stack_name, 5), head(cx.logical_id, 4), cx.letters(12, seed::UPPER))
}

fn attributes(cx: &Cx<'_>, physical_id: &str) -> Attributes {
    let mut attributes = Attributes::new();
    let mut set = |name: &str, value: String| attributes.insert(name.to_owned(), value.into());
    let path = cx.text("Path").unwrap_or_else(|| "/".to_owned());
    let arn = |resource: &str| format!("arn:aws:iam::{}:{resource}{path}{physical_id}", cx.account);
    let unique = |prefix: &str| format!("{prefix}{}", cx.letters(17, seed::UPPER));
    match cx.kind {
        "AWS::IAM::Role" => {
            set("Arn", arn("role"));
            set("RoleId", unique("AROA"));
        }
        "AWS::IAM::InstanceProfile" => {
            set("Arn", arn("instance-profile"));
        }
        "AWS::IAM::User" => {
            set("Arn", arn("user"));
        }
        "AWS::IAM::Group" => {
            set("Arn", arn("group"));
        }
        "AWS::IAM::AccessKey" => {
            set("SecretAccessKey", seed::letters(cx.hash("secret"), 40, seed::UPPER));
        }
        _ => {}
    }
    attributes
}
