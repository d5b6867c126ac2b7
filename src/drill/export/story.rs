//! A report as tables, the same for Markdown and HTML. What they say is the telling's.

use super::super::telling::rows::{self, Part, heading};
use super::super::telling::{as_set, figures};
use super::super::{Report, Run};
use crate::cloud::Move;
use ground::clock::Moment;
use ground::lang::Lang;
use ground::tr;

/// A table with its heading.
pub(super) struct Table {
    pub heading: &'static str,
    /// What stands above it.
    pub lead: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// All tables of a run that have something to say, in order.
pub(super) fn tables(run: &Run, lang: Lang) -> Vec<Table> {
    let report = &run.report;
    let all = [
        Some(numbers(report, lang)),
        steps(report, lang),
        comparison_table(run, lang),
        Some(lost_table(report, lang)),
    ];
    all.into_iter().flatten().collect()
}

/// A day and a time as the language writes them, in UTC.
pub(super) fn date(at: Moment, lang: Lang) -> String {
    let iso = at.iso8601();
    let (day, rest) = iso.split_once('T').unwrap_or((&iso, ""));
    let clock = rest.split('.').next().unwrap_or_default();
    let mut parts = day.split('-').rev();
    match (lang, parts.next(), parts.next(), parts.next()) {
        (Lang::Es, Some(d), Some(m), Some(y)) => format!("{d}/{m}/{y}, {clock} UTC"),
        _ => format!("{day} {clock} UTC"),
    }
}

/// How it was measured: one paragraph.
pub(super) fn method(report: &Report, lang: Lang) -> String {
    let every = as_set(report.plan.every, lang);
    let patience = as_set(report.plan.patience, lang);
    tr!(
        lang,
        "Una sonda de cada tipo cada {every}, enviada por el reloj aunque la anterior no haya terminado; a los {patience} sin respuesta cuenta como fallo. Cada escritura confirmada quedó en disco antes de contar y se buscó después en us-west-1. Entre dos sondas nada se mide: esa es la resolución de estas cifras.",
        "One probe of each kind every {every}, sent by the clock though the one before had not ended; after {patience} without an answer it counts as failed. Every acknowledged write was on disk before it counted, and was looked up in us-west-1 afterwards. Nothing is measured between two probes: that is the resolution of these figures."
    )
}

fn numbers(report: &Report, lang: Lang) -> Table {
    let rows = figures::of(report, lang).into_iter().map(|figure| {
        let target = figure.target.map_or_else(String::new, |t| format!("{}: {}", t.aim, t.word));
        vec![figure.name, figure.value, target, figure.means]
    });
    Table {
        heading: heading(Part::Figures, lang),
        lead: tr!(
            lang,
            "Cada cifra va aparte: un RTO o un RPO único escondería la peor.",
            "Each figure stands alone: one RTO or RPO for all would hide the worst."
        ),
        head: [
            tr!(lang, "Medida", "Measure"),
            tr!(lang, "Valor", "Value"),
            tr!(lang, "Objetivo, como mucho", "Target, at most"),
            tr!(lang, "Qué quiere decir", "What it means"),
        ]
        .into(),
        rows: rows.collect(),
    }
}

fn steps(report: &Report, lang: Lang) -> Option<Table> {
    let steps = rows::steps(report, lang).into_iter();
    let rows: Vec<Vec<String>> =
        steps.map(|step| vec![step.name, step.began, step.took, step.trouble.unwrap_or_default()]).collect();
    (!rows.is_empty()).then(|| Table {
        heading: heading(Part::Steps, lang),
        lead: String::new(),
        head: [
            tr!(lang, "Paso", "Step"),
            tr!(lang, "Empezó", "Began"),
            tr!(lang, "Tardó", "Took"),
            tr!(lang, "Problema", "Trouble"),
        ]
        .into(),
        rows,
    })
}

/// The planned switchover beside the unplanned failover.
fn comparison_table(run: &Run, lang: Lang) -> Option<Table> {
    let other = run.beside.as_ref()?;
    let pair = match run.report.plan.mode {
        Move::Switchover => [&run.report, other],
        Move::Failover => [other, &run.report],
    };
    let dates = pair.map(|report| date(report.began, lang));
    Some(Table {
        heading: heading(Part::Comparison, lang),
        lead: tr!(
            lang,
            "El traspaso planeado espera a que todo haya llegado y no pierde nada; la conmutación por avería no puede esperar.",
            "The planned switchover waits until all has arrived and loses nothing; the unplanned failover cannot wait."
        ),
        head: std::iter::once(tr!(lang, "Medida", "Measure")).chain(dates).collect(),
        rows: figures::compare(pair, lang),
    })
}

/// Every lost write by its id.
fn lost_table(report: &Report, lang: Lang) -> Table {
    let lost = rows::lost_writes(report, lang);
    let lead = match lost.is_empty() {
        true => rows::none_lost_text(report, lang),
        false => tr!(
            lang,
            "A quien las envió se le dijo que estaban hechas.",
            "Whoever sent them was told that they were done."
        ),
    };
    Table {
        heading: heading(Part::Lost, lang),
        lead,
        head: [
            tr!(lang, "Escritura", "Write"),
            "Id".to_owned(),
            tr!(lang, "Confirmada", "Acknowledged"),
            tr!(lang, "Suerte", "Fate"),
        ]
        .into(),
        rows: lost.into_iter().map(|w| vec![w.write, w.id, w.acknowledged, w.fate]).collect(),
    }
}
