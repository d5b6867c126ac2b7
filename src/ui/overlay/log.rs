//! What happened so far, the newest at the end.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::draw_context::DrawContext;
use super::super::theme::Role;
use super::super::{text, toast};
use super::popup::Popup;

pub(super) fn popup(context: &DrawContext<'_>, scroll: usize, screen: Rect) -> Popup {
    let keys = context.say("↑↓ mover · Esc cerrar", "↑↓ move · Esc close");
    let columns = screen.width.saturating_sub(4).min(120);
    // The model's scroll goes down with ↓; the log begins at its end, so it is counted the other way.
    let mut popup = Popup::new(context, context.say("Registro", "Log"))
        .keys(keys)
        .width(context, columns)
        .scrolled_from_end(3, scroll);
    if context.model.log.is_empty() {
        popup.say(
            context,
            context.say("Todavía no ha pasado nada.", "Nothing has happened yet."),
            Role::Muted,
        );
    }
    for line in &context.model.log {
        let time = time_of_day(line.at.0);
        let (sign, role) = toast::mark(context, line.tone);
        let told = context.outside(line.text.get(context.lang));
        for (index, part) in text::wrap(&told, popup.room().saturating_sub(13)).into_iter().enumerate() {
            let lead = if index == 0 { format!("{time} ") } else { " ".repeat(9) };
            let sign = if index == 0 { format!("{sign} ") } else { "  ".to_owned() };
            popup.push(Line::from(vec![
                context.span(lead, Role::Muted),
                context.span(sign, role),
                context.span(part, Role::Text),
            ]));
        }
    }
    popup
}

/// `23:26:00` of a moment in milliseconds since the epoch, UTC.
fn time_of_day(ms: u64) -> String {
    let s = ms / 1000 % 86_400;
    format!("{:02}:{:02}:{:02}", s / 3600, s % 3600 / 60, s % 60)
}
