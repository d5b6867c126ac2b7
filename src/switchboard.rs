//! The practice world's own faults as the drill's switchboard.

use practice::Practice;
use practice::faults::Turn;

use crate::cloud::fault::Switching;
use crate::cloud::{ActionError, Fault, Switchboard};

/// Breaks and mends a practice world: what can be broken there and not, by a call, at AWS.
#[derive(Clone, Debug)]
pub struct PracticeSwitches(Practice);

impl PracticeSwitches {
    /// The faults of this world.
    #[must_use]
    pub fn of(practice: &Practice) -> PracticeSwitches {
        PracticeSwitches(practice.clone())
    }

    fn turn(&self, fault: Fault, turn: Turn) -> Switching<'_> {
        let done = match in_practice(fault) {
            Some(fault) => self.0.turn_fault(fault, turn).map_err(|_| {
                ActionError::new(
                    "ServiceUnavailable",
                    "El mundo de práctica no se puede guardar ahora, y no se ha cambiado nada. Libera espacio y repite.",
                    "The practice world cannot be saved at present, and nothing was changed. Free some space and try again.",
                )
            }),
            None => Err(ActionError::new(
                "NotOffered",
                format!("Este mundo no puede romper «{fault}» por sí mismo. Elige otro fallo."),
                format!("This world cannot break \"{fault}\" by itself. Choose another fault."),
            )),
        };
        Box::pin(std::future::ready(done))
    }
}

/// The fault as practice knows it; `None` for one that is made by AWS's own calls.
fn in_practice(fault: Fault) -> Option<practice::Fault> {
    match fault {
        Fault::Api => Some(practice::Fault::Api),
        Fault::Region => Some(practice::Fault::Region),
        Fault::Network => Some(practice::Fault::Network),
        Fault::Lag => Some(practice::Fault::Lag),
        Fault::Bucket | Fault::Instance => None,
    }
}

impl Switchboard for PracticeSwitches {
    fn offers(&self) -> Vec<Fault> {
        Fault::ALL.into_iter().filter(|fault| in_practice(*fault).is_some()).collect()
    }

    fn apply(&self, fault: Fault) -> Switching<'_> {
        self.turn(fault, Turn::Break)
    }

    fn undo(&self, fault: Fault) -> Switching<'_> {
        self.turn(fault, Turn::Mend)
    }

    fn settle(&self) {
        // The trouble is said by the world itself.
        let _ = self.0.settle();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::facts::Role;

    #[test]
    fn a_fault_is_called_the_same_in_the_workshop_and_in_practice() {
        for fault in Fault::ALL {
            let known = in_practice(fault).map_or(fault.as_str(), practice::Fault::as_str);
            assert_eq!(known, fault.as_str());
        }
    }

    #[test]
    fn what_can_be_broken_in_practice_alone_can_be_drilled_and_is_told_in_the_reference() {
        let offered: Vec<_> = Fault::ALL.into_iter().filter_map(in_practice).collect();
        for fault in practice::Fault::ALL {
            assert!(offered.contains(&fault), "no drill breaks {fault:?}");
            let name = format!("`{}`", fault.as_str());
            assert!(include_str!("../docs/control.md").contains(&name), "{name} is not in docs/control.md");
        }
    }

    /// What the workshop asks of any world by its address, and what practice answers there.
    #[test]
    fn the_workshop_and_practice_agree_on_what_is_asked_where() {
        assert_eq!(crate::cloud::APP, practice::WATCHING);
        assert_eq!(crate::cloud::CLIENTS, practice::CLIENTS);
        assert!(practice::regions::all().any(|region| region == Role::Primary.region()));
    }
}
