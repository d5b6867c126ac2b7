//! The command line: the one place that picks a world and wires everything above to it.

mod agreement;
mod ansi;
mod context;
mod drill;
mod follow;
mod help;
mod kept;
pub mod lessons;
mod options;
mod program;
mod question;
mod refusal;
mod reset;
mod scope;
mod serve;
mod state;
mod status;
mod walk;
mod workshop;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use context::{Context, Loopback, StartError};
pub use options::{GlobalOptions, WorldChoice};
pub use workshop::session;

use crate::lang::Lang;

/// The command line of `espera`.
#[derive(Parser)]
#[command(name = "espera", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    options: GlobalOptions,
    #[arg(long)]
    plain: bool,
    #[command(subcommand)]
    command: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    Walk(walk::WalkArgs),
    Drill(drill::DrillArgs),
    Status(status::StatusArgs),
    #[command(subcommand)]
    Lessons(lessons::Command),
    #[command(subcommand)]
    Cloud(CloudVerb),
    #[command(subcommand)]
    State(state::StateVerb),
    Reset(reset::ResetArgs),
    Completions {
        shell: clap_complete::Shell,
    },
    Man,
}

#[derive(Subcommand)]
enum CloudVerb {
    Serve(serve::ServeArgs),
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let asked = asked_lang();
    let matches = match help::localized(Cli::command(), asked).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return refuse(&error, asked),
    };
    if let Some(text) = scope::refusal(&matches, asked) {
        eprintln!("error: {text}");
        return ExitCode::from(BAD_LINE);
    }
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, asked),
    };
    crate::runtime::catch_panics(report_panic);
    let lang = cli.options.lang();
    match cli.command {
        None if cli.plain => workshop::plain(&cli.options),
        None => workshop::screen(&cli.options),
        Some(Verb::Walk(args)) => walk::run(&cli.options, &args),
        Some(Verb::Drill(args)) => drill::run(&cli.options, &args),
        Some(Verb::Status(args)) => status::run(&cli.options, &args),
        Some(Verb::Lessons(command)) => {
            let setting = lessons::Setting {
                lang,
                lessons: cli.options.lessons.as_deref(),
                plain: cli.plain,
                ..lessons::Setting::default()
            };
            lessons::run(&command, &setting)
        }
        Some(Verb::Cloud(CloudVerb::Serve(args))) => serve::run(&cli.options, &args),
        Some(Verb::State(verb)) => state::run(&cli.options, &verb),
        Some(Verb::Reset(args)) => reset::run(&cli.options, &args),
        Some(Verb::Completions { shell }) => {
            let mut command = help::localized(Cli::command(), lang);
            clap_complete::generate(shell, &mut command, "espera", &mut std::io::stdout());
            ExitCode::SUCCESS
        }
        Some(Verb::Man) => man(lang),
    }
}

/// How a command line that cannot be read ends, as clap has it.
const BAD_LINE: u8 = 2;

/// Shows help or version, or says what is wrong with the command line.
fn refuse(error: &clap::Error, lang: Lang) -> ExitCode {
    match refusal::spanish(error).filter(|_| lang == Lang::Es) {
        Some(text) => eprintln!("{text}"),
        // A closed pipe leaves nobody to tell.
        None => drop(error.print()),
    }
    if error.use_stderr() { ExitCode::from(BAD_LINE) } else { ExitCode::SUCCESS }
}

/// The language of help and of errors in the command line itself, which come before it is read.
fn asked_lang() -> Lang {
    let args: Vec<String> = std::env::args().collect();
    let given = args.iter().enumerate().find_map(|(i, a)| match a.strip_prefix("--lang") {
        Some("") => args.get(i + 1).cloned(),
        Some(rest) => rest.strip_prefix('=').map(str::to_owned),
        None => None,
    });
    given.and_then(|g| g.parse().ok()).unwrap_or_else(|| GlobalOptions::default().lang())
}

fn man(lang: Lang) -> ExitCode {
    let page = clap_mangen::Man::new(help::localized(Cli::command(), lang));
    match page.render(&mut std::io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// What a person reads in place of a panic: what happened, that nothing is lost, what to do.
fn report_panic(info: &std::panic::PanicHookInfo<'_>) -> String {
    let at = info.location().map(ToString::to_string).unwrap_or_default();
    let what = info.payload_as_str().unwrap_or_default();
    crate::tr!(
        GlobalOptions::default().lang(),
        "Espera ha tropezado con un error suyo y se cierra. Todo lo que hiciste está guardado: ábrela de nuevo y sigue.\n\
         Para quien la mantiene: {at}: {what}",
        "Espera hit an error of its own and closes. All you did is kept: open it again and go on.\n\
         For its maintainers: {at}: {what}"
    )
}

/// Prints a problem to standard error and ends with 1.
fn fail(text: &str) -> ExitCode {
    eprintln!("espera: {text}");
    ExitCode::FAILURE
}
