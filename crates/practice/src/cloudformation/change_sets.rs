//! CreateChangeSet, ExecuteChangeSet and DeleteChangeSet.

use crate::services::Services;
use ::cloudformation::engine::Engine;
use std::time::Duration;

use super::{errors, input, update};
use crate::call::{AwsError, Call, Outcome, Reply, Request};
use ::cloudformation::engine::Stack;
use ::cloudformation::engine::begin::{self, NewStack};
use ::cloudformation::engine::change_set::ChangeSet;
use ::cloudformation::engine::change_sets;
use ::cloudformation::engine::status::{ChangeSetStatus, ExecutionStatus, OnFailure, StackStatus};
use ::cloudformation::engine::wish::{ShownParameter, Wish};
use ::cloudformation::template::Pseudo;
use ground::seed;

/// How long AWS usually needs to work a change set out.
const WORKING: Duration = Duration::from_secs(4);

/// Asks for a change set; for a stack that is not there yet, the stack too, in review.
pub fn create(engine: &mut Engine, services: &mut Services<'_>, call: &Request<'_>) -> Outcome {
    let stack_name = input::required_name(call, "StackName")?;
    let name = input::new_name(call, "ChangeSetName")?;
    let stack = engine.get(call.region, stack_name);
    // A change set that was carried out gives its name free: pipelines use the same one each time.
    let taken = |set: &&ChangeSet| {
        matches!(
            set.execution,
            ExecutionStatus::Unavailable | ExecutionStatus::Available | ExecutionStatus::InProgress
        )
    };
    if let Some(known) = stack.and_then(|stack| stack.change_set(name)).filter(taken) {
        let token = call.params.get("ClientToken");
        if token.is_some() && token == known.token.as_deref() {
            return Ok(answer(call, &known.id, stack.map_or("", |stack| &stack.id)));
        }
        return Err(AwsError::new("AlreadyExistsException", format!("ChangeSet {name} already exists.")));
    }
    let (stack_id, wish, shown) = match call.params.get("ChangeSetType").unwrap_or("UPDATE") {
        "CREATE" => for_new(engine, services, call, (stack_name, name))?,
        "UPDATE" => for_existing(engine, services, call)?,
        other => {
            let rule = "satisfy enum value set: [CREATE, UPDATE, IMPORT]";
            return Err(errors::constraint(other, "changeSetType", rule));
        }
    };
    let set = pending(engine, call, name, (wish, shown));
    let id = set.id.clone();
    change_sets::add(engine, &stack_id, set, call.now.after(WORKING));
    Ok(answer(call, &id, &stack_id))
}

fn answer(call: &Call<'_>, id: &str, stack_id: &str) -> Reply {
    Reply::query(call, |xml| {
        xml.text("Id", id);
        xml.text("StackId", stack_id);
    })
}

fn pending(
    engine: &mut Engine,
    call: &Request<'_>,
    name: &str,
    (wish, shown): (Wish, Vec<ShownParameter>),
) -> ChangeSet {
    let ticket = engine.ticket().to_string();
    let uuid = seed::uuid(seed::hash(call.scene.seed, &["change set", name, &ticket]));
    ChangeSet {
        id: format!("arn:aws:cloudformation:{}:{}:changeSet/{name}/{uuid}", call.region, call.scene.account),
        name: name.to_owned(),
        description: call.params.get("Description").map(str::to_owned),
        wish,
        status: ChangeSetStatus::CreatePending,
        reason: None,
        execution: ExecutionStatus::Unavailable,
        created: call.now,
        shown,
        changes: Vec::new(),
        on_failure: call.params.get("OnStackFailure").and_then(OnFailure::parse),
        token: call.params.get("ClientToken").map(str::to_owned),
    }
}

fn for_new(
    engine: &mut Engine,
    services: &Services<'_>,
    call: &Request<'_>,
    (stack_name, name): (&str, &str),
) -> Result<(String, Wish, Vec<ShownParameter>), AwsError> {
    let known = engine.get(call.region, stack_name);
    if let Some(stack) = known.filter(|stack| stack.status != StackStatus::ReviewInProgress) {
        return Err(errors::validation(format!(
            "Stack [{}] already exists and cannot be created again with the changeSet [{name}].",
            stack.name
        )));
    }
    let known = known.map(|stack| stack.id.clone());
    let wish = input::wish(&services.sources(), call, None)?;
    let account = call.scene.account.to_owned();
    let pseudo = Pseudo::new(&account, call.region, stack_name, known.as_deref().unwrap_or_default());
    let shown = input::model(&services.sources(), pseudo, &wish)?.shown_parameters();
    if let Some(id) = known {
        return Ok((id, wish, shown));
    }
    let stack_name = input::new_name(call, "StackName")?;
    input::room(engine, call)?;
    let new = NewStack {
        region: call.region.to_owned(),
        account: account.clone(),
        name: stack_name.to_owned(),
        wish: wish.clone(),
        on_failure: OnFailure::Rollback,
        timeout_minutes: None,
        termination_protection: false,
        parent: None,
    };
    let id = begin::new_id(engine, call.scene.seed, (call.region, &account), stack_name);
    begin::review(engine, new, id.clone(), call.now);
    if let Some(stack) = engine.by_id_mut(&id) {
        stack.tell(call.now, StackStatus::ReviewInProgress, Some("User Initiated"));
    }
    Ok((id, wish, shown))
}

