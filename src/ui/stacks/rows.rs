//! The lines of one stack: its own, its progress, its first error, its resources.

use std::cmp::Reverse;
use std::time::Duration;

use ratatui::text::{Line, Span};

use super::super::draw_context::DrawContext;
use super::super::text;
use super::super::theme::Role;
use crate::app::{Fold, Pane};
use crate::cloud::facts::{Phase, Resource, Role as Part, Stack, Whose};
use ground::clock::{Moment, span};
use ground::tr;

/// A line and the stack it belongs to, by its index in `Facts::stacks`.
pub(super) struct Row {
    pub line: Line<'static>,
    pub stack: Option<usize>,
}

/// How much of a stack's line is said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// One list for both Regions: each stack names its own.
    Shared,
    /// A column for one Region, named above it.
    Own,
}

/// All lines of a stack.
pub(super) fn stack(
    context: &DrawContext<'_>,
    index: usize,
    part: Part,
    stack: &Stack,
    width: u16,
    place: Place,
) -> Vec<Row> {
    let width = usize::from(width);
    let fold = context.model.fold_of(stack);
    let mut lines = vec![head_line(context, index, part, stack, width, place)];
    let phase = stack.status.phase();
    if let Some(told) = owner_note(context, stack) {
        lines.push(
            context.line(context.cut(&format!("  {} {told}", context.signs.warning()), width), Role::Warning),
        );
    }
    if phase.is_moving() {
        lines.push(progress_line(context, stack, width));
    }
    // An error is told even where the stack is folded.
    if let Some(error) = &stack.first_error
        && matches!(phase, Phase::Failed | Phase::RollingBack | Phase::RolledBack)
    {
        lines.extend(error_lines(context, &error.logical_id, &error.reason, width));
    }
    if fold == Fold::Open {
        lines.extend(resources_in_order(stack).into_iter().map(|r| resource_line(context, r, width)));
    }
    lines.into_iter().map(|line| Row { line, stack: Some(index) }).collect()
}

/// What is said of a stack of one of our names that is not this run's.
fn owner_note(context: &DrawContext<'_>, stack: &Stack) -> Option<&'static str> {
    match stack.whose {
        Whose::Ours => None,
        Whose::Claimable => {
            Some(context.say("de Espera, pero no de este estado", "Espera's, but not of this state"))
        }
        Whose::Foreign => {
            Some(context.say("ajena: Espera no la toca", "somebody else's: Espera does not touch it"))
        }
    }
}

/// A phase's sign and colour.
pub(super) fn mark(context: &DrawContext<'_>, phase: Phase) -> (&'static str, Role) {
    match phase {
        Phase::Done => (context.signs.done(), Role::Ok),
        Phase::Creating | Phase::Updating | Phase::Deleting => (context.signs.progress(), Role::Progress),
        Phase::RollingBack => (context.signs.failed(), Role::Warning),
        Phase::Failed | Phase::RolledBack => (context.signs.failed(), Role::Error),
        Phase::Waiting | Phase::Review => (context.signs.pending(), Role::Pending),
        Phase::Deleted => (context.signs.done(), Role::Muted),
        Phase::Unknown => (context.signs.unknown(), Role::Warning),
    }
}

/// `▸ us-east-1 unishop-primary  ✓ CREATE_COMPLETE  31/31  24 m 10 s`.
fn head_line(
    context: &DrawContext<'_>,
    index: usize,
    part: Part,
    stack: &Stack,
    width: usize,
    place: Place,
) -> Line<'static> {
    let phase = stack.status.phase();
    let (sign, role) = mark(context, phase);
    let chosen = context.model.focus == Pane::Stacks && context.model.stack == index;
    let fold = match context.model.fold_of(stack) {
        Fold::Folded => context.signs.expand(),
        Fold::Open => context.signs.fold(),
    };
    let region = match (place, part) {
        (Place::Own, _) => String::new(),
        (Place::Shared, part) => format!("{} ", part.region()),
    };
    let region_role = if part == Part::Primary { Role::Primary } else { Role::Standby };
    let all = stack.expected.max(stack.resources.len());
    let status = format!("{sign} {}", text::clean(&stack.status.0));
    let without_tail = 2 + text::width(&region) + text::width(&stack.name) + 2 + text::width(&status);
    let room = width.saturating_sub(without_tail + 2);
    let (counts, took) = (format!("{}/{all}", stack.done_count()), time_taken(stack));
    let tail = match phase {
        p if p.is_moving() => String::new(),
        Phase::Deleted => took,
        _ if text::width(&counts) + 2 + text::width(&took) <= room => format!("{counts}  {took}"),
        _ => counts,
    };
    let used = 2 + text::width(&region) + text::width(&status) + text::width(&tail) + 4;
    let name_room = width.saturating_sub(used).max(8);
    let name = context.cut(&context.outside(&stack.name), name_room);
    let name_style = context.style(if chosen { Role::Selection } else { Role::Strong });
    let mut spans = vec![
        context.span(format!("{fold} "), if chosen { Role::Accent } else { Role::Muted }),
        context.span(region, region_role),
        Span::styled(name, name_style),
        Span::raw("  "),
        context.span(status, role),
    ];
    let so_far: usize = spans.iter().map(Span::width).sum();
    if so_far + 2 + text::width(&tail) <= width {
        spans.push(Span::raw(" ".repeat(width - so_far - text::width(&tail))));
        spans.push(context.span(tail, Role::Muted));
    }
    Line::from(spans)
}

