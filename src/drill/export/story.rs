//! A report as tables of words, the same for Markdown and HTML.

use super::super::explain::{findings, loss_value, met, recovery_value, step_name, time, title};
use super::super::plan::Mode;
use super::super::{Kind, Report, Run, explain};
use crate::clock::Moment;
use crate::lang::{Lang, printable};
use crate::tr;

/// A table with its heading.
pub(super) struct Table {
    pub heading: String,
    /// What stands above it.
    pub lead: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// All tables of a run that have something to say, in order.
pub(super) fn tables(run: &Run, lang: Lang) -> Vec<Table> {
    let all =
        [numbers(&run.report, lang), steps(&run.report, lang), beside(run, lang), lost(&run.report, lang)];
    all.into_iter().filter(|t| !t.rows.is_empty()).collect()
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
    let every = time(report.plan.every, lang);
    let patience = time(report.plan.patience, lang);
    tr!(
        lang,
        "Un sondeo de cada tipo cada {every}, enviado por el reloj aunque el anterior no haya terminado; a los {patience} sin respuesta cuenta como fallo. Cada escritura confirmada quedó en disco antes de contar y se buscó después en us-west-1. Entre dos sondeos nada se mide: esa es la resolución de estas cifras.",
        "One probe of each kind every {every}, sent by the clock though the one before had not ended; after {patience} without an answer it counts as failed. Every acknowledged write was on disk before it counted, and was looked up in us-west-1 afterwards. Nothing is measured between two probes: that is the resolution of these figures."
    )
}

fn numbers(report: &Report, lang: Lang) -> Table {
    let rows = findings(report, lang).into_iter().map(|f| {
        let target = f
            .verdict
            .map_or_else(String::new, |v| format!("≤ {}: {}", time(v.target, lang), met(v.met, lang)));
        vec![f.name, f.value, target, f.sentence]
    });
    Table {
        heading: tr!(lang, "Lo que costó", "What it cost"),
        lead: tr!(
            lang,
            "Cada cifra va aparte: un RTO o un RPO único escondería la peor.",
            "Each figure stands alone: one RTO or RPO for all would hide the worst."
        ),
        head: [
            tr!(lang, "Medida", "Measure"),
            tr!(lang, "Valor", "Value"),
            tr!(lang, "Objetivo", "Target"),
            tr!(lang, "Qué quiere decir", "What it means"),
        ]
        .into(),
        rows: rows.collect(),
    }
}

fn steps(report: &Report, lang: Lang) -> Table {
    let from = report.disrupted.unwrap_or(report.began);
    let rows = report.steps.iter().map(|step| {
        let took = step
            .ended
            .map_or_else(|| tr!(lang, "sin acabar", "not ended"), |at| time(at.since(step.began), lang));
        let trouble = step.trouble.as_ref().map_or_else(String::new, |t| printable(t.get(lang)).into_owned());
        vec![step_name(step.step, lang), format!("+{}", time(step.began.since(from), lang)), took, trouble]
    });
    Table {
        heading: tr!(lang, "Los pasos", "The steps"),
        lead: String::new(),
        head: [
            tr!(lang, "Paso", "Step"),
            tr!(lang, "Empezó", "Began"),
            tr!(lang, "Tardó", "Took"),
            tr!(lang, "Problema", "Trouble"),
        ]
        .into(),
        rows: rows.collect(),
    }
}

/// The planned move beside the unplanned failover.
fn beside(run: &Run, lang: Lang) -> Table {
    let pair = run.beside.as_ref().map(|other| match run.report.plan.mode {
        Mode::Switchover => [&run.report, other],
        Mode::Failover => [other, &run.report],
    });
    let rows = pair.map(|pair| compare(pair, lang)).unwrap_or_default();
    let names = pair.map(|pair| pair.map(|r| title(r, lang))).unwrap_or_default();
    Table {
        heading: tr!(lang, "Planificado y sin planificar", "Planned and unplanned"),
        lead: tr!(
            lang,
            "El cambio planificado espera a que todo haya llegado y no pierde nada; el otro no puede esperar.",
            "The planned switchover waits until all has arrived and loses nothing; the other cannot wait."
        ),
        head: std::iter::once(tr!(lang, "Medida", "Measure")).chain(names).collect(),
        rows,
    }
}

/// The measures of several drills side by side: a row each, its name first.
#[must_use]
pub fn compare<const N: usize>(reports: [&Report; N], lang: Lang) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = |name: String, of: &dyn Fn(&Report) -> String| {
        rows.push(std::iter::once(name).chain(reports.iter().map(|r| of(r))).collect());
    };
    for kind in Kind::ALL {
        let name = explain::kind_name(kind, lang);
        row(format!("RTO: {name}"), &|r| recovery_value(r.service(kind).recovery, lang));
    }
    for kind in Kind::WRITES {
        let name = explain::kind_name(kind, lang);
        row(format!("RPO: {name}"), &|r| r.loss(kind).map_or_else(String::new, |l| loss_value(l, lang)));
    }
    let errors = tr!(lang, "Errores que habría visto un usuario", "Errors a user would have seen");
    row(errors, &|r| r.errors().to_string());
    rows
}

/// Every lost write by its id.
fn lost(report: &Report, lang: Lang) -> Table {
    let from = report.disrupted.unwrap_or(report.began);
    let mut rows = Vec::new();
    for kind in Kind::WRITES {
        let Some(loss) = report.loss(kind) else { continue };
        for write in &loss.lost {
            let (sign, gap) = if write.acknowledged < from {
                ('−', from.since(write.acknowledged))
            } else {
                ('+', write.acknowledged.since(from))
            };
            let late = loss.returned.contains(&write.number);
            let fate = if late {
                tr!(lang, "volvió más tarde", "came back later")
            } else {
                tr!(lang, "perdida", "lost")
            };
            rows.push(vec![
                format!("{} {}", explain::kind_name(kind, lang), write.number),
                write.id.clone(),
                format!("{sign}{}", time(gap, lang)),
                fate,
            ]);
        }
    }
    Table {
        heading: tr!(lang, "Escrituras confirmadas y perdidas", "Writes acknowledged and lost"),
        lead: tr!(
            lang,
            "A quien las envió se le dijo que estaban hechas. La hora se cuenta desde la avería.",
            "Whoever sent them was told that they were done. Times count from the fault."
        ),
        head: [
            tr!(lang, "Escritura", "Write"),
            "Id".to_owned(),
            tr!(lang, "Confirmada", "Acknowledged"),
            tr!(lang, "Suerte", "Fate"),
        ]
        .into(),
        rows,
    }
}
