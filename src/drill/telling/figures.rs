//! Every figure of a report apart, with its name, its value, its target and what it means: in the order of
//! reading, for programs, in a line, and side by side.

use std::time::Duration;

use serde_json::{Value, json};

use super::amount::{Amount, UNKNOWN, as_set, time};
use super::metric::Metric;
use super::{meaning, terms};
use crate::cloud::Move;
use crate::drill::{Kind, Measure, Met, Report};
use ground::lang::Lang;
use ground::tr;

/// One figure of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it measures.
    pub metric: Metric,
    /// What it is called.
    pub name: String,
    /// What it came to.
    pub amount: Amount,
    /// The same in words.
    pub value: String,
    /// The target, when there is one.
    pub target: Option<Target>,
    /// What it means, in sentences.
    pub means: String,
}

/// What the learner wanted of a figure, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// At most this.
    pub most: Duration,
    /// The same in words.
    pub aim: String,
    /// Whether it was met.
    pub met: Met,
    /// The same in a word.
    pub word: String,
}

/// Every figure of a report in the order of reading: recovery times, losses, people, replication.
#[must_use]
pub fn of(report: &Report, l: Lang) -> Vec<Figure> {
    let figure = |metric: Metric| {
        let amount = metric.amount(report);
        Figure {
            metric,
            name: metric.name(l),
            amount,
            value: amount.text(l),
            target: target(metric, report, l),
            means: meaning::of(metric, report, l),
        }
    };
    Metric::of(report.plan.mode).into_iter().map(figure).collect()
}

/// The same for programs, in both languages: a figure each, by an id that never changes. `value` is `null`
/// where there is no number; then `at_least` may tell a bound.
#[must_use]
pub fn data(report: &Report) -> Value {
    let both = of(report, Lang::Es).into_iter().zip(of(report, Lang::En));
    let figure = |(es, en): (Figure, Figure)| {
        let mut figure = json!({
            "figure": es.metric.id(),
            "unit": es.metric.unit(),
            "value": es.amount.number(),
            "name": {"es": es.name, "en": en.name},
            "text": {"es": es.value, "en": en.value},
        });
        if let Some(least) = es.amount.at_least() {
            figure["at_least"] = least.into();
        }
        if let Some(target) = es.target {
            figure["target"] = u64::try_from(target.most.as_millis()).unwrap_or(u64::MAX).into();
            figure["met"] = json!(target.met);
        }
        figure
    };
    both.map(figure).collect()
}

/// What was wanted of a figure, when a target is set for it.
fn target(metric: Metric, report: &Report, l: Lang) -> Option<Target> {
    let measure = match metric {
        Metric::Rto(kind) => Measure::Rto(kind),
        Metric::Rpo(kind) => Measure::Rpo(kind),
        Metric::Lost(_) | Metric::Detection | Metric::Action | Metric::Errors | Metric::Lag => {
            return None;
        }
    };
    let verdict = report.verdicts.iter().find(|v| v.measure == measure)?;
    let word = match verdict.met {
        Met::Yes => tr!(l, "cumplido", "met"),
        Met::No => tr!(l, "no cumplido", "missed"),
        Met::Unknown => UNKNOWN.get(l).to_owned(),
    };
    Some(Target { most: verdict.target, aim: as_set(verdict.target, l), met: verdict.met, word })
}

/// How many targets were met, of how many that could be judged.
#[must_use]
pub fn targets_met(report: &Report) -> (usize, usize) {
    let met = report.verdicts.iter().filter(|v| v.met == Met::Yes).count();
    (met, report.verdicts.len())
}

/// How it ended, in a line for those who read no further.
#[must_use]
pub fn verdict(report: &Report, l: Lang) -> String {
    let (met, all) = targets_met(report);
    let ending =
        report.ending.map_or_else(|| tr!(l, "sin terminar", "not ended"), |e| terms::ending(e, l).to_owned());
    let lost = losses(report, l);
    let took = time(report.ended.unwrap_or(report.began).since(report.began), l);
    tr!(
        l,
        "{ending}, {met} de {all} objetivos cumplidos, {lost}, {took}",
        "{ending}, {met} of {all} targets met, {lost}, {took}"
    )
}

/// An earlier drill in a line of a list.
#[must_use]
pub fn summary(report: &Report, l: Lang) -> String {
    let users = Metric::Rto(Kind::User);
    let ((met, all), lost) = (targets_met(report), losses(report, l));
    let (name, value) = (users.name(l), users.amount(report).text(l));
    let what = terms::subject(&report.plan, l);
    tr!(
        l,
        "{what}: {met}/{all} objetivos, {lost}, {name}: {value}",
        "{what}: {met}/{all} targets, {lost}, {name}: {value}"
    )
}

/// The writes lost in all stores, and those of which nobody knows.
#[must_use]
pub fn losses(report: &Report, l: Lang) -> String {
    let all = Kind::WRITES.into_iter().filter_map(|kind| report.loss(kind));
    let lost: usize = all.map(|loss| loss.lost.len()).sum();
    match unknown_writes(report) {
        0 => tr!(l, "escrituras perdidas: {lost}", "writes lost: {lost}"),
        unknown => tr!(
            l,
            "escrituras perdidas: {lost} (no se sabe de {unknown})",
            "writes lost: {lost} ({unknown} unknown)"
        ),
    }
}

/// How many acknowledged writes nobody could look up, in all stores.
#[must_use]
pub fn unknown_writes(report: &Report) -> usize {
    let all = Kind::WRITES.into_iter().filter_map(|kind| report.loss(kind));
    all.map(|loss| loss.unknown.len()).sum()
}

/// Drills side by side, a row each figure: its name, then a value a drill.
#[must_use]
pub fn compare<const N: usize>(reports: [&Report; N], l: Lang) -> Vec<Vec<String>> {
    let row = |name: String, of: &dyn Fn(&Report) -> String| {
        std::iter::once(name).chain(reports.iter().map(|report| of(report))).collect()
    };
    let mut rows = vec![
        row(tr!(l, "Simulacro", "Drill"), &|r| terms::mode_short(r.plan.mode, l).to_owned()),
        row(tr!(l, "Avería", "Fault"), &|r| match r.plan.breaks() {
            Some(fault) => terms::fault(fault, l).to_owned(),
            None => tr!(l, "ninguna", "none"),
        }),
    ];
    let measured = |report: &Report, metric: Metric| Metric::of(report.plan.mode).contains(&metric);
    for metric in Metric::of(Move::Failover) {
        if reports.iter().any(|report| measured(report, metric)) {
            rows.push(row(metric.name(l), &|r| match measured(r, metric) {
                true => metric.amount(r).text(l),
                false => "-".to_owned(),
            }));
        }
    }
    rows
}

#[cfg(test)]
#[path = "figures_tests.rs"]
mod tests;
