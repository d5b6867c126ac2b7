//! The steps of a recovery, and taking back what a drill did.

use tokio::sync::mpsc::UnboundedSender;

use super::context::DrillContext;
use super::event::Undo;
use super::plan::Step;
use crate::cloud::facts::Role;
use crate::cloud::{ActionError, ActionId, Fault, Note, Settings};

impl DrillContext {
    /// Carries a step out; `fault` is what `Mend` mends.
    pub(super) async fn step(
        self,
        step: Step,
        fault: Option<Fault>,
        notes: UnboundedSender<Note>,
    ) -> Result<(), ActionError> {
        let note = move |line: Note| {
            // Nobody listens any more once the drill has ended.
            let _ = notes.send(line);
        };
        match step {
            Step::FailOver => {
                self.cloud.run(ActionId::FailOver, &Settings::default(), &note).await.map(|_| ())
            }
            Step::SwitchOver => self.cloud.switch_over(Role::Standby, &note).await,
            Step::SwitchWrites => {
                self.cloud.switch_writes(Role::Standby, &note).await.map_err(explain_needless)
            }
            Step::Mend => match fault {
                Some(fault) => self.take_back(&Undo::Mend { fault }).await,
                None => Ok(()),
            },
        }
    }

    /// Takes something back; harmless when it had been taken back before.
    pub(super) async fn take_back(&self, undo: &Undo) -> Result<(), ActionError> {
        match undo {
            Undo::Mend { fault } => match self.switchboard(*fault) {
                Ok(switchboard) => switchboard.undo(*fault).await,
                Err(_) => Err(no_switchboard_error(*fault)),
            },
            Undo::Writes => self.cloud.switch_writes(Role::Primary, &|_| {}).await,
        }
    }
}

/// A Region that does not answer takes no new config.json, and needs none: the edge has left its pages.
fn explain_needless(error: ActionError) -> ActionError {
    if !error.is_unanswered() {
        return error;
    }
    let (lost, there) = (Role::Primary.region(), Role::Standby.region());
    ActionError::new(
        error.code,
        format!(
            "{lost} no contesta: ahí no se puede cambiar nada, ni hace falta si el borde sirve ya {there}."
        ),
        format!(
            "{lost} does not answer: nothing can be changed there, nor need it if the edge serves {there}."
        ),
    )
}

/// What a step must have on record before it begins.
pub(super) fn undo_of_step(step: Step) -> Option<Undo> {
    (step == Step::SwitchWrites).then_some(Undo::Writes)
}

fn no_switchboard_error(fault: Fault) -> ActionError {
    ActionError::new(
        "NotOffered",
        format!("Este mundo no sabe reparar «{fault}»: abre el que lo rompió."),
        format!("This world cannot mend \"{fault}\": open the one that broke it."),
    )
}
