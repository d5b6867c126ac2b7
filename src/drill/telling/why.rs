//! Why a figure of a report is unknown: what ended the drill before it could be measured.

use crate::drill::{Ending, Kind, Recovery, Report};
use ground::lang::Lang;
use ground::tr;

/// Why the recovery of a kind has no figure, or one without an end; `None` when it was measured.
pub(super) fn unmeasured(report: &Report, kind: Kind, lang: Lang) -> Option<String> {
    let end = end(report, lang);
    match report.service(kind).recovery {
        Recovery::Unbroken | Recovery::Back { .. } => None,
        Recovery::Unmeasured if report.disrupted.is_none() => Some(tr!(
            lang,
            "No se sabe: {end} antes de que se rompiera o se moviera nada.",
            "Unknown: {end} before anything was broken or moved."
        )),
        Recovery::Unmeasured => Some(tr!(
            lang,
            "No se sabe: {end} antes de que llegara una respuesta tras la avería.",
            "Unknown: {end} before an answer came after the fault."
        )),
        Recovery::Away { .. } => Some(tr!(
            lang,
            "No se sabe cuánto habría tardado: {end} antes de que volviera.",
            "How long it would have taken is unknown: {end} before it was back."
        )),
    }
}

/// Why nobody noticed the fault, when nobody did.
pub(super) fn unnoticed(report: &Report, lang: Lang) -> Option<String> {
    let cut = report.detected.is_none() && report.ending.is_some_and(|e| e != Ending::Recovered);
    let end = end(report, lang);
    cut.then(|| match report.disrupted {
        None => tr!(lang, "{end} antes de la avería", "{end} before the fault"),
        Some(_) => tr!(lang, "{end} antes de que algo la delatara", "{end} before anything gave it away"),
    })
}

/// Why writes have not been looked up, when there are such.
pub(super) fn unverified(report: &Report, kind: Kind, lang: Lang) -> Option<String> {
    let open = report.loss(kind).is_some_and(|l| !l.unknown.is_empty());
    open.then(|| match report.ending {
        None => tr!(lang, "aún se están buscando", "they are yet to be looked up"),
        Some(Ending::Abandoned) => tr!(
            lang,
            "el simulacro cortado solo se deshizo, sin buscar nada",
            "the drill that was cut off was only undone, nothing was looked up"
        ),
        Some(_) => tr!(
            lang,
            "la Región que sobrevive no contestó al buscarlas",
            "the surviving Region did not answer when they were looked up"
        ),
    })
}

/// What ended the drill, as the first half of a sentence.
fn end(report: &Report, lang: Lang) -> String {
    match report.ending {
        None => tr!(lang, "el simulacro sigue", "the drill goes on"),
        Some(Ending::Stopped) => tr!(lang, "el simulacro se terminó", "the drill was ended"),
        Some(Ending::Limit) => tr!(lang, "se agotó la duración del simulacro", "the drill's time was over"),
        Some(Ending::Resumed | Ending::Abandoned) => {
            tr!(lang, "Espera se cerró", "Espera was closed")
        }
        Some(Ending::Recovered) => tr!(lang, "el simulacro acabó", "the drill came to its end"),
    }
}
