//! DescribeChangeSet and ListChangeSets.

use super::change_sets::find_change_set;
use super::{errors, input, stack_xml};
use crate::call::{Outcome, Reply, Request};
use crate::sources::Sources;
use crate::wire::Xml;
use ::cloudformation::engine::Engine;
use ::cloudformation::engine::Stack;
use ::cloudformation::engine::causes::Cause;
use ::cloudformation::engine::change::{Change, ChangeAction, Detail, Replacement};
use ::cloudformation::engine::change_set::ChangeSet;
use ::cloudformation::engine::status::Policy;

/// One change set with its changes, page by page.
pub fn describe(engine: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let (stack, set) = find_change_set(engine, call)?;
    let start = input::page_start(call)?;
    Ok(Reply::query(call, |xml| {
        short(xml, stack, set);
        xml.list("Parameters", "member", &set.shown, |xml, shown| {
            xml.text("ParameterKey", &shown.key);
            xml.text("ParameterValue", &shown.value);
            xml.optional("ResolvedValue", shown.resolved.as_ref());
        });
        stack_xml::texts(xml, "NotificationARNs", &set.wish.notification_arns);
        xml.nest("RollbackConfiguration", |_| {});
        stack_xml::texts(xml, "Capabilities", &set.wish.capabilities);
        stack_xml::tags(xml, &set.wish.tags);
        let page = set.changes.iter().skip(start).take(input::PAGE);
        xml.list("Changes", "member", page, change);
        xml.optional("NextToken", input::next_page(start + input::PAGE, set.changes.len()));
        xml.optional(
            "OnStackFailure",
            set.on_failure.map(::cloudformation::engine::status::OnFailure::as_str),
        );
    }))
}

/// All change sets of a stack, in short.
pub fn list(engine: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let name = input::required_name(call, "StackName")?;
    let stack = engine.get(call.region, name).ok_or_else(|| errors::no_stack(name))?;
    Ok(Reply::query(call, |xml| {
        xml.list("Summaries", "member", stack.change_sets.values(), |xml, set| short(xml, stack, set));
    }))
}

fn short(xml: &mut Xml, stack: &Stack, set: &ChangeSet) {
    xml.text("StackId", &stack.id);
    xml.text("StackName", &stack.name);
    xml.text("ChangeSetId", &set.id);
    xml.text("ChangeSetName", &set.name);
    xml.text("ExecutionStatus", set.execution.as_str());
    xml.text("Status", set.status.as_str());
    xml.optional("StatusReason", set.reason.as_ref());
    xml.text("CreationTime", set.created.iso8601());
    xml.optional("Description", set.description.as_ref());
    xml.display("IncludeNestedStacks", false);
}

fn change(xml: &mut Xml, change: &Change) {
    xml.text("Type", "Resource");
    xml.nest("ResourceChange", |xml| {
        let action = match change.action {
            ChangeAction::Add => "Add",
            ChangeAction::Modify(_) => "Modify",
            ChangeAction::Remove(_) => "Remove",
        };
        if let ChangeAction::Remove(policy) = change.action {
            let kept = match policy {
                Policy::Delete => "Delete",
                Policy::Snapshot => "Snapshot",
                Policy::Retain | Policy::RetainExceptOnCreate => "Retain",
            };
            xml.text("PolicyAction", kept);
        }
        xml.text("Action", action);
        xml.text("LogicalResourceId", &change.logical_id);
        xml.optional("PhysicalResourceId", change.physical_id.as_ref());
        xml.text("ResourceType", &change.kind);
        if let ChangeAction::Modify(replacement) = change.action {
            xml.text("Replacement", replacement_text(replacement));
        }
        stack_xml::texts(xml, "Scope", &change.scope);
        xml.list("Details", "member", &change.details, detail);
    });
}

fn replacement_text(replacement: Replacement) -> &'static str {
    match replacement {
        Replacement::True => "True",
        Replacement::False => "False",
        Replacement::Conditional => "Conditional",
    }
}

fn detail(xml: &mut Xml, detail: &Detail) {
    xml.nest("Target", |xml| {
        xml.text("Attribute", &detail.attribute);
        xml.optional("Name", detail.name.as_ref());
        if detail.attribute == "Properties" {
            xml.text("RequiresRecreation", if detail.recreates { "Always" } else { "Never" });
        }
    });
    xml.text("Evaluation", if detail.cause.certain() { "Static" } else { "Dynamic" });
    let (source, entity) = match &detail.cause {
        Cause::Template => ("DirectModification", None),
        Cause::Parameter(name) => ("ParameterReference", Some(name)),
        Cause::Reference(name) => ("ResourceReference", Some(name)),
        Cause::Attribute(name) => ("ResourceAttribute", Some(name)),
    };
    xml.text("ChangeSource", source);
    xml.optional("CausingEntity", entity);
}
