//! The step's checks with their verdicts, as a sign and a word each.

use ratatui::text::{Line, Span};

use super::draw_context::DrawContext;
use super::text;
use super::theme::Role;
use crate::course::{Check, Verdict};

/// A verdict's sign, word and colour.
pub(super) fn verdict_words(
    context: &DrawContext<'_>,
    verdict: &Verdict,
) -> (&'static str, &'static str, Role) {
    match verdict {
        Verdict::Pass => (context.signs.done(), context.say("superada", "passed"), Role::Ok),
        Verdict::Doing { .. } => {
            (context.signs.progress(), context.say("en curso", "under way"), Role::Progress)
        }
        Verdict::NotYet { .. } => {
            (context.signs.pending(), context.say("pendiente", "not yet"), Role::Pending)
        }
    }
}

/// The checks in at most `room` lines: each with the reason below it where there is room for that.
pub(super) fn lines(context: &DrawContext<'_>, width: u16, room: u16) -> Vec<Line<'static>> {
    let checks = &context.model.step().checks;
    let width = usize::from(width);
    let room = usize::from(room).max(checks.len() + 1);
    let heading = context.say("Comprobaciones", "Checks");
    let mut with_reasons = vec![Line::default(), context.line(heading, Role::Heading2)];
    let mut without = vec![context.line(heading, Role::Heading2)];
    for check in checks {
        let verdict = context.model.verdict(check);
        let line = title(context, check, &verdict, width);
        with_reasons.push(line.clone());
        without.push(line);
        let (Verdict::Doing { why } | Verdict::NotYet { why }) = verdict else { continue };
        let why = context.outside(why.get(context.lang));
        for line in text::wrap(&why, width.saturating_sub(4)) {
            with_reasons.push(context.line(format!("    {line}"), Role::Muted));
        }
    }
    if with_reasons.len() <= room {
        return with_reasons;
    }
    if without.len() < room {
        without.insert(0, Line::default());
    }
    without
}

/// ` ✓ The primary stack is complete      passed`.
fn title(context: &DrawContext<'_>, check: &Check, verdict: &Verdict, width: usize) -> Line<'static> {
    let (mark, word, role) = verdict_words(context, verdict);
    let room = width.saturating_sub(text::width(mark) + text::width(word) + 4);
    let title = text::fit(check.title.get(context.lang), room, context.signs);
    Line::from(vec![
        Span::raw(" "),
        context.span(mark, role),
        Span::raw(" "),
        context.span(title, Role::Text),
        Span::raw(" "),
        context.span(word, role),
    ])
}
