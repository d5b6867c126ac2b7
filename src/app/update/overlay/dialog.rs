//! Questions with yes and no over the panes.

use super::super::super::command::Dialog;
use super::super::super::model::{Choice, Model, Overlay, Said, Tone};
use super::super::super::msg::Effect;
use super::super::{action, drill, faults};
use crate::cloud::Turn;
use ground::tr;

/// The answer that is selected, of what asks.
fn selected_choice(overlay: &mut Overlay) -> Option<&mut Choice> {
    match overlay {
        Overlay::Confirm { choice, .. }
        | Overlay::Resume { choice, .. }
        | Overlay::TakeOver { choice, .. }
        | Overlay::ConfirmQuit { choice }
        | Overlay::ConfirmStop { choice }
        | Overlay::ConfirmFault { choice, .. } => Some(choice),
        _ => None,
    }
}

pub(super) fn answer(model: &mut Model, mut overlay: Overlay, answer: Dialog) -> Vec<Effect> {
    // A no to a question about what was found is an answer too.
    let asks = matches!(overlay, Overlay::Resume { .. } | Overlay::TakeOver { .. });
    let Some(choice) = selected_choice(&mut overlay) else { return model.open(overlay) };
    match answer {
        Dialog::OtherAnswer => {
            *choice = choice.other();
            model.open(overlay)
        }
        Dialog::No if !asks => Vec::new(),
        Dialog::No => apply_choice(model, overlay, Choice::No),
        Dialog::Yes => apply_choice(model, overlay, Choice::Yes),
    }
}

/// Takes the answer that is selected. Whoever has typed what had to be typed has chosen.
pub(super) fn accept(model: &mut Model, mut overlay: Overlay) -> Vec<Effect> {
    let choice = match &overlay {
        Overlay::Confirm { action, typed, .. } if model.word_to_type(*action) == Some(typed) => Choice::Yes,
        _ => selected_choice(&mut overlay).map(|choice| *choice).unwrap_or_default(),
    };
    apply_choice(model, overlay, choice)
}

fn apply_choice(model: &mut Model, overlay: Overlay, choice: Choice) -> Vec<Effect> {
    model.overlay = Some(overlay);
    choose(model, choice)
}

/// The answer to a dialog; "no" also closes any other overlay.
pub(crate) fn choose(model: &mut Model, choice: Choice) -> Vec<Effect> {
    match (model.overlay.take(), choice) {
        (Some(Overlay::Confirm { action, typed, .. }), Choice::Yes) => {
            match model.word_to_type(action).filter(|word| *word != typed) {
                None => action::start(model, action),
                Some(_) => action::type_first(model, action, typed),
            }
        }
        (Some(Overlay::Resume { action, .. }), Choice::Yes) => action::go_on(model, action),
        (Some(Overlay::Resume { action, .. }), Choice::No) => action::forget(model, action),
        (Some(Overlay::TakeOver { action, claims, .. }), choice) => {
            action::answer_take_over(model, action, claims, choice)
        }
        (Some(Overlay::ConfirmQuit { .. }), Choice::Yes) => drill::terminate(model),
        (Some(Overlay::ConfirmStop { .. }), Choice::Yes) => drill::stop(model),
        (Some(Overlay::ConfirmFault { fault, .. }), Choice::Yes) => faults::turn(model, fault, Turn::Break),
        (Some(Overlay::Confirm { .. } | Overlay::ConfirmFault { .. }), Choice::No) => {
            model.say(Tone::Info, Said::with(|l| tr!(l, "No se ha hecho nada.", "Nothing was done.")));
            Vec::new()
        }
        _ => Vec::new(),
    }
}
