//! Deletes one physical resource: of a stack that goes, of a rollback, or left over by an update.

use super::host::Failure;
use super::host::cx;
use super::operation::{Action, JobState, Phase, Stubborn, Task};
use super::provide;
use super::resource::StackResource;
use super::run::Run;
use super::status::{Policy, ResourceStatus};

impl Run<'_> {
    /// Starts (or tries again to start) a deletion.
    pub(super) fn delete(&mut self, i: usize) {
        let Some(target) = self.target(i).cloned() else { return self.finish_job(i) };
        if self.is_kept(&target) {
            self.tell(i, ResourceStatus::DeleteSkipped, None);
            return self.finish_job(i);
        }
        let Some(physical_id) = target.physical_id.clone() else {
            self.tell(i, ResourceStatus::DeleteComplete, None);
            return self.finish_job(i);
        };
        if self.op.jobs[i].state == JobState::Waiting {
            self.op.jobs[i].state = JobState::Deleting;
            self.tell(i, ResourceStatus::DeleteInProgress, None);
        }
        let begun = {
            let cx = cx(self.host, self.stack, &target, self.at);
            provide::delete(self.engine, self.host, &cx, &physical_id)
        };
        match begun {
            Ok(deleting) => self.later(deleting.takes, Task::Settle(i)),
            Err(failure) => self.not_deleted(i, failure, Task::Start(i)),
        }
    }

    /// The time of a deletion has passed.
    pub(super) fn finish_deletion(&mut self, i: usize) {
        let Some(target) = self.target(i).cloned() else { return self.finish_job(i) };
        let gone = {
            let cx = cx(self.host, self.stack, &target, self.at);
            let physical_id = target.physical_id.as_deref().unwrap_or_default();
            provide::finish_deletion(self.engine, self.host, &cx, physical_id)
        };
        match gone {
            Ok(()) => {
                self.tell(i, ResourceStatus::DeleteComplete, None);
                self.finish_job(i);
            }
            Err(failure) => self.not_deleted(i, failure, Task::Settle(i)),
        }
    }

    fn not_deleted(&mut self, i: usize, failure: Failure, again: Task) {
        let Some(reason) = self.retry_or_reason(i, failure, again) else { return };
        if self.op.stubborn == Stubborn::Leave {
            self.tell(i, ResourceStatus::DeleteSkipped, Some(&reason));
            self.finish_job(i);
        } else {
            self.fail_job(i, ResourceStatus::DeleteFailed, &reason);
        }
    }

    /// Whether a resource stays where it is when its stack lets it go.
    fn is_kept(&self, target: &StackResource) -> bool {
        let undoing = matches!(self.op.phase, Phase::Rollback | Phase::RollbackCleanup);
        match target.deletion {
            Policy::Retain => true,
            Policy::RetainExceptOnCreate => !undoing,
            Policy::Delete | Policy::Snapshot => self.op.skip.contains(&target.logical_id),
        }
    }
}

/// A deletion job for every piece of garbage.
pub(super) fn discards(garbage: &[StackResource]) -> Vec<(String, Action)> {
    garbage.iter().enumerate().map(|(g, thing)| (thing.logical_id.clone(), Action::Discard(g))).collect()
}
