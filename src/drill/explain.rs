//! The numbers of a report, each with its name, its value and the sentence that says what it means. The
//! screen and the exports tell the same.

use std::time::Duration;

use super::event::{Kind, Signal};
use super::gaps;
use super::plan::{Mode, Step};
use super::report::{Loss, Measure, Met, Recovery, Report, Verdict};
use crate::cloud::Fault;
use crate::lang::{Lang, Text};
use crate::tr;

/// A number of the report, for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its name in field's terms.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What it means, in a sentence.
    pub sentence: String,
    /// What became of the learner's target, when there is one for it.
    pub verdict: Option<Verdict>,
}

/// All numbers of a report, in the order of the story: service, losses, people.
#[must_use]
pub fn findings(report: &Report, lang: Lang) -> Vec<Finding> {
    let verdict = |m: Measure| report.verdicts.iter().find(|v| v.measure == m).copied();
    let mut all: Vec<Finding> = Vec::new();
    for kind in Kind::ALL {
        let recovery = report.service(kind).recovery;
        all.push(Finding {
            name: tr!(lang, "RTO: {}", "RTO: {}", kind_name(kind, lang)),
            value: recovery_value(recovery, lang),
            sentence: recovery_sentence(report, kind, lang),
            verdict: verdict(Measure::Rto(kind)),
        });
    }
    for kind in Kind::WRITES {
        let Some(loss) = report.loss(kind) else { continue };
        all.push(Finding {
            name: tr!(lang, "RPO: {}", "RPO: {}", kind_name(kind, lang)),
            value: loss_value(loss, lang),
            sentence: loss_sentence(report, kind, loss, lang),
            verdict: verdict(Measure::Rpo(kind)),
        });
    }
    all.extend(people(report, lang));
    all
}

/// What the people on duty and the users lived through.
fn people(report: &Report, lang: Lang) -> Vec<Finding> {
    let plain = |name, value, sentence| Finding { name, value, sentence, verdict: None };
    let mut all = Vec::new();
    if report.plan.mode == Mode::Failover {
        let value = report.detected.as_ref().map_or_else(|| tr!(lang, "no", "no"), |d| time(d.after, lang));
        let sentence = report.detected.as_ref().map_or_else(
            || {
                let why = gaps::unnoticed(report, lang).map_or_else(String::new, |w| format!(": {w}"));
                tr!(lang, "Nadie se dio cuenta de la avería{why}.", "Nobody noticed the fault{why}.")
            },
            |d| signal(&d.by, lang),
        );
        all.push(plain(tr!(lang, "Tiempo hasta detectarla", "Time to detect"), value, sentence));
        if let Some(decided) = report.decided {
            let sentence = tr!(
                lang,
                "De la avería al primer paso de la recuperación.",
                "From the fault to the first step of the recovery."
            );
            all.push(plain(tr!(lang, "Tiempo hasta actuar", "Time to act"), time(decided, lang), sentence));
        }
    }
    let errors = report.errors();
    let by_kind =
        Kind::ALL.map(|k| format!("{} {}", kind_name(k, lang), report.service(k).errors)).join(", ");
    all.push(plain(
        tr!(lang, "Errores que habría visto un usuario", "Errors a user would have seen"),
        errors.to_string(),
        tr!(
            lang,
            "Por tipo: {by_kind}. Un error por cada sondeo que falló.",
            "By kind: {by_kind}. One for each probe that failed."
        ),
    ));
    if let Some(ms) = report.lag_most_ms {
        all.push(plain(
            tr!(lang, "Mayor retardo de Aurora", "Largest lag of Aurora"),
            time(Duration::from_millis(ms), lang),
            tr!(
                lang,
                "Lo más que us-west-1 llegó a ir por detrás antes de ser quien escribe, según CloudWatch: lo que no ha llegado es lo que una conmutación pierde. Después es us-east-1 quien se pone al día.",
                "The most us-west-1 was behind before it became the writer, as CloudWatch had it: what has not arrived is what a failover loses. Afterwards it is us-east-1 that catches up."
            ),
        ));
    }
    all
}

/// What a kind of probe measures.
#[must_use]
pub fn kind_name(kind: Kind, lang: Lang) -> String {
    match kind {
        Kind::Read => tr!(lang, "lecturas en el borde", "reads at the edge"),
        Kind::User => tr!(lang, "usuarios en Aurora", "users in Aurora"),
        Kind::Basket => tr!(lang, "cestas en DynamoDB", "baskets in DynamoDB"),
    }
}

