//! Carries out one due task: starts jobs, settles them, and hands an ended phase to `finish`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::Engine;
use super::host::{Failure, Host};
use super::model::Model;
use super::operation::{Action, JobState, Operation, Phase, Task};
use super::resource::StackResource;
use super::stack::Stack;
use super::stacks::Due;
use super::status::ResourceStatus;
use ground::clock::Moment;
use ground::seed;

/// One task at work: the other stacks, the services around them, the stack itself and its operation.
pub(super) struct Run<'w> {
    /// All stacks but the one at work, which is out of the map.
    pub engine: &'w mut Engine,
    pub host: &'w mut dyn Host,
    pub stack: &'w mut Stack,
    pub op: Operation,
    pub at: Moment,
    /// Jobs that may start now.
    pub ready: VecDeque<usize>,
}

/// Does `due` to `stack`; a task of a phase that is over is dropped.
pub(super) fn task(engine: &mut Engine, host: &mut dyn Host, stack: &mut Stack, due: &Due) {
    if let Task::ChangeSet(id) = &due.task {
        return super::change_sets::settle(engine, host, stack, id, due.at);
    }
    let stale = due.turn != stack.turn && due.task != Task::StackDue;
    let Some(op) = stack.operation.take_if(|_| !stale) else { return };
    let mut run = Run { engine, host, stack, op, at: due.at, ready: VecDeque::new() };
    match &due.task {
        Task::Begin => run.ready = (0..run.op.jobs.len()).filter(|&i| run.op.jobs[i].waits == 0).collect(),
        Task::Start(i) => run.ready.push_back(*i),
        Task::Seek(i) => run.seek(*i),
        Task::Change(i) => run.change_again(*i),
        Task::Initiated(i) => run.mark_initiated(*i),
        Task::Configured(i) => run.mark_configured(*i),
        Task::Settle(i) => run.settle(*i),
        Task::Signal(i, unique) => run.signal(*i, unique),
        Task::SignalsDue(i) => run.signals_due(*i),
        Task::StackDue => {
            run.stack_due();
            return run.put_back();
        }
        Task::ChangeSet(_) => {}
    }
    run.pump();
    run.put_back();
}

