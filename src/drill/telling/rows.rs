//! What a report lists: the steps that were taken, and every write that was acknowledged and lost.

use super::{figures, terms, time};
use crate::cloud::Move;
use crate::drill::{Kind, Report};
use ground::lang::{Lang, printable};
use ground::tr;

/// A step of the recovery as it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is called.
    pub name: String,
    /// When it began, counted from the disruption.
    pub began: String,
    /// How long it took.
    pub took: String,
    /// Why it failed, when it did.
    pub trouble: Option<String>,
}

impl Step {
    /// The step in a line.
    #[must_use]
    pub fn line(&self, l: Lang) -> String {
        let Step { name, began, took, trouble } = self;
        match trouble {
            None => format!("{name}: {began}, {took}"),
            Some(trouble) => tr!(
                l,
                "{name}: {began}, {took}; falló: {trouble}",
                "{name}: {began}, {took}; failed: {trouble}"
            ),
        }
    }
}

/// The steps of a drill in order.
#[must_use]
pub fn steps(report: &Report, l: Lang) -> Vec<Step> {
    let from = report.disrupted.unwrap_or(report.began);
    let steps = report.steps.iter().map(|step| Step {
        name: terms::step(step.step, l).to_owned(),
        began: format!("+{}", time(step.began.since(from), l)),
        took: match step.ended {
            Some(at) => time(at.since(step.began), l),
            None => tr!(l, "sin acabar", "not ended"),
        },
        trouble: step.trouble.as_ref().map(|trouble| printable(trouble.get(l)).into_owned()),
    });
    steps.collect()
}

/// A write that was acknowledged and is not in the surviving Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Which, by its number.
    pub write: String,
    /// What it is looked up by.
    pub id: String,
    /// When it was acknowledged, counted from the disruption.
    pub acknowledged: String,
    /// What became of it.
    pub fate: String,
}

impl Lost {
    /// The write in a line.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{}: {}, {}, {}", self.write, self.id, self.acknowledged, self.fate)
    }
}

/// Every lost write, users first.
#[must_use]
pub fn lost_writes(report: &Report, l: Lang) -> Vec<Lost> {
    let from = report.disrupted.unwrap_or(report.began);
    let mut all = Vec::new();
    for kind in Kind::WRITES {
        let Some(loss) = report.loss(kind) else { continue };
        all.extend(loss.lost.iter().map(|write| {
            let (early, late) = (from.since(write.acknowledged), write.acknowledged.since(from));
            Lost {
                write: terms::probe(kind, write.number, l),
                id: printable(&write.id).into_owned(),
                acknowledged: match late.is_zero() {
                    true => gap_before(report.plan.mode, &time(early, l), l),
                    false => gap_after(report.plan.mode, &time(late, l), l),
                },
                fate: match loss.returned.contains(&write.number) {
                    true => tr!(l, "volvió al reparar", "came back when mended"),
                    false => tr!(l, "perdida", "lost"),
                },
            }
        }));
    }
    all
}

fn gap_before(mode: Move, gap: &str, l: Lang) -> String {
    match mode {
        Move::Failover => tr!(l, "{gap} antes de la avería", "{gap} before the fault"),
        Move::Switchover => tr!(l, "{gap} antes del primer paso", "{gap} before the first step"),
    }
}

fn gap_after(mode: Move, gap: &str, l: Lang) -> String {
    match mode {
        Move::Failover => tr!(l, "{gap} después de la avería", "{gap} after the fault"),
        Move::Switchover => tr!(l, "{gap} después del primer paso", "{gap} after the first step"),
    }
}

/// What to say where no write is listed as lost: that all is there only when all has been looked up.
#[must_use]
pub fn none_lost_text(report: &Report, l: Lang) -> String {
    match figures::unknown_writes(report) {
        0 => tr!(l, "Ninguna: todo lo confirmado está.", "None: all that was acknowledged is there."),
        unknown => tr!(
            l,
            "Ninguna que se sepa; no se sabe de {unknown}.",
            "None that is known of; {unknown} unknown."
        ),
    }
}

/// A part of a report that has a heading of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The figures.
    Figures,
    /// The steps.
    Steps,
    /// The lost writes.
    Lost,
    /// This drill and another one.
    Comparison,
}

/// The heading of a part.
#[must_use]
pub fn heading(part: Part, l: Lang) -> &'static str {
    match part {
        Part::Figures => terms::of(l, "Lo que costó", "What it cost"),
        Part::Steps => terms::of(l, "Los pasos", "The steps"),
        Part::Lost => terms::of(l, "Escrituras confirmadas y perdidas", "Writes acknowledged and lost"),
        Part::Comparison => terms::of(l, "Comparación", "Comparison"),
    }
}