/// A step by its name.
#[must_use]
pub fn step_name(step: Step, lang: Lang) -> String {
    match step {
        Step::FailOver => tr!(lang, "Conmutar Aurora", "Fail Aurora over"),
        Step::SwitchOver => tr!(lang, "Cambiar Aurora según lo planeado", "Switch Aurora over as planned"),
        Step::SwitchWrites => tr!(lang, "Enviar las escrituras a us-west-1", "Send the writes to us-west-1"),
        Step::Mend => tr!(lang, "Reparar la avería", "Mend the fault"),
    }
}

/// What a fault is called.
#[must_use]
pub fn fault_name(fault: Fault) -> Text {
    match fault {
        Fault::Bucket => Text::new("cubo de páginas", "pages bucket"),
        Fault::Api => Text::new("API de la primaria", "primary's API"),
        Fault::Instance => Text::new("instancia de la primaria", "primary's instance"),
        Fault::Region => Text::new("toda la Región primaria", "whole primary Region"),
        Fault::Network => Text::new("red entre las Regiones", "network between the Regions"),
        Fault::Lag => Text::new("retardo de la réplica", "replication lag"),
    }
}

/// What a drill was: its fault, or the planned move.
#[must_use]
pub fn title(report: &Report, lang: Lang) -> String {
    match report.plan.breaks() {
        Some(fault) => {
            let fault = fault_name(fault).get(lang);
            tr!(lang, "Conmutación por avería ({fault})", "Unplanned failover ({fault})")
        }
        None => tr!(lang, "Cambio planificado", "Planned switchover"),
    }
}

/// Whether a target was met, in a word.
#[must_use]
pub fn met(met: Met, lang: Lang) -> String {
    match met {
        Met::Yes => tr!(lang, "cumplido", "met"),
        Met::No => tr!(lang, "no cumplido", "missed"),
        Met::Unknown => tr!(lang, "sin saber", "not known"),
    }
}

/// A recovery time as a value.
#[must_use]
pub fn recovery_value(recovery: Recovery, lang: Lang) -> String {
    match recovery {
        Recovery::Unmeasured => tr!(lang, "sin medir", "not measured"),
        Recovery::Unbroken => time(Duration::ZERO, lang),
        Recovery::Back { after, .. } => time(after, lang),
        Recovery::Away { least, .. } => {
            let least = time(least, lang);
            tr!(lang, "más de {least}", "over {least}")
        }
    }
}

/// A loss as a value: time and count together, never one without the other.
#[must_use]
pub fn loss_value(loss: &Loss, lang: Lang) -> String {
    let lost = loss.lost.len();
    match loss.rpo() {
        Some(rpo) => {
            let rpo = time(rpo, lang);
            match lost {
                1 => tr!(lang, "{rpo} · 1 escritura", "{rpo} · 1 write"),
                _ => tr!(lang, "{rpo} · {lost} escrituras", "{rpo} · {lost} writes"),
            }
        }
        None => tr!(lang, "sin saber", "not known"),
    }
}

fn recovery_sentence(report: &Report, kind: Kind, lang: Lang) -> String {
    let service = report.service(kind);
    let errors = service.errors;
    match service.recovery {
        Recovery::Unmeasured => gaps::unmeasured(report, kind, lang).unwrap_or_default(),
        Recovery::Unbroken => {
            let slowest = time(service.slowest, lang);
            tr!(
                lang,
                "Ninguna petición falló; la más lenta tardó {slowest}.",
                "No request failed; the slowest took {slowest}."
            )
        }
        Recovery::Back { away, .. } => {
            let (start, away) = (from_start(report, lang), time(away.length(), lang));
            tr!(
                lang,
                "{start} a la primera respuesta buena tras el último fallo. Peticiones que fallaron: {errors}, a lo largo de {away}.",
                "{start} to the first good answer after the last failure. Requests that failed: {errors}, over {away}."
            )
        }
        Recovery::Away { .. } => {
            let why = gaps::unmeasured(report, kind, lang).unwrap_or_default();
            tr!(lang, "{why} Peticiones que fallaron: {errors}.", "{why} Requests that failed: {errors}.")
        }
    }
}

/// Where every time of a report begins, for a sentence to begin with.
#[must_use]
pub fn from_start(report: &Report, lang: Lang) -> String {
    match report.plan.mode {
        Mode::Failover => tr!(lang, "De la avería", "From the fault"),
        Mode::Switchover => tr!(lang, "Del primer paso", "From the first step"),
    }
}

/// Where every time of a report begins, within a sentence.
#[must_use]
pub fn start(report: &Report, lang: Lang) -> String {
    match report.plan.mode {
        Mode::Failover => tr!(lang, "la avería", "the fault"),
        Mode::Switchover => tr!(lang, "el primer paso", "the first step"),
    }
}