impl Run<'_> {
    /// Starts what may start, until all wait for time; then sees whether the phase is over.
    pub fn pump(&mut self) {
        loop {
            while let Some(i) = self.ready.pop_front() {
                self.start(i);
            }
            if self.op.phase == Phase::Over || self.op.jobs.iter().any(|job| job.state.active()) {
                return;
            }
            let stuck: Vec<usize> = (0..self.op.jobs.len())
                .filter(|&i| self.op.jobs[i].state == JobState::Waiting && self.op.failed.is_empty())
                .collect();
            if stuck.is_empty() {
                // A phase that follows is begun by its own task, so there is nothing more to pump.
                return super::finish::phase(self);
            }
            // Old and new templates can order two resources differently; then order gives way.
            self.ready.extend(stuck);
        }
    }

    /// Gives the operation back to the stack unless it is over.
    pub fn put_back(self) {
        if self.op.phase != Phase::Over {
            self.stack.operation = Some(self.op);
        }
    }

    fn start(&mut self, i: usize) {
        match self.op.jobs[i].action {
            Action::Converge => self.converge(i),
            Action::Restore => self.restore(i),
            Action::Delete | Action::Discard(_) => self.delete(i),
        }
    }

    fn settle(&mut self, i: usize) {
        match self.op.jobs[i].state {
            JobState::Creating => self.finish_creation(i),
            JobState::Changing => self.finish_change(i),
            JobState::Deleting => self.finish_deletion(i),
            _ => {}
        }
    }

    fn mark_initiated(&mut self, i: usize) {
        if self.op.jobs[i].state == JobState::Creating {
            let status = self.verb(i, Verb::Begun);
            self.tell(i, status, Some("Resource creation Initiated"));
        }
    }

    fn mark_configured(&mut self, i: usize) {
        if self.op.jobs[i].state == JobState::Creating {
            let status = self.verb(i, Verb::Begun);
            self.tell(i, status, Some("Eventual consistency check initiated"));
            self.stack.mark_last_configured();
        }
    }

    /// The job has ended well: those that waited for it alone may start.
    pub fn finish_job(&mut self, i: usize) {
        self.op.jobs[i].state = JobState::Done;
        for next in self.op.jobs[i].then.clone() {
            let waits = &mut self.op.jobs[next].waits;
            *waits = waits.saturating_sub(1);
            if *waits == 0 && self.op.jobs[next].state == JobState::Waiting {
                self.ready.push_back(next);
            }
        }
    }

    /// The job has failed. A creation or update then gives up what else is under way; a deletion
    /// or an undoing goes on with what does not depend on it.
    pub fn fail_job(&mut self, i: usize, status: ResourceStatus, reason: &str) {
        self.op.jobs[i].state = JobState::Failed;
        self.tell(i, status, Some(reason));
        self.op.failed.push((self.op.jobs[i].logical_id.clone(), status));
        match self.op.phase {
            Phase::Create | Phase::Update => self.cancel(),
            Phase::UpdateRollback => self.keep_former(i),
            _ => {}
        }
    }

    /// A resource that could not be changed back is what the update made of it, and has yet to be changed
    /// back when the rollback is continued.
    fn keep_former(&mut self, i: usize) {
        let id = &self.op.jobs[i].logical_id;
        let Some(left) = self.op.undoing.remove(id) else { return };
        let Some(resource) = self.stack.resources.get_mut(id) else { return };
        let former = resource.clone();
        let (status, reason, at) = (former.status, former.reason.clone(), former.at);
        *resource = StackResource { status, reason, at, former: Some(Box::new(former)), ..left };
    }

    /// Gives up every job under way.
    pub fn cancel(&mut self) {
        self.ready.clear();
        for i in 0..self.op.jobs.len() {
            if !self.op.jobs[i].state.active() {
                continue;
            }
            self.op.jobs[i].state = JobState::Failed;
            let status = self.verb(i, Verb::Failed);
            let what = if status == ResourceStatus::CreateFailed { "creation" } else { "update" };
            self.tell(i, status, Some(&format!("Resource {what} cancelled")));
        }
    }

    /// What a provider's `Failure` means for a job: wait and ask again, or the reason it failed for.
    pub fn retry_or_reason(&mut self, i: usize, failure: Failure, again: Task) -> Option<String> {
        match failure {
            Failure::NotYet(wait) => {
                self.later(wait.max(Duration::from_millis(1)), again);
                None
            }
            Failure::Failed(reason) => Some(reason),
            Failure::Handler { code, message } => {
                let id = &self.op.jobs[i].logical_id;
                let token = seed::uuid(seed::hash(self.stack.serial, &[&self.stack.id, id]));
                Some(format!(
                    "Resource handler returned message: \"{message}\" (RequestToken: {token}, HandlerErrorCode: {code})"
                ))
            }
        }
    }

    /// Schedules a task of this phase.
    pub fn later(&mut self, wait: Duration, task: Task) {
        self.engine.schedule(self.at.after(wait), self.stack, task);
    }

    /// Tells the status of what a job works on.
    pub fn tell(&mut self, i: usize, status: ResourceStatus, reason: Option<&str>) {
        let job = &self.op.jobs[i];
        match job.action {
            Action::Discard(g) => {
                let Some(resource) = self.op.garbage.get_mut(g) else { return };
                resource.status = status;
                let resource = super::event::PhysicalResource {
                    logical_id: &resource.logical_id,
                    physical_id: resource.physical_id.as_deref().unwrap_or_default(),
                    kind: &resource.kind,
                };
                self.stack.tell_physical_resource(self.at, resource, status, reason, None);
            }
            _ => {
                let id = job.logical_id.clone();
                self.stack.tell_resource(self.at, &id, status, reason);
            }
        }
    }

    /// The status that says how a job's resource fares, in the words of creation or of update.
    pub fn verb(&self, i: usize, verb: Verb) -> ResourceStatus {
        let id = &self.op.jobs[i].logical_id;
        let update = self.stack.resources.get(id).is_some_and(|r| r.former.is_some())
            || matches!(self.op.jobs[i].action, Action::Restore);
        match (update, verb) {
            (false, Verb::Begun) => ResourceStatus::CreateInProgress,
            (false, Verb::Failed) => ResourceStatus::CreateFailed,
            (false, Verb::Done) => ResourceStatus::CreateComplete,
            (true, Verb::Begun) => ResourceStatus::UpdateInProgress,
            (true, Verb::Failed) => ResourceStatus::UpdateFailed,
            (true, Verb::Done) => ResourceStatus::UpdateComplete,
        }
    }

    /// The physical resource a job works on.
    pub fn target(&self, i: usize) -> Option<&StackResource> {
        match self.op.jobs[i].action {
            Action::Discard(g) => self.op.garbage.get(g),
            _ => self.stack.resources.get(&self.op.jobs[i].logical_id),
        }
    }

    /// The stack's template, parsed and bound; made anew after a restart of the program.
    pub fn model(&mut self) -> Result<Arc<Model>, String> {
        Model::of(self.host, self.stack).map_err(|error| error.to_string())
    }
}

/// The three things to say of a job.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verb {
    Begun,
    Failed,
    Done,
}
