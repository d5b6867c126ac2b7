//! The drill's questions: end it now, break something, what to do with one that was cut off.

use ratatui::text::Span;

use super::super::draw_context::DrawContext;
use super::super::text;
use super::super::theme::Role;
use super::popup::Popup;
use crate::app::{Choice, CutOffChoice};
use crate::cloud::Fault;
use crate::drill::telling::{plan, terms};
use ground::tr;

/// Asks before a run is ended.
pub(super) fn stop(context: &DrawContext<'_>, choice: Choice) -> Popup {
    let title = context.say("¿Terminar el simulacro?", "End the drill?");
    let mut popup = dialog(context, title, choice);
    super::confirm::account_lines(context, &mut popup);
    popup.say(context, plan::effect_of_stopping(context.lang), Role::Text);
    popup
}

fn dialog(context: &DrawContext<'_>, title: &str, choice: Choice) -> Popup {
    let keys = context.say("←→ elegir · Intro aceptar · Esc no", "←→ choose · Enter accept · Esc no");
    Popup::new(context, title).keys(keys).buttons(choice)
}

/// What can be broken here, and what is.
pub(super) fn faults(context: &DrawContext<'_>, selected: usize) -> Popup {
    let keys = context
        .say("Intro romper o reparar · ↑↓ mover · Esc cerrar", "Enter break or mend · ↑↓ move · Esc close");
    let mut popup = Popup::new(context, context.say("Averías", "Faults")).keys(keys);
    for (index, fault) in context.model.drill_screen.offers.iter().enumerate() {
        let broken = context.model.progress.broken.contains(fault);
        let (sign, word, role) = match broken {
            true => (context.signs.failed(), context.say("rota por ti", "broken by you"), Role::Error),
            false => (context.signs.pending(), "", Role::Pending),
        };
        let room = popup.room().saturating_sub(6 + text::width(word));
        let name = text::fit(terms::fault(*fault, context.lang), room, context.signs);
        let spans =
            vec![context.span(sign, role), Span::raw(format!(" {name}  ")), context.span(word, Role::Error)];
        popup.row(context, index, index == selected, spans);
    }
    if let Some(fault) = context.model.drill_screen.offers.get(selected) {
        popup.push(ratatui::text::Line::default());
        popup.say(context, plan::effect(*fault, context.lang), Role::Muted);
    }
    popup
}

/// Asks before something is broken.
pub(super) fn confirm(context: &DrawContext<'_>, fault: Fault, choice: Choice) -> Popup {
    let lang = context.lang;
    let name = terms::fault(fault, lang);
    let mut popup = dialog(context, &tr!(lang, "Romper: {name}", "Break: {name}"), choice);
    super::confirm::account_lines(context, &mut popup);
    popup.item(context, context.signs.bullet(), plan::effect(fault, lang), Role::Strong);
    let undo = plan::undo(fault, lang);
    popup.item(
        context,
        context.signs.bullet(),
        &tr!(lang, "Se deshace: {undo}", "Undone: {undo}"),
        Role::Text,
    );
    popup.gap();
    popup.say(context, plan::how_long_it_stays(lang), Role::Warning);
    popup
}

/// Asks what to do with a run that was cut off.
pub(super) fn unfinished_run(context: &DrawContext<'_>, selected: usize) -> Popup {
    let lang = context.lang;
    let keys = context.say("Intro elegir · ↑↓ mover · Esc luego", "Enter choose · ↑↓ move · Esc later");
    let mut popup =
        Popup::new(context, context.say("Un simulacro quedó a medias", "A drill was cut off")).keys(keys);
    super::confirm::account_lines(context, &mut popup);
    if let Some(cut) = &context.model.drill_screen.unfinished {
        let began = cut.began.iso8601().get(..16).unwrap_or_default().replace('T', " ");
        let fault = match cut.fault {
            Some(fault) => terms::fault(fault, lang),
            None => context.say("ninguna avería", "no fault"),
        };
        let told = tr!(
            lang,
            "Empezó el {began} UTC ({fault}). {}",
            "It began on {began} UTC ({fault}). {}",
            plan::about_cut_off(lang)
        );
        popup.say(context, &told, Role::Text);
        popup.gap();
    }
    for (index, settle) in CutOffChoice::ALL.into_iter().enumerate() {
        popup.row(context, index, index == selected, vec![Span::raw(settle.name(lang))]);
    }
    popup
}
