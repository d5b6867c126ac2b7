//! ListExports, ListImports and DescribeAccountLimits.

use super::{errors, input};
use crate::call::{Outcome, Reply, Request};
use crate::sources::Sources;
use ::cloudformation::engine::Engine;
use ::cloudformation::engine::exports;

/// The exports of a Region.
pub fn list(engine: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let all = exports::list(engine, call.region);
    let start = input::page_start(call)?;
    Ok(Reply::query(call, |xml| {
        let page = all.iter().skip(start).take(input::PAGE);
        xml.list("Exports", "member", page, |xml, export| {
            xml.text("ExportingStackId", &export.stack_id);
            xml.text("Name", &export.name);
            xml.text("Value", &export.value);
        });
        xml.optional("NextToken", input::next_page(start + input::PAGE, all.len()));
    }))
}

/// The stacks that import an export.
pub fn imports(engine: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let name = input::required_name(call, "ExportName")?;
    if exports::value(engine, call.region, name).is_none() {
        return Err(errors::validation(format!("Export '{name}' does not exist.")));
    }
    let users = exports::importers(engine, call.region, name);
    if users.is_empty() {
        return Err(errors::validation(format!("Export '{name}' is not imported by any stack.")));
    }
    Ok(Reply::query(call, |xml| super::stack_xml::texts(xml, "Imports", &users)))
}

/// The limits of a fresh account.
pub fn account_limits(_: &Engine, _: &Sources<'_>, call: &Request<'_>) -> Outcome {
    let limits = [("StackLimit", 2000), ("StackOutputsLimit", 200), ("ConcurrentResourcesLimit", 2500)];
    Ok(Reply::query(call, |xml| {
        xml.list("AccountLimits", "member", limits, |xml, (name, value)| {
            xml.text("Name", name);
            xml.display("Value", value);
        });
    }))
}
