//! The line of steps: which are done, where one stands. Shortens itself to the width.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw_context::DrawContext;
use super::text;
use super::theme::Role;
use super::viewports::Viewports;
use crate::app::Target;

/// How much of each step is named.
#[derive(Clone, Copy)]
enum Naming {
    All,
    /// The current title, and of the others so many columns.
    Cut(usize),
    /// The current title and numbers.
    Current,
    None,
}

/// Draws the steps and records where each can be clicked.
pub(super) fn draw(context: &DrawContext<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let room = usize::from(area.width).saturating_sub(1);
    let cuts = [14, 12, 10, 8].map(Naming::Cut);
    let variants = std::iter::once(Naming::All).chain(cuts).chain([Naming::Current]);
    let length = |v: &[(String, Role)]| v.iter().map(|(t, _)| text::width(t) + 2).sum::<usize>();
    let mut fitting = variants.map(|n| items(context, n)).filter(|v| length(v) <= room);
    let chosen = fitting.next().unwrap_or_else(|| items(context, Naming::None));
    let mut x = area.x + 1;
    for (index, (label, role)) in chosen.iter().enumerate() {
        if x >= area.right() {
            break;
        }
        let left = area.right() - x;
        buffer.set_stringn(x, area.y, label, usize::from(left), context.style(*role));
        let width = text::columns(label).min(left);
        views.clickable(Rect::new(x, area.y, width, 1), Target::Step(index));
        x = x.saturating_add(width + 2);
    }
}

fn items(context: &DrawContext<'_>, naming: Naming) -> Vec<(String, Role)> {
    let here = context.model.step_index();
    let item = |(index, step): (usize, &crate::course::Step)| {
        let passed = context.model.is_step_passed(step);
        let (mark, role) = match (index == here, passed) {
            (true, true) => (context.signs.done(), Role::Accent),
            (true, false) => (context.signs.current(), Role::Accent),
            (false, true) => (context.signs.done(), Role::Ok),
            (false, false) => (context.signs.pending(), Role::Pending),
        };
        let title = text::clean(step.title.get(context.lang)).into_owned();
        let label = match naming {
            Naming::All => format!("{mark} {title}"),
            Naming::Cut(_) if index == here => format!("{mark} {title}"),
            Naming::Cut(max) => format!("{mark} {}", context.cut(&title, max)),
            Naming::Current if index == here => format!("{mark} {index} {title}"),
            Naming::Current | Naming::None => format!("{mark} {index}"),
        };
        (label, role)
    };
    context.model.course.steps.iter().enumerate().map(item).collect()
}
