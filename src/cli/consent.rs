//! Before a drill touches an account: what it costs, what it does and how that is undone, and the
//! question whether that is what the learner wants. Before the answer only STS is asked, whose account
//! it is; where nobody can be asked, not even that.

use std::io::{self, IsTerminal};

use super::outcome::fail;
use super::question::read_yes;
use super::start_error::StartError;
use crate::drill::Plan;
use crate::drill::telling::plan as telling;
use crate::runtime::out;
use ground::lang::Lang;
use ground::tr;

/// How the learner has agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consent {
    /// Beforehand, with `--yes`.
    Given,
    /// Not yet: asked for on the terminal.
    Wanted,
}

/// Tells all of it on standard error, which is the learner's also when the report goes elsewhere.
///
/// # Errors
/// The program's exit code when the learner does not want it, or nobody can be asked.
pub(super) fn obtain(
    plan: &Plan,
    given: Consent,
    lang: Lang,
    whose: impl FnOnce() -> Result<Vec<String>, StartError>,
) -> Result<(), std::process::ExitCode> {
    for line in terms(plan, lang) {
        out::note(line);
    }
    if given == Consent::Given {
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
    if is_wanted(lang) {
        return Ok(());
    }
    Err(fail(&tr!(lang, "No se ha hecho nada.", "Nothing was done.")))
}

/// What it costs, does and undoes, a line each.
fn terms(plan: &Plan, lang: Lang) -> Vec<String> {
    let price = telling::price(plan, lang);
    let will = telling::effect_of(plan, lang);
    let mut lines = vec![
        tr!(lang, "Precio: {price}", "Price: {price}"),
        tr!(lang, "Hará, de verdad: {will}", "It will, for real: {will}"),
    ];
    if let Some(undo) = telling::undo_of(plan, lang) {
        lines.push(tr!(
            lang,
            "Se deshace al final, al interrumpirlo o con `espera drill --undo`: {undo}",
            "Undone at the end, when interrupted, or by `espera drill --undo`: {undo}"
        ));
    }
    let afterwards = telling::afterwards(lang);
    lines.push(tr!(lang, "Después: {afterwards}", "Afterwards: {afterwards}"));
    lines
}

fn is_wanted(lang: Lang) -> bool {
    out::ask(tr!(lang, "¿Lo hacemos? [s/N]", "Go ahead? [y/N]"));
    read_yes()
}
