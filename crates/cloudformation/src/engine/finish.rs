//! What follows when a phase is over: the stack's next status and, mostly, the next phase.

use std::time::Duration;

use super::Engine;
use super::delete::discards;
use super::exports::{self, Loss};
use super::operation::{Action, Job, Order, Phase, Task, jobs};
use super::resolver::StackResolver;
use super::resource::StackResource;
use super::run::Run;
use super::status::{ExecutionStatus, OnFailure, ResourceStatus, StackStatus};
use super::values::plain;
use super::wish::Output;

/// Between a phase and the first job of the next.
const LEAD: Duration = Duration::from_millis(1200);

/// The phase is over; everything it had to do has ended.
pub(super) fn phase(run: &mut Run<'_>) {
    match (run.op.phase, run.op.failed.is_empty()) {
        (Phase::Create, true) => finish_creation(run),
        (Phase::Create, false) => {
            let reason = run.what_failed();
            creation_failed(run, &reason);
        }
        (Phase::Rollback, true) => over(run, StackStatus::RollbackComplete, None),
        (Phase::Rollback, false) => {
            let reason = run.what_failed();
            over(run, StackStatus::RollbackFailed, Some(&reason));
        }
        (Phase::Update, true) => finish_update(run),
        (Phase::Update, false) => {
            let reason = run.what_failed();
            update_failed(run, &reason);
        }
        (Phase::Cleanup, clean) => {
            let left = "Update successful. One or more resources could not be deleted.";
            over(run, StackStatus::UpdateComplete, (!clean).then_some(left));
        }
        (Phase::UpdateRollback, true) => finish_rollback(run),
        (Phase::UpdateRollback, false) => {
            let reason = run.what_failed();
            // The operation stays with the stack: the rollback can be continued.
            run.stack.tell(run.at, StackStatus::UpdateRollbackFailed, Some(&reason));
            run.stack.turn += 1;
        }
        (Phase::RollbackCleanup, _) => over(run, StackStatus::UpdateRollbackComplete, None),
        (Phase::Delete, true) => match run.op.refusal.take() {
            Some(reason) => over(run, StackStatus::DeleteFailed, Some(&reason)),
            None => finish_deletion(run),
        },
        (Phase::Delete, false) => {
            let reason = run.what_failed();
            over(run, StackStatus::DeleteFailed, Some(&reason));
        }
        (Phase::Over, _) => {}
    }
}

fn over(run: &mut Run<'_>, status: StackStatus, reason: Option<&str>) {
    run.stack.tell(run.at, status, reason);
    run.stack.turn += 1;
    run.op.phase = Phase::Over;
    let good = matches!(status, StackStatus::CreateComplete | StackStatus::UpdateComplete);
    for set in run.stack.change_sets.values_mut().filter(|s| s.execution == ExecutionStatus::InProgress) {
        set.execution = if good { ExecutionStatus::Complete } else { ExecutionStatus::Failed };
    }
}

fn finish_creation(run: &mut Run<'_>) {
    match outputs(run) {
        Ok(outputs) => {
            run.stack.outputs = outputs;
            over(run, StackStatus::CreateComplete, None);
        }
        Err(reason) => creation_failed(run, &reason),
    }
}

fn creation_failed(run: &mut Run<'_>, reason: &str) {
    match run.stack.on_failure {
        OnFailure::DoNothing => {
            run.stack.tell(run.at, StackStatus::CreateFailed, Some(reason));
            run.stack.turn += 1;
        }
        OnFailure::Rollback => {
            let reason = format!("{} Rollback requested by user.", sentence(reason));
            undo_creation(run, StackStatus::RollbackInProgress, Phase::Rollback, &reason);
        }
        OnFailure::Delete => {
            let reason = format!("{} Delete requested by user.", sentence(reason));
            undo_creation(run, StackStatus::DeleteInProgress, Phase::Delete, &reason);
        }
    }
}

fn sentence(reason: &str) -> String {
    if reason.ends_with('.') { reason.to_owned() } else { format!("{reason}.") }
}

/// Deletes what a creation has made.
pub(super) fn undo_creation(run: &mut Run<'_>, status: StackStatus, phase: Phase, reason: &str) {
    run.stack.tell(run.at, status, Some(reason));
    let jobs = deletions(run);
    run.enter(phase, jobs);
}

