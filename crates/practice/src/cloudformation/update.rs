//! UpdateStack, CancelUpdateStack, ContinueUpdateRollback, RollbackStack.

use crate::services::Services;
use ::cloudformation::engine::Engine;
use std::collections::BTreeSet;

use super::{errors, input};
use crate::call::{AwsError, Call, Outcome, Reply, Request};
use ::cloudformation::engine::status::StackStatus;
use ::cloudformation::engine::{Stack, begin, diff};

/// Updates a stack, unless nothing would change.
pub fn update_stack(engine: &mut Engine, services: &mut Services<'_>, call: &Request<'_>) -> Outcome {
    let token = call.params.get("ClientRequestToken").map(str::to_owned);
    let name = input::required_name(call, "StackName")?;
    let stack = existing(engine, call)?;
    if token.is_some() && token == stack.token && stack.status != StackStatus::CreateInProgress {
        return Ok(answer(call, &stack.id, stack.history.last().map(|(_, id)| id.as_str())));
    }
    if !updatable(stack.status) {
        return Err(errors::wrong_state(stack, "be updated"));
    }
    let wish = input::wish(&services.sources(), call, Some(&stack.wish))?;
    let model = input::model_for(&services.sources(), stack, &wish)?;
    let difference =
        diff::compare(engine, services, stack, &wish, &model, call.now).map_err(|e| errors::template(&e))?;
    let settled = !matches!(stack.status, StackStatus::UpdateFailed | StackStatus::CreateFailed);
    if difference.is_empty() && settled {
        return Err(errors::validation("No updates are to be performed."));
    }
    let id = stack.id.clone();
    let keep = call.params.flag("DisableRollback") == Some(true);
    if let Some(stack) = engine.get_mut(call.region, name) {
        stack.keep_failed_update = keep;
    }
    let operation = begin::update(engine, services, &id, (wish, model), token, call.now);
    Ok(answer(call, &id, Some(&operation)))
}

fn answer(call: &Call<'_>, id: &str, operation: Option<&str>) -> Reply {
    Reply::query(call, |xml| {
        xml.text("StackId", id);
        xml.optional("OperationId", operation);
    })
}

/// The stack a changing call names, alive.
pub fn existing<'w>(engine: &'w Engine, call: &Call<'_>) -> Result<&'w Stack, AwsError> {
    let name = input::required_name(call, "StackName")?;
    engine
        .get(call.region, name)
        .filter(|stack| stack.status != StackStatus::DeleteComplete)
        .ok_or_else(|| errors::no_stack(name))
}

/// Whether a stack in this state may be updated.
pub fn updatable(status: StackStatus) -> bool {
    use StackStatus as S;
    matches!(
        status,
        S::CreateComplete | S::UpdateComplete | S::UpdateRollbackComplete | S::UpdateFailed | S::CreateFailed
    )
}

/// Takes back an update under way.
pub fn cancel_update(engine: &mut Engine, services: &mut Services<'_>, call: &Request<'_>) -> Outcome {
    let stack = existing(engine, call)?;
    if stack.status != StackStatus::UpdateInProgress {
        return Err(errors::validation(format!(
            "CancelUpdateStack cannot be called from current stack status {}",
            stack.status.as_str()
        )));
    }
    let id = stack.id.clone();
    begin::cancel_update(engine, services, &id, call.now);
    Ok(Reply::query(call, |_| {}))
}

/// Goes on with a stuck update rollback.
pub fn continue_rollback(engine: &mut Engine, services: &mut Services<'_>, call: &Request<'_>) -> Outcome {
    let stack = existing(engine, call)?;
    if stack.status != StackStatus::UpdateRollbackFailed {
        return Err(errors::wrong_state(stack, "continue update rollback"));
    }
    let id = stack.id.clone();
    let skip: BTreeSet<String> =
        call.params.list("ResourcesToSkip.member").into_iter().map(str::to_owned).collect();
    let stuck = |id: &&String| stack.operation.iter().any(|op| op.failed.iter().any(|(f, _)| f == *id));
    if let Some(other) = skip.iter().find(|id| !stuck(id)) {
        return Err(errors::validation(format!(
            "ResourcesToSkip may only name resources that are in UPDATE_FAILED state because the rollback failed; [{other}] is not one of them."
        )));
    }
    let token = call.params.get("ClientRequestToken").map(str::to_owned);
    begin::continue_rollback(engine, services, &id, skip, token, call.now);
    Ok(Reply::query(call, |_| {}))
}

/// Undoes a failed creation or update that was left standing.
pub fn rollback_stack(engine: &mut Engine, services: &mut Services<'_>, call: &Request<'_>) -> Outcome {
    let stack = existing(engine, call)?;
    if !matches!(stack.status, StackStatus::CreateFailed | StackStatus::UpdateFailed) {
        return Err(errors::wrong_state(stack, "be rolled back"));
    }
    let id = stack.id.clone();
    let token = call.params.get("ClientRequestToken").map(str::to_owned);
    begin::roll_back(engine, services, &id, token, call.now);
    Ok(Reply::query(call, |xml| xml.text("StackId", &id)))
}
