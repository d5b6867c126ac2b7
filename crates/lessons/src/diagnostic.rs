//! What is wrong with a lesson, said to its author: file, line, column, the line itself with a caret,
//! and what to do. Used by `espera lessons check` and when a lesson is opened.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar as _;

use super::document::Span;
use super::source::Source;
use ground::lang::Lang;
use ground::tr;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The lesson is shown, perhaps not as meant.
    Warning,
    /// Something of the lesson is lost or broken.
    Error,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The front matter isn't valid TOML, YAML or JSON; the parser's words.
    FrontMatter(String),
    /// The front matter has no closing fence.
    FrontMatterOpen(&'static str),
    /// A value of the front matter is of the wrong kind: key, what is wanted.
    FrontMatterValue(&'static str),
    /// A shortcode that has no end (`>}}` or `%}}`).
    TagOpen(&'static str),
    /// A shortcode without a name or with one that can't be.
    TagName,
    /// A string in a shortcode that isn't closed.
    TagString,
    /// A shortcode that must be closed and isn't.
    NotClosed(String),
    /// A closing shortcode that closes nothing.
    StrayClose(String),
    /// A shortcode Espera doesn't know.
    UnknownShortcode(String),
    /// A shortcode that lacks an argument: shortcode, argument.
    MissingArgument(String, &'static str),
    /// A notice of a kind that doesn't exist.
    UnknownTone(String),
    /// A link that leads to no page.
    BrokenLink(String),
    /// A picture or file that isn't there.
    MissingFile(String),
    /// A parameter the site doesn't define.
    UnknownParameter(String),
    /// Escape codes or control characters were taken out: how many.
    ControlCharacters(usize),
    /// Blocks are nested deeper than they are shown.
    TooDeep,
    /// The page brings in or repeats more than a page may.
    TooMuch,
    /// The front matter is longer than it may be.
    FrontMatterLong,
    /// Problems that are not told one by one, after many that were.
    More {
        /// How many of them are errors.
        errors: usize,
        /// How many are warnings.
        warnings: usize,
    },
}

impl Problem {
    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Problem::FrontMatter(_)
            | Problem::FrontMatterOpen(_)
            | Problem::FrontMatterLong
            | Problem::TooMuch
            | Problem::TagOpen(_)
            | Problem::TagName
            | Problem::TagString
            | Problem::NotClosed(_)
            | Problem::StrayClose(_) => Severity::Error,
            Problem::More { errors, .. } if *errors > 0 => Severity::Error,
            _ => Severity::Warning,
        }
    }

    /// What is wrong, in a sentence.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Problem::FrontMatter(why) => {
                tr!(lang, "la cabecera no se entiende: {why}", "the front matter can't be read: {why}")
            }
            Problem::FrontMatterOpen(fence) => {
                tr!(
                    lang,
                    "falta el cierre «{fence}» de la cabecera",
                    "the front matter's closing `{fence}` is missing"
                )
            }
            Problem::FrontMatterValue(key) => {
                tr!(lang, "el valor de «{key}» no sirve", "the value of `{key}` is of the wrong kind")
            }
            Problem::TagOpen(end) => {
                tr!(lang, "este atajo no termina en «{end}»", "this shortcode doesn't end in `{end}`")
            }
            Problem::TagName => tr!(lang, "este atajo no tiene nombre", "this shortcode has no name"),
            Problem::TagString => tr!(lang, "esta cadena no se cierra", "this string isn't closed"),
            Problem::NotClosed(name) => {
                tr!(lang, "el atajo «{name}» no se cierra", "the shortcode `{name}` isn't closed")
            }
            Problem::StrayClose(name) => {
                tr!(
                    lang,
                    "«/{name}» cierra un atajo que no se abrió",
                    "`/{name}` closes a shortcode that wasn't opened"
                )
            }
            Problem::UnknownShortcode(name) => {
                tr!(lang, "atajo desconocido: «{name}»", "unknown shortcode `{name}`")
            }
            Problem::MissingArgument(name, arg) => {
                tr!(lang, "al atajo «{name}» le falta «{arg}»", "the shortcode `{name}` lacks `{arg}`")
            }
            Problem::UnknownTone(tone) => {
                tr!(lang, "no hay avisos de tipo «{tone}»", "there are no notices of kind `{tone}`")
            }
            Problem::BrokenLink(to) => {
                tr!(lang, "el enlace «{to}» no lleva a ninguna página", "the link `{to}` leads to no page")
            }
            Problem::MissingFile(file) => {
                tr!(lang, "no existe el fichero «{file}»", "there is no file `{file}`")
            }
            Problem::UnknownParameter(name) => {
                tr!(
                    lang,
                    "el sitio no define el parámetro «{name}»",
                    "the site doesn't define the parameter `{name}`"
                )
            }
            Problem::ControlCharacters(n) => {
                tr!(lang, "se han quitado {n} códigos de control", "{n} control codes were taken out")
            }
            Problem::TooDeep => tr!(lang, "demasiados niveles de anidamiento", "nested too deep"),
            Problem::TooMuch => {
                tr!(
                    lang,
                    "la página trae o repite más texto del que puede; lo demás queda fuera",
                    "the page brings in or repeats more text than a page may; the rest is left out"
                )
            }
            Problem::FrontMatterLong => {
                let kib = super::source::LONGEST_FRONT / 1024;
                tr!(
                    lang,
                    "la cabecera pasa de {kib} KiB y no se lee",
                    "the front matter has more than {kib} KiB and is not read"
                )
            }
            Problem::More { errors, warnings } => {
                tr!(
                    lang,
                    "y más de lo mismo o parecido desde aquí: {errors} errores y {warnings} avisos",
                    "and more of these from here on: {errors} errors and {warnings} warnings"
                )
            }
        }
    }

    /// What the author can do, if there is something to say.
    #[must_use]
    pub fn advice(&self, lang: Lang) -> Option<String> {
        Some(match self {
            Problem::FrontMatterOpen(fence) => {
                tr!(
                    lang,
                    "pon una línea «{fence}» donde acabe la cabecera",
                    "put a line `{fence}` where the front matter ends"
                )
            }
            Problem::FrontMatterValue("weight") => {
                tr!(lang, "escribe un número entero", "write a whole number")
            }
            Problem::FrontMatterValue(_) => tr!(lang, "escribe true o false", "write true or false"),
            Problem::TagOpen(end) => tr!(lang, "añade «{end}»", "add `{end}`"),
            Problem::NotClosed(name) => {
                let close = format!("{{{{% /{name} %}}}}");
                tr!(lang, "ciérralo con {close}", "close it with {close}")
            }
            Problem::UnknownShortcode(_) => {
                tr!(
                    lang,
                    "se muestra como una nota con su contenido",
                    "it is shown as a note with what it encloses"
                )
            }
            Problem::UnknownTone(_) => {
                tr!(lang, "elige info, note, tip o warning", "choose info, note, tip or warning")
            }
            Problem::TooMuch => {
                tr!(lang, "reparte el contenido en varias páginas", "spread the content over several pages")
            }
            Problem::FrontMatterLong => {
                tr!(lang, "deja en ella solo los datos de la página", "leave only the page's facts in it")
            }
            Problem::More { .. } => {
                tr!(lang, "corrige primero las anteriores", "mend those above first")
            }
            Problem::TooDeep => {
                tr!(lang, "lo más hondo se muestra al último nivel", "the deepest is shown at the last level")
            }
            _ => return None,
        })
    }
}

