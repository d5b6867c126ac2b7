//! A run as a chart: its phases, its probes by the Region that answered, its lag.

use std::collections::BTreeSet;

use super::super::draw_context::DrawContext;
use super::super::theme::Role;
use super::chart::{Band, Chart, Mark, Row};
use crate::app::DrillRun;
use crate::cloud::facts::Role as Part;
use crate::drill::telling::terms;
use crate::drill::timeline::{Phase, Sign};
use crate::drill::{Kind, What};
use ground::clock::Moment;
use ground::tr;

/// The chart of a run up to `now`.
pub(super) fn of(context: &DrawContext<'_>, run: &DrillRun, now: Moment) -> Chart {
    let lang = context.lang;
    let (from, to) = run.chart.span.map_or((run.began, now), |s| (s.from, s.to));
    let bands = run.chart.bands.iter().map(|b| Band {
        label: terms::phase(b.phase, lang).to_owned(),
        role: phase_role(b.phase),
        from: b.span.from,
        to: b.span.to,
    });
    Chart {
        from,
        to: to.max(from),
        bands: bands.collect(),
        rows: Kind::ALL.map(|k| row(context, run, k)).into(),
        lag: run.chart.lag.clone(),
        lag_label: tr!(lang, "Retardo", "Lag"),
    }
}

pub(super) fn phase_role(phase: Phase) -> Role {
    match phase {
        Phase::Steady | Phase::Recovered => Role::Ok,
        Phase::Fault => Role::Error,
        Phase::Detected => Role::Warning,
        Phase::FailingOver => Role::Progress,
        Phase::Reconciling => Role::Accent,
    }
}

fn row(context: &DrawContext<'_>, run: &DrillRun, kind: Kind) -> Row {
    // The chart knows what became of a probe, the probe itself who answered.
    let elsewhere: BTreeSet<u64> = run
        .events
        .iter()
        .filter_map(|e| match &e.what {
            What::Probe(p) if p.kind == kind => {
                (p.region.as_deref() == Some(Part::Standby.region())).then_some(p.number)
            }
            _ => None,
        })
        .collect();
    let marks = run.chart.marks.iter().filter(|m| m.kind == kind).map(|m| {
        let mark = match m.sign {
            Sign::Good if elsewhere.contains(&m.number) => Mark::Standby,
            Sign::Good => Mark::Primary,
            Sign::Failed => Mark::Failed,
            Sign::Lost => Mark::Lost,
        };
        (m.sent, mark)
    });
    Row {
        label: terms::kind_short(kind, context.lang).to_owned(),
        role: kind_role(kind),
        marks: marks.collect(),
    }
}

/// The colour of a kind's name.
pub(super) fn kind_role(kind: Kind) -> Role {
    match kind {
        Kind::Read => Role::Text,
        Kind::User => Role::Writer,
        Kind::Basket => Role::Flow,
    }
}

/// What the marks mean, as one line of text with their colours.
pub(super) fn legend(context: &DrawContext<'_>) -> ratatui::text::Line<'static> {
    let mut spans = Vec::new();
    for mark in Mark::ALL {
        let (sign, role) = mark.sign(context);
        let name = match mark {
            Mark::Primary => context.say("primaria", "primary"),
            Mark::Standby => context.say("espera", "standby"),
            Mark::Failed => context.say("fallo", "failed"),
            Mark::Lost => context.say("perdida", "lost"),
        };
        spans.push(context.span(format!("{sign} "), role));
        spans.push(context.span(format!("{name}   "), Role::Muted));
    }
    ratatui::text::Line::from(spans)
}
