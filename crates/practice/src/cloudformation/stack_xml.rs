//! A stack as XML: the member of `DescribeStacks`, and the summary of `ListStacks`.

use crate::wire::Xml;
use ::cloudformation::engine::Stack;
use ::cloudformation::engine::status::{OnFailure, StackStatus};

/// Everything `DescribeStacks` tells of a stack.
pub fn whole(xml: &mut Xml, stack: &Stack) {
    xml.text("StackId", &stack.id);
    xml.text("StackName", &stack.name);
    xml.optional("ChangeSetId", stack.change_set.as_ref());
    xml.optional("Description", stack.description.as_ref());
    parameters(xml, stack);
    times(xml, stack);
    xml.nest("RollbackConfiguration", |_| {});
    status(xml, stack);
    let disabled = stack.on_failure == OnFailure::DoNothing || stack.keep_failed_update;
    xml.display("DisableRollback", disabled);
    texts(xml, "NotificationARNs", &stack.wish.notification_arns);
    xml.optional("TimeoutInMinutes", stack.timeout_minutes.map(|minutes| minutes.to_string()));
    if !stack.wish.capabilities.is_empty() {
        texts(xml, "Capabilities", &stack.wish.capabilities);
    }
    outputs(xml, stack);
    xml.optional("RoleARN", stack.wish.role_arn.as_ref());
    tags(xml, &stack.wish.tags);
    xml.display("EnableTerminationProtection", stack.termination_protection);
    belonging(xml, stack);
    xml.nest("DriftInformation", |xml| xml.text("StackDriftStatus", "NOT_CHECKED"));
    operations(xml, stack);
}

/// What `ListStacks` tells of a stack.
pub fn summary(xml: &mut Xml, stack: &Stack) {
    xml.text("StackId", &stack.id);
    xml.text("StackName", &stack.name);
    xml.optional("TemplateDescription", stack.description.as_ref());
    times(xml, stack);
    status(xml, stack);
    belonging(xml, stack);
    xml.nest("DriftInformation", |xml| xml.text("StackDriftStatus", "NOT_CHECKED"));
    operations(xml, stack);
}

fn times(xml: &mut Xml, stack: &Stack) {
    xml.text("CreationTime", stack.created.iso8601());
    xml.optional("LastUpdatedTime", stack.updated.map(|at| at.iso8601()));
    xml.optional("DeletionTime", stack.deleted.map(|at| at.iso8601()));
}

fn status(xml: &mut Xml, stack: &Stack) {
    xml.text("StackStatus", stack.status.as_str());
    let reason = stack.reason.as_ref().filter(|_| stack.status != StackStatus::CreateInProgress);
    xml.optional("StackStatusReason", reason);
}

fn belonging(xml: &mut Xml, stack: &Stack) {
    if let Some(parent) = &stack.parent {
        xml.text("ParentId", &parent.stack_id);
        xml.text("RootId", &parent.root_id);
    }
}

fn operations(xml: &mut Xml, stack: &Stack) {
    let last = stack.history.iter().rev().take(1);
    xml.list("LastOperations", "member", last, |xml, (kind, id)| {
        xml.text("OperationType", kind.as_str());
        xml.text("OperationId", id);
    });
}

fn parameters(xml: &mut Xml, stack: &Stack) {
    if stack.parameters.is_empty() {
        return;
    }
    xml.list("Parameters", "member", &stack.parameters, |xml, shown| {
        xml.text("ParameterKey", &shown.key);
        xml.text("ParameterValue", &shown.value);
        xml.optional("ResolvedValue", shown.resolved.as_ref());
    });
}

fn outputs(xml: &mut Xml, stack: &Stack) {
    if stack.outputs.is_empty() {
        return;
    }
    xml.list("Outputs", "member", &stack.outputs, |xml, output| {
        xml.text("OutputKey", &output.key);
        xml.text("OutputValue", &output.value);
        xml.optional("Description", output.description.as_ref());
        xml.optional("ExportName", output.export.as_ref());
    });
}

/// Tags as key and value.
pub fn tags(xml: &mut Xml, tags: &std::collections::BTreeMap<String, String>) {
    xml.list("Tags", "member", tags, |xml, (key, value)| {
        xml.text("Key", key);
        xml.text("Value", value);
    });
}

/// A list of plain texts.
pub fn texts(xml: &mut Xml, name: &str, items: &[String]) {
    xml.list(name, "member", items, |xml, item| xml.escape(item));
}