/// A job for each resource that is still there, and for what earlier operations left over.
pub(super) fn deletions(run: &Run<'_>) -> Vec<Job> {
    let resources = &run.stack.resources;
    let wanted = resources
        .values()
        .filter(|r| r.status != ResourceStatus::DeleteComplete)
        .map(|r| (r.logical_id.clone(), Action::Delete))
        .chain(discards(&run.op.garbage))
        .collect();
    let garbage = &run.op.garbage;
    jobs(wanted, Order::Backward, |id, action| match action {
        Action::Discard(g) => garbage.get(*g).map(|thing| &thing.needs),
        _ => resources.get(id).map(|r| &r.needs),
    })
}

fn finish_update(run: &mut Run<'_>) {
    let reason = match outputs(run) {
        Ok(outputs) => match replacement_refusal(run, &outputs) {
            None => {
                run.stack.outputs = outputs;
                return clean_up(run);
            }
            Some(reason) => reason,
        },
        Err(reason) => reason,
    };
    update_failed(run, &reason);
}

/// The update is done; what it left over is deleted.
fn clean_up(run: &mut Run<'_>) {
    let Ok(model) = run.model() else { return };
    let mut left: Vec<StackResource> = std::mem::take(&mut run.op.garbage);
    let removed: Vec<String> =
        run.stack.resources.keys().filter(|id| !model.plan.live.contains(id)).cloned().collect();
    for id in removed {
        left.extend(run.stack.resources.shift_remove(&id).filter(|r| r.physical_id.is_some()));
    }
    for resource in run.stack.resources.values_mut() {
        let Some(former) = resource.former.take() else { continue };
        if former.physical_id != resource.physical_id {
            let deletion = former.replacement;
            left.push(StackResource { deletion, ..*former });
        }
    }
    run.op.garbage = left;
    run.op.before = None;
    run.stack.tell(run.at, StackStatus::UpdateCompleteCleanup, None);
    discard(run, Phase::Cleanup);
}

fn discard(run: &mut Run<'_>, phase: Phase) {
    let garbage = &run.op.garbage;
    let jobs = jobs(discards(garbage), Order::Backward, |_, action| match action {
        Action::Discard(g) => garbage.get(*g).map(|thing| &thing.needs),
        _ => None,
    });
    run.enter(phase, jobs);
}

fn update_failed(run: &mut Run<'_>, reason: &str) {
    if run.stack.keep_failed_update {
        run.stack.tell(run.at, StackStatus::UpdateFailed, Some(reason));
        run.stack.turn += 1;
        return;
    }
    undo_update(run, reason);
}

/// Takes an update back: what it created becomes garbage, what it changed is changed back.
pub(super) fn undo_update(run: &mut Run<'_>, reason: &str) {
    run.stack.tell(run.at, StackStatus::UpdateRollbackInProgress, Some(reason));
    for id in std::mem::take(&mut run.op.fresh) {
        let fresh = run.stack.resources.shift_remove(&id);
        run.op.garbage.extend(fresh.filter(|r| r.physical_id.is_some()));
    }
    restore(run);
}

/// Takes what a continued rollback skips as done: it stays as the update left it, whatever the template says.
pub(super) fn skip(run: &mut Run<'_>) {
    for id in run.op.skip.clone() {
        if let Some(resource) = run.stack.resources.get_mut(&id) {
            resource.former = None;
            run.stack.tell_resource(run.at, &id, ResourceStatus::UpdateComplete, None);
        }
    }
}

/// Begins the phase that changes back whatever is not yet as it was.
pub(super) fn restore(run: &mut Run<'_>) {
    let resources = &run.stack.resources;
    let wanted = resources
        .values()
        .filter(|r| r.former.is_some())
        .map(|r| (r.logical_id.clone(), Action::Restore))
        .collect();
    let jobs = jobs(wanted, Order::Forward, |id, _| {
        resources.get(id).and_then(|r| r.former.as_ref()).map(|former| &former.needs)
    });
    run.enter(Phase::UpdateRollback, jobs);
}

