//! The result of a run: the timeline, every figure with what it means, the steps, the lost writes by id,
//! and the run beside another one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::draw_context::DrawContext;
use super::super::text;
use super::super::theme::Role;
use super::super::toast;
use super::super::viewports::Viewports;
use super::pen::{Pen, item};
use super::{form, timeline};
use crate::app::{DrillRun, Motion, Pane};
use crate::drill::telling::rows::{self, Part, heading};
use crate::drill::telling::{Figure, figures};
use crate::drill::{Met, Report};
use ground::lang::Said;
use ground::tr;

/// Draws the result in `area`.
pub(super) fn draw(
    context: &DrawContext<'_>,
    views: &mut Viewports,
    run: &DrillRun,
    area: Rect,
    buffer: &mut Buffer,
) {
    let Some(report) = &run.report else { return };
    let mut pen = Pen { area, buffer };
    pen.line(&verdict(context, report));
    let chart = timeline::of(context, run, context.model.now);
    let lag = match area.height {
        0..20 => 0,
        20..30 => 3,
        _ => 5,
    };
    let height = chart.height(lag).min(pen.area.height);
    if !run.chart.marks.is_empty() {
        chart.draw(context, Rect { height, ..pen.area }, pen.buffer);
        pen.area.y += height;
        pen.area.height -= height;
        if area.height >= 20 {
            pen.line(&timeline::legend(context));
        }
    }
    if area.height >= 20 {
        pen.skip();
    }
    draw_scrolled(context, views, lines(context, report, usize::from(area.width)), pen);
}

/// Draws why a run could not go on.
pub(super) fn draw_failure(
    context: &DrawContext<'_>,
    views: &mut Viewports,
    run: &DrillRun,
    said: &Said,
    area: Rect,
    buffer: &mut Buffer,
) {
    let room = usize::from(area.width);
    let title = context.say("El simulacro no ha podido seguir.", "The drill could not go on.");
    let mut lines = item(context, context.signs.failed(), title, Role::Error, room);
    lines.push(Line::default());
    let told = context.outside(said.get(context.lang));
    lines.extend(text::wrap(&told, room).into_iter().map(|l| context.line(l, Role::Text)));
    lines.push(Line::default());
    let advice = context.say(
        "Lo que se midió está en el disco. n prepara otro simulacro; l muestra lo que ha pasado.",
        "What was measured is on disk. n prepares another drill; l shows what happened.",
    );
    lines.extend(text::wrap(advice, room).into_iter().map(|l| context.line(l, Role::Muted)));
    if let Some(report) = &run.report {
        lines.push(Line::default());
        lines.extend(numbers(context, report, room));
    }
    draw_scrolled(context, views, lines, Pen { area, buffer });
}

fn draw_scrolled(
    context: &DrawContext<'_>,
    views: &mut Viewports,
    lines: Vec<Line<'static>>,
    mut pen: Pen<'_>,
) {
    pen.area.height = pen.area.height.saturating_sub(toast::covered_rows(context, context.area.width));
    let (len, page) = (lines.len(), usize::from(pen.area.height));
    let top = views.settle(Pane::Drill, len, page, |_: Motion| None);
    let place = pen.area;
    for line in lines.iter().skip(top) {
        pen.line(line);
    }
    form::draw_scroll_marks(context, place, (top, len, page), pen.buffer);
}

