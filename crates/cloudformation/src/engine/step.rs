//! Time passes for stacks: every task that is due is done.

use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::host::Host;
use super::run;
use super::stack::Stack;
use super::stacks::Engine;
use super::status::StackStatus;
use ground::clock::Moment;

impl Engine {
    /// Does every task due at or before `at`, in order; each sees the services at its own moment.
    pub fn step(&mut self, host: &mut dyn Host, at: Moment) {
        while self.next_due().is_some_and(|next| next <= at) {
            let Some(Reverse(due)) = self.agenda.pop() else { return };
            // Out of the map while it is worked on: what is left are the others.
            let Some(mut stack) = self.stacks.remove(&due.stack) else { continue };
            let done = catch_unwind(AssertUnwindSafe(|| run::task(self, host, &mut stack, &due)));
            if done.is_err() {
                fail_after_defect(&mut stack, due.at);
            }
            self.stacks.insert(due.stack, stack);
        }
    }
}

/// A defect in a provider costs its stack the operation, not the learner the stack.
fn fail_after_defect(stack: &mut Stack, at: Moment) {
    let status = match stack.status {
        StackStatus::DeleteInProgress => StackStatus::DeleteFailed,
        StackStatus::CreateInProgress => StackStatus::CreateFailed,
        StackStatus::RollbackInProgress => StackStatus::RollbackFailed,
        _ => StackStatus::UpdateRollbackFailed,
    };
    stack.turn += 1;
    stack.tell(at, status, Some("Practice AWS failed inside. This is a defect of Espera; delete the stack."));
}
