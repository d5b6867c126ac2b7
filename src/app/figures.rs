//! A drill's report as a person reads it: every figure apart, with what it means and whether its target
//! was met. The screen, the linear text and the command line show the same.

use std::time::Duration;

use super::words;
use crate::clock::span;
use crate::drill::explain::{from_start, start, time};
use crate::drill::{Kind, Measure, Met, Mode, Recovery, Report, Service, unmeasured, unnoticed, unverified};
use crate::lang::Lang;
use crate::tr;

/// One figure of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What it is called.
    pub name: String,
    /// What was measured.
    pub value: String,
    /// The target and whether it was met, when there is one.
    pub target: Option<(String, Met)>,
    /// What it means.
    pub means: String,
}

/// Every figure of a report in the order of reading: recovery times, losses, detection, errors.
#[must_use]
pub fn of(report: &Report, l: Lang) -> Vec<Figure> {
    let mut all: Vec<Figure> = Kind::ALL.into_iter().map(|k| rto(report, k, l)).collect();
    for kind in Kind::WRITES {
        all.push(rpo(report, kind, l));
        all.push(lost(report, kind, l));
    }
    // A planned move has nothing to detect.
    if report.plan.mode == Mode::Failover {
        all.push(detection(report, l));
        all.push(decision(report, l));
    }
    all.push(errors(report, l));
    all
}

/// How many targets were met, of how many that could be judged.
#[must_use]
pub fn met(report: &Report) -> (usize, usize) {
    let met = report.verdicts.iter().filter(|v| v.met == Met::Yes).count();
    (met, report.verdicts.len())
}

fn target(report: &Report, measure: Measure, l: Lang) -> Option<(String, Met)> {
    let verdict = report.verdicts.iter().find(|v| v.measure == measure)?;
    let aim = span(verdict.target);
    Some((tr!(l, "objetivo {aim}", "target {aim}"), verdict.met))
}

/// A recovery as a short text.
#[must_use]
pub fn recovery(recovery: Recovery, l: Lang) -> String {
    match recovery {
        Recovery::Unmeasured => tr!(l, "sin medir", "not measured"),
        Recovery::Unbroken => tr!(l, "sin corte", "unbroken"),
        Recovery::Back { after, .. } => time(after, l),
        Recovery::Away { least, .. } => {
            let least = time(least, l);
            tr!(l, "no volvió (más de {least})", "never back (over {least})")
        }
    }
}

fn rto(report: &Report, kind: Kind, l: Lang) -> Figure {
    let Service { recovery: measured, .. } = report.service(kind);
    let name = words::kind(kind, l);
    let start = from_start(report, l);
    let means = match kind {
        Kind::Read => tr!(
            l,
            "{start} a la primera página buena tras el último fallo. El borde prueba la primaria y luego la espera en cada petición: por eso suele ser corto.",
            "{start} to the first good page after the last failure. The edge tries the primary and then the standby for each request: that is why it tends to be short."
        ),
        Kind::User => tr!(
            l,
            "{start} al primer usuario guardado tras el último fallo. El borde no desvía los POST: hacen falta un escritor en us-west-1 y una página que nombre su API.",
            "{start} to the first user saved after the last failure. The edge does not divert POST: it takes a writer in us-west-1 and a page that names its API."
        ),
        Kind::Basket => tr!(
            l,
            "{start} a la primera cesta guardada tras el último fallo. DynamoDB acepta escrituras en las dos Regiones: solo espera a que la página nombre la otra API.",
            "{start} to the first basket saved after the last failure. DynamoDB takes writes in both Regions: it only waits for the page to name the other API."
        ),
    };
    // While it goes on nothing is missing yet.
    let why = unmeasured(report, kind, l).filter(|_| report.ended.is_some());
    Figure {
        name: format!("RTO · {name}"),
        value: recovery(*measured, l),
        target: target(report, Measure::Rto(kind), l),
        means: match why {
            Some(why) => format!("{why} {means}"),
            None => means,
        },
    }
}

fn rpo(report: &Report, kind: Kind, l: Lang) -> Figure {
    let name = words::kind(kind, l);
    let value = match report.loss(kind).and_then(crate::drill::Loss::rpo) {
        Some(rpo) => time(rpo, l),
        None => tr!(l, "sin cotejar", "not looked up"),
    };
    let until = start(report, l);
    let means = match kind {
        Kind::Basket => tr!(
            l,
            "Desde la cesta perdida más antigua hasta {until}. La tabla global replica las dos Regiones sin esperar: lo último puede no haber cruzado.",
            "From the oldest lost basket to {until}. The global table replicates both Regions without waiting: the latest may not have crossed."
        ),
        _ => tr!(
            l,
            "Desde el usuario perdido más antiguo hasta {until}: lo confirmado antes está en us-west-1. Es el retardo de la réplica en el peor momento.",
            "From the oldest lost user to {until}: all acknowledged before is in us-west-1. It is the replica's lag at the worst moment."
        ),
    };
    Figure { name: format!("RPO · {name}"), value, target: target(report, Measure::Rpo(kind), l), means }
}

