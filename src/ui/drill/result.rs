//! The result of a run: the timeline, every figure with what it means, the lost writes by id, and the
//! run beside another one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::scene::Scene;
use super::super::text;
use super::super::theme::Role;
use super::super::toast;
use super::super::viewports::Viewports;
use super::{Pen, form, item, timeline};
use crate::app::{Motion, Pane, Run, Said, figures, words};
use crate::clock::span;
use crate::drill::explain::time;
use crate::drill::{Kind, Met, Report};
use crate::tr;

/// Draws the result in `area`.
pub(super) fn draw(scene: &Scene<'_>, views: &mut Viewports, run: &Run, area: Rect, buffer: &mut Buffer) {
    let Some(report) = &run.report else { return };
    let mut pen = Pen { area, buffer };
    pen.line(&verdict(scene, report));
    let chart = timeline::of(scene, run, scene.model.now);
    let lag = match area.height {
        0..20 => 0,
        20..30 => 3,
        _ => 5,
    };
    let height = chart.height(lag).min(pen.area.height);
    if !run.chart.marks.is_empty() {
        chart.draw(scene, Rect { height, ..pen.area }, pen.buffer);
        pen.area.y += height;
        pen.area.height -= height;
        if area.height >= 20 {
            pen.line(&timeline::legend(scene));
        }
    }
    if area.height >= 20 {
        pen.skip();
    }
    scrolled(scene, views, lines(scene, report, usize::from(area.width)), pen);
}

/// Draws why a run could not go on.
pub(super) fn failed(
    scene: &Scene<'_>,
    views: &mut Viewports,
    run: &Run,
    said: &Said,
    area: Rect,
    buffer: &mut Buffer,
) {
    let room = usize::from(area.width);
    let title = scene.say("El simulacro no ha podido seguir.", "The drill could not go on.");
    let mut lines = item(scene, scene.signs.failed(), title, Role::Error, room);
    lines.push(Line::default());
    let told = scene.outside(said.get(scene.lang));
    lines.extend(text::wrap(&told, room).into_iter().map(|l| scene.line(l, Role::Text)));
    lines.push(Line::default());
    let advice = scene.say(
        "Lo que se midió está en el disco. n prepara otro simulacro; l muestra lo que ha pasado.",
        "What was measured is on disk. n prepares another drill; l shows what happened.",
    );
    lines.extend(text::wrap(advice, room).into_iter().map(|l| scene.line(l, Role::Muted)));
    if let Some(report) = &run.report {
        lines.push(Line::default());
        lines.extend(numbers(scene, report, room));
    }
    scrolled(scene, views, lines, Pen { area, buffer });
}

fn scrolled(scene: &Scene<'_>, views: &mut Viewports, lines: Vec<Line<'static>>, mut pen: Pen<'_>) {
    pen.area.height = pen.area.height.saturating_sub(toast::covered(scene, scene.area.width));
    let (len, page) = (lines.len(), usize::from(pen.area.height));
    let top = views.settle(Pane::Drill, len, page, |_: Motion| None);
    let place = pen.area;
    for line in lines.iter().skip(top) {
        pen.line(line);
    }
    form::more(scene, place, (top, len, page), pen.buffer);
}

