//! `espera state`: what is kept, whether it is sound, and what can be mended or brought back. Nothing is
//! changed without a yes.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::options::DEFAULT_SEED;
use super::options::GlobalOptions;
use super::outcome::fail;
use super::question::read_yes;
use super::start_error::StartError;
use crate::drill;
use crate::progress::{self, Opened, Store};
use crate::runtime::out;
use ground::clock::{Clock, Moment, Speed};
use ground::lang::Lang;
use ground::tr;
use practice::scenario::Scenario;
use practice::{self, Condition, Finding, Practice, Role};

#[derive(Subcommand)]
pub(super) enum StateVerb {
    Verify,
    Repair(RepairArgs),
    Restore(RestoreArgs),
}

#[derive(Args)]
pub(super) struct RepairArgs {
    #[arg(long)]
    yes: bool,
}

#[derive(Args)]
pub(super) struct RestoreArgs {
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[arg(long)]
    yes: bool,
}

/// Something kept, and what a look at it found.
struct Line {
    text: String,
    fine: bool,
}

/// Where things are kept: the folders of saved worlds, and those of progress and drills.
struct Places {
    base: PathBuf,
    worlds: Vec<PathBuf>,
    others: Vec<PathBuf>,
}

pub(super) fn run(options: &GlobalOptions, verb: &StateVerb) -> ExitCode {
    let lang = options.lang();
    let places = match options.base() {
        Ok(base) => Places::of(&base),
        Err(error) => return fail(&StartError::Home(error).text(lang)),
    };
    match verb {
        StateVerb::Verify => verify(&places, lang),
        StateVerb::Repair(args) => repair(&places, args, lang),
        StateVerb::Restore(args) => restore(&places, args, lang),
    }
}

impl Places {
    fn of(base: &Path) -> Places {
        let mut others = vec![base.join("practice")];
        folders_with_progress(&base.join("aws"), 3, &mut others);
        let worlds = [base.join("practice").join("world"), base.join("served")];
        let worlds = worlds.into_iter().filter(|folder| folder.is_dir()).collect();
        Places { base: base.to_owned(), worlds, others }
    }

    /// A file as it is shown.
    fn display_path(&self, file: &Path) -> String {
        file.strip_prefix(&self.base).unwrap_or(file).display().to_string()
    }

    /// All that is kept and how it is; an error that keeps from looking is damage too.
    fn examine_all(&self, lang: Lang) -> Vec<Line> {
        let mut lines = Vec::new();
        for folder in &self.others {
            let examined = progress::verify(folder).into_iter().chain(drill::verify(&folder.join("drills")));
            lines.extend(examined.map(|e| Line { text: e.text(lang), fine: e.soundness.is_well() }));
        }
        for folder in &self.worlds {
            match practice::examine(folder) {
                Ok(found) => lines.extend(found.iter().map(|found| self.line(found, lang))),
                Err(error) => lines.push(Line { text: error.text(lang), fine: false }),
            }
        }
        lines
    }

    fn line(&self, found: &Finding, lang: Lang) -> Line {
        let file = self.display_path(&found.file);
        let what = role(found.role, lang);
        let how = condition(found.condition, lang);
        let fine = matches!(found.condition, Condition::Sound | Condition::Torn);
        Line { text: format!("{file}: {what}: {how}"), fine }
    }
}

/// The folders below one that hold progress or drills.
fn folders_with_progress(folder: &Path, depth: u32, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut below: Vec<PathBuf> =
        entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.is_dir()).collect();
    below.sort();
    for folder in below {
        if folder.join("progress.json").exists() || folder.join("drills").exists() {
            found.push(folder);
        } else if depth > 1 {
            folders_with_progress(&folder, depth - 1, found);
        }
    }
}

