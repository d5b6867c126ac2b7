//! The panes' frames: side by side with a shared line between stacks and architecture, or one alone
//! with the others as tabs in its frame.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Borders, Widget};

use super::draw_context::DrawContext;
use super::layout::Panes;
use super::theme::Role;
use super::viewports::Viewports;
use super::{architecture, lesson_pane, stacks, text};
use crate::app::{Pane, Target};

/// Draws the panes and answers with the area they take.
pub(super) fn draw(
    context: &DrawContext<'_>,
    views: &mut Viewports,
    panes: Panes,
    buffer: &mut Buffer,
) -> Rect {
    match panes {
        Panes::All { lesson, stacks, architecture } => {
            draw_all(context, views, [lesson, stacks, architecture], buffer);
            lesson.union(stacks).union(architecture)
        }
        Panes::One { pane, area } => {
            draw_one(context, views, pane, area, buffer);
            area
        }
    }
}

fn draw_all(context: &DrawContext<'_>, views: &mut Viewports, areas: [Rect; 3], buffer: &mut Buffer) {
    let [lesson, stacks, architecture] = areas;
    let focus = context.model.focus;
    let framed =
        |pane: Pane| context.frame(context.title(&name(context, pane), focus == pane), focus == pane);
    framed(Pane::Lesson).render(lesson, buffer);
    framed(Pane::Stacks).borders(Borders::TOP | Borders::LEFT | Borders::RIGHT).render(stacks, buffer);
    framed(Pane::Architecture).render(architecture, buffer);
    // The architecture's head is the stacks' foot.
    let role = if focus == Pane::Lesson { Role::Border } else { Role::BorderFocused };
    for (x, sign) in
        [(architecture.x, context.signs.join_left()), (architecture.right() - 1, context.signs.join_right())]
    {
        buffer.set_string(x, architecture.y, sign, context.style(role));
    }
    let stacks_inside =
        Rect { x: stacks.x + 1, y: stacks.y + 1, width: stacks.width - 2, height: stacks.height - 1 };
    for (pane, area, inside) in [
        (Pane::Lesson, lesson, inside(lesson)),
        (Pane::Stacks, stacks, stacks_inside),
        (Pane::Architecture, architecture, inside(architecture)),
    ] {
        views.pane(area, pane);
        draw_content(context, views, pane, inside, buffer);
    }
}

fn draw_one(context: &DrawContext<'_>, views: &mut Viewports, pane: Pane, area: Rect, buffer: &mut Buffer) {
    context.frame(Line::default(), true).render(area, buffer);
    views.pane(area, pane);
    draw_tabs(context, views, pane, area, buffer);
    draw_content(context, views, pane, inside(area), buffer);
}

fn draw_tabs(
    context: &DrawContext<'_>,
    views: &mut Viewports,
    current: Pane,
    area: Rect,
    buffer: &mut Buffer,
) {
    let mut x = area.x + 1;
    for pane in Pane::ALL {
        let role = if pane == current { Role::TabCurrent } else { Role::Tab };
        let others: usize =
            Pane::ALL.iter().filter(|p| **p != pane).map(|p| text::width(&short(context, *p)) + 3).sum();
        // The current pane says its whole name where that leaves room for the others.
        let room = usize::from(area.width).saturating_sub(others + 6);
        let label =
            if pane == current { context.cut(&name(context, pane), room) } else { short(context, pane) };
        let label = Span::styled(format!(" {label} "), context.style(role));
        let width = u16::try_from(label.width()).unwrap_or(u16::MAX);
        buffer.set_span(x, area.y, &label, area.right().saturating_sub(x + 1));
        views.clickable(Rect::new(x, area.y, width, 1).intersection(area), Target::Pane(pane));
        x = x.saturating_add(width + 1);
    }
}

fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

fn short(context: &DrawContext<'_>, pane: Pane) -> String {
    match pane {
        Pane::Lesson => context.say("Lección", "Lesson"),
        Pane::Stacks => context.say("Pilas", "Stacks"),
        Pane::Architecture => context.say("Arquitectura", "Architecture"),
        Pane::Drill => context.say("Simulacro", "Drill"),
    }
    .to_owned()
}

fn name(context: &DrawContext<'_>, pane: Pane) -> String {
    match pane {
        Pane::Lesson => lesson_pane::title(context),
        Pane::Stacks | Pane::Architecture | Pane::Drill => short(context, pane),
    }
}

fn draw_content(
    context: &DrawContext<'_>,
    views: &mut Viewports,
    pane: Pane,
    area: Rect,
    buffer: &mut Buffer,
) {
    match pane {
        Pane::Lesson => lesson_pane::draw(context, views, area, buffer),
        Pane::Stacks => stacks::draw(context, views, area, buffer),
        Pane::Architecture => architecture::draw(context, views, area, buffer),
        // It is never one of several: the screen draws it alone.
        Pane::Drill => {}
    }
}
