//! `espera lessons check` and `espera lessons show`: lessons from the command line, for their authors and
//! for those who read without the workshop's screen.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::ansi;
use crate::runtime::out::{self, Styled};
use crate::ui::lesson::{Highlighter, Look, Marks, render};
use crate::ui::theme::{Role, Theme};
use ground::lang::Lang;
use ground::look::{Charset, Scheme};
use ground::tr;
use lessons::diagnostic::Problem;
use lessons::{Library, Page, Severity};

/// The exit code when a lesson has an error.
const WRONG: u8 = 1;
/// The exit code when there is nothing to check or show.
const NOTHING: u8 = 2;
/// The width without `--width` and without a terminal.
const WIDTH: u16 = 80;
/// The widest a lesson is shown in a terminal, for the eye's sake.
const COMFORT: u16 = 100;

/// Lessons from the command line / Lecciones desde la línea de órdenes.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Check lessons: errors and warnings with file, line, column and a caret.
    Check(CheckArgs),
    /// Show a lesson, as wide as the terminal.
    Show(ShowArgs),
}

/// What `lessons check` is given.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct CheckArgs {
    /// A folder of Hugo content, a whole site, or one file; the embedded lessons if left out.
    pub dir: Option<PathBuf>,
    /// Count warnings as errors.
    #[arg(long)]
    pub strict: bool,
}

/// What `lessons show` is given.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ShowArgs {
    /// The step's id or number, or a page's path in the folder; all pages if left out.
    pub step: Option<String>,
    /// Columns (10 or more); the terminal's if left out.
    #[arg(long, value_parser = clap::value_parser!(u16).range(10..=1000))]
    pub width: Option<u16>,
}

/// What the command line says for all commands that show lessons.
#[derive(Clone, Copy, Debug, Default)]
pub struct Setting<'a> {
    /// The language asked for.
    pub lang: Lang,
    /// The folder of `--lessons`; the embedded lessons without it.
    pub lessons: Option<&'a Path>,
    /// The signs to draw with.
    pub charset: Charset,
    /// The theme.
    pub scheme: Scheme,
    /// Linear text, whatever the terminal can do (`--plain`).
    pub plain: bool,
}

/// Runs a `lessons` command.
#[must_use]
pub fn run(command: &Command, setting: &Setting<'_>) -> ExitCode {
    match command {
        Command::Check(args) => check(args, setting),
        Command::Show(args) => show(args, setting),
    }
}

/// Checks lessons and prints what is wrong; exits with 0 when nothing is, 1 when something is, 2 when
/// nothing can be read.
#[must_use]
pub fn check(args: &CheckArgs, setting: &Setting<'_>) -> ExitCode {
    let library = match library(args.dir.as_deref().or(setting.lessons), setting.lang) {
        Ok(library) => library,
        Err(code) => return code,
    };
    let mut out = String::new();
    let (mut errors, mut warnings, mut pages) = (0usize, 0usize, 0usize);
    for error in &library.unreadable {
        let _ = writeln!(out, "error: {}\n", error.message(setting.lang));
        errors += 1;
    }
    for page in library.all() {
        pages += 1;
        for diagnostic in &library.parse(page).diagnostics {
            match (&diagnostic.problem, diagnostic.severity()) {
                (Problem::More { errors: e, warnings: w }, _) => {
                    errors += e;
                    warnings += w;
                }
                (_, Severity::Error) => errors += 1,
                (_, Severity::Warning) => warnings += 1,
            }
            let _ = writeln!(out, "{}", diagnostic.report(&page.source, setting.lang));
        }
    }
    let (page, error, warning) = (
        if pages == 1 {
            tr!(setting.lang, "página", "page")
        } else {
            tr!(setting.lang, "páginas", "pages")
        },
        if errors == 1 {
            tr!(setting.lang, "error", "error")
        } else {
            tr!(setting.lang, "errores", "errors")
        },
        if warnings == 1 {
            tr!(setting.lang, "aviso", "warning")
        } else {
            tr!(setting.lang, "avisos", "warnings")
        },
    );
    let _ = writeln!(out, "{pages} {page}, {errors} {error}, {warnings} {warning}");
    out::block(&out);
    let failed = errors > 0 || (args.strict && warnings > 0);
    if failed { ExitCode::from(WRONG) } else { ExitCode::SUCCESS }
}

/// Prints a lesson (or all); in colour in a terminal, as linear text elsewhere.
#[must_use]
pub fn show(args: &ShowArgs, setting: &Setting<'_>) -> ExitCode {
    let library = match library(setting.lessons, setting.lang) {
        Ok(library) => library,
        Err(code) => return code,
    };
    let pages: Vec<&Page> = match &args.step {
        None => library.pages(setting.lang).collect(),
        Some(step) => match library.find(step, setting.lang) {
            Ok(page) => vec![page],
            Err(error) => {
                let names: Vec<&str> =
                    library.pages(setting.lang).map(|p| p.path.as_str()).take(20).collect();
                let known = names.join(" ");
                out::note(tr!(
                    setting.lang,
                    "{}. Hay: {known}",
                    "{}. There are: {known}",
                    error.message(setting.lang)
                ));
                return ExitCode::from(NOTHING);
            }
        },
    };
    let terminal = std::io::stdout().is_terminal() && !setting.plain;
    let scheme = if terminal { setting.scheme } else { Scheme::Plain };
    let theme = Theme::new(scheme);
    let highlighter = (terminal && scheme != Scheme::Plain).then(Highlighter::new);
    let look = Look {
        symbols: setting.charset,
        marks: if terminal { Marks::Style } else { Marks::Text },
        highlight: highlighter.as_ref(),
        ..Look::new(&theme, setting.lang)
    };
    let width = args.width.unwrap_or_else(|| terminal_width(terminal));
    let mut out = Styled::default();
    for page in pages {
        write_page(&mut out, &library, page, width, &look);
    }
    out::styled_text(&out);
    ExitCode::SUCCESS
}

fn write_page(out: &mut Styled, library: &Library, page: &Page, width: u16, look: &Look<'_>) {
    let title = page.title();
    if !title.is_empty() {
        let style = look.theme.style(Role::Heading1);
        let mark = if look.marks == Marks::Text { "# " } else { "" };
        let line = ratatui::text::Line::styled(format!("{mark}{title}"), style);
        ansi::write_line(out, &line, look.marks == Marks::Style);
        out.end_line();
    }
    for line in &render(&library.parse(page).document, width, look).lines {
        ansi::write_line(out, line, look.marks == Marks::Style);
    }
    out.end_line();
}

fn terminal_width(terminal: bool) -> u16 {
    let measured = if terminal { crossterm::terminal::size().ok().map(|(w, _)| w) } else { None };
    measured.filter(|w| *w > 0).unwrap_or(WIDTH).min(COMFORT)
}

fn library(dir: Option<&Path>, lang: Lang) -> Result<Library, ExitCode> {
    let Some(dir) = dir else { return Ok(crate::course::lessons::library()) };
    Library::open(dir).map_err(|error| {
        out::note(error.message(lang));
        ExitCode::from(NOTHING)
    })
}
