//! The drill's questions: end it now, break something, what to do with one that was cut off.

use ratatui::text::Span;

use super::super::scene::Scene;
use super::super::text;
use super::super::theme::Role;
use super::popup::Popup;
use crate::app::{Choice, CutOffChoice};
use crate::cloud::Fault;
use crate::drill::telling::{plan, terms};
use crate::tr;

/// Asks before a run is ended.
pub(super) fn stop(scene: &Scene<'_>, choice: Choice) -> Popup {
    let title = scene.say("¿Terminar el simulacro?", "End the drill?");
    let mut popup = dialog(scene, title, choice);
    super::confirm::whose(scene, &mut popup);
    popup.say(scene, plan::stopping(scene.lang), Role::Text);
    popup
}

fn dialog(scene: &Scene<'_>, title: &str, choice: Choice) -> Popup {
    let keys = scene.say("←→ elegir · Intro aceptar · Esc no", "←→ choose · Enter accept · Esc no");
    Popup::new(scene, title).keys(keys).buttons(choice)
}

/// What can be broken here, and what is.
pub(super) fn faults(scene: &Scene<'_>, selected: usize) -> Popup {
    let keys = scene
        .say("Intro romper o reparar · ↑↓ mover · Esc cerrar", "Enter break or mend · ↑↓ move · Esc close");
    let mut popup = Popup::new(scene, scene.say("Averías", "Faults")).keys(keys);
    for (index, fault) in scene.model.drill_screen.offers.iter().enumerate() {
        let broken = scene.model.progress.broken.contains(fault);
        let (sign, word, role) = match broken {
            true => (scene.signs.failed(), scene.say("rota por ti", "broken by you"), Role::Error),
            false => (scene.signs.pending(), "", Role::Pending),
        };
        let room = popup.room().saturating_sub(6 + text::width(word));
        let name = text::fit(terms::fault(*fault, scene.lang), room, scene.signs);
        let spans =
            vec![scene.span(sign, role), Span::raw(format!(" {name}  ")), scene.span(word, Role::Error)];
        popup.row(scene, index, index == selected, spans);
    }
    if let Some(fault) = scene.model.drill_screen.offers.get(selected) {
        popup.push(ratatui::text::Line::default());
        popup.say(scene, plan::effect(*fault, scene.lang), Role::Muted);
    }
    popup
}

/// Asks before something is broken.
pub(super) fn confirm(scene: &Scene<'_>, fault: Fault, choice: Choice) -> Popup {
    let lang = scene.lang;
    let name = terms::fault(fault, lang);
    let mut popup = dialog(scene, &tr!(lang, "Romper: {name}", "Break: {name}"), choice);
    super::confirm::whose(scene, &mut popup);
    popup.item(scene, scene.signs.bullet(), plan::effect(fault, lang), Role::Strong);
    let undo = plan::undo(fault, lang);
    popup.item(scene, scene.signs.bullet(), &tr!(lang, "Se deshace: {undo}", "Undone: {undo}"), Role::Text);
    popup.gap();
    popup.say(scene, plan::stays(lang), Role::Warning);
    popup
}

/// Asks what to do with a run that was cut off.
pub(super) fn unfinished(scene: &Scene<'_>, selected: usize) -> Popup {
    let lang = scene.lang;
    let keys = scene.say("Intro elegir · ↑↓ mover · Esc luego", "Enter choose · ↑↓ move · Esc later");
    let mut popup =
        Popup::new(scene, scene.say("Un simulacro quedó a medias", "A drill was cut off")).keys(keys);
    super::confirm::whose(scene, &mut popup);
    if let Some(cut) = &scene.model.drill_screen.unfinished {
        let began = cut.began.iso8601().get(..16).unwrap_or_default().replace('T', " ");
        let fault = match cut.fault {
            Some(fault) => terms::fault(fault, lang),
            None => scene.say("ninguna avería", "no fault"),
        };
        let told = tr!(
            lang,
            "Empezó el {began} UTC ({fault}). {}",
            "It began on {began} UTC ({fault}). {}",
            plan::cut_off(lang)
        );
        popup.say(scene, &told, Role::Text);
        popup.gap();
    }
    for (index, settle) in CutOffChoice::ALL.into_iter().enumerate() {
        popup.row(scene, index, index == selected, vec![Span::raw(settle.name(lang))]);
    }
    popup
}