fn loss_sentence(report: &Report, kind: Kind, loss: &Loss, lang: Lang) -> String {
    let (acknowledged, present, lost) = (loss.acknowledged, loss.present, loss.lost.len());
    let unknown = loss.unknown.len();
    let sum = tr!(
        lang,
        "Confirmadas {acknowledged} = presentes {present} + perdidas {lost} + sin saber {unknown}.",
        "Acknowledged {acknowledged} = present {present} + lost {lost} + not known {unknown}."
    );
    let why = match gaps::unverified(report, kind, lang) {
        None => String::new(),
        Some(why) => tr!(lang, " Sin saber porque {why}.", " Not known because {why}."),
    };
    let window = match loss.window {
        None => String::new(),
        Some(_) => tr!(
            lang,
            " El tiempo va de la más antigua de las perdidas a la avería (o a la última perdida, si se confirmó después): abarca justo las perdidas.",
            " The time runs from the oldest lost write to the fault (or to the newest lost one, if acknowledged later): it covers exactly the lost ones."
        ),
    };
    let returned = match loss.returned.len() {
        0 => String::new(),
        n => tr!(
            lang,
            " Aparecieron al volver la Región primaria: {n}; tarde, pero no perdidas del todo.",
            " Turned up when the primary Region came back: {n}; late, not gone."
        ),
    };
    sum + &why + &window + &returned
}

fn signal(by: &Signal, lang: Lang) -> String {
    match by {
        Signal::Probes { kind, failed } => {
            let kind = kind_name(*kind, lang);
            tr!(
                lang,
                "Lo delataron {failed} fallos seguidos: {kind}.",
                "{failed} failures in a row gave it away: {kind}."
            )
        }
        Signal::Edge { region } => tr!(
            lang,
            "Lo delató el borde, que empezó a servir las páginas de {region}.",
            "The edge gave it away: it began to serve the pages of {region}."
        ),
        Signal::Lag { ms } => {
            let lag = time(Duration::from_millis(*ms), lang);
            tr!(
                lang,
                "Lo delató el retardo de Aurora: {lag}, más que tu objetivo de RPO.",
                "Aurora's lag gave it away: {lag}, more than your RPO target."
            )
        }
        Signal::Grace => tr!(
            lang,
            "Nada falló a la vista; Espera actuó al acabar el plazo.",
            "Nothing failed for anyone to see; Espera acted when the grace was over."
        ),
    }
}

/// A measured time: milliseconds under a second, tenths under a minute, whole seconds from there on.
#[must_use]
pub fn time(d: Duration, lang: Lang) -> String {
    let ms = d.as_millis();
    match ms {
        0 => "0 s".to_owned(),
        1..1000 => format!("{ms} ms"),
        1000..59_950 => {
            let tenths = (ms + 50) / 100;
            let comma = if lang == Lang::Es { ',' } else { '.' };
            format!("{}{comma}{} s", tenths / 10, tenths % 10)
        }
        _ => crate::clock::span(Duration::from_secs(d.as_secs() + u64::from(d.subsec_millis() >= 500))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Drill, bad, good};
    use super::*;

    #[test]
    fn times_are_rounded_and_never_cut() {
        let of = |ms| time(Duration::from_millis(ms), Lang::En);
        assert_eq!(
            [0, 977, 8997, 59_949, 59_950, 111_998].map(of),
            ["0 s", "977 ms", "9.0 s", "59.9 s", "1 m 00 s", "1 m 52 s"]
        );
        assert_eq!(time(Duration::from_millis(8997), Lang::Es), "9,0 s");
    }

    #[test]
    fn every_number_is_told_apart_and_explained_in_both_languages() {
        let mut drill = Drill::new();
        drill.probe(Kind::Read, 1, good()).probe(Kind::User, 1, good()).probe(Kind::Basket, 1, good());
        drill.fault(2).probe(Kind::User, 3, bad()).probe(Kind::User, 9, good());
        drill.found(Kind::User, 1, 'l').found(Kind::User, 3, 'p').found(Kind::Basket, 1, 'p').finish(20);
        for lang in Lang::ALL {
            let findings = findings(&drill.report(), lang);
            let names: std::collections::BTreeSet<_> = findings.iter().map(|f| &f.name).collect();
            assert_eq!(names.len(), findings.len());
            assert_eq!(findings.iter().filter(|f| f.verdict.is_some()).count(), 5);
            assert!(findings.iter().all(|f| f.sentence.ends_with('.')), "{findings:#?}");
        }
        let english = findings(&drill.report(), Lang::En);
        assert_eq!(english[1].value, "7.1 s");
        assert_eq!(english[3].value, "900 ms · 1 write");
        assert!(english[3].sentence.starts_with("Acknowledged 2 = present 1 + lost 1 + not known 0."));
    }
}
