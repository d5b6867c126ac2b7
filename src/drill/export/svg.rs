//! The timeline as an SVG: phases as bands, probes as ticks in a row for each kind, lag as a line. A
//! sign is known by its shape as well as by its colour.

use std::fmt::Write;

use super::super::telling::{Metric, terms, time};
use super::super::timeline::{Mark, Phase, Sign, Timeline};
use super::super::{Kind, Report};
use super::escape::escape;
use ground::clock::Moment;
use ground::lang::Lang;
use ground::tr;

/// Width of the drawing, of the names at its left, and height of its parts.
const WIDTH: f64 = 960.0;
const LEFT: f64 = 150.0;
const BAND: f64 = 26.0;
const ROW: f64 = 40.0;
const LAG: f64 = 64.0;

/// Where each row begins.
const ROWS: f64 = BAND + 12.0;
const LAG_TOP: f64 = ROWS + 3.0 * ROW + 14.0;
const HEIGHT: f64 = LAG_TOP + LAG + 24.0;

/// The timeline as an SVG element.
pub(super) fn svg(timeline: &Timeline, report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    let label = label(timeline, report, lang);
    let _ = write!(
        out,
        r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">"#,
        escape(&label)
    );
    bands(&mut out, timeline, lang);
    for kind in Kind::ALL {
        row(&mut out, timeline, kind, lang);
    }
    lag(&mut out, timeline, lang);
    axis(&mut out, timeline, report, lang);
    out.push_str("</svg>");
    out
}

/// What the drawing says, for those who hear it: its phases with their times, and what failed and was lost.
fn label(timeline: &Timeline, report: &Report, lang: Lang) -> String {
    let bands = timeline.bands.iter().filter(|b| !b.span.length().is_zero());
    let phases = bands.map(|b| format!("{} {}", phase(b.phase, lang).1, time(b.span.length(), lang)));
    let phases = phases.collect::<Vec<_>>().join("; ");
    let failed =
        Kind::ALL.map(|k| format!("{} {}", terms::kind(k, lang), report.service(k).errors)).join("; ");
    let lost = Kind::WRITES.map(|k| {
        let lost = Metric::Lost(k);
        format!("{} {}", lost.name(lang), lost.amount(report).text(lang))
    });
    let lost = lost.join("; ");
    tr!(
        lang,
        "Línea de tiempo del simulacro. Fases: {phases}. Fallos: {failed}. {lost}.",
        "Timeline of the drill. Phases: {phases}. Failures: {failed}. {lost}."
    )
}

/// The signs of the legend: class, shape in a square of 16, and name.
pub(super) fn signs(lang: Lang) -> [(&'static str, &'static str, String); 4] {
    [
        ("good", "M4 4v8M8 4v8M12 4v8", tr!(lang, "fue bien", "good")),
        ("failed", "M4 1v14M8 1v14M12 1v14", tr!(lang, "falló", "failed")),
        ("lost", "M4 0l8 16m0-16l-8 16", tr!(lang, "confirmada y perdida", "acknowledged and lost")),
        ("lag", "M0 14L6 10L10 9L16 2", tr!(lang, "retardo de Aurora", "lag of Aurora")),
    ]
}

fn x(timeline: &Timeline, at: Moment) -> f64 {
    let Some(span) = timeline.span else { return LEFT };
    let part = at.since(span.from).as_secs_f64() / span.length().as_secs_f64().max(0.001);
    LEFT + part.min(1.0) * (WIDTH - LEFT)
}

