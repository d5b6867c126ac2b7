//! `AWS::RDS::*`: what a stack makes is what RDS's own calls see.

use std::time::Duration;

use serde_json::Value;

use super::refusal::service_failure;
use super::{Cx, Failure, Provider};
use crate::call::AwsError;
use crate::rds::Tags;
use crate::scene::Scene;
use crate::services::Services;

mod cluster;
mod global;
mod groups;
mod instance;

/// The provider of a type of the `RDS` family.
#[must_use]
pub fn provider(kind: &str) -> Option<&'static dyn Provider> {
    Some(match kind {
        "AWS::RDS::DBCluster" => &cluster::Cluster,
        "AWS::RDS::DBInstance" => &instance::Instance,
        "AWS::RDS::GlobalCluster" => &global::Global,
        "AWS::RDS::DBSubnetGroup" => &groups::Subnets,
        "AWS::RDS::DBClusterParameterGroup" | "AWS::RDS::DBParameterGroup" => &groups::Parameters,
        _ => return None,
    })
}

/// For how long a handler waits before it looks again.
const AGAIN: Duration = Duration::from_secs(5);

fn scene<'a>(services: &Services<'a>, cx: &Cx<'a>) -> Scene<'a> {
    services.scene(cx.region, cx.now)
}

fn failure(cx: &Cx<'_>) -> impl Fn(AwsError) -> Failure {
    |error| service_failure(cx, "Rds", &error)
}

/// The name the template gives, or the one CloudFormation makes up, lower case as RDS keeps it.
fn name(cx: &Cx<'_>, property: &str) -> String {
    cx.text(property).unwrap_or_else(|| {
        let made: String = cx.name().to_ascii_lowercase();
        // At most 63 characters, the end being what makes it unique.
        made.chars().skip(made.chars().count().saturating_sub(63)).collect()
    })
}

fn texts(cx: &Cx<'_>, property: &str) -> Vec<String> {
    let list = cx.props.get(property).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

fn number(cx: &Cx<'_>, property: &str) -> Option<u64> {
    cx.text(property)?.parse().ok()
}

fn optional_flag(cx: &Cx<'_>, property: &str) -> Option<bool> {
    cx.text(property).map(|_| cx.flag(property))
}

/// The stack's tags, the resource's own, and those CloudFormation adds.
fn tags(cx: &Cx<'_>) -> Tags {
    let mut tags: Tags = cx.stack_tags.clone();
    let text = |tag: &Value, name: &str| tag.get(name).and_then(Value::as_str).map(str::to_owned);
    let own = cx.props.get("Tags").and_then(Value::as_array).into_iter().flatten();
    tags.extend(own.filter_map(|t| Some((text(t, "Key")?, text(t, "Value").unwrap_or_default()))));
    for (key, value) in
        [("stack-name", cx.stack_name), ("stack-id", cx.stack_id), ("logical-id", cx.logical_id)]
    {
        tags.insert(format!("aws:cloudformation:{key}"), value.to_owned());
    }
    tags
}