fn for_existing(
    engine: &Engine,
    services: &Services<'_>,
    call: &Request<'_>,
) -> Result<(String, Wish, Vec<ShownParameter>), AwsError> {
    let stack = update::existing(engine, call)?;
    if !update::updatable(stack.status) && !stack.status.in_progress() {
        return Err(errors::wrong_state(stack, "be updated"));
    }
    let wish = input::wish(&services.sources(), call, Some(&stack.wish))?;
    let shown = input::model_for(&services.sources(), stack, &wish)?.shown_parameters();
    Ok((stack.id.clone(), wish, shown))
}

/// The stack and the change set a call means; a change set's ARN is enough.
pub fn find_change_set<'w>(
    engine: &'w Engine,
    call: &Call<'_>,
) -> Result<(&'w Stack, &'w ChangeSet), AwsError> {
    let name = input::required_name(call, "ChangeSetName")?;
    let stack = match call.params.get("StackName") {
        Some(stack) => engine.get(call.region, stack).ok_or_else(|| errors::no_stack(stack))?,
        None => engine
            .all(call.region)
            .into_iter()
            .find(|stack| stack.change_sets.contains_key(name))
            .ok_or_else(|| errors::no_change_set(name))?,
    };
    let set = stack.change_set(name).ok_or_else(|| errors::no_change_set(name))?;
    Ok((stack, set))
}

/// Carries a change set out.
pub fn execute(engine: &mut Engine, services: &mut Services<'_>, call: &Request<'_>) -> Outcome {
    let (stack, set) = find_change_set(engine, call)?;
    if set.execution != ExecutionStatus::Available {
        let status = if set.status == ChangeSetStatus::CreateComplete {
            set.execution.as_str()
        } else {
            set.status.as_str()
        };
        let text = format!("ChangeSet [{}] cannot be executed in its current status of [{status}]", set.id);
        return Err(AwsError::new("InvalidChangeSetStatus", text));
    }
    let creates = stack.status == StackStatus::ReviewInProgress;
    if !creates && !update::updatable(stack.status) {
        return Err(errors::wrong_state(stack, "be updated"));
    }
    let model = if creates {
        input::model(&services.sources(), ::cloudformation::engine::model::pseudo(stack), &set.wish)?
    } else {
        input::model_for(&services.sources(), stack, &set.wish)?
    };
    let (stack_id, set_id) = (stack.id.clone(), set.id.clone());
    let (wish, on_failure) = (set.wish.clone(), set.on_failure);
    let keep = call.params.flag("DisableRollback") == Some(true);
    if let Some(stack) = engine.by_id_mut(&stack_id) {
        // What others had worked out no longer fits the stack.
        stack.change_sets.retain(|id, _| *id == set_id);
        if let Some(set) = stack.change_sets.get_mut(&set_id) {
            set.execution = ExecutionStatus::InProgress;
        }
        stack.change_set = Some(set_id);
        if creates {
            stack.wish = wish.clone();
            stack.on_failure =
                on_failure.unwrap_or(if keep { OnFailure::DoNothing } else { OnFailure::Rollback });
        } else {
            stack.keep_failed_update = keep || on_failure == Some(OnFailure::DoNothing);
        }
    }
    let token = call.params.get("ClientRequestToken").map(str::to_owned);
    if creates {
        begin::create(engine, services, &stack_id, model, token, call.now);
    } else {
        begin::update(engine, services, &stack_id, (wish, model), token, call.now);
    }
    Ok(Reply::query(call, |_| {}))
}

/// Forgets a change set; one that is not there is forgotten already.
pub fn delete(engine: &mut Engine, _services: &mut Services<'_>, call: &Request<'_>) -> Outcome {
    let name = input::required_name(call, "ChangeSetName")?.to_owned();
    let found = match find_change_set(engine, call) {
        Ok((stack, set)) => Some((stack.id.clone(), set.id.clone(), set.execution)),
        Err(error) if error.code == "ChangeSetNotFound" && !name.starts_with("arn:") => None,
        Err(error) => return Err(error),
    };
    if let Some((stack_id, set_id, execution)) = found {
        if execution == ExecutionStatus::InProgress {
            let text = format!(
                "ChangeSet [{set_id}] cannot be deleted in its current status of [{}]",
                execution.as_str()
            );
            return Err(AwsError::new("InvalidChangeSetStatus", text));
        }
        if let Some(stack) = engine.by_id_mut(&stack_id) {
            stack.change_sets.shift_remove(&set_id);
        }
    }
    Ok(Reply::query(call, |_| {}))
}