fn role(role: Role, lang: Lang) -> String {
    match role {
        Role::Snapshot { at: Some(at) } => {
            let at = at.iso8601();
            tr!(lang, "el mundo a las {at}", "the world at {at}")
        }
        Role::Snapshot { at: None } => tr!(lang, "el mundo", "the world"),
        Role::Journal { entries } => tr!(lang, "{entries} cambios desde entonces", "{entries} changes since"),
        Role::Mark => tr!(lang, "hasta dónde se guardó", "how far all was saved"),
        Role::Keys => tr!(lang, "las claves de sus clientes", "the keys of its clients"),
        Role::Clock => tr!(lang, "la última hora que se enseñó", "the latest time that was shown"),
        Role::Start => tr!(lang, "por qué cambio iba el arranque", "the change a start was at"),
        Role::Aside => tr!(lang, "apartado por un daño anterior", "set aside after earlier damage"),
    }
}

fn condition(condition: Condition, lang: Lang) -> String {
    match condition {
        Condition::Sound => tr!(lang, "en orden", "sound"),
        Condition::Torn => {
            tr!(
                lang,
                "en orden hasta donde se cortó la escritura",
                "sound up to where the writing was cut off"
            )
        }
        Condition::Damaged => tr!(lang, "dañado", "damaged"),
        Condition::Missing(0) => tr!(lang, "falta", "missing"),
        Condition::Missing(count) => tr!(lang, "le faltan {count} al final", "lacks {count} at its end"),
        Condition::Newer(version) => {
            tr!(lang, "de una Espera más nueva (forma {version})", "of a newer Espera (form {version})")
        }
    }
}

/// Tells what is there; answers whether all of it is sound.
fn tell(places: &Places, lang: Lang) -> bool {
    let lines = places.examine_all(lang);
    let shown = places.base.display();
    if lines.is_empty() {
        out::line(tr!(lang, "No hay nada guardado en {shown}.", "Nothing is kept in {shown}."));
        return true;
    }
    out::line(format!("{shown}:"));
    for line in &lines {
        out::line(format!("{} {}", if line.fine { "  " } else { "!!" }, line.text));
    }
    lines.iter().all(|line| line.fine)
}

fn verify(places: &Places, lang: Lang) -> ExitCode {
    if tell(places, lang) {
        return ExitCode::SUCCESS;
    }
    out::line(tr!(
        lang,
        "Hay daños. `espera state repair` conserva lo que se puede leer; `espera state restore` enseña a qué se puede volver.",
        "There is damage. `espera state repair` keeps what can be read; `espera state restore` shows what can be gone back to."
    ));
    ExitCode::FAILURE
}

