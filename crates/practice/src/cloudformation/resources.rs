//! DescribeStackResource, DescribeStackResources, ListStackResources and SignalResource.

use super::{errors, input};
use crate::call::{Outcome, Reply, Request};
use crate::services::Services;
use crate::sources::Sources;
use crate::wire::Xml;
use ::cloudformation::engine::Engine;
use ::cloudformation::engine::resource::StackResource;
use ::cloudformation::engine::signals::Report;
use ::cloudformation::engine::{Stack, begin};

/// One resource in detail.
pub fn describe_one(engine: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let name = input::required_name(call, "StackName")?;
    let logical_id = input::required_name(call, "LogicalResourceId")?;
    let stack = engine
        .get(call.region, name)
        .ok_or_else(|| errors::validation(format!("Stack '{name}' does not exist")))?;
    let resource = stack.resources.get(logical_id).ok_or_else(|| {
        errors::validation(format!("Resource {logical_id} does not exist for stack {}", stack.name))
    })?;
    Ok(Reply::query(call, |xml| {
        xml.nest("StackResourceDetail", |xml| {
            owner(xml, stack);
            identity(xml, resource);
            xml.text("LastUpdatedTimestamp", resource.at.iso8601());
            status(xml, resource);
            xml.optional("Metadata", resource.metadata.as_ref().map(ToString::to_string));
            drift(xml);
        });
    }))
}

/// The resources of a stack (at most a hundred), or the one with a physical id.
pub fn describe_all(engine: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let params = &call.params;
    let stack = match (params.get("StackName"), params.get("PhysicalResourceId")) {
        (Some(_), _) => input::stack(engine, call)?,
        (None, Some(physical)) => engine
            .living(call.region)
            .find(|stack| stack.resources.values().any(|r| r.physical_id.as_deref() == Some(physical)))
            .ok_or_else(|| errors::validation(format!("Stack for {physical} does not exist")))?,
        (None, None) => {
            return Err(errors::validation("Either StackName or PhysicalResourceId must be specified."));
        }
    };
    let only = params.get("LogicalResourceId");
    let wanted = stack.resources.values().filter(|r| only.is_none_or(|id| id == r.logical_id)).take(100);
    Ok(Reply::query(call, |xml| {
        xml.list("StackResources", "member", wanted, |xml, resource| {
            owner(xml, stack);
            identity(xml, resource);
            xml.text("Timestamp", resource.at.iso8601());
            status(xml, resource);
            drift(xml);
        });
    }))
}

/// All resources of a stack, page by page.
pub fn list(engine: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let stack = input::stack(engine, call)?;
    let start = input::page_start(call)?;
    Ok(Reply::query(call, |xml| {
        let page = stack.resources.values().skip(start).take(input::PAGE);
        xml.list("StackResourceSummaries", "member", page, |xml, resource| {
            identity(xml, resource);
            xml.text("LastUpdatedTimestamp", resource.at.iso8601());
            status(xml, resource);
            drift(xml);
        });
        xml.optional("NextToken", input::next_page(start + input::PAGE, stack.resources.len()));
    }))
}

fn owner(xml: &mut Xml, stack: &Stack) {
    xml.text("StackName", &stack.name);
    xml.text("StackId", &stack.id);
}

fn identity(xml: &mut Xml, resource: &StackResource) {
    xml.text("LogicalResourceId", &resource.logical_id);
    xml.optional("PhysicalResourceId", resource.physical_id.as_ref());
    xml.text("ResourceType", &resource.kind);
}

fn status(xml: &mut Xml, resource: &StackResource) {
    xml.text("ResourceStatus", resource.status.as_str());
    xml.optional("ResourceStatusReason", resource.reason.as_ref());
}

fn drift(xml: &mut Xml) {
    xml.nest("DriftInformation", |xml| xml.text("StackResourceDriftStatus", "NOT_CHECKED"));
}

/// A signal from (or for) a machine.
pub fn signal(engine: &mut Engine, services: &mut Services<'_>, call: &Request<'_>) -> Outcome {
    let name = input::required_name(call, "StackName")?;
    let logical_id = input::required_name(call, "LogicalResourceId")?;
    let unique = input::required_name(call, "UniqueId")?;
    let report = match input::required_name(call, "Status")? {
        "SUCCESS" => Report::Success,
        "FAILURE" => Report::Failure,
        other => {
            return Err(errors::constraint(other, "status", "satisfy enum value set: [FAILURE, SUCCESS]"));
        }
    };
    let stack = engine
        .get(call.region, name)
        .ok_or_else(|| errors::validation(format!("Stack {name} does not exist")))?;
    if !stack.status.in_progress() {
        return Err(errors::validation(format!("Stack {} is in {} state", stack.id, stack.status.as_str())));
    }
    let id = stack.id.clone();
    if begin::signal(engine, services, &id, (logical_id, unique), report, call.now) {
        return Ok(Reply::query(call, |_| {}));
    }
    Err(errors::validation(format!("Resource {logical_id} of stack {name} is not waiting for a signal")))
}
