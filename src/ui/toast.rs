//! The message at the foot of the panes: over their last lines, for some seconds.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw_context::DrawContext;
use super::text;
use super::theme::Role;
use crate::app::Tone;

/// A tone's sign and colour.
pub(super) fn mark(context: &DrawContext<'_>, tone: Tone) -> (&'static str, Role) {
    match tone {
        Tone::Info => (context.signs.info(), Role::CalloutInfo),
        Tone::Good => (context.signs.done(), Role::Ok),
        Tone::Warning => (context.signs.warning(), Role::Warning),
        Tone::Bad => (context.signs.failed(), Role::Error),
    }
}

/// Rows inside a frame over the whole of `width` columns that the message covers. The frame's own foot
/// takes its last line; a list that is read at its end keeps clear of the others.
pub(super) fn covered_rows(context: &DrawContext<'_>, width: u16) -> u16 {
    u16::try_from(lines(context, width).len().saturating_sub(1)).unwrap_or(0)
}

/// The message in lines; none without one.
fn lines(context: &DrawContext<'_>, width: u16) -> Vec<String> {
    let Some(message) = &context.model.message else { return Vec::new() };
    let told = context.outside(message.text.get(context.lang));
    let room = usize::from(width).saturating_sub(6);
    let mut lines = text::wrap(&told, room);
    // A run needs the room: the foot of its frame alone is covered. Long errors stand whole in the log.
    if context.model.watches_drill() {
        lines = vec![context.cut(&told, room)];
    }
    if lines.len() > 4 {
        lines.truncate(3);
        lines.push(context.say("(entero en el registro: l)", "(whole in the log: l)").to_owned());
    }
    lines
}

/// Draws the message over the foot of `area`, if there is one.
pub(super) fn draw(context: &DrawContext<'_>, area: Rect, buffer: &mut Buffer) {
    let Some(message) = &context.model.message else { return };
    let (sign, role) = mark(context, message.tone);
    let lines = lines(context, area.width);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    let top = area.bottom() - height;
    for (index, (y, line)) in (top..area.bottom()).zip(&lines).enumerate() {
        let lead = if index == 0 { sign } else { " " };
        let filled =
            text::fit(&format!(" {lead} {line}"), usize::from(area.width.saturating_sub(2)), context.signs);
        buffer.set_string(area.x + 1, y, filled, context.style(Role::Popup).patch(context.style(role)));
    }
}
