//! Begins operations: what the API (and a nested stack's parent) asks of the engine, checked before.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use indexmap::IndexMap;

use super::exports::{self, Loss};
use super::host::Host;
use super::model::Model;
use super::operation::{Action, Before, Operation, Order, Phase, Stubborn, Task, jobs};
use super::run::Run;
use super::stack::Stack;
use super::status::{OnFailure, OperationType, StackStatus};
use super::wish::{Parent, Wish};
use super::{Engine, finish};
use ground::clock::Moment;
use ground::seed;

const INITIATED: &str = "User Initiated";

/// Where and as what a stack is to be.
#[derive(Clone, Debug)]
pub struct NewStack {
    /// Its Region.
    pub region: String,
    /// Its account.
    pub account: String,
    /// Its name.
    pub name: String,
    /// What it is to be.
    pub wish: Wish,
    /// What a failed creation leads to.
    pub on_failure: OnFailure,
    /// Minutes its creation may take.
    pub timeout_minutes: Option<u64>,
    /// Whether its deletion is refused.
    pub termination_protection: bool,
    /// The stack it is nested in.
    pub parent: Option<Parent>,
}

/// How many stacks a Region of an account may have (user guide, "Understand CloudFormation quotas").
const STACKS: usize = 2000;

/// Refuses one stack more than a Region may have.
///
/// # Errors
/// In CloudFormation's words; the code is `LimitExceededException`.
pub fn room(engine: &Engine, region: &str) -> Result<(), String> {
    if engine.living(region).count() < STACKS {
        return Ok(());
    }
    Err("Limit for stack has been exceeded".to_owned())
}

/// The ARN of the stack that would be made next under this name.
pub fn new_id(engine: &mut Engine, seed: u64, (region, account): (&str, &str), name: &str) -> String {
    let ticket = engine.ticket().to_string();
    let uuid = seed::uuid(seed::hash(seed, &["stack", region, name, &ticket]));
    format!("arn:aws:cloudformation:{region}:{account}:stack/{name}/{uuid}")
}

/// A model made before its stack had an id, for the stack `id`.
#[must_use]
pub fn with_stack_id(model: Arc<Model>, id: &str) -> Arc<Model> {
    let mut model = Arc::unwrap_or_clone(model);
    id.clone_into(&mut model.pseudo.stack_id);
    Arc::new(model)
}

/// Makes a stack that does nothing yet, in `REVIEW_IN_PROGRESS`.
pub fn review(engine: &mut Engine, new: NewStack, id: String, at: Moment) -> String {
    let stack = Stack {
        id: id.clone(),
        name: new.name,
        region: new.region,
        account: new.account,
        wish: new.wish,
        description: None,
        status: StackStatus::ReviewInProgress,
        reason: None,
        created: at,
        updated: None,
        deleted: None,
        on_failure: new.on_failure,
        keep_failed_update: false,
        timeout_minutes: new.timeout_minutes,
        termination_protection: new.termination_protection,
        parent: new.parent,
        resources: IndexMap::new(),
        parameters: Vec::new(),
        outputs: Vec::new(),
        imports: BTreeSet::new(),
        events: Vec::new(),
        change_sets: IndexMap::new(),
        change_set: None,
        operation: None,
        token: None,
        history: Vec::new(),
        turn: 0,
        serial: 0,
        model: None,
        rendered: OnceLock::new(),
    };
    engine.add(Box::new(stack));
    id
}

/// Begins to create the reviewed stack `id`; gives the operation's id.
pub fn create(
    engine: &mut Engine,
    host: &mut dyn Host,
    id: &str,
    model: Arc<Model>,
    token: Option<String>,
    at: Moment,
) -> String {
    with((engine, host), id, at, |run| {
        let operation = run.open(OperationType::Create, token, Phase::Create);
        run.stack.created = at;
        run.stack.description.clone_from(&model.template.description);
        run.stack.parameters = model.shown_parameters();
        run.stack.model = Some(model);
        run.stack.tell(at, StackStatus::CreateInProgress, Some(INITIATED));
        run.converge_all(Phase::Create);
        if let Some(minutes) = run.stack.timeout_minutes {
            run.later(Duration::from_secs(minutes.saturating_mul(60)), Task::StackDue);
        }
        operation
    })
}

/// Begins to update stack `id` to `wish`; gives the operation's id.
pub fn update(
    engine: &mut Engine,
    host: &mut dyn Host,
    id: &str,
    (wish, model): (Wish, Arc<Model>),
    token: Option<String>,
    at: Moment,
) -> String {
    with((engine, host), id, at, |run| {
        let stuck = run.stack.operation.take();
        let operation = run.open(OperationType::Update, token, Phase::Update);
        if let Some(stuck) = stuck {
            (run.op.before, run.op.garbage, run.op.fresh) = (stuck.before, stuck.garbage, stuck.fresh);
        }
        let before = Before {
            wish: std::mem::replace(&mut run.stack.wish, wish),
            parameters: std::mem::replace(&mut run.stack.parameters, model.shown_parameters()),
            outputs: run.stack.outputs.clone(),
            imports: std::mem::take(&mut run.stack.imports),
            description: run.stack.description.take(),
        };
        run.op.before.get_or_insert_with(|| Box::new(before));
        run.stack.description.clone_from(&model.template.description);
        run.stack.model = Some(model);
        run.stack.updated = Some(at);
        run.stack.tell(at, StackStatus::UpdateInProgress, Some(INITIATED));
        run.converge_all(Phase::Update);
        operation
    })
}

