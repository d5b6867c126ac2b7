//! `espera reset`: forgets progress and the practice world. An AWS account is never touched.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::account::account;
use super::options::{GlobalOptions, WorldChoice};
use super::outcome::fail;
use super::question::read_yes;
use super::start_error::StartError;
use crate::progress::{Opened, Store};
use crate::runtime::out;
use ground::clock::Clock;
use ground::lang::Lang;
use ground::tr;

#[derive(Args)]
pub(super) struct ResetArgs {
    #[arg(long)]
    yes: bool,
}

/// What Espera itself puts into a state folder; nothing else in it is touched.
const OURS: [&str; 7] = [
    "progress.json",
    "progress.json.new",
    "progress.json.previous",
    "progress.json.previous.new",
    "endpoint",
    "world",
    "templates",
];

pub(super) fn run(options: &GlobalOptions, args: &ResetArgs) -> ExitCode {
    let lang = options.lang();
    let folder = match folder(options) {
        Ok(folder) => folder,
        Err(error) => return fail(&error.text(lang)),
    };
    let shown = folder.display();
    if !folder.exists() {
        out::line(tr!(lang, "No hay nada guardado en {shown}.", "Nothing is kept in {shown}."));
        return ExitCode::SUCCESS;
    }
    // A damaged or newer file is what a reset is for; only the lock is asked after.
    if let Ok((Opened::InUse, ..)) = Store::open(&folder) {
        return fail(&tr!(
            lang,
            "Otra Espera usa {shown}. Ciérrala y repite.",
            "Another Espera uses {shown}. Close it and try again."
        ));
    }
    if !args.yes && !io::stdin().is_terminal() {
        return fail(&tr!(
            lang,
            "Aquí no hay terminal donde preguntarte; no se ha borrado nada. Con --yes se borra sin preguntar.",
            "There is no terminal to ask you on; nothing was deleted. With --yes it deletes without asking."
        ));
    }
    if !args.yes && !sure(lang, &shown.to_string()) {
        out::line(tr!(lang, "No se ha borrado nada.", "Nothing was deleted."));
        return ExitCode::SUCCESS;
    }
    for name in OURS {
        let path = folder.join(name);
        let removed =
            if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        if let Err(error) = removed
            && error.kind() != io::ErrorKind::NotFound
        {
            return fail(&format!("{}: {error}", path.display()));
        }
    }
    out::line(tr!(
        lang,
        "Olvidado: {shown}. Lo que haya en una cuenta de AWS sigue ahí.",
        "Forgotten: {shown}. Whatever is in an AWS account is still there."
    ));
    ExitCode::SUCCESS
}

/// The folder to forget: in an account, that of the account which the credentials are of.
fn folder(options: &GlobalOptions) -> Result<PathBuf, StartError> {
    if options.world == WorldChoice::Practice {
        return Ok(options.practice_folder()?);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (_, _, account) = runtime.block_on(account(options, &Clock::wall()))?;
    Ok(options.account_folder(&account)?)
}

fn sure(lang: Lang, folder: &str) -> bool {
    out::ask(tr!(
        lang,
        "Se olvida el progreso y el mundo de práctica de {folder}. ¿Seguro? [s/N]",
        "Progress and the practice world in {folder} will be forgotten. Sure? [y/N]"
    ));
    read_yes()
}
