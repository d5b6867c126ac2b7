//! Lines of text on the drill's screen, one below the other.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::draw_context::DrawContext;
use super::super::text;
use super::super::theme::Role;

/// Lines a list of text takes from the top of an area, each with the style it brings.
pub(super) struct Pen<'b> {
    pub area: Rect,
    pub buffer: &'b mut Buffer,
}

impl Pen<'_> {
    /// Draws a line and goes on to the next; nothing below the area's foot.
    pub fn line(&mut self, line: &Line<'_>) {
        if self.area.height > 0 {
            self.buffer.set_line(self.area.x, self.area.y, line, self.area.width);
            self.skip();
        }
    }

    /// Draws text wrapped to the area.
    pub fn say(&mut self, context: &DrawContext<'_>, told: &str, role: Role) {
        for part in text::wrap(told, usize::from(self.area.width)) {
            self.line(&context.line(part, role));
        }
    }

    /// Leaves a line free.
    pub fn skip(&mut self) {
        let by = self.area.height.min(1);
        self.area.y += by;
        self.area.height -= by;
    }
}

/// Text after a sign, further lines below its beginning.
pub(super) fn item(
    context: &DrawContext<'_>,
    sign: &str,
    told: &str,
    role: Role,
    room: usize,
) -> Vec<Line<'static>> {
    let indent = text::width(sign) + 1;
    let parts = text::wrap(told, room.saturating_sub(indent));
    let lead = |i: usize| if i == 0 { format!("{sign} ") } else { " ".repeat(indent) };
    parts
        .into_iter()
        .enumerate()
        .map(|(i, part)| {
            Line::from(vec![context.span(lead(i), role), Span::styled(part, context.style(role))])
        })
        .collect()
}
