//! The command palette: what was typed, and the commands it finds, with their keys.

use ratatui::text::{Line, Span};

use super::super::draw_context::DrawContext;
use super::super::theme::Role;
use super::super::{keys, text};
use super::popup::Popup;

pub(super) fn popup(context: &DrawContext<'_>, query: &str, selected: usize) -> Popup {
    let title = context.say("Órdenes", "Commands");
    let foot = context.say("Intro hacer · ↑↓ elegir · Esc cerrar", "Enter run · ↑↓ choose · Esc close");
    let mut popup = Popup::new(context, title).keys(foot).width(context, 74);
    let typed = text::clean(query).into_owned();
    popup.push(Line::from(vec![
        context.span(": ", Role::Accent),
        context.span(typed, Role::Strong),
        context.span(context.signs.caret(), Role::Accent),
    ]));
    popup.gap();
    let rows = context.model.palette_rows(query);
    if rows.is_empty() {
        popup.say(
            context,
            context.say("Ninguna orden se llama así.", "No command is called that."),
            Role::Muted,
        );
    }
    for (index, command) in rows.into_iter().enumerate() {
        let Some(binding) = context.model.keymap.binding(command) else { continue };
        let key =
            binding.keys.first().map(|k| keys::name(*k, context.lang, context.signs)).unwrap_or_default();
        let room = popup.room().saturating_sub(14);
        let title = text::fit(binding.title.get(context.lang), room, context.signs);
        let spans = vec![Span::raw(title), context.span(format!(" {key:>10}"), Role::KeyHint)];
        popup.row(context, index, index == selected, spans);
    }
    popup
}
