//! DescribeStacks and ListStacks.

use crate::sources::Sources;
use ::cloudformation::engine::Engine;
use std::cmp::Reverse;

use super::{errors, input, stack_xml};
use crate::call::{Outcome, Reply, Request};
use crate::wire::Xml;
use ::cloudformation::engine::Stack;
use ::cloudformation::engine::status::StackStatus;

/// One stack, or all that live, page by page.
pub fn describe(engine: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let engine = &engine;
    if let Some(name) = call.params.get("StackName").filter(|name| !name.is_empty()) {
        let stack = engine.get(call.region, name).ok_or_else(|| errors::no_stack_with_id(name))?;
        let member = cached_xml(stack);
        return Ok(Reply::query(call, |xml| {
            xml.open("Stacks");
            xml.raw(member);
            xml.close("Stacks");
        }));
    }
    let start = input::page_start(call)?;
    let mut stacks: Vec<&Stack> = engine.living(call.region).collect();
    stacks.sort_by_key(|stack| (Reverse(stack.created), &stack.id));
    let page = stacks.iter().skip(start).take(input::PAGE);
    let members: Vec<&str> = page.map(|stack| cached_xml(stack)).collect();
    Ok(Reply::query(call, |xml| {
        xml.open("Stacks");
        members.iter().for_each(|member| xml.raw(member));
        xml.close("Stacks");
        xml.optional("NextToken", input::next_page(start + input::PAGE, stacks.len()));
    }))
}

/// A stack's XML, written once until the stack changes, because this is what every client asks again
/// and again. It is no part of the world, so that keeping it changes none.
fn cached_xml(stack: &Stack) -> &str {
    stack.rendered.get_or_init(|| {
        let mut xml = Xml::new();
        xml.nest("member", |xml| stack_xml::whole(xml, stack));
        xml.finish().into()
    })
}

/// All stacks, deleted ones too, in short.
pub fn list(engine: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let filter = call.params.list("StackStatusFilter.member");
    for status in &filter {
        if StackStatus::parse(status).is_none() && !status.starts_with("IMPORT_") {
            return Err(errors::constraint(
                &format!("[{status}]"),
                "stackStatusFilter",
                "satisfy enum value set",
            ));
        }
    }
    let start = input::page_start(call)?;
    let wanted = |stack: &&Stack| filter.is_empty() || filter.contains(&stack.status.as_str());
    let all: Vec<&Stack> = engine.all(call.region).into_iter().filter(wanted).collect();
    Ok(Reply::query(call, |xml| {
        let page = all.iter().skip(start).take(input::PAGE);
        xml.list("StackSummaries", "member", page, |xml, stack| stack_xml::summary(xml, stack));
        xml.optional("NextToken", input::next_page(start + input::PAGE, all.len()));
    }))
}
