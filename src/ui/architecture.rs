//! The architecture pane: the diagram's picture in the theme's colours.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scene::Scene;
use super::symbols::Symbols;
use super::theme::Role;
use super::viewports::Viewports;
use crate::app::Pane;
use crate::diagram::{self, Charset, Picture, Tone};

/// Rows the drawing takes in `width` columns when nothing limits it.
pub(super) fn height(scene: &Scene<'_>, width: u16) -> u16 {
    diagram::draw(&scene.model.facts, scene.lang, width, u16::MAX, charset(scene)).height()
}

/// Draws the pane's inside.
pub(super) fn draw(scene: &Scene<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let picture = diagram::draw(&scene.model.facts, scene.lang, area.width, area.height, charset(scene));
    views.settle(Pane::Architecture, usize::from(picture.height()), usize::from(area.height), |_| None);
    // A drawing that has room to spare stands in the middle of it.
    let above = area.height.saturating_sub(picture.height()) / 2;
    let above = if picture.height() > 5 { above } else { 0 };
    paint(scene, &picture, Rect { y: area.y + above, ..area }.intersection(area), buffer);
}

fn charset(scene: &Scene<'_>) -> Charset {
    match scene.signs {
        Symbols::Unicode => Charset::Unicode,
        Symbols::Ascii => Charset::Ascii,
    }
}

fn paint(scene: &Scene<'_>, picture: &Picture, area: Rect, buffer: &mut Buffer) {
    for (y, row) in (area.top()..area.bottom()).zip(picture.rows()) {
        for (x, cell) in (area.left()..area.right()).zip(row) {
            if cell.tone == Tone::Blank {
                continue;
            }
            if let Some(target) = buffer.cell_mut((x, y)) {
                target.set_char(cell.ch).set_style(scene.style(role(cell.tone)));
            }
        }
    }
}

fn role(tone: Tone) -> Role {
    match tone {
        Tone::Blank | Tone::Text => Role::Text,
        Tone::Line | Tone::Idle => Role::Muted,
        Tone::Primary => Role::Primary,
        Tone::Standby => Role::Standby,
        Tone::Absent => Role::Pending,
        Tone::Creating => Role::Progress,
        Tone::Ready => Role::Ok,
        Tone::Broken => Role::Error,
        Tone::Writer => Role::Writer,
        Tone::Forward | Tone::Back | Tone::Both => Role::Flow,
        Tone::Lag => Role::Strong,
    }
}
