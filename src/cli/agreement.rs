//! Before a drill touches an account: what it costs, what it does and how that is undone, and the
//! question whether that is what the learner wants. Before the answer only STS is asked, whose account
//! it is; where nobody can be asked, not even that.

use std::io::{self, IsTerminal};

use super::context::StartError;
use super::fail;
use super::question::answered_yes;
use crate::app::words;
use crate::drill::{Mode, Plan};
use crate::lang::Lang;
use crate::runtime::out;
use crate::tr;

/// How the learner has agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Beforehand, with `--yes`.
    Already,
    /// Not yet: asked for on the terminal.
    Here,
}

/// Tells all of it on standard error, which is the learner's also when the report goes elsewhere.
///
/// # Errors
/// The program's exit code when the learner does not want it, or nobody can be asked.
pub(super) fn seek(
    plan: &Plan,
    asked: Asked,
    lang: Lang,
    whose: impl FnOnce() -> Result<Vec<String>, StartError>,
) -> Result<(), std::process::ExitCode> {
    for line in terms(plan, lang) {
        out::note(line);
    }
    if asked == Asked::Already {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(fail(&tr!(
            lang,
            "Aquí no hay terminal donde preguntarte; no se ha hecho nada. Añade --yes si es lo que quieres.",
            "There is no terminal to ask you on; nothing was done. Add --yes if that is what you want."
        )));
    }
    match whose() {
        Ok(account) => account.iter().for_each(out::note),
        Err(error) => return Err(fail(&error.text(lang))),
    }
    if sure(lang) {
        return Ok(());
    }
    Err(fail(&tr!(lang, "No se ha hecho nada.", "Nothing was done.")))
}

/// What it costs, does and undoes, a line each.
fn terms(plan: &Plan, lang: Lang) -> Vec<String> {
    let requests = (plan.requests_per_second() * plan.limit.as_secs_f64()).round();
    let mut lines = vec![tr!(
        lang,
        "Precio: hasta {requests} peticiones en tu cuenta (céntimos); el taller sigue costando unos 0,62 USD por hora.",
        "Price: up to {requests} requests on your account (cents); the workshop goes on costing about 0.62 USD an hour."
    )];
    match plan.mode {
        Mode::Failover => {
            let (effect, undo) = (words::effect(plan.fault, lang), words::undo(plan.fault, lang));
            lines.push(tr!(lang, "Hará, de verdad: {effect}", "It will, for real: {effect}"));
            lines.push(tr!(
                lang,
                "Se deshace al final, al interrumpirlo o con `espera drill --undo`: {undo}",
                "Undone at the end, when interrupted, or by `espera drill --undo`: {undo}"
            ));
        }
        Mode::Switchover => lines.push(tr!(
            lang,
            "Hará, de verdad: traspasar Aurora a us-west-1. Nada se rompe.",
            "It will, for real: hand Aurora over to us-west-1. Nothing breaks."
        )),
    }
    lines.push(tr!(
        lang,
        "El escritor de Aurora se queda en us-west-1; config.json se restaura.",
        "Aurora's writer stays in us-west-1; config.json is restored."
    ));
    lines
}

fn sure(lang: Lang) -> bool {
    out::ask(tr!(lang, "¿Lo hacemos? [s/N]", "Go ahead? [y/N]"));
    answered_yes()
}
