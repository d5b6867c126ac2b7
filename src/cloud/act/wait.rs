//! Waiting for stacks, telling of each resource that ends.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::action::Notes;
use super::super::facts::{Phase, Role, Stack};
use super::super::guard::Patience;
use super::super::{ActionError, Cloud, error};
use ground::clock::span;

/// Between looks at what changes within seconds, in the world's time.
pub(super) const POLL: Duration = Duration::from_secs(5);
/// The longest an operation on a stack is waited for, in the world's time: four times what the longest takes.
const PATIENCE: Duration = Duration::from_secs(4 * 3600);
/// Between looks at a stack: each reads a page of events, and a stack takes many minutes.
const POLL_STACK: Duration = Duration::from_secs(15);

impl Cloud {
    /// The stack as it is now; `None` when it is not there or was deleted.
    pub(super) async fn stack_now(
        &self,
        role: Role,
        name: &'static str,
    ) -> Result<Option<Stack>, ActionError> {
        let stack = self.stack(role, name).await.map_err(|e| error::to_action_error(&*e))?;
        Ok(stack.filter(|s| s.status.phase() != Phase::Deleted))
    }

    /// Waits until nothing moves in a stack; `None` when it is gone by then.
    pub(super) async fn await_settled(
        &self,
        role: Role,
        name: &'static str,
        note: Notes<'_>,
    ) -> Result<Option<Stack>, ActionError> {
        let mut told = BTreeSet::new();
        let mut quiet = true;
        let patience =
            Patience::new(self, PATIENCE, format!("a la pila {name}"), format!("the stack {name}"));
        loop {
            let Some(stack) = self.stack_now(role, name).await? else { return Ok(None) };
            for resource in &stack.resources {
                let key = (resource.logical_id.clone(), resource.status.clone());
                // What had ended before the first look is old news.
                let news = resource.ended.is_some() && told.insert(key) && !quiet;
                if news {
                    let took = span(resource.ended.unwrap_or_default().since(resource.began));
                    let line = format!("{name} · {} {} ({took})", resource.logical_id, resource.status);
                    self.tell(note, line.clone(), line);
                }
            }
            quiet = false;
            if !stack.status.phase().is_moving() {
                return Ok(Some(stack));
            }
            patience.pause(self, POLL_STACK).await?;
        }
    }

    /// Waits until a stack is complete.
    pub(super) async fn await_complete(
        &self,
        role: Role,
        name: &'static str,
        note: Notes<'_>,
    ) -> Result<Stack, ActionError> {
        let settled = self.await_settled(role, name, note).await?;
        let Some(stack) = settled else {
            return Err(ActionError::new(
                "StackGone",
                format!("La pila {name} ya no está: alguien la ha borrado. Repite la acción para crearla."),
                format!("The stack {name} is gone: somebody deleted it. Repeat the action to create it."),
            ));
        };
        match stack.status.phase() {
            Phase::Done => Ok(stack),
            _ => Err(failure_error(&stack)),
        }
    }
}

/// A stack that failed, with its first real error.
pub(super) fn failure_error(stack: &Stack) -> ActionError {
    let (name, status) = (&stack.name, &stack.status);
    let reason = match &stack.first_error {
        Some(e) => format!("{}: {}", e.logical_id, e.reason),
        None => stack.reason.clone().unwrap_or_default(),
    };
    ActionError::new(
        status.0.clone(),
        format!(
            "{name} acabó en {status}. El primer error fue {reason}. Corrige la causa y repite la acción: Espera borra antes lo que quedó a medias."
        ),
        format!(
            "{name} ended as {status}. The first error was {reason}. Mend the cause and repeat the action: Espera first deletes what was left half done."
        ),
    )
}
