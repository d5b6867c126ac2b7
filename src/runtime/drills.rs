//! Faults and drills as tasks beside the screen: what the model asks for, and the messages it gets back.

use std::sync::Arc;

use crate::app::{Msg, Said, Turn};
use crate::cloud::{ActionError, Fault, Switchboard};
use crate::tr;

/// What can be broken and mended here.
#[derive(Clone, Default)]
pub struct Switchboards(pub Vec<Arc<dyn Switchboard>>);

impl Switchboards {
    /// All that is offered, in the order of `Fault::ALL`.
    #[must_use]
    pub fn offers(&self) -> Vec<Fault> {
        Fault::ALL.into_iter().filter(|f| self.of(*f).is_some()).collect()
    }

    fn of(&self, fault: Fault) -> Option<&Arc<dyn Switchboard>> {
        self.0.iter().find(|s| s.offers().contains(&fault))
    }

    /// Breaks or mends something; the answer as a message.
    pub(super) async fn switch(self, fault: Fault, turn: Turn) -> Msg {
        let result = match (self.of(fault), turn) {
            (Some(board), Turn::Break) => board.apply(fault).await,
            (Some(board), Turn::Mend) => board.undo(fault).await,
            (None, _) => Err(not_offered(fault)),
        };
        Msg::Switched(fault, turn, result)
    }
}

fn not_offered(fault: Fault) -> ActionError {
    let said = Said::with(|l| {
        let name = crate::app::words::fault(fault, l);
        tr!(l, "Aquí no se puede romper ni reparar: {name}.", "This cannot be broken or mended here: {name}.")
    });
    ActionError::new("NotOffered", said.es, said.en)
}
