//! The faults that only a practice world can have, as the drill's switchboard: each a control request,
//! so that it is journaled like any other.

use http::Method;

use super::Practice;
use super::control;
use crate::cloud::fault::Switching;
use crate::cloud::{ActionError, Fault, Switchboard};

/// What can be broken in practice and not at AWS.
const OFFERED: [Fault; 4] = [Fault::Api, Fault::Region, Fault::Network, Fault::Lag];

/// Breaks and mends this world.
#[derive(Clone, Debug)]
struct Switches(Practice);

impl Practice {
    /// The faults of this world that are not made by AWS's own calls.
    #[must_use]
    pub fn switchboard(&self) -> impl Switchboard + Clone + 'static {
        Switches(self.clone())
    }
}

impl Switches {
    fn turn(&self, method: &Method, fault: Fault) -> Switching<'_> {
        let done = if OFFERED.contains(&fault) {
            match self.0.control(method, &control::fault_path(fault)).status.as_u16() {
                503 => Err(ActionError::new(
                    "ServiceUnavailable",
                    "El mundo de práctica no se puede guardar ahora, y no se ha cambiado nada. Libera espacio y repite.",
                    "The practice world cannot be saved at present, and nothing was changed. Free some space and try again.",
                )),
                _ => Ok(()),
            }
        } else {
            Err(ActionError::new(
                "NotOffered",
                format!("Este mundo no puede romper «{fault}» por sí mismo. Elige otro fallo."),
                format!("This world cannot break \"{fault}\" by itself. Choose another fault."),
            ))
        };
        Box::pin(std::future::ready(done))
    }
}

impl Switchboard for Switches {
    fn offers(&self) -> Vec<Fault> {
        OFFERED.to_vec()
    }

    fn apply(&self, fault: Fault) -> Switching<'_> {
        self.turn(&Method::POST, fault)
    }

    fn undo(&self, fault: Fault) -> Switching<'_> {
        self.turn(&Method::DELETE, fault)
    }

    fn settle(&self) {
        // The trouble is said by the world itself.
        let _ = self.0.settle();
    }
}