fn finish_rollback(run: &mut Run<'_>) {
    if let Some(before) = run.op.before.take() {
        run.stack.wish = before.wish;
        run.stack.parameters = before.parameters;
        run.stack.outputs = before.outputs;
        run.stack.imports = before.imports;
        run.stack.description = before.description;
        run.stack.model = None;
    }
    for resource in run.stack.resources.values_mut() {
        resource.former = None;
    }
    run.stack.tell(run.at, StackStatus::UpdateRollbackCleanup, None);
    discard(run, Phase::RollbackCleanup);
}

fn finish_deletion(run: &mut Run<'_>) {
    run.stack.deleted = Some(run.at);
    run.stack.outputs.clear();
    run.stack.imports.clear();
    over(run, StackStatus::DeleteComplete, None);
    run.engine.forget_name(run.stack);
}

/// Evaluates the outputs; refuses an export that another stack has.
fn outputs(run: &mut Run<'_>) -> Result<Vec<Output>, String> {
    let model = run.model()?;
    let resolver = StackResolver::new(run.engine, run.host, run.stack, run.at);
    let mut outputs = Vec::new();
    for key in &model.plan.outputs {
        let Some(declared) = model.template.outputs.get(key) else { continue };
        let text = |value| {
            model.evaluate(value, &resolver).map(|value| plain(&value)).map_err(|error| error.to_string())
        };
        let export = declared.export.as_ref().map(|export| text(&export.name)).transpose()?;
        let value = text(&declared.value)?;
        outputs.push(Output { key: key.clone(), value, description: declared.description.clone(), export });
    }
    let imports = resolver.imports();
    run.stack.imports.extend(imports);
    export_conflict(run.engine, run.stack, &outputs).map_or(Ok(outputs), Err)
}

fn export_conflict(others: &Engine, stack: &super::Stack, outputs: &[Output]) -> Option<String> {
    let mine: Vec<&str> = outputs.iter().filter_map(|output| output.export.as_deref()).collect();
    if mine.is_empty() {
        return None;
    }
    let other = exports::list(others, &stack.region).into_iter().find(|e| mine.contains(&e.name.as_str()))?;
    let owner = other.stack_id.split('/').nth(1).unwrap_or_default();
    Some(format!("Export with name {} is already exported by stack {owner}.", other.name))
}

/// Why the new outputs may not replace the old ones.
fn replacement_refusal(run: &Run<'_>, new: &[Output]) -> Option<String> {
    let lost = run.stack.outputs.iter().filter_map(|old| {
        let name = old.export.as_deref()?;
        match new.iter().find(|output| output.export.as_deref() == Some(name)) {
            None => Some((name, Loss::Deleted)),
            Some(now) if now.value != old.value => Some((name, Loss::Changed)),
            Some(_) => None,
        }
    });
    exports::loss_refusal(run.engine, run.stack, lost)
}

impl Run<'_> {
    /// Begins a phase with its jobs.
    pub(super) fn enter(&mut self, phase: Phase, jobs: Vec<Job>) {
        self.op.phase = phase;
        self.op.jobs = jobs;
        self.op.failed.clear();
        self.ready.clear();
        self.stack.turn += 1;
        // A phase without jobs ends with its first task, so that every phase has its moment.
        let lead = LEAD.mul_f64(self.host.scale());
        self.later(lead, Task::Begin);
    }

    /// The stack's reason after a phase with failures, as AWS words it.
    fn what_failed(&self) -> String {
        let kinds = [
            (ResourceStatus::CreateFailed, "create"),
            (ResourceStatus::UpdateFailed, "update"),
            (ResourceStatus::DeleteFailed, "delete"),
        ];
        let mut text = String::new();
        for (status, verb) in kinds {
            let ids: Vec<&str> =
                self.op.failed.iter().filter(|(_, s)| *s == status).map(|(id, _)| id.as_str()).collect();
            if !ids.is_empty() {
                text.push_str(&format!("The following resource(s) failed to {verb}: [{}]. ", ids.join(", ")));
            }
        }
        text.trim_end().to_owned()
    }

    /// The stack's own time limit has passed.
    pub(super) fn stack_due(&mut self) {
        if self.op.phase != Phase::Create || self.stack.status != StackStatus::CreateInProgress {
            return;
        }
        self.cancel();
        self.stack.turn += 1;
        creation_failed(self, "Stack creation time exceeded the specified timeout.");
    }
}