fn bands(out: &mut String, timeline: &Timeline, lang: Lang) {
    for band in &timeline.bands {
        let (from, to) = (x(timeline, band.span.from), x(timeline, band.span.to));
        let (class, name) = phase(band.phase, lang);
        let (width, bottom) = ((to - from).max(0.5), LAG_TOP + LAG);
        let _ = write!(
            out,
            r#"<rect class="phase {class}" x="{from:.1}" y="0" width="{width:.1}" height="{bottom:.0}"><title>{}</title></rect>"#,
            escape(name)
        );
        // A name that would run into the next band is left to the legend.
        if width > 7.5 * name.chars().count() as f64 {
            let _ = write!(out, r#"<text x="{:.1}" y="17" class="name">{}</text>"#, from + 5.0, escape(name));
        }
    }
}

/// Class and name of a phase.
pub(super) fn phase(phase: Phase, lang: Lang) -> (&'static str, &'static str) {
    let class = match phase {
        Phase::Steady => "steady",
        Phase::Fault => "fault",
        Phase::Detected => "detected",
        Phase::FailingOver => "moving",
        Phase::Recovered => "recovered",
        Phase::Reconciling => "checking",
    };
    (class, terms::phase(phase, lang))
}

fn row(out: &mut String, timeline: &Timeline, kind: Kind, lang: Lang) {
    let top = ROWS + ROW * f64::from(kind as u8);
    let name = escape(terms::kind(kind, lang)).into_owned();
    let _ = write!(out, r#"<text x="0" y="{:.0}">{name}</text>"#, top + 19.0);
    for (sign, class) in [(Sign::Good, "good"), (Sign::Failed, "failed"), (Sign::Lost, "lost")] {
        let marks = timeline.marks.iter().filter(|m| m.kind == kind && m.sign == sign);
        let path: String = marks.map(|mark| tick(timeline, mark, top)).collect();
        if !path.is_empty() {
            let _ = write!(out, r#"<path class="{class}" d="{path}"/>"#);
        }
    }
}

/// Good: a short tick. Failed: as high as the row. Lost: a cross.
fn tick(timeline: &Timeline, mark: &Mark, top: f64) -> String {
    let x = x(timeline, mark.sent);
    match mark.sign {
        Sign::Good => format!("M{x:.1} {:.0}v8", top + 11.0),
        Sign::Failed => format!("M{x:.1} {:.0}v28", top + 1.0),
        Sign::Lost => format!("M{:.1} {:.0}l8 16m0-16l-8 16", x - 4.0, top + 7.0),
    }
}

fn lag(out: &mut String, timeline: &Timeline, lang: Lang) {
    // The chart goes on after the writer moved, so its top is a scale and not the largest lag of the figures.
    let Some(most) = timeline.lag.iter().map(|(_, ms)| *ms).max() else { return };
    let bottom = LAG_TOP + LAG;
    let points = timeline.lag.iter().map(|(at, ms)| {
        let y = bottom - *ms as f64 / most.max(1) as f64 * (LAG - 6.0);
        format!("{:.1},{y:.1}", x(timeline, *at))
    });
    let points = points.collect::<Vec<_>>().join(" ");
    let most = time(std::time::Duration::from_millis(most), lang);
    let (name, most) = (
        tr!(lang, "retardo de Aurora", "lag of Aurora"),
        tr!(lang, "escala de 0 a {most}", "scale 0 to {most}"),
    );
    let _ = write!(
        out,
        r#"<polyline class="lag" points="{points}"/><text x="0" y="{:.0}">{}</text><text x="0" y="{:.0}" class="small">{}</text>"#,
        LAG_TOP + 26.0,
        escape(&name),
        LAG_TOP + 42.0,
        escape(&most)
    );
}

/// Times along the bottom, counted from the disruption.
fn axis(out: &mut String, timeline: &Timeline, report: &Report, lang: Lang) {
    let Some(span) = timeline.span else { return };
    let zero = report.disrupted.unwrap_or(span.from);
    let steps = [5, 10, 30, 60, 120, 300, 600, 1800, 3600u64];
    let step = steps.into_iter().find(|s| span.length().as_secs() / s <= 8).unwrap_or(7200);
    for n in -8..=8_i64 {
        let seconds = n.unsigned_abs() * step * 1000;
        let at = if n < 0 { zero.0.checked_sub(seconds) } else { zero.0.checked_add(seconds) };
        let Some(at) = at.map(Moment).filter(|at| *at >= span.from && *at <= span.to) else { continue };
        let (x, sign) = (x(timeline, at), if n < 0 { "−" } else { "" });
        let label = time(std::time::Duration::from_millis(seconds), lang);
        let label = format!("{sign}{}", label.replace(",0 ", " ").replace(".0 ", " ").replace(" 00 s", ""));
        let anchor = if x > WIDTH - 60.0 { "end" } else { "start" };
        let _ = write!(
            out,
            r#"<path class="grid" d="M{x:.1} {BAND:.0}V{:.0}"/><text x="{x:.1}" y="{:.0}" class="small" text-anchor="{anchor}">{label}</text>"#,
            LAG_TOP + LAG,
            HEIGHT - 8.0
        );
    }
}
