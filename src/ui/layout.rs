//! Divides the screen: bars at top and foot, panes side by side from 100 columns, tabs below that.

use ratatui::layout::Rect;

use crate::app::{Pane, Zoom};

/// Columns and rows below which the screen only says what it needs.
pub const SMALLEST: (u16, u16) = (60, 20);

/// Columns from which panes stand side by side.
const SIDE_BY_SIDE: u16 = 100;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Division {
    pub top: Rect,
    /// Lasting trouble, if there is any; else empty.
    pub banner: Rect,
    pub panes: Panes,
    pub steps: Rect,
    pub foot: Rect,
}

/// The panes' places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Panes {
    /// All three; stacks and architecture share a line of frame.
    All { lesson: Rect, stacks: Rect, architecture: Rect },
    /// One alone; its frame names the others as tabs.
    One { pane: Pane, area: Rect },
}

/// Divides `area`. `picture` says how high the architecture's drawing is in so many columns.
pub(super) fn divide(
    area: Rect,
    focus: Pane,
    zoom: Zoom,
    banner: u16,
    picture: impl Fn(u16) -> u16,
) -> Division {
    let banner = banner.min(area.height / 5);
    let rows = |y: u16, height: u16| Rect { y: area.y + y, height, ..area };
    let body = rows(1 + banner, area.height.saturating_sub(3 + banner));
    let panes = if area.width < SIDE_BY_SIDE || zoom == Zoom::Focused {
        Panes::One { pane: focus, area: body }
    } else {
        side_by_side(body, picture)
    };
    Division {
        top: rows(0, 1),
        banner: rows(1, banner),
        panes,
        steps: rows(area.height.saturating_sub(2), 1),
        foot: rows(area.height.saturating_sub(1), 1),
    }
}

fn side_by_side(body: Rect, picture: impl Fn(u16) -> u16) -> Panes {
    // Text reads best below 90 columns; the widest drawing needs 102 with its frame.
    let right = match body.width {
        0..190 => (body.width * 13 / 25).max(58),
        _ => (body.width * 29 / 50).max(body.width - 96),
    };
    let lesson = Rect { width: body.width - right, ..body };
    let column = Rect { x: body.x + lesson.width, width: right, ..body };
    // The frame's foot; its head is the line shared with the stacks.
    let wanted = picture(right.saturating_sub(2)) + 2;
    let below = wanted.min(body.height.saturating_sub(6)).max(body.height.min(4));
    let stacks = Rect { height: body.height - below, ..column };
    let architecture = Rect { y: column.y + stacks.height, height: below, ..column };
    Panes::All { lesson, stacks, architecture }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_screen_without_a_gap() {
        for (w, h) in [(60, 20), (80, 24), (99, 30), (100, 20), (120, 40), (200, 60), (250, 80)] {
            let area = Rect::new(0, 0, w, h);
            for zoom in [Zoom::All, Zoom::Focused] {
                let d = divide(area, Pane::Stacks, zoom, 1, |_| 10);
                let body: u32 = match d.panes {
                    Panes::One { area, .. } => area.area(),
                    Panes::All { lesson, stacks, architecture } => {
                        assert!(stacks.height >= 5 && architecture.height >= 4, "{w}x{h}: {d:?}");
                        lesson.area() + stacks.area() + architecture.area()
                    }
                };
                let all = body + d.top.area() + d.banner.area() + d.steps.area() + d.foot.area();
                assert_eq!(all, area.area(), "{w}x{h}");
            }
        }
    }
}