/// Begins to delete stack `id`, leaving the resources named in `retain`; gives the operation's id.
pub fn delete(
    engine: &mut Engine,
    host: &mut dyn Host,
    id: &str,
    (retain, stubborn): (BTreeSet<String>, Stubborn),
    token: Option<String>,
    at: Moment,
) -> String {
    with((engine, host), id, at, |run| {
        let stuck = run.stack.operation.take();
        let operation = run.open(OperationType::Delete, token, Phase::Delete);
        (run.op.skip, run.op.stubborn) = (retain, stubborn);
        run.op.garbage = stuck.map(|stuck| stuck.garbage).unwrap_or_default();
        let formers = run.stack.resources.values_mut().filter_map(|r| {
            let former = r.former.take()?;
            (former.physical_id != r.physical_id).then_some(*former)
        });
        run.op.garbage.extend(formers);
        run.stack.tell(at, StackStatus::DeleteInProgress, Some(INITIATED));
        let exported: Vec<String> = exports::of(run.stack).map(|export| export.name).collect();
        let lost = exported.iter().map(|name| (name.as_str(), Loss::Deleted));
        run.op.refusal = exports::loss_refusal(run.engine, run.stack, lost);
        let jobs = if run.op.refusal.is_some() { Vec::new() } else { finish::deletions(run) };
        run.enter(Phase::Delete, jobs);
        operation
    })
}

/// Goes on with a stuck update rollback, skipping some resources.
pub fn continue_rollback(
    engine: &mut Engine,
    host: &mut dyn Host,
    id: &str,
    skip: BTreeSet<String>,
    token: Option<String>,
    at: Moment,
) {
    with((engine, host), id, at, |run| {
        let Some(stuck) = run.stack.operation.take() else { return };
        run.open(OperationType::ContinueRollback, token, Phase::UpdateRollback);
        run.op = Operation { kind: OperationType::ContinueRollback, skip, ..stuck };
        run.stack.tell(at, StackStatus::UpdateRollbackInProgress, Some(INITIATED));
        finish::skip(run);
        finish::restore(run);
    });
}

/// Undoes a creation or update that had failed and been left standing.
pub fn roll_back(engine: &mut Engine, host: &mut dyn Host, id: &str, token: Option<String>, at: Moment) {
    with((engine, host), id, at, |run| {
        let Some(stuck) = run.stack.operation.take() else { return };
        run.open(OperationType::Rollback, token, stuck.phase);
        run.op = Operation { kind: OperationType::Rollback, ..stuck };
        match run.stack.status {
            StackStatus::CreateFailed => {
                finish::undo_creation(run, StackStatus::RollbackInProgress, Phase::Rollback, INITIATED);
            }
            _ => finish::undo_update(run, INITIATED),
        }
    });
}

/// Gives up an update under way and takes it back.
pub fn cancel_update(engine: &mut Engine, host: &mut dyn Host, id: &str, at: Moment) {
    with((engine, host), id, at, |run| {
        let Some(op) = run.stack.operation.take() else { return };
        run.op = op;
        run.cancel();
        run.stack.turn += 1;
        finish::undo_update(run, INITIATED);
    });
}

/// A signal for a resource of stack `id`; whether one waits for it.
pub fn signal(
    engine: &mut Engine,
    host: &mut dyn Host,
    id: &str,
    (logical_id, unique): (&str, &str),
    report: super::signals::Report,
    at: Moment,
) -> bool {
    with((engine, host), id, at, |run| {
        let Some(op) = run.stack.operation.take() else { return false };
        run.op = op;
        let job = run.op.jobs.iter().position(|job| job.logical_id == logical_id && job.state.active());
        if let Some(i) = job {
            run.receive(i, unique, report);
            run.pump();
        }
        job.is_some()
    })
}

/// Works on stack `id`, which is out of the engine's map meanwhile: what the engine then holds are the others.
/// The id was looked up by the caller.
fn with<T: Default>(
    (engine, host): (&mut Engine, &mut dyn Host),
    id: &str,
    at: Moment,
    work: impl FnOnce(&mut Run<'_>) -> T,
) -> T {
    let Some(mut stack) = engine.stacks.remove(id) else { return T::default() };
    let op = Operation::new(OperationType::Create, Phase::Over);
    let mut run = Run { engine: &mut *engine, host, stack: &mut stack, op, at, ready: VecDeque::new() };
    // Whatever goes wrong in a provider, the stack goes back to its place.
    let result = catch_unwind(AssertUnwindSafe(|| {
        let result = work(&mut run);
        run.put_back();
        result
    }));
    engine.stacks.insert(id.to_owned(), stack);
    result.unwrap_or_else(|panic| resume_unwind(panic))
}

impl Run<'_> {
    /// Opens a new operation and writes it into the stack's history; gives its id.
    fn open(&mut self, kind: OperationType, token: Option<String>, phase: Phase) -> String {
        let ticket = self.engine.ticket().to_string();
        let id = seed::uuid(seed::hash(self.host.seed(), &["operation", &self.stack.id, &ticket]));
        self.stack.history.push((kind, id.clone()));
        self.stack.token = token;
        self.op = Operation::new(kind, phase);
        id
    }

    fn converge_all(&mut self, phase: Phase) {
        let Ok(model) = self.model() else { return };
        let none = BTreeSet::new();
        let wanted = model.plan.live.iter().map(|id| (id.clone(), Action::Converge)).collect();
        let needs: &BTreeMap<String, BTreeSet<String>> = &model.plan.needs;
        let jobs = jobs(wanted, Order::Forward, |id, _| Some(needs.get(id).unwrap_or(&none)));
        self.enter(phase, jobs);
    }
}