fn lost(report: &Report, kind: Kind, l: Lang) -> Figure {
    let loss = report.loss(kind).cloned().unwrap_or_default();
    let store = words::kind_short(kind, l).to_lowercase();
    let (lost, all, present) = (loss.lost.len(), loss.acknowledged, loss.present);
    let (unknown, returned) = (loss.unknown.len(), loss.returned.len());
    let mut means = tr!(
        l,
        "Escrituras confirmadas: {all}. En la Región que sobrevive: {present}; faltan: {lost}.",
        "Writes acknowledged: {all}. In the surviving Region: {present}; missing: {lost}."
    );
    if unknown > 0 {
        let why = unverified(report, kind, l).unwrap_or_default();
        means.push_str(&tr!(l, " Sin cotejar, {unknown}: {why}.", " Not looked up, {unknown}: {why}."));
    }
    if returned > 0 {
        means.push_str(&tr!(
            l,
            " Volvieron al reparar: {returned}; tarde, pero volvieron.",
            " Back once it was mended: {returned}; late, not gone."
        ));
    }
    Figure {
        name: tr!(l, "Perdidas · {store}", "Lost · {store}"),
        value: tr!(l, "{lost} de {all}", "{lost} of {all}"),
        target: None,
        means,
    }
}

fn detection(report: &Report, l: Lang) -> Figure {
    let (value, by) = match &report.detected {
        Some(found) => (time(found.after, l), words::signal(&found.by, l)),
        None => (
            tr!(l, "sin detectar", "not detected"),
            unnoticed(report, l).unwrap_or_else(|| tr!(l, "nada la delató", "nothing gave it away")),
        ),
    };
    Figure {
        name: tr!(l, "Tiempo de detección", "Time to detect"),
        value,
        target: None,
        means: tr!(
            l,
            "De la avería a la primera señal vista desde fuera ({by}). Todo el RTO empieza por aquí.",
            "From the fault to the first sign seen from outside ({by}). All of the RTO begins here."
        ),
    }
}

fn decision(report: &Report, l: Lang) -> Figure {
    Figure {
        name: tr!(l, "Tiempo hasta actuar", "Time to act"),
        value: report.decided.map_or_else(|| tr!(l, "nadie actuó", "nobody acted"), |d| time(d, l)),
        target: None,
        means: tr!(
            l,
            "De la avería al primer paso de la recuperación: detectar más decidir. Es la parte que mejora con un plan escrito.",
            "From the fault to the first step of the recovery: to detect and to decide. A written plan makes this part shorter."
        ),
    }
}

fn errors(report: &Report, l: Lang) -> Figure {
    let of = |k: Kind| report.service(k).errors;
    let since = match report.plan.mode {
        Mode::Failover => tr!(l, "Desde la avería", "From the fault on"),
        Mode::Switchover => tr!(l, "Desde el primer paso", "From the first step on"),
    };
    let (reads, users, baskets) = (of(Kind::Read), of(Kind::User), of(Kind::Basket));
    Figure {
        name: tr!(l, "Errores que vio un usuario", "Errors a user saw"),
        value: report.errors().to_string(),
        target: None,
        means: tr!(
            l,
            "{since}: {reads} lecturas, {users} usuarios y {baskets} cestas sin respuesta o con error.",
            "{since}: {reads} reads, {users} users and {baskets} baskets unanswered or failed."
        ),
    }
}

/// Two reports side by side: name, the first's value, the second's.
#[must_use]
pub fn beside(this: &Report, other: &Report, l: Lang) -> Vec<(String, String, String)> {
    let mode = |r: &Report| words::mode_short(r.plan.mode, l).to_owned();
    let fault = |r: &Report| match r.plan.breaks() {
        Some(fault) => words::fault(fault, l).to_owned(),
        None => tr!(l, "ninguna", "none"),
    };
    let mut rows = vec![
        (tr!(l, "Simulacro", "Drill"), mode(this), mode(other)),
        (tr!(l, "Avería", "Fault"), fault(this), fault(other)),
    ];
    let (these, others) = (of(this, l), of(other, l));
    // By name: a planned move has no time to detect.
    for one in &these {
        let same = others.iter().find(|other| other.name == one.name);
        let value = same.map_or_else(|| "-".to_owned(), |other| other.value.clone());
        rows.push((one.name.clone(), one.value.clone(), value));
    }
    for one in others.into_iter().filter(|one| these.iter().all(|this| this.name != one.name)) {
        rows.push((one.name, "-".to_owned(), one.value));
    }
    rows
}

/// How long a kind of request has been failing at `now`: from the first failure after its last good
/// answer; zero when the last one was good.
#[must_use]
pub fn out_for(report: &Report, kind: Kind) -> Option<Duration> {
    match report.service(kind).recovery {
        Recovery::Away { away, .. } => Some(away.length()),
        _ => None,
    }
}
