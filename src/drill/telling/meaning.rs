//! What a figure means: where its time runs from and to, what it was made of in this drill, and what that
//! teaches. Where it is unknown, why.

use super::metric::Metric;
use super::{terms, time, why};
use crate::cloud::{Fault, Move};
use crate::drill::{Kind, Recovery, Report, Signal};
use ground::lang::Lang;
use ground::tr;

/// The sentences for a figure.
pub(super) fn of(metric: Metric, report: &Report, l: Lang) -> String {
    let parts = match metric {
        Metric::Rto(kind) => vec![recovery(report, kind, l), recovery_lesson(kind, l)],
        Metric::Rpo(kind) => recovery_point(report, kind, l),
        Metric::Lost(kind) => lost_sentences(report, kind, l),
        Metric::Detection => vec![detection(report, l)],
        Metric::Action => vec![tr!(
            l,
            "De la avería al primer paso de la recuperación: detectar más decidir. Es la parte que mejora con un plan escrito.",
            "From the fault to the first step of the recovery: to detect and to decide. A written plan makes this part shorter."
        )],
        Metric::Errors => vec![errors(report, l)],
        Metric::Lag => lag(report, l),
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn recovery(report: &Report, kind: Kind, l: Lang) -> String {
    let service = report.service(kind);
    let errors = service.errors;
    // While it goes on nothing is missing yet.
    let why = || why::unmeasured(report, kind, l).filter(|_| report.ended.is_some()).unwrap_or_default();
    match service.recovery {
        Recovery::Unmeasured => why(),
        Recovery::Unbroken => {
            let slowest = time(service.slowest, l);
            tr!(
                l,
                "Ninguna petición falló; la más lenta tardó {slowest}.",
                "No request failed; the slowest took {slowest}."
            )
        }
        Recovery::Back { away, .. } => {
            let (start, away) = (from_start(report, l), time(away.length(), l));
            let end = match kind {
                Kind::Read => tr!(l, "a la primera página buena", "to the first good page"),
                Kind::User => tr!(l, "al primer usuario guardado", "to the first user saved"),
                Kind::Basket => tr!(l, "a la primera cesta guardada", "to the first basket saved"),
            };
            tr!(
                l,
                "{start} {end} tras el último fallo. Peticiones que fallaron: {errors}, a lo largo de {away}.",
                "{start} {end} after the last failure. Requests that failed: {errors}, over {away}."
            )
        }
        Recovery::Away { .. } => {
            let failed = tr!(l, "Peticiones que fallaron: {errors}.", "Requests that failed: {errors}.");
            format!("{} {failed}", why()).trim_start().to_owned()
        }
    }
}

fn recovery_lesson(kind: Kind, l: Lang) -> String {
    match kind {
        Kind::Read => tr!(
            l,
            "El borde prueba la primaria y luego la espera en cada petición: por eso suele ser corto.",
            "The edge tries the primary and then the standby for each request: that is why it tends to be short."
        ),
        Kind::User => tr!(
            l,
            "El borde no desvía los POST: hacen falta un escritor en us-west-1 y una página que nombre su API.",
            "The edge does not divert POST: it takes a writer in us-west-1 and a page that names its API."
        ),
        Kind::Basket => tr!(
            l,
            "DynamoDB acepta escrituras en las dos Regiones: solo espera a que la página nombre la otra API.",
            "DynamoDB takes writes in both Regions: it only waits for the page to name the other API."
        ),
    }
}

fn recovery_point(report: &Report, kind: Kind, l: Lang) -> Vec<String> {
    let Some(loss) = report.loss(kind) else { return Vec::new() };
    let until = terms::start(report.plan.mode, l);
    if let Some(why) = why::unverified(report, kind, l) {
        return vec![tr!(l, "No se sabe del todo: {why}.", "Not all of it is known: {why}.")];
    }
    if loss.window.is_none() {
        return vec![tr!(
            l,
            "Todo lo confirmado está en us-west-1: no hay nada que contar hacia atrás desde {until}.",
            "All that was acknowledged is in us-west-1: there is nothing to count back from {until}."
        )];
    }
    let (oldest, lesson) = match kind {
        Kind::Basket => (
            tr!(l, "la cesta perdida más antigua", "the oldest lost basket"),
            tr!(
                l,
                "La tabla global replica las dos Regiones sin esperar: lo último puede no haber cruzado.",
                "The global table replicates both Regions without waiting: the latest may not have crossed."
            ),
        ),
        Kind::Read | Kind::User => (
            tr!(l, "el usuario perdido más antiguo", "the oldest lost user"),
            tr!(
                l,
                "Es el retardo de la réplica en el peor momento.",
                "It is the replica's lag at the worst moment."
            ),
        ),
    };
    let covers = tr!(
        l,
        "Desde {oldest} hasta {until}, o hasta lo último perdido si se confirmó después: lo confirmado antes está en us-west-1.",
        "From {oldest} to {until}, or to the newest lost one if acknowledged later: all acknowledged before is in us-west-1."
    );
    vec![covers, lesson]
}

fn lost_sentences(report: &Report, kind: Kind, l: Lang) -> Vec<String> {
    let Some(loss) = report.loss(kind) else { return Vec::new() };
    let (all, present, lost, unknown) =
        (loss.acknowledged, loss.present, loss.lost.len(), loss.unknown.len());
    let sum = tr!(
        l,
        "Confirmadas {all} = presentes {present} + perdidas {lost} + desconocidas {unknown}.",
        "Acknowledged {all} = present {present} + lost {lost} + unknown {unknown}."
    );
    let why = why::unverified(report, kind, l)
        .map_or_else(String::new, |why| tr!(l, "Desconocidas porque {why}.", "Unknown because {why}."));
    let returned = match loss.returned.len() {
        0 => String::new(),
        n => tr!(
            l,
            "Volvieron al reparar: {n}; tarde, pero volvieron.",
            "Back once it was mended: {n}; late, not gone."
        ),
    };
    vec![sum, why, returned]
}

fn detection(report: &Report, l: Lang) -> String {
    match &report.detected {
        Some(found) => {
            let by = terms::signal(&found.by, l);
            if found.by == Signal::Grace {
                let after = time(found.after, l);
                return tr!(
                    l,
                    "Nadie se dio cuenta de la avería: {by}, {after} después.",
                    "Nobody noticed the fault: {by}, {after} later."
                );
            }
            tr!(
                l,
                "De la avería a la primera señal vista desde fuera: {by}. Todo el RTO empieza por aquí.",
                "From the fault to the first sign seen from outside: {by}. All of the RTO begins here."
            )
        }
        None => {
            let why =
                why::unnoticed(report, l).unwrap_or_else(|| tr!(l, "nada la delató", "nothing gave it away"));
            tr!(l, "Nadie se dio cuenta de la avería: {why}.", "Nobody noticed the fault: {why}.")
        }
    }
}

fn errors(report: &Report, l: Lang) -> String {
    let of = |kind: Kind| report.service(kind).errors;
    let since = match report.plan.mode {
        Move::Failover => tr!(l, "Desde la avería", "From the fault on"),
        Move::Switchover => tr!(l, "Desde el primer paso", "From the first step on"),
    };
    let (reads, users, baskets) = (of(Kind::Read), of(Kind::User), of(Kind::Basket));
    tr!(
        l,
        "{since}: {reads} lecturas, {users} usuarios y {baskets} cestas sin respuesta o con error. Cada sonda que falló cuenta como un error.",
        "{since}: {reads} reads, {users} users and {baskets} baskets unanswered or failed. Each probe that failed counts as one."
    )
}

fn lag(report: &Report, l: Lang) -> Vec<String> {
    let none = match report.lag_most_ms {
        Some(_) => String::new(),
        None => tr!(l, "CloudWatch no dio ninguna medida.", "CloudWatch gave no measurement."),
    };
    let means = tr!(
        l,
        "Lo más que us-west-1 llegó a ir por detrás antes de ser quien escribe, según CloudWatch: lo que no ha llegado es lo que una conmutación pierde.",
        "The most us-west-1 was behind before it became the writer, as CloudWatch had it: what has not arrived is what a failover loses."
    );
    let silent = if report.plan.breaks() == Some(Fault::Region) {
        tr!(
            l,
            "Con la primaria muda crece aunque ya nadie escriba en ella: por eso puede pasar mucho del RPO.",
            "While the primary is silent it grows though nobody writes there: that is how it can be far above the RPO."
        )
    } else {
        String::new()
    };
    vec![none, means, silent]
}

/// Where every time of a report begins, for a sentence to begin with.
fn from_start(report: &Report, l: Lang) -> String {
    match report.plan.mode {
        Move::Failover => tr!(l, "De la avería", "From the fault"),
        Move::Switchover => tr!(l, "Del primer paso", "From the first step"),
    }
}
