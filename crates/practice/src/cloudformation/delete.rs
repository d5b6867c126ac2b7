//! DeleteStack and UpdateTerminationProtection.

use crate::services::Services;
use ::cloudformation::engine::Engine;
use std::collections::BTreeSet;

use super::{errors, input, update};
use crate::call::{AwsError, Call, Outcome, Reply, Request};
use ::cloudformation::engine::operation::Stubborn;
use ::cloudformation::engine::status::StackStatus;
use ::cloudformation::engine::{Stack, begin};

/// Deletes a stack; one that is not there is deleted already.
pub fn delete_stack(engine: &mut Engine, services: &mut Services<'_>, call: &Request<'_>) -> Outcome {
    let name = input::required_name(call, "StackName")?;
    let Some(stack) = engine.get(call.region, name) else {
        return Ok(Reply::query(call, |_| {}));
    };
    let retain: BTreeSet<String> =
        call.params.list("RetainResources.member").into_iter().map(str::to_owned).collect();
    match stack.status {
        StackStatus::DeleteComplete | StackStatus::DeleteInProgress => {
            return Ok(Reply::query(call, |_| {}));
        }
        StackStatus::UpdateInProgress | StackStatus::UpdateRollbackInProgress => {
            return Err(errors::wrong_state(stack, "be deleted"));
        }
        _ => {}
    }
    if stack.termination_protection {
        return Err(errors::validation(format!(
            "Stack [{}] cannot be deleted while TerminationProtection is enabled",
            stack.name
        )));
    }
    if !retain.is_empty() && stack.status != StackStatus::DeleteFailed {
        return Err(errors::validation(format!(
            "Invalid operation on stack [{}]. RetainResources can be given only when a stack is in the DELETE_FAILED state.",
            stack.id
        )));
    }
    let stubborn = stubborn(call, stack)?;
    let id = stack.id.clone();
    let token = call.params.get("ClientRequestToken").map(str::to_owned);
    begin::delete(engine, services, &id, (retain, stubborn), token, call.now);
    Ok(Reply::query(call, |_| {}))
}

/// What `DeletionMode` asks for; force is only for what could not be deleted before.
fn stubborn(call: &Call<'_>, stack: &Stack) -> Result<Stubborn, AwsError> {
    match call.params.get("DeletionMode") {
        Some("FORCE_DELETE_STACK") if stack.status == StackStatus::DeleteFailed => Ok(Stubborn::Leave),
        Some("FORCE_DELETE_STACK") => Err(errors::validation(format!(
            "Invalid operation on stack [{}]. You can activate DeletionMode FORCE_DELETE_STACK in a delete \
             stack operation only when the stack is in the DELETE_FAILED state.",
            stack.id
        ))),
        _ => Ok(Stubborn::Fail),
    }
}

/// Switches termination protection on or off.
pub fn termination_protection(
    engine: &mut Engine,
    _services: &mut Services<'_>,
    call: &Request<'_>,
) -> Outcome {
    let id = update::existing(engine, call)?.id.clone();
    input::required_name(call, "EnableTerminationProtection")?;
    if let Some(stack) = engine.by_id_mut(&id) {
        stack.termination_protection = call.params.flag("EnableTerminationProtection") == Some(true);
        stack.rendered.take();
    }
    Ok(Reply::query(call, |xml| xml.text("StackId", &id)))
}