fn repair(places: &Places, args: &RepairArgs, lang: Lang) -> ExitCode {
    if tell(places, lang) {
        out::line(tr!(lang, "Nada que reparar.", "Nothing to repair."));
        return ExitCode::SUCCESS;
    }
    let question = tr!(
        lang,
        "Se conserva todo lo que se puede leer, y lo dañado queda al lado con otro nombre. ¿Seguir? [s/N]",
        "All that can be read is kept, and what is damaged stays beside it under another name. Go on? [y/N]"
    );
    if let Err(code) = ask_consent(args.yes, &question, lang) {
        return code;
    }
    let mut well = true;
    for folder in &places.others {
        well &= repair_progress(folder, lang);
    }
    for folder in &places.worlds {
        well &= repair_world(folder, lang);
    }
    // The logs of drills are only ever read, so that nothing in them is mended.
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn repair_progress(folder: &Path, lang: Lang) -> bool {
    if progress::verify(folder).iter().all(|examined| examined.soundness.is_well()) {
        return true;
    }
    match Store::open(folder) {
        Ok((Opened::Writer(store), progress, warnings)) => {
            for warning in warnings {
                out::line(warning.text(lang));
            }
            store.save(&progress).map_err(|error| out::note(format!("espera: {}", error.text(lang)))).is_ok()
        }
        Ok((Opened::InUse, ..)) => {
            out::note(format!(
                "espera: {}",
                practice::PracticeError::InUse { folder: folder.to_owned() }.text(lang)
            ));
            false
        }
        Err(error) => {
            out::note(format!("espera: {}", error.text(lang)));
            false
        }
    }
}

/// Opening a world mends it, and closing it saves it whole.
fn repair_world(folder: &Path, lang: Lang) -> bool {
    let sound = |found: &Finding| matches!(found.condition, Condition::Sound);
    if practice::examine(folder).is_ok_and(|found| found.iter().all(sound)) {
        return true;
    }
    let clock = Clock::practice(Moment::from(std::time::SystemTime::now()), Speed::Times(1.0));
    clock.pause();
    let scenario = Scenario::default();
    let opened = Practice::open(practice::Options {
        folder: Some(folder.to_owned()),
        seed: DEFAULT_SEED,
        scenario,
        clock,
        // Nobody visits what is only mended.
        workload: None,
    });
    let outcome = match opened {
        Ok(practice) => {
            for notice in practice.notices() {
                out::line(notice.text(lang));
            }
            let trouble = practice.trouble().borrow().clone();
            trouble.or_else(|| practice.close().err()).map_or(Ok(()), |trouble| Err(trouble.text(lang)))
        }
        Err(error) => Err(error.text(lang)),
    };
    // The world is let go of by now.
    let outcome = outcome.and_then(|()| practice::put_damage_aside(folder).map_err(|error| error.text(lang)));
    match outcome {
        Ok(moved) => {
            for (file, to) in moved {
                out::line(practice::Notice::SetAside { file, to }.text(lang));
            }
            true
        }
        Err(text) => {
            out::note(format!("espera: {text}"));
            false
        }
    }
}

fn restore(places: &Places, args: &RestoreArgs, lang: Lang) -> ExitCode {
    let mut all = Vec::new();
    for folder in &places.worlds {
        match practice::pasts(folder) {
            Ok(pasts) => all.extend(pasts.into_iter().map(|past| (folder, past))),
            Err(error) => return fail(&error.text(lang)),
        }
    }
    let Some(asked) = &args.file else {
        for (_, past) in &all {
            out::line(format!("  {}  {}", past.at.iso8601(), places.display_path(&past.file)));
        }
        let said = match all.is_empty() {
            true => tr!(lang, "No hay ningún mundo al que volver.", "There is no world to go back to."),
            false => tr!(
                lang,
                "Para volver a uno: `espera state restore FICHERO`. Lo de ahora queda al lado con otro nombre.",
                "To go back to one: `espera state restore FILE`. What is there now stays beside it under another name."
            ),
        };
        out::line(said);
        return ExitCode::SUCCESS;
    };
    let wanted = [asked.clone(), places.base.join(asked)].map(|path| path.canonicalize().ok());
    let found = all.iter().find(|(_, past)| {
        let path = past.file.canonicalize().ok();
        path.is_some() && wanted.contains(&path)
    });
    let Some((folder, past)) = found else {
        let asked = asked.display();
        return fail(&tr!(
            lang,
            "{asked} no es un mundo al que se pueda volver. `espera state restore` los enseña.",
            "{asked} is no world that can be gone back to. `espera state restore` shows them."
        ));
    };
    let at = past.at.iso8601();
    let question = tr!(
        lang,
        "El mundo vuelve a las {at}; lo de ahora queda al lado con otro nombre. ¿Seguir? [s/N]",
        "The world goes back to {at}; what is there now stays beside it under another name. Go on? [y/N]"
    );
    if let Err(code) = ask_consent(args.yes, &question, lang) {
        return code;
    }
    match practice::restore(folder, &past.file) {
        Ok(kept) => {
            for file in kept {
                out::line(format!("  {}", places.display_path(&file)));
            }
            out::line(tr!(lang, "El mundo es el de las {at}.", "The world is that of {at}."));
            ExitCode::SUCCESS
        }
        Err(error) => fail(&error.text(lang)),
    }
}

/// Whether to go on: by `--yes`, or by a yes on the terminal.
fn ask_consent(already: bool, question: &str, lang: Lang) -> Result<(), ExitCode> {
    if already {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(fail(&tr!(
            lang,
            "Aquí no hay terminal donde preguntarte; no se ha cambiado nada. Con --yes se hace sin preguntar.",
            "There is no terminal to ask you on; nothing was changed. With --yes it is done without asking."
        )));
    }
    out::ask(question);
    if read_yes() {
        return Ok(());
    }
    out::line(tr!(lang, "No se ha cambiado nada.", "Nothing was changed."));
    Err(ExitCode::SUCCESS)
}
