//! Where programs may run: the learner's instances and functions, and what each is wired to, as the stacks'
//! resources say. Whether one does is the workload's to say (`programs`).

use base64::Engine as _;
use serde_json::Value;

use super::gateway::text;
use crate::site::Site;
use crate::world::World;
use ::cloudformation::engine::resource::StackResource;
use ::cloudformation::engine::stack::Stack;
use ::cloudformation::engine::status::{ResourceStatus, StackStatus};

/// The stacks of a Region whose systems run: created, and perhaps being changed since.
pub(super) fn complete<'w>(world: &'w World, region: &'w str) -> impl Iterator<Item = &'w Stack> {
    use StackStatus as S;
    world.cloudformation.living(region).filter(|stack| {
        matches!(
            stack.status,
            S::CreateComplete
                | S::UpdateInProgress
                | S::UpdateCompleteCleanup
                | S::UpdateComplete
                | S::UpdateFailed
                | S::UpdateRollbackInProgress
                | S::UpdateRollbackFailed
                | S::UpdateRollbackCleanup
                | S::UpdateRollbackComplete
        )
    })
}

/// The resources of a type that a stack has.
pub(super) fn of_kind<'s>(stack: &'s Stack, kind: &'s str) -> impl Iterator<Item = &'s StackResource> {
    let there = |r: &&StackResource| r.physical_id.is_some() && r.status != ResourceStatus::DeleteComplete;
    stack.resources.values().filter(move |r| r.kind == kind).filter(there)
}

/// The resource of a type with this physical id; host names have no capitals.
pub(super) fn by_id<'s>(stack: &'s Stack, kind: &'s str, id: &str) -> Option<&'s StackResource> {
    of_kind(stack, kind).find(|r| r.physical_id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id)))
}

/// An instance as a site, if it is running: with its start-up script and the cluster of its stack.
pub(super) fn instance(world: &World, stack: &Stack, instance: &StackResource) -> Option<Site> {
    let id = instance.physical_id.as_deref()?;
    let script = base64::engine::general_purpose::STANDARD.decode(text(&instance.props, "UserData")).ok()?;
    if !world.ec2.runs(id) {
        return None;
    }
    let cluster = of_kind(stack, "AWS::RDS::DBCluster").next().and_then(|r| r.physical_id.as_deref());
    let cluster = cluster.and_then(|id| world.rds.cluster(&stack.region, id));
    Some(Site::Instance {
        region: stack.region.clone(),
        script: script.into(),
        cluster: cluster.map(|cluster| cluster.arn.clone()),
    })
}

/// The instance that a service of Cloud Map leads to, by the service's ARN.
pub(super) fn mapped_instance<'s>(stack: &'s Stack, service_arn: &str) -> Option<&'s StackResource> {
    let service = of_kind(stack, "AWS::ServiceDiscovery::Service")
        .filter_map(|r| r.physical_id.as_deref())
        .find(|id| service_arn.ends_with(id))?;
    let entry = of_kind(stack, "AWS::ServiceDiscovery::Instance")
        .find(|r| text(&r.props, "ServiceId").ends_with(service))?;
    let address = entry.props.get("InstanceAttributes").map_or("", |a| text(a, "AWS_INSTANCE_IPV4"));
    of_kind(stack, "AWS::EC2::Instance")
        .find(|r| r.attributes.get("PrivateIp").and_then(Value::as_str) == Some(address))
        .or_else(|| by_id(stack, "AWS::EC2::Instance", text(&entry.props, "InstanceId")))
}

/// A function as a site, by its name or an ARN that contains it: with its environment.
pub(super) fn function(stack: &Stack, uri: &str) -> Option<Site> {
    let uri = uri.strip_suffix("/invocations").unwrap_or(uri);
    let function = of_kind(stack, "AWS::Lambda::Function").find(|r| {
        let name = r.physical_id.as_deref().unwrap_or_default();
        uri.eq_ignore_ascii_case(name) || uri.rsplit(':').next() == Some(name)
    })?;
    let variables = function.props.get("Environment").and_then(|environment| environment.get("Variables"));
    let texts = variables.and_then(Value::as_object).into_iter().flatten();
    let environment =
        texts.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect();
    Some(Site::Function { region: stack.region.clone(), environment })
}

/// The instance with this id as a site.
pub(crate) fn on_instance(world: &World, region: &str, id: &str) -> Option<Site> {
    complete(world, region).find_map(|stack| instance(world, stack, by_id(stack, "AWS::EC2::Instance", id)?))
}

/// The function of this name as a site.
pub(crate) fn in_function(world: &World, region: &str, name: &str) -> Option<Site> {
    complete(world, region).find_map(|stack| function(stack, name))
}
