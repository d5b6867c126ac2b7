//! A run while it goes on: phase, what to do next, timeline, counters, steps and the last errors.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::draw_context::DrawContext;
use super::super::keys;
use super::super::text;
use super::super::theme::Role;
use super::pen::Pen;
use super::timeline;
use crate::app::command::Drill;
use crate::app::{Command, DrillRun, Next, RunState};
use crate::cloud::Move;
use crate::drill::telling::terms;
use crate::drill::{Kind, Report, Step, What};
use ground::clock::span;
use ground::tr;

/// Draws the run in `area`.
pub(super) fn draw(context: &DrawContext<'_>, run: &DrillRun, area: Rect, buffer: &mut Buffer) {
    let mut pen = Pen { area, buffer };
    pen.line(&status_line(context, run));
    pen.line(&next_line(context, run));
    let chart = timeline::of(context, run, context.model.now);
    let roomy = area.height >= 24;
    if roomy {
        pen.skip();
    }
    let lag = if roomy { (area.height - 22).clamp(4, 10) } else { 2 };
    let height = chart.height(lag).min(pen.area.height);
    let place = Rect { height, ..pen.area };
    chart.draw(context, place, pen.buffer);
    pen.area.y += height;
    pen.area.height -= height;
    if area.height >= 18 {
        pen.line(&timeline::legend(context));
    }
    if roomy {
        pen.skip();
    }
    draw_counters(context, run.report.as_ref(), &mut pen);
    if roomy {
        pen.skip();
    }
    draw_steps_and_errors(context, run, pen);
}

/// Steps and errors: side by side where there is room for both, else as many as fit.
fn draw_steps_and_errors(context: &DrawContext<'_>, run: &DrillRun, mut pen: Pen<'_>) {
    if pen.area.width >= 96 {
        let half = pen.area.width / 2;
        let mut left = Pen { area: Rect { width: half - 2, ..pen.area }, buffer: &mut *pen.buffer };
        draw_steps(context, run, &mut left);
        let right = Rect { x: pen.area.x + half, width: pen.area.width - half, ..pen.area };
        draw_errors(context, run, &mut Pen { area: right, buffer: pen.buffer });
        return;
    }
    if pen.area.height >= 8 {
        draw_steps(context, run, &mut pen);
        pen.skip();
    }
    draw_errors(context, run, &mut pen);
}

