//! CloudFormation's own resources: wait conditions and their handles. The waiting itself, and
//! stacks within stacks, are the engine's; custom resources go to the generic provider.

use super::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started};
use crate::services::Services;
use std::time::Duration;

/// The provider of a type of the `CloudFormation` family.
#[must_use]
pub fn provider(kind: &str) -> Option<&'static dyn Provider> {
    match kind {
        "AWS::CloudFormation::WaitCondition" | "AWS::CloudFormation::WaitConditionHandle" => Some(&Waiting),
        _ => None,
    }
}

#[derive(Debug)]
struct Waiting;

impl Provider for Waiting {
    fn create(&self, _services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let physical_id = match cx.kind {
            "AWS::CloudFormation::WaitConditionHandle" => format!(
                "https://cloudformation-waitcondition-{}.s3.amazonaws.com/{}/{}",
                cx.region,
                cx.stack_id.replace(':', "%3A").replace('/', "%2F"),
                cx.logical_id
            ),
            _ => format!("{}/{}/{}", cx.stack_id, cx.logical_id, cx.uuid()),
        };
        Ok(Started {
            physical_id,
            attributes: Attributes::new(),
            takes: Duration::from_secs(1).mul_f64(cx.scale),
        })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        _cx: &Cx<'_>,
        _physical_id: &str,
    ) -> Result<Attributes, Failure> {
        Ok(Attributes::new())
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