/// How it ended and how many targets were met.
fn verdict(scene: &Scene<'_>, report: &Report) -> Line<'static> {
    let lang = scene.lang;
    let (met, all) = figures::met(report);
    let (sign, role) = match met == all {
        true => (scene.signs.done(), Role::Ok),
        false => (scene.signs.warning(), Role::Warning),
    };
    let ending = report.ending.map_or("", |e| words::ending(e, lang));
    let lost = report.users_lost.lost.len() + report.baskets_lost.lost.len();
    let took = span(report.ended.unwrap_or(report.began).since(report.began));
    let told = tr!(
        lang,
        "{sign} {ending}: {met} de {all} objetivos, escrituras perdidas: {lost}, {took}",
        "{sign} {ending}: {met} of {all} targets met, writes lost: {lost}, {took}"
    );
    scene.line(scene.cut(&told, usize::from(scene.area.width).saturating_sub(4)), role)
}

fn lines(scene: &Scene<'_>, report: &Report, room: usize) -> Vec<Line<'static>> {
    let mut lines = numbers(scene, report, room);
    lines.push(Line::default());
    lines.extend(lost_writes(scene, report, room));
    lines.push(Line::default());
    lines.extend(beside(scene, report, room));
    lines.push(Line::default());
    lines.extend(exported(scene, room));
    lines
}

/// Every figure apart, its target, and what it means below it.
fn numbers(scene: &Scene<'_>, report: &Report, room: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for figure in figures::of(report, scene.lang) {
        let mut spans = vec![
            scene.span(text::fit(&figure.name, 27, scene.signs), Role::Strong),
            Span::raw(" "),
            scene.span(figure.value, Role::Accent),
        ];
        if let Some((aim, met)) = figure.target {
            let (sign, word, role) = match met {
                Met::Yes => (scene.signs.done(), scene.say("cumplido", "met"), Role::Ok),
                Met::No => (scene.signs.failed(), scene.say("no cumplido", "missed"), Role::Error),
                Met::Unknown => (scene.signs.unknown(), scene.say("no se sabe", "unknown"), Role::Warning),
            };
            spans.push(scene.span(format!("  {aim} "), Role::Muted));
            spans.push(scene.span(format!("{sign} {word}"), role));
        }
        lines.push(Line::from(spans));
        for part in text::wrap(&figure.means, room.saturating_sub(2)) {
            lines.push(scene.line(format!("  {part}"), Role::Muted));
        }
    }
    lines
}

/// The lost writes by number and id.
fn lost_writes(scene: &Scene<'_>, report: &Report, room: usize) -> Vec<Line<'static>> {
    let lang = scene.lang;
    let mut lines = vec![scene.line(scene.say("Escrituras perdidas", "Lost writes"), Role::Heading2)];
    for kind in Kind::WRITES {
        let Some(loss) = report.loss(kind) else { continue };
        for write in &loss.lost {
            let (store, number) = (words::kind_short(kind, lang), write.number);
            let id = scene.outside(&write.id);
            let after = report.disrupted.map_or_else(String::new, |d| {
                let (early, late) = (d.since(write.acknowledged), write.acknowledged.since(d));
                match late.is_zero() {
                    true => {
                        let early = time(early, lang);
                        tr!(lang, ", {early} antes de la avería", ", {early} before the fault")
                    }
                    false => {
                        let late = time(late, lang);
                        tr!(lang, ", {late} después", ", {late} after it")
                    }
                }
            });
            let back = match loss.returned.contains(&write.number) {
                true => scene.say(" (volvió al reparar)", " (came back when mended)"),
                false => "",
            };
            let told = format!("{store} {number}: {id}{after}{back}");
            lines.extend(item(scene, scene.signs.probe_lost(), &told, Role::Warning, room));
        }
    }
    if lines.len() == 1 {
        let none =
            scene.say("Ninguna: todo lo confirmado está.", "None: all that was acknowledged is there.");
        lines.extend(item(scene, scene.signs.done(), none, Role::Ok, room));
    }
    lines
}

/// This run and another one, figure by figure.
fn beside(scene: &Scene<'_>, report: &Report, room: usize) -> Vec<Line<'static>> {
    let desk = &scene.model.desk;
    let mut lines = vec![scene.line(scene.say("Comparación", "Comparison"), Role::Heading2)];
    let others = desk.others();
    let Some(other) = others.get(desk.compared % others.len().max(1)) else {
        let none = scene.say(
            "Haz otro simulacro, planeado si este no lo fue, y aquí los verás lado a lado.",
            "Do another drill, a planned one if this was not, and see them side by side here.",
        );
        lines.extend(text::wrap(none, room).into_iter().map(|l| scene.line(l, Role::Muted)));
        return lines;
    };
    let day = other.began.iso8601().get(..16).unwrap_or_default().replace('T', " ");
    let name = 29.min(room / 2);
    let column = (room.saturating_sub(name) / 2).min(30);
    let row = |a: &str, b: &str, c: &str| {
        let cell = |t: &str, w: usize| text::fit(t, w.saturating_sub(1), scene.signs) + " ";
        format!("{}{}{}", cell(a, name), cell(b, column), cell(c, column))
    };
    lines.push(scene.line(row("", scene.say("este", "this one"), &day), Role::TableHead));
    for (figure, this, that) in figures::beside(report, other, scene.lang) {
        lines.push(scene.line(row(&figure, &this, &that), Role::Text));
    }
    if others.len() > 1 {
        lines.push(scene.line(scene.say("c compara con otro.", "c compares with another."), Role::Muted));
    }
    lines
}

fn exported(scene: &Scene<'_>, room: usize) -> Vec<Line<'static>> {
    let told = match &scene.model.desk.exported {
        Some(path) => {
            let at = scene.outside(&path.display().to_string());
            tr!(scene.lang, "Informe: {at} (y copia la ruta)", "Report: {at} (y copies the path)")
        }
        None => tr!(
            scene.lang,
            "e exporta el informe como Markdown, JSON y HTML.",
            "e exports the report as Markdown, JSON and HTML."
        ),
    };
    text::wrap(&told, room).into_iter().map(|l| scene.line(l, Role::Muted)).collect()
}