/// A problem and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong.
    pub problem: Problem,
    /// Where.
    pub span: Span,
}

impl Diagnostic {
    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.problem.severity()
    }

    /// The message with the file, line and column, the line itself, a caret and the advice.
    #[must_use]
    pub fn report(&self, source: &Source, lang: Lang) -> String {
        let (line, column) = source.place(self.span.start);
        let kind = match (self.severity(), lang) {
            (Severity::Error, _) => "error",
            (Severity::Warning, Lang::Es) => "aviso",
            (Severity::Warning, Lang::En) => "warning",
        };
        let path = super::source::sanitise(&source.path.display().to_string()).0;
        let number = line.to_string();
        let gap = " ".repeat(number.len());
        let (text, caret) = self.line_with_caret(source);
        let message = cut(&self.problem.message(lang).replace('\n', " "));
        let mut out = format!("{kind}: {message}\n");
        let _ = writeln!(out, "{gap}--> {path}:{line}:{column}");
        let _ = writeln!(out, "{number} | {text}");
        let _ = writeln!(out, "{gap} | {caret}");
        if let Some(advice) = self.problem.advice(lang) {
            let _ = writeln!(out, "{gap} = {advice}");
        }
        out
    }

    /// The line, cut to a readable window around the span, and the carets under it.
    fn line_with_caret(&self, source: &Source) -> (String, String) {
        const BEFORE: usize = 40;
        const WINDOW: usize = 96;
        let (line, start) = source.line_at(self.span.start);
        let at = self.span.start.saturating_sub(start).min(line.len());
        let end = self.span.end.saturating_sub(start).clamp(at, line.len());
        let skipped = line.get(..at).map_or(0, |b| b.chars().count().saturating_sub(BEFORE));
        let skip = if line.chars().count() <= WINDOW { 0 } else { skipped };
        let (mut text, mut caret) = (String::new(), String::new());
        if skip > 0 {
            text.push('…');
            caret.push(' ');
        }
        for (i, c) in line.char_indices().skip(skip).take(WINDOW) {
            let shown = if c == '\t' { ' ' } else { c };
            text.push(shown);
            let sign = if i < at {
                " "
            } else if i < end {
                "^"
            } else {
                ""
            };
            caret.push_str(&sign.repeat(shown.width().unwrap_or(0)));
        }
        if !caret.contains('^') {
            caret.push('^');
        }
        (text.trim_end().to_owned(), caret)
    }
}

/// A message of a length that can be read: an author's address can have megabytes.
fn cut(message: &str) -> String {
    const LONGEST: usize = 400;
    match message.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", message.get(..end).unwrap_or_default()),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_place() {
        let source = Source::new("es/a.md", "hola\nñandú {{% notice %}}\n");
        let at = source.text.find("{{%").unwrap();
        let d = Diagnostic {
            problem: Problem::NotClosed("notice".into()),
            span: Span { start: at, end: at + "{{% notice %}}".len() },
        };
        let shown = d.report(&source, Lang::En);
        assert_eq!(
            shown,
            "error: the shortcode `notice` isn't closed\n --> es/a.md:2:7\n2 | ñandú {{% notice %}}\n  |       ^^^^^^^^^^^^^^\n  = close it with {{% /notice %}}\n"
        );
        assert!(d.report(&source, Lang::Es).contains("no se cierra"));
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let source = Source::new("a.md", &format!("{}HERE{}", "日".repeat(200), "y".repeat(5000)));
        let at = source.text.find("HERE").unwrap();
        let d = Diagnostic { problem: Problem::TagName, span: Span { start: at, end: at + 4 } };
        let shown = d.report(&source, Lang::En);
        assert!(shown.lines().all(|l| l.chars().count() < 160), "{shown}");
        assert!(shown.contains("HERE"));
    }
}
