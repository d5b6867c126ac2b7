//! The drill as linear text: its form as numbered lines, its result figure by figure.

use crate::app::{DrillView, Field, Model, RunState};
use crate::cloud::Move;
use crate::drill::Report;
use crate::drill::telling::rows::{self, Part, heading};
use crate::drill::telling::{figures, plan, terms};
use ground::clock::span;
use ground::lang::{Lang, printable};
use ground::tr;

/// What the drill's screen holds, when it is in front: the form, or the result of a run that ended.
/// A run under way is told event by event instead.
#[must_use]
pub fn screen(model: &Model) -> Vec<String> {
    match (model.drill_screen.view, &model.drill_screen.run) {
        (DrillView::Form, _) | (_, None) => form(model),
        (DrillView::Run, Some(run)) => match (&run.state, &run.report) {
            (RunState::Ended, Some(report)) => result(report, model.lang),
            (RunState::Failed(said), _) => vec![printable(said.get(model.lang)).into_owned()],
            _ => Vec::new(),
        },
    }
}

fn form(model: &Model) -> Vec<String> {
    let (lang, form) = (model.lang, &model.drill_screen.form);
    let mut lines = vec![tr!(
        lang,
        "Simulacro. Escribe el número de una línea para cambiarla («4 10m» pone una duración), 7 para empezar, q para volver:",
        "Drill. Type the number of a line to change it (\"4 10m\" sets a duration), 7 to start, q to go back:"
    )];
    for (index, field) in Field::ALL.into_iter().enumerate() {
        let told = match field {
            Field::Mode => tr!(lang, "Tipo: {}", "Kind: {}", terms::mode(form.mode, lang)),
            Field::Fault if form.mode == Move::Switchover => {
                tr!(lang, "Avería: ninguna", "Fault: none")
            }
            Field::Fault => tr!(lang, "Avería: {}", "Fault: {}", terms::fault(form.fault, lang)),
            Field::Hands => tr!(lang, "Recupera: {}", "Recovery: {}", terms::hands(form.hands, lang)),
            Field::Duration => tr!(lang, "Duración máxima: {}", "At most: {}", span(form.duration)),
            Field::Rto => tr!(lang, "Objetivo de RTO: {}", "RTO target: {}", span(form.targets.rto)),
            Field::Rpo => tr!(lang, "Objetivo de RPO: {}", "RPO target: {}", span(form.targets.rpo)),
            Field::Start => tr!(lang, "Empezar", "Start"),
        };
        lines.push(format!("{}. {told}", index + 1));
    }
    lines.extend(model.account().map(|account| account.describe(lang)).unwrap_or_default());
    let next = form.plan();
    lines.push(tr!(lang, "Hará: {}", "It will: {}", plan::effect_of(&next, lang)));
    if let Some(undone) = plan::undo_of(&next, lang) {
        lines.push(tr!(lang, "Se deshace: {undone}", "Undone: {undone}"));
    }
    lines.push(tr!(lang, "Después: {}", "Afterwards: {}", plan::afterwards(lang)));
    lines
}

/// A report, a figure a paragraph.
#[must_use]
pub fn result(report: &Report, lang: Lang) -> Vec<String> {
    let mut lines = vec![tr!(lang, "Resultado: {}", "Result: {}", figures::verdict(report, lang))];
    for figure in figures::of(report, lang) {
        let aim = figure.target.map_or_else(String::new, |target| {
            let (aim, word) = (target.aim, target.word);
            tr!(lang, " (objetivo {aim}: {word})", " (target {aim}: {word})")
        });
        lines.push(format!("{}: {}{aim}", figure.name, figure.value));
        lines.push(format!("  {}", figure.means));
    }
    lines.push(format!("{}:", heading(Part::Steps, lang)));
    lines.extend(rows::steps(report, lang).iter().map(|step| format!("  {}", step.line(lang))));
    lines.push(format!("{}:", heading(Part::Lost, lang)));
    let lost = rows::lost_writes(report, lang);
    if lost.is_empty() {
        lines.push(format!("  {}", rows::none_lost_text(report, lang)));
    }
    lines.extend(lost.iter().map(|write| format!("  {}", write.line())));
    lines
}

/// What is to be said of a run that was cut off.
pub(super) fn unfinished_run(model: &Model) -> Vec<String> {
    let lang = model.lang;
    let mut lines = model.account().map(|account| account.describe(lang)).unwrap_or_default();
    lines.push(tr!(
        lang,
        "Un simulacro quedó a medias. {}",
        "A drill was cut off. {}",
        plan::about_cut_off(lang)
    ));
    lines
}
