//! The stacks pane: both Regions, side by side where there is room; what stands in each stack, how far
//! it is, how long it takes, and the first real error in words.

mod rows;

use rows::{Place, Row};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::draw_context::{DrawContext, draw_lines, inset};
use super::text;
use super::theme::Role;
use super::viewports::Viewports;
use crate::app::{Motion, Pane, Target};
use crate::cloud::facts::Role as Part;

/// Columns from which each Region has a column of its own.
const TWO_COLUMNS: u16 = 110;

/// Draws the pane's inside.
pub(super) fn draw(context: &DrawContext<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let area = inset(area, 1);
    if context.model.facts.stacks().next().is_none() {
        return draw_empty(context, area, buffer);
    }
    let gap = 2;
    let columns: Vec<(Rect, Vec<Row>)> = if area.width >= TWO_COLUMNS {
        let width = (area.width - gap) / 2;
        let left = Rect { width, ..area };
        let right = Rect { x: area.right() - width, width, ..area };
        vec![(left, region(context, Part::Primary, width)), (right, region(context, Part::Standby, width))]
    } else {
        let all = context.model.facts.stacks().enumerate();
        let rows = all.flat_map(|(i, (part, s))| rows::stack(context, i, part, s, area.width, Place::Shared));
        vec![(area, rows.collect())]
    };
    let len = columns.iter().map(|(_, rows)| rows.len()).max().unwrap_or(0);
    let chosen = context.model.stack;
    let top = views.settle(Pane::Stacks, len, usize::from(area.height), |motion| {
        let rows = &columns.iter().find(|(_, rows)| rows.iter().any(|r| r.stack == Some(chosen)))?.1;
        let of_chosen = |r: &Row| r.stack == Some(chosen);
        let (first, last) = (rows.iter().position(of_chosen)?, rows.iter().rposition(of_chosen)?);
        (motion == Motion::Stack).then_some(first..last + 1)
    });
    for (area, rows) in &columns {
        let shown = rows.get(top.min(rows.len())..).unwrap_or_default();
        draw_lines(buffer, *area, shown.iter().map(|r| &r.line));
        for (y, row) in (area.top()..area.bottom()).zip(shown) {
            if let Some(stack) = row.stack {
                views.clickable(Rect { y, height: 1, ..*area }, Target::Stack(stack));
            }
        }
    }
    draw_scroll_marks(context, area, top, len, buffer);
}

/// A Region's column: its name, then its stacks.
fn region(context: &DrawContext<'_>, part: Part, width: u16) -> Vec<Row> {
    let (name, role) = match part {
        Part::Primary => (context.say("primaria", "primary"), Role::Primary),
        Part::Standby => (context.say("espera", "standby"), Role::Standby),
    };
    let title = format!("{} {} {name}", part.region(), context.signs.dot());
    let mut rows = vec![Row { line: context.line(title, role), stack: None }];
    let stacks = context.model.facts.stacks().enumerate().filter(|(_, (p, _))| *p == part);
    rows.extend(stacks.flat_map(|(i, (part, s))| rows::stack(context, i, part, s, width, Place::Own)));
    if rows.len() == 1 {
        let none = match context.model.is_unknown(part) {
            true => context.say("desconocido: aún no ha contestado", "unknown: it has not answered yet"),
            false => context.say("sin pilas", "no stacks"),
        };
        rows.push(Row {
            line: context.line(format!("{} {none}", context.signs.pending()), Role::Pending),
            stack: None,
        });
    }
    rows
}

fn draw_empty(context: &DrawContext<'_>, area: Rect, buffer: &mut Buffer) {
    let unknown = Part::ALL.into_iter().any(|part| context.model.is_unknown(part));
    let says = if unknown {
        context.say(
            "No se sabe qué pilas hay: AWS aún no ha contestado. En cuanto conteste, aquí se ven.",
            "Which stacks there are is unknown: AWS has not answered yet. Once it does, they are shown here.",
        )
    } else {
        context.say(
        "Todavía no hay ninguna pila. Cuando un paso despliegue una, aquí se ve crecer: su estado, sus recursos, el \
         tiempo que lleva y el que queda.",
        "There is no stack yet. When a step deploys one, you watch it grow here: its status, its resources, the time \
         it has taken and the time left.",
      )
    };
    let lines: Vec<Line<'_>> = text::wrap(says, usize::from(area.width).min(76))
        .into_iter()
        .map(|l| context.line(l, Role::Muted))
        .collect();
    draw_lines(buffer, area, &lines);
}

fn draw_scroll_marks(context: &DrawContext<'_>, area: Rect, top: usize, len: usize, buffer: &mut Buffer) {
    if area.height == 0 || !buffer.area().contains((area.right(), area.y).into()) {
        return;
    }
    if top > 0 {
        buffer.set_string(area.right(), area.y, context.signs.more_up(), context.style(Role::Muted));
    }
    if top + usize::from(area.height) < len {
        buffer.set_string(
            area.right(),
            area.bottom() - 1,
            context.signs.more_down(),
            context.style(Role::Muted),
        );
    }
}
