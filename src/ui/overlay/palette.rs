//! The command palette: what was typed, and the commands it finds, with their keys.

use ratatui::text::{Line, Span};

use super::super::scene::Scene;
use super::super::theme::Role;
use super::super::{keys, text};
use super::popup::Popup;

pub(super) fn popup(scene: &Scene<'_>, query: &str, selected: usize) -> Popup {
    let title = scene.say("Órdenes", "Commands");
    let foot = scene.say("Intro hacer · ↑↓ elegir · Esc cerrar", "Enter run · ↑↓ choose · Esc close");
    let mut popup = Popup::new(scene, title).keys(foot).width(scene, 74);
    let typed = text::clean(query).into_owned();
    popup.push(Line::from(vec![
        scene.span(": ", Role::Accent),
        scene.span(typed, Role::Strong),
        scene.span(scene.signs.caret(), Role::Accent),
    ]));
    popup.gap();
    let rows = scene.model.palette_rows(query);
    if rows.is_empty() {
        popup.say(scene, scene.say("Ninguna orden se llama así.", "No command is called that."), Role::Muted);
    }
    for (index, command) in rows.into_iter().enumerate() {
        let Some(binding) = scene.model.keymap.binding(command) else { continue };
        let key = binding.keys.first().map(|k| keys::name(*k, scene.lang, scene.signs)).unwrap_or_default();
        let room = popup.room().saturating_sub(14);
        let title = text::fit(binding.title.get(scene.lang), room, scene.signs);
        let spans = vec![Span::raw(title), scene.span(format!(" {key:>10}"), Role::KeyHint)];
        popup.row(scene, index, index == selected, spans);
    }
    popup
}
