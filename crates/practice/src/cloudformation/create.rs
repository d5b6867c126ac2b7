//! CreateStack.

use super::{errors, input};
use crate::call::{AwsError, Call, Outcome, Reply, Request};
use crate::services::Services;
use ::cloudformation::engine::Engine;
use ::cloudformation::engine::begin::{self, NewStack};
use ::cloudformation::engine::status::OnFailure;
use ::cloudformation::template::Pseudo;

/// Creates a stack, unless one lives under its name.
pub fn create_stack(engine: &mut Engine, services: &mut Services<'_>, call: &Request<'_>) -> Outcome {
    let name = input::new_name(call, "StackName")?;
    let token = call.params.get("ClientRequestToken").map(str::to_owned);
    if let Some(stack) = engine.get(call.region, name) {
        // A call sent twice is one call: the token says so.
        if token.is_some() && token == stack.token {
            let (id, operation) = (stack.id.clone(), stack.history.last().map(|(_, id)| id.clone()));
            return Ok(answer(call, &id, operation.as_deref()));
        }
        return Err(AwsError::new("AlreadyExistsException", format!("Stack [{name}] already exists")));
    }
    input::room(engine, call)?;
    let on_failure = on_failure(call)?;
    let wish = input::wish(&services.sources(), call, None)?;
    let account = call.scene.account.to_owned();
    let mut pseudo = Pseudo::new(&account, call.region, name, "");
    pseudo.notification_arns.clone_from(&wish.notification_arns);
    let checked = input::model(&services.sources(), pseudo, &wish)?;
    let id = begin::new_id(engine, call.scene.seed, (call.region, &account), name);
    let model = begin::with_stack_id(checked, &id);
    let new = NewStack {
        region: call.region.to_owned(),
        account,
        name: name.to_owned(),
        wish,
        on_failure,
        timeout_minutes: call.params.number("TimeoutInMinutes"),
        termination_protection: call.params.flag("EnableTerminationProtection") == Some(true),
        parent: None,
    };
    begin::review(engine, new, id.clone(), call.now);
    let operation = begin::create(engine, services, &id, model, token, call.now);
    Ok(answer(call, &id, Some(&operation)))
}

fn answer(call: &Call<'_>, id: &str, operation: Option<&str>) -> Reply {
    Reply::query(call, |xml| {
        xml.text("StackId", id);
        xml.optional("OperationId", operation);
    })
}

fn on_failure(call: &Call<'_>) -> Result<OnFailure, AwsError> {
    match (call.params.get("OnFailure"), call.params.flag("DisableRollback")) {
        (Some(_), Some(true)) => {
            Err(errors::validation("Either DisableRollback or OnFailure can be specified, not both."))
        }
        (Some(text), _) => OnFailure::parse(text).ok_or_else(|| {
            errors::constraint(text, "onFailure", "satisfy enum value set: [ROLLBACK, DELETE, DO_NOTHING]")
        }),
        (None, Some(true)) => Ok(OnFailure::DoNothing),
        (None, _) => Ok(OnFailure::Rollback),
    }
}
