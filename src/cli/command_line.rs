//! The command line of `espera`: its commands and options, what is wrong with it, and which command it means.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::options::{GlobalOptions, WorldChoice};
use super::outcome::{BAD_LINE, fail};
use super::{
    drill, env, help, lessons, operations, options_of, refusal, reset, serve, state, status, walk, workshop,
};
use crate::runtime::out::{self, Styled};
use ground::lang::Lang;
use ground::tr;

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
    Env(env::EnvArgs),
    Operations(operations::OperationsArgs),
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    // Before anything else: whatever happens from here on is told in plain words.
    crate::runtime::catch_panics(report_panic);
    let lang = requested_lang();
    let code = carry_out(lang);
    match out::lost_output() {
        None => code,
        Some(error) => {
            let told = fail(&tr!(
                lang,
                "La salida no se ha podido escribir entera: {error}. Haz sitio o elige otro destino y repite la orden.",
                "The output could not be written whole: {error}. Make room or choose another place, and repeat the command."
            ));
            if code == ExitCode::SUCCESS { told } else { code }
        }
    }
}

/// Carries the command line out; `asked` is the language for what is wrong with it.
fn carry_out(asked: Lang) -> ExitCode {
    let matches = match help::localize(Cli::command(), asked).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return refuse(&error, asked),
    };
    if let Some(text) = options_of::refusal(&matches, asked) {
        out::note(format!("error: {text}"));
        return ExitCode::from(BAD_LINE);
    }
    let mut cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, asked),
    };
    // In the shell of an account's workshop `espera` means the same account.
    if cli.options.world == WorldChoice::Aws && cli.options.profile.is_none() {
        cli.options.profile = std::env::var("ESPERA_PROFILE").ok().filter(|name| !name.is_empty());
    }
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
        Some(Verb::Cloud(CloudVerb::Env(args))) => env::run(&cli.options, &args),
        Some(Verb::Cloud(CloudVerb::Operations(args))) => operations::run(&cli.options, &args),
        Some(Verb::State(verb)) => state::run(&cli.options, &verb),
        Some(Verb::Reset(args)) => reset::run(&cli.options, &args),
        Some(Verb::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut help::localize(Cli::command(), lang), "espera", &mut script);
            out::bytes(&script);
            ExitCode::SUCCESS
        }
        Some(Verb::Man) => man(lang),
    }
}

/// Shows help or version, or says what is wrong with the command line.
fn refuse(error: &clap::Error, lang: Lang) -> ExitCode {
    if !error.use_stderr() {
        // Help and version hold no word from outside.
        match colours(&std::io::stdout()) {
            true => out::styled_text(&Styled::own(error.render().ansi().to_string())),
            false => out::block(error.render().to_string()),
        }
        return ExitCode::SUCCESS;
    }
    match refusal::spanish(error).filter(|_| lang == Lang::Es) {
        Some(text) => out::note(text),
        // Words from outside stand within: with codes of ours only if there are none in them.
        None if colours(&std::io::stderr()) && std::env::args_os().all(|a| is_plain(&a)) => {
            out::note_styled(&Styled::own(error.render().ansi().to_string()));
        }
        None => out::note(error.render().to_string().trim_end()),
    }
    ExitCode::from(BAD_LINE)
}

fn is_plain(arg: &std::ffi::OsStr) -> bool {
    arg.to_str().is_some_and(|text| !text.contains(ground::lang::is_unprintable))
}

/// Whether text there may be in colours.
fn colours(place: &impl IsTerminal) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    place.is_terminal() && !set("NO_COLOR") && std::env::var_os("TERM").is_some_and(|term| term != "dumb")
}

/// The language of help and of errors in the command line itself, which come before it is read.
fn requested_lang() -> Lang {
    let args: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    let given = args.iter().enumerate().find_map(|(i, a)| match a.strip_prefix("--lang") {
        Some("") => args.get(i + 1).cloned(),
        Some(rest) => rest.strip_prefix('=').map(str::to_owned),
        None => None,
    });
    given.and_then(|g| g.parse().ok()).unwrap_or_else(|| GlobalOptions::default().lang())
}

fn man(lang: Lang) -> ExitCode {
    let mut page = Vec::new();
    match clap_mangen::Man::new(help::localize(Cli::command(), lang)).render(&mut page) {
        Ok(()) => out::bytes(&page),
        Err(error) => return fail(&error.to_string()),
    }
    ExitCode::SUCCESS
}

/// What a person reads in place of a panic: what happened, that nothing is lost, what to do.
fn report_panic(info: &std::panic::PanicHookInfo<'_>) -> String {
    let at = info.location().map(ToString::to_string).unwrap_or_default();
    let what = ground::lang::printable(info.payload_as_str().unwrap_or_default());
    tr!(
        GlobalOptions::default().lang(),
        "Espera ha tropezado con un error suyo y se cierra. Todo lo que hiciste está guardado: ábrela de nuevo y sigue.\n\
         Para quien la mantiene: {at}: {what}",
        "Espera hit an error of its own and closes. All you did is kept: open it again and go on.\n\
         For its maintainers: {at}: {what}"
    )
}
