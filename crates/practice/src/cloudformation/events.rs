//! DescribeStackEvents and DescribeEvents, newest first.

use super::{errors, input};
use crate::call::{AwsError, Call, Outcome, Reply, Request};
use crate::sources::Sources;
use crate::wire::Xml;
use ::cloudformation::engine::Engine;
use ::cloudformation::engine::Stack;
use ::cloudformation::engine::event::Event;

/// The events of a stack. A page's token counts from the oldest event, so that events told in the
/// meantime do not shift the pages.
pub fn stack_events(engine: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let name = input::required_name(call, "StackName")?;
    let stack = engine.get(call.region, name).ok_or_else(|| errors::no_stack(name))?;
    let end = end(call, stack.events.len())?;
    let start = end.saturating_sub(input::PAGE);
    Ok(Reply::query(call, |xml| {
        let page = stack.events[start..end].iter().rev();
        xml.list("StackEvents", "member", page, |xml, event| stack_event(xml, stack, event));
        xml.optional("NextToken", (start > 0).then(|| format!("page-{start}")));
    }))
}

fn end(call: &Call<'_>, count: usize) -> Result<usize, AwsError> {
    Ok(match input::page_start(call)? {
        0 => count,
        end => end.min(count),
    })
}

fn stack_event(xml: &mut Xml, stack: &Stack, event: &Event) {
    xml.text("StackId", &stack.id);
    xml.text("EventId", &event.id);
    xml.text("StackName", &stack.name);
    xml.optional("OperationId", event.operation.as_ref().map(|(_, id)| id));
    common(xml, event);
}

fn common(xml: &mut Xml, event: &Event) {
    xml.text("LogicalResourceId", &event.logical_id);
    xml.text("PhysicalResourceId", &event.physical_id);
    xml.text("ResourceType", &event.kind);
    xml.text("Timestamp", event.at.iso8601());
    xml.text("ResourceStatus", event.status.as_str());
    xml.optional("ResourceStatusReason", event.reason.as_ref());
    xml.optional("ResourceProperties", event.props.as_ref());
    xml.optional("ClientRequestToken", event.token.as_ref());
    xml.optional("DetailedStatus", event.configured.then_some("CONFIGURATION_COMPLETE"));
}

/// The events of a stack's operations, or only the failures: the way to the first real error.
pub fn operation_events(engine: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let operation = call.params.get("OperationId");
    let stack = match (call.params.get("StackName"), operation) {
        (Some(name), _) => engine.get(call.region, name).ok_or_else(|| errors::no_stack(name))?,
        (None, Some(id)) => engine
            .all(call.region)
            .into_iter()
            .find(|stack| stack.history.iter().any(|(_, known)| known == id))
            .ok_or_else(|| errors::validation(format!("Operation [{id}] does not exist")))?,
        (None, None) => return Err(errors::validation("Either StackName or OperationId must be specified.")),
    };
    let failures = call.params.flag("Filters.FailedEvents") == Some(true);
    let wanted: Vec<&Event> = stack
        .events
        .iter()
        .filter(|event| operation.is_none_or(|id| event.operation.as_ref().is_some_and(|(_, own)| own == id)))
        .filter(|event| !failures || real_failure(event))
        .collect();
    let end = end(call, wanted.len())?;
    let start = end.saturating_sub(input::PAGE);
    Ok(Reply::query(call, |xml| {
        let page = wanted[start..end].iter().rev();
        xml.list("OperationEvents", "member", page, |xml, event| operation_event(xml, stack, event));
        xml.optional("NextToken", (start > 0).then(|| format!("page-{start}")));
    }))
}

/// A failure of its own, not one that another failure brought with it.
fn real_failure(event: &Event) -> bool {
    let cancelled = event.reason.as_deref().is_some_and(|reason| reason.ends_with("cancelled"));
    event.is_failure() && !cancelled && event.kind != "AWS::CloudFormation::Stack"
}

fn operation_event(xml: &mut Xml, stack: &Stack, event: &Event) {
    xml.text("EventId", &event.id);
    xml.text("StackId", &stack.id);
    if let Some((kind, id)) = &event.operation {
        xml.text("OperationId", id);
        xml.text("OperationType", kind.as_str());
    }
    xml.text("EventType", if real_failure(event) { "PROVISIONING_ERROR" } else { "STACK_EVENT" });
    common(xml, event);
}
