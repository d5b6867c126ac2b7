//! The drill as linear text: its form as numbered lines, its result figure by figure.

use crate::app::{Field, Model, RunState, Sheet, figures, words};
use crate::clock::span;
use crate::drill::{Met, Mode, Report};
use crate::lang::{Lang, printable};
use crate::tr;

/// What the drill's screen holds, when it is in front: the form, or the result of a run that ended.
/// A run under way is told event by event instead.
#[must_use]
pub fn screen(model: &Model) -> Vec<String> {
    match (model.desk.sheet, &model.desk.run) {
        (Sheet::Form, _) | (_, None) => form(model),
        (Sheet::Run, Some(run)) => match (&run.state, &run.report) {
            (RunState::Ended, Some(report)) => result(report, model.lang),
            (RunState::Failed(said), _) => vec![printable(said.get(model.lang)).into_owned()],
            _ => Vec::new(),
        },
    }
}

fn form(model: &Model) -> Vec<String> {
    let (lang, form) = (model.lang, &model.desk.form);
    let mut lines = vec![tr!(
        lang,
        "Simulacro. Escribe el número de una línea para cambiarla («4 10m» pone una duración), 7 para empezar, q para volver:",
        "Drill. Type the number of a line to change it (\"4 10m\" sets a duration), 7 to start, q to go back:"
    )];
    for (index, field) in Field::ALL.into_iter().enumerate() {
        let told = match field {
            Field::Mode => tr!(lang, "Tipo: {}", "Kind: {}", words::mode(form.mode, lang)),
            Field::Fault if form.mode == Mode::Switchover => {
                tr!(lang, "Avería: ninguna", "Fault: none")
            }
            Field::Fault => tr!(lang, "Avería: {}", "Fault: {}", words::fault(form.fault, lang)),
            Field::Hands => tr!(lang, "Recupera: {}", "Recovery: {}", words::hands(form.hands, lang)),
            Field::Duration => tr!(lang, "Duración máxima: {}", "At most: {}", span(form.duration)),
            Field::Rto => tr!(lang, "Objetivo de RTO: {}", "RTO target: {}", span(form.targets.rto)),
            Field::Rpo => tr!(lang, "Objetivo de RPO: {}", "RPO target: {}", span(form.targets.rpo)),
            Field::Start => tr!(lang, "Empezar", "Start"),
        };
        lines.push(format!("{}. {told}", index + 1));
    }
    lines.extend(model.account().map(|account| account.told(lang)).unwrap_or_default());
    if form.mode == Mode::Failover {
        lines.push(words::effect(form.fault, lang).to_owned());
        lines.push(tr!(lang, "Se deshace: {}", "Undone: {}", words::undo(form.fault, lang)));
    }
    lines
}

/// A report, a figure a paragraph.
#[must_use]
pub fn result(report: &Report, lang: Lang) -> Vec<String> {
    let (met, all) = figures::met(report);
    let mut lines =
        vec![tr!(lang, "Resultado: {met} de {all} objetivos.", "Result: {met} of {all} targets met.")];
    for figure in figures::of(report, lang) {
        let aim = match figure.target {
            Some((aim, met)) => {
                let word = match met {
                    Met::Yes => tr!(lang, "cumplido", "met"),
                    Met::No => tr!(lang, "no cumplido", "missed"),
                    Met::Unknown => tr!(lang, "no se sabe", "unknown"),
                };
                format!(" ({aim}: {word})")
            }
            None => String::new(),
        };
        lines.push(format!("{}: {}{aim}", figure.name, figure.value));
        lines.push(format!("  {}", figure.means));
    }
    for (kind, loss) in
        [(crate::drill::Kind::User, &report.users_lost), (crate::drill::Kind::Basket, &report.baskets_lost)]
    {
        for write in &loss.lost {
            let (store, number) = (words::kind_short(kind, lang), write.number);
            let id = printable(&write.id);
            lines.push(tr!(lang, "Perdida: {store} {number}, {id}", "Lost: {store} {number}, {id}"));
        }
    }
    lines
}

/// What to do with a run that was cut off.
pub(super) fn unfinished(model: &Model) -> Vec<String> {
    let lang = model.lang;
    let mut lines = model.account().map(|account| account.told(lang)).unwrap_or_default();
    lines.push(tr!(
        lang,
        "Un simulacro quedó a medias; su registro está entero y la avería puede seguir puesta.",
        "A drill was cut off; its log is whole and the fault may still be in place."
    ));
    let choices = [
        tr!(
            lang,
            "Acabarlo: deshacer, buscar cada escritura, informe",
            "Finish it: undo, look every write up, report"
        ),
        tr!(lang, "Solo deshacer la avería", "Only undo the fault"),
    ];
    lines.extend(super::rows(lang, choices.into_iter()));
    lines
}