/// The phase, since when, and how long it has been going on.
fn status_line(context: &DrawContext<'_>, run: &DrillRun) -> Line<'static> {
    let lang = context.lang;
    let now = run.chart.span.map_or(context.model.now, |s| s.to.max(context.model.now));
    let mut spans = Vec::new();
    let mut room = usize::from(context.area.width).saturating_sub(4);
    let mut tell = |told: String, role: Role| {
        // What there is no room for is left out, not cut.
        if let Some(left) = room.checked_sub(text::width(&told)) {
            room = left;
            spans.push(context.span(told, role));
        }
    };
    match run.chart.bands.last() {
        Some(band) => {
            let phase = terms::phase(band.phase, lang).to_uppercase();
            tell(format!("{} {phase}", context.signs.current()), timeline::phase_role(band.phase));
            let since = span(now.since(band.span.from));
            tell(tr!(lang, "  desde hace {since}", "  for {since}"), Role::Text);
        }
        None => {
            let preparing = context.say("Preparando las sondas", "Preparing the probes");
            tell(format!("{} {preparing}", context.signs.progress()), Role::Progress);
        }
    }
    if let Some(disrupted) = run.report.as_ref().and_then(|r| r.disrupted) {
        let since = span(now.since(disrupted));
        tell(tr!(lang, "   avería: {since}", "   fault: {since}"), Role::Muted);
    }
    let whole = span(now.since(run.began));
    tell(tr!(lang, "   en total: {whole}", "   in all: {whole}"), Role::Muted);
    Line::from(spans)
}

/// The next suggested action, with its key.
fn next_line(context: &DrawContext<'_>, run: &DrillRun) -> Line<'static> {
    let lang = context.lang;
    let told = match run.next() {
        Next::Watch if run.plan.mode == Move::Failover => {
            tr!(lang, "Todo normal; la avería llegará enseguida.", "All is steady; the fault comes soon.")
        }
        Next::Watch => {
            tr!(
                lang,
                "Todo normal; enseguida empieza el traspaso.",
                "All is steady; the switchover begins soon."
            )
        }
        Next::Auto => {
            tr!(lang, "Espera actúa por ti; mira los números.", "Espera acts for you; watch the figures.")
        }
        Next::Wait(step) => {
            let step = terms::step(step, lang);
            tr!(lang, "En marcha: {step}", "Under way: {step}")
        }
        Next::Take(step) => {
            let (name, key) = (terms::step(step, lang), key_of(context, step));
            tr!(lang, "Siguiente: pulsa {key} · {name}", "Next: press {key} · {name}")
        }
        Next::Recovering => {
            tr!(
                lang,
                "Hecho lo que tocaba; acaba solo cuando todo vuelva y se mantenga.",
                "All is done; it ends by itself once all is back and stays so."
            )
        }
        Next::LookUp if matches!(run.state, RunState::Ending) => tr!(
            lang,
            "Terminando: se deshace la avería y se buscan las escrituras.",
            "Ending: the fault is being undone and the writes looked up."
        ),
        Next::LookUp => {
            tr!(lang, "Se busca cada escritura confirmada.", "Every acknowledged write is looked up.")
        }
    };
    Line::from(vec![
        context.span(format!("{} ", context.signs.choose()), Role::Accent),
        context.span(context.cut(&told, usize::from(context.area.width).saturating_sub(6)), Role::Strong),
    ])
}

fn key_of(context: &DrawContext<'_>, step: Step) -> String {
    let command = match step {
        Step::FailOver => Command::Drill(Drill::FailOver),
        Step::SwitchOver => Command::Drill(Drill::SwitchOver),
        Step::SwitchWrites => Command::Drill(Drill::SwitchWrites),
        Step::Mend => Command::Drill(Drill::Mend),
    };
    let key = context.model.keymap.binding(command).and_then(|b| b.keys.first());
    key.map(|k| keys::name(*k, context.lang, context.signs)).unwrap_or_default()
}

/// A line for each kind: sent, good, failed, for how long it has been away, the slowest good answer.
fn draw_counters(context: &DrawContext<'_>, report: Option<&Report>, pen: &mut Pen<'_>) {
    let lang = context.lang;
    let fits = if pen.area.width < 60 { 4 } else { 5 };
    let columns = |cells: [String; 6]| {
        let [name, rest @ ..] = cells;
        let mut line = text::fit(&name, 19, context.signs);
        for (cell, width) in rest.iter().zip([7, 7, 7, 11, 9]).take(fits) {
            line.push_str(&format!("{:>width$}", context.cut(cell, width - 1)));
        }
        line
    };
    let head = match lang {
        ground::lang::Lang::Es => ["", "sondas", "bien", "fallos", "fuera", "lenta"],
        ground::lang::Lang::En => ["", "probes", "good", "failed", "away", "slowest"],
    };
    pen.line(&context.line(columns(head.map(str::to_owned)), Role::TableHead));
    for kind in Kind::ALL {
        let service = report.map(|r| r.service(kind)).cloned().unwrap_or_default();
        let away = report.and_then(|r| r.service(kind).recovery.away_for());
        let failed = service.errors + service.errors_before;
        let cells = [
            terms::kind(kind, lang).to_owned(),
            service.probes.to_string(),
            service.good.to_string(),
            failed.to_string(),
            away.map_or_else(|| "-".to_owned(), span),
            if service.slowest > Duration::ZERO { span(service.slowest) } else { "-".to_owned() },
        ];
        let role = if away.is_some() { Role::Error } else { Role::Text };
        pen.line(&context.line(columns(cells), role));
    }
}

/// The steps of the recovery, with how long each took.
fn draw_steps(context: &DrawContext<'_>, run: &DrillRun, pen: &mut Pen<'_>) {
    pen.line(&context.line(context.say("Recuperación", "Recovery"), Role::Heading2));
    let taken = run.report.as_ref().map(|r| r.steps.as_slice()).unwrap_or_default();
    if taken.is_empty() {
        pen.line(
            &context.line(context.say("Aún no se ha hecho nada.", "Nothing has been done yet."), Role::Muted),
        );
    }
    for step in taken {
        let (sign, role) = match (&step.trouble, step.ended) {
            (Some(_), _) => (context.signs.failed(), Role::Error),
            (None, Some(_)) => (context.signs.done(), Role::Ok),
            (None, None) => (context.signs.progress(), Role::Progress),
        };
        let took = span(step.ended.unwrap_or(context.model.now).since(step.began));
        let name = terms::step(step.step, context.lang);
        let trouble = step.trouble.as_ref().map(|t| format!(": {}", t.get(context.lang))).unwrap_or_default();
        let told = context.outside(&format!("{sign} {name} {took}{trouble}"));
        pen.line(&context.line(context.cut(&told, usize::from(pen.area.width)), role));
    }
}

/// The last probes that failed, the newest first.
fn draw_errors(context: &DrawContext<'_>, run: &DrillRun, pen: &mut Pen<'_>) {
    let lang = context.lang;
    pen.line(&context.line(context.say("Últimos fallos", "Last failures"), Role::Heading2));
    let failed = run.events.iter().rev().filter_map(|e| match &e.what {
        What::Probe(p) if !p.outcome.is_good() => Some((e.at, p)),
        _ => None,
    });
    let mut none = true;
    for (at, probe) in failed.take(usize::from(pen.area.height)) {
        none = false;
        let after = span(at.since(run.began));
        let name = terms::probe(probe.kind, probe.number, lang);
        let what = terms::outcome(&probe.outcome, lang);
        let told = format!("{} +{after} {name}: {what}", context.signs.failed());
        pen.line(&context.line(context.cut(&told, usize::from(pen.area.width)), Role::Error));
    }
    if none {
        pen.line(&context.line(context.say("Ninguno hasta ahora.", "None so far."), Role::Muted));
    }
}