/// How long the operation took; nothing before it ended.
fn time_taken(stack: &Stack) -> String {
    stack.ended.map(|e| span(e.since(stack.began))).unwrap_or_default()
}

/// `  ▓▓▓▓▓▓░░░░ 18/29   3 m 20 s · ≈ 4 m 10 s left`.
fn progress_line(context: &DrawContext<'_>, stack: &Stack, width: usize) -> Line<'static> {
    let all = stack.expected.max(stack.resources.len()).max(1);
    let done = match stack.status.phase() {
        Phase::Deleting | Phase::RollingBack => {
            stack.resources.iter().filter(|r| r.status.phase() == Phase::Deleted).count()
        }
        _ => stack.done_count(),
    };
    let now = context.model.now;
    let passed = span(now.since(stack.began));
    let about = context.signs.about();
    let left = time_left(stack, context.model.facts.at, now)
        .map(|d| tr!(context.lang, "  quedan {about} {}", "  {about} {} left", span(d)));
    let counts = format!(" {done}/{all}  ");
    let words = format!("{passed}{}", left.unwrap_or_default());
    let bar_room = width.saturating_sub(2 + text::width(&counts) + text::width(&words));
    let cells = bar_room.clamp(0, 24);
    let filled = cells * done.min(all) / all;
    Line::from(vec![
        Span::raw("  "),
        context.span(context.signs.filled().repeat(filled), Role::Progress),
        context.span(context.signs.empty().repeat(cells - filled), Role::Muted),
        context.span(counts, Role::Text),
        context.span(words, Role::Text),
    ])
}

/// What is left of the estimate by now; nothing once it is used up.
fn time_left(stack: &Stack, estimated: Moment, now: Moment) -> Option<Duration> {
    stack.left?.checked_sub(now.since(estimated)).filter(|d| !d.is_zero())
}

fn error_lines(
    context: &DrawContext<'_>,
    logical_id: &str,
    reason: &str,
    width: usize,
) -> Vec<Line<'static>> {
    let told = context.outside(&format!("{logical_id}: {reason}"));
    let mut lines = text::wrap(&told, width.saturating_sub(4));
    if lines.len() > 5 {
        let rest = lines.split_off(4).join(" ");
        lines.push(context.cut(&rest, width.saturating_sub(4)));
    }
    let failed = context.signs.failed();
    let lead = |i: usize| if i == 0 { format!("  {failed} ") } else { "    ".to_owned() };
    lines.iter().enumerate().map(|(i, l)| context.line(format!("{}{l}", lead(i)), Role::Error)).collect()
}

/// What failed first, then what is under way, what is complete (the newest first), what has not begun.
fn resources_in_order(stack: &Stack) -> Vec<&Resource> {
    let mut resources: Vec<&Resource> = stack.resources.iter().collect();
    resources.sort_by_key(|r| match r.status.phase() {
        Phase::Failed | Phase::RolledBack => (0, Reverse(Moment::default())),
        p if p.is_moving() => (1, Reverse(Moment::default())),
        Phase::Done | Phase::Deleted | Phase::Unknown => (2, Reverse(r.ended.unwrap_or_default())),
        _ => (3, Reverse(Moment::default())),
    });
    resources
}

/// `    … StandbyInstance  AWS::EC2::Instance  CREATE_IN_PROGRESS  2 m 11 s`.
fn resource_line(context: &DrawContext<'_>, resource: &Resource, width: usize) -> Line<'static> {
    let phase = resource.status.phase();
    let (sign, role) = mark(context, phase);
    let time = match (phase, resource.ended) {
        (Phase::Waiting, _) => String::new(),
        (_, Some(ended)) => span(ended.since(resource.began)),
        (_, None) => span(context.model.now.since(resource.began)),
    };
    let status = match phase {
        Phase::Waiting => context.say("sin empezar", "not begun").to_owned(),
        _ => text::clean(&resource.status.0).into_owned(),
    };
    // What is complete steps back, so that what moves and what failed stand out.
    let word = if matches!(phase, Phase::Done | Phase::Deleted) { Role::Muted } else { role };
    let time_room = 10;
    let status_room = 20.min(width / 3);
    let name_room = width.saturating_sub(4 + status_room + time_room + 2);
    let kind = resource.kind.strip_prefix("AWS::").unwrap_or(&resource.kind);
    let name = context.outside(&resource.logical_id);
    // The type is told where the name leaves room for the whole of it.
    let free = name_room.saturating_sub(text::width(&name));
    let kind = if text::width(kind) + 2 <= free { context.outside(kind) } else { String::new() };
    let kind_room = free.max(text::width(&kind));
    let time = text::fit(&time, time_room, context.signs);
    Line::from(vec![
        Span::raw("  "),
        context.span(format!("{sign} "), role),
        context.span(context.cut(&name, name_room), Role::Text),
        context.span(format!("{kind:>kind_room$}"), Role::Muted),
        Span::raw("  "),
        context.span(text::fit(&status, status_room, context.signs), word),
        context.span(format!(" {:>9}", time.trim_end()), Role::Muted),
    ])
}