/// How it ended and how many targets were met.
fn verdict(context: &DrawContext<'_>, report: &Report) -> Line<'static> {
    let (met, all) = figures::targets_met(report);
    let (sign, role) = match met == all {
        true => (context.signs.done(), Role::Ok),
        false => (context.signs.warning(), Role::Warning),
    };
    let told = format!("{sign} {}", figures::verdict(report, context.lang));
    context.line(context.cut(&told, usize::from(context.area.width).saturating_sub(4)), role)
}

fn lines(context: &DrawContext<'_>, report: &Report, room: usize) -> Vec<Line<'static>> {
    let mut lines = numbers(context, report, room);
    lines.push(Line::default());
    lines.extend(steps(context, report, room));
    lines.push(Line::default());
    lines.extend(lost_writes(context, report, room));
    lines.push(Line::default());
    lines.extend(comparison_lines(context, report, room));
    lines.push(Line::default());
    lines.extend(export_lines(context, room));
    lines
}

/// Every figure apart, its target, and what it means below it.
fn numbers(context: &DrawContext<'_>, report: &Report, room: usize) -> Vec<Line<'static>> {
    let figures = figures::of(report, context.lang);
    let names = names(context, report);
    let mut lines = Vec::new();
    for figure in figures {
        let mut spans = vec![
            context.span(text::fit(&figure.name, names, context.signs), Role::Strong),
            Span::raw(" "),
            context.span(figure.value.clone(), Role::Accent),
        ];
        let target = target(context, &figure);
        let width = |spans: &[Span<'_>]| spans.iter().map(Span::width).sum::<usize>();
        // Whether a target was met must not be cut off: where it does not fit it gets a line of its own.
        if width(&spans) + width(&target) <= room {
            spans.extend(target);
            lines.push(Line::from(spans));
        } else {
            lines.extend([Line::from(spans), Line::from(target)]);
        }
        for part in text::wrap(&figure.means, room.saturating_sub(2)) {
            lines.push(context.line(format!("  {part}"), Role::Muted));
        }
    }
    lines
}

/// Columns of the figures' names: that of the longest one.
fn names(context: &DrawContext<'_>, report: &Report) -> usize {
    figures::of(report, context.lang).iter().map(|f| text::width(&f.name)).max().unwrap_or(0)
}

fn target(context: &DrawContext<'_>, figure: &Figure) -> Vec<Span<'static>> {
    let Some(target) = &figure.target else { return Vec::new() };
    let (sign, role) = match target.met {
        Met::Yes => (context.signs.done(), Role::Ok),
        Met::No => (context.signs.failed(), Role::Error),
        Met::Unknown => (context.signs.unknown(), Role::Warning),
    };
    let (aim, word) = (&target.aim, &target.word);
    vec![
        context.span(tr!(context.lang, "  objetivo {aim} ", "  target {aim} "), Role::Muted),
        context.span(format!("{sign} {word}"), role),
    ]
}

/// The steps of the recovery, when there were any.
fn steps(context: &DrawContext<'_>, report: &Report, room: usize) -> Vec<Line<'static>> {
    let mut lines = vec![context.line(heading(Part::Steps, context.lang), Role::Heading2)];
    for step in rows::steps(report, context.lang) {
        let (sign, role) = match step.trouble {
            None => (context.signs.done(), Role::Text),
            Some(_) => (context.signs.failed(), Role::Error),
        };
        lines.extend(item(context, sign, &context.outside(&step.line(context.lang)), role, room));
    }
    lines
}

/// The lost writes by number and id.
fn lost_writes(context: &DrawContext<'_>, report: &Report, room: usize) -> Vec<Line<'static>> {
    let lang = context.lang;
    let mut lines = vec![context.line(heading(Part::Lost, lang), Role::Heading2)];
    let lost = rows::lost_writes(report, lang);
    if lost.is_empty() {
        let (sign, role) = match figures::unknown_writes(report) {
            0 => (context.signs.done(), Role::Ok),
            _ => (context.signs.unknown(), Role::Warning),
        };
        lines.extend(item(context, sign, &rows::none_lost_text(report, lang), role, room));
    }
    for write in lost {
        lines.extend(item(
            context,
            context.signs.probe_lost(),
            &context.outside(&write.line()),
            Role::Warning,
            room,
        ));
    }
    lines
}

/// This run and another one, figure by figure.
fn comparison_lines(context: &DrawContext<'_>, report: &Report, room: usize) -> Vec<Line<'static>> {
    let drill_screen = &context.model.drill_screen;
    let mut lines = vec![context.line(heading(Part::Comparison, context.lang), Role::Heading2)];
    let others = drill_screen.comparable_reports();
    let Some(other) = others.get(drill_screen.compared % others.len().max(1)) else {
        let none = context.say(
            "Haz otro simulacro, planeado si este no lo fue, y aquí los verás lado a lado.",
            "Do another drill, a planned one if this was not, and see them side by side here.",
        );
        lines.extend(text::wrap(none, room).into_iter().map(|l| context.line(l, Role::Muted)));
        return lines;
    };
    let day = other.began.iso8601().get(..16).unwrap_or_default().replace('T', " ");
    let name = (names(context, report).max(names(context, other)) + 1).min(room / 2);
    let column = (room.saturating_sub(name) / 2).min(30);
    let row = |cells: &[String]| {
        let widths = [name, column, column].into_iter();
        let cells =
            cells.iter().zip(widths).map(|(t, w)| text::fit(t, w.saturating_sub(1), context.signs) + " ");
        cells.collect::<String>()
    };
    let head = [String::new(), tr!(context.lang, "este", "this one"), day];
    lines.push(context.line(row(&head), Role::TableHead));
    for cells in figures::compare([report, other], context.lang) {
        lines.push(context.line(row(&cells), Role::Text));
    }
    if others.len() > 1 {
        lines.push(context.line(context.say("c compara con otro.", "c compares with another."), Role::Muted));
    }
    lines
}

fn export_lines(context: &DrawContext<'_>, room: usize) -> Vec<Line<'static>> {
    let told = match &context.model.drill_screen.exported {
        Some(path) => {
            let at = context.outside(&path.display().to_string());
            tr!(context.lang, "Informe: {at} (y copia la ruta)", "Report: {at} (y copies the path)")
        }
        None => tr!(
            context.lang,
            "e exporta el informe como Markdown, JSON y HTML.",
            "e exports the report as Markdown, JSON and HTML."
        ),
    };
    text::wrap(&told, room).into_iter().map(|l| context.line(l, Role::Muted)).collect()
}
