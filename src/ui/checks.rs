//! The step's checks with their verdicts, as a sign and a word each.

use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::text;
use super::theme::Role;
use crate::course::{Check, Verdict};

/// A verdict's sign, word and colour.
pub(super) fn verdict_words(scene: &Scene<'_>, verdict: &Verdict) -> (&'static str, &'static str, Role) {
    match verdict {
        Verdict::Pass => (scene.signs.done(), scene.say("superada", "passed"), Role::Ok),
        Verdict::Doing { .. } => (scene.signs.progress(), scene.say("en curso", "under way"), Role::Progress),
        Verdict::NotYet { .. } => (scene.signs.pending(), scene.say("pendiente", "not yet"), Role::Pending),
    }
}

/// The checks in at most `room` lines: each with the reason below it where there is room for that.
pub(super) fn lines(scene: &Scene<'_>, width: u16, room: u16) -> Vec<Line<'static>> {
    let checks = &scene.model.step().checks;
    let width = usize::from(width);
    let room = usize::from(room).max(checks.len() + 1);
    let heading = scene.say("Comprobaciones", "Checks");
    let mut with_reasons = vec![Line::default(), scene.line(heading, Role::Heading2)];
    let mut without = vec![scene.line(heading, Role::Heading2)];
    for check in checks {
        let verdict = scene.model.verdict(check);
        let line = title(scene, check, &verdict, width);
        with_reasons.push(line.clone());
        without.push(line);
        let (Verdict::Doing { why } | Verdict::NotYet { why }) = verdict else { continue };
        let why = scene.outside(why.get(scene.lang));
        for line in text::wrap(&why, width.saturating_sub(4)) {
            with_reasons.push(scene.line(format!("    {line}"), Role::Muted));
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
fn title(scene: &Scene<'_>, check: &Check, verdict: &Verdict, width: usize) -> Line<'static> {
    let (mark, word, role) = verdict_words(scene, verdict);
    let room = width.saturating_sub(text::width(mark) + text::width(word) + 4);
    let title = text::fit(check.title.get(scene.lang), room, scene.signs);
    Line::from(vec![
        Span::raw(" "),
        scene.span(mark, role),
        Span::raw(" "),
        scene.span(title, Role::Text),
        Span::raw(" "),
        scene.span(word, role),
    ])
}
