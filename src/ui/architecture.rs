//! The architecture pane: the diagram's picture in the theme's colours.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw_context::DrawContext;
use super::theme::Role;
use super::viewports::Viewports;
use crate::app::Pane;
use crate::diagram::{self, Ink, Picture};

/// Rows the drawing takes in `width` columns when nothing limits it.
pub(super) fn height(context: &DrawContext<'_>, width: u16) -> u16 {
    diagram::draw(&context.model.facts, context.lang, width, u16::MAX, context.signs).height()
}

/// Draws the pane's inside.
pub(super) fn draw(context: &DrawContext<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let picture = diagram::draw(&context.model.facts, context.lang, area.width, area.height, context.signs);
    views.settle(Pane::Architecture, usize::from(picture.height()), usize::from(area.height), |_| None);
    // A drawing that has room to spare stands in the middle of it.
    let above = area.height.saturating_sub(picture.height()) / 2;
    let above = if picture.height() > 5 { above } else { 0 };
    paint(context, &picture, Rect { y: area.y + above, ..area }.intersection(area), buffer);
}

fn paint(context: &DrawContext<'_>, picture: &Picture, area: Rect, buffer: &mut Buffer) {
    for (y, row) in (area.top()..area.bottom()).zip(picture.rows()) {
        for (x, cell) in (area.left()..area.right()).zip(row) {
            if cell.ink == Ink::Blank {
                continue;
            }
            if let Some(target) = buffer.cell_mut((x, y)) {
                target.set_char(cell.ch).set_style(context.style(role(cell.ink)));
            }
        }
    }
}

fn role(ink: Ink) -> Role {
    match ink {
        Ink::Blank | Ink::Text => Role::Text,
        Ink::Line | Ink::Idle => Role::Muted,
        Ink::Primary => Role::Primary,
        Ink::Standby => Role::Standby,
        Ink::Absent => Role::Pending,
        Ink::Creating => Role::Progress,
        Ink::Ready => Role::Ok,
        Ink::Broken => Role::Error,
        Ink::Writer => Role::Writer,
        Ink::Forward | Ink::Back | Ink::Both => Role::Flow,
        Ink::Lag => Role::Strong,
    }
}
