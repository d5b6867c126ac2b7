//! What can be broken and mended by hand: the list of faults, asked before breaking, mended at once.

use super::super::model::{Choice, Model, Overlay, Said, Tone};
use super::super::msg::Effect;
use super::drill::may_act;
use crate::cloud::{ActionError, Fault, Turn};
use crate::drill::telling::terms;
use ground::tr;

pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if super::action::refuse_watcher(model) {
        return Vec::new();
    }
    if model.drill_screen.offers.is_empty() {
        let text = Said::with(|l| {
            tr!(l, "Aquí no se puede romper nada.", "There is nothing that can be broken here.")
        });
        model.say(Tone::Info, text);
        return Vec::new();
    }
    model.open(Overlay::Faults { selected: 0 })
}

/// Asks before breaking; what is broken already is mended.
pub(super) fn choose(model: &mut Model, index: usize) -> Vec<Effect> {
    let Some(fault) = model.drill_screen.offers.get(index).copied() else { return Vec::new() };
    if model.progress.broken.contains(&fault) {
        return turn(model, fault, Turn::Mend);
    }
    if !may_act(model) {
        return Vec::new();
    }
    model.open(Overlay::ConfirmFault { fault, choice: Choice::No })
}

pub(super) fn turn(model: &mut Model, fault: Fault, turn: Turn) -> Vec<Effect> {
    if !may_act(model) {
        return Vec::new();
    }
    // Kept before it is broken: after a kill the next session still knows what to mend.
    if turn == Turn::Break {
        model.progress.broken.insert(fault);
    }
    let mut effects: Vec<Effect> = model.save().into_iter().collect();
    effects.push(Effect::Switch(fault, turn));
    effects
}

pub(super) fn on_turned(
    model: &mut Model,
    fault: Fault,
    turn: Turn,
    result: Result<(), ActionError>,
) -> Vec<Effect> {
    match (result, turn) {
        (Ok(()), Turn::Break) => {
            let text = Said::with(|l| {
                let name = terms::fault(fault, l);
                tr!(l, "Roto: {name}. B para repararlo.", "Broken: {name}. B to mend it.")
            });
            model.say(Tone::Warning, text);
        }
        (Ok(()), Turn::Mend) => {
            model.progress.broken.remove(&fault);
            let text = Said::with(|l| {
                let name = terms::fault(fault, l);
                tr!(l, "Reparado: {name}.", "Mended: {name}.")
            });
            model.say(Tone::Good, text);
        }
        (Err(error), _) => model.say(Tone::Bad, error.text),
    }
    let mut effects = vec![Effect::Observe];
    effects.extend(model.save());
    effects
}
