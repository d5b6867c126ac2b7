//! A lesson's file as text: read within limits, freed of escape codes and control characters, with
//! the way from a byte to a line and column. Everything in `lessons` reads from here.

use std::path::{Path, PathBuf};

use super::document::Span;
use ground::lang::Lang;
use ground::reading::{self, Other, Refused};
use ground::tr;

/// The most bytes a lesson may have: 10 MiB.
pub const LIMIT: u64 = 10 * 1024 * 1024;

/// The most bytes of front matter that are read: what parsers of its languages make of more is not ours to bound.
pub const LONGEST_FRONT: usize = 32 * 1024;

/// Marks the start of a placeholder that stands for a shortcode; never left in a source.
pub(super) const OPEN: char = '\u{E000}';
/// Marks the end of a placeholder.
pub(super) const CLOSE: char = '\u{E001}';

/// Why a lesson can't be read at all.
#[derive(Debug, thiserror::Error)]
pub enum LessonError {
    /// The file or folder can't be opened.
    #[error("{}: {cause}", path.display())]
    Open {
        /// What was to be opened.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// It is no regular file.
    #[error("{}: {}, not a file", path.display(), what.text(Lang::En))]
    NotAFile {
        /// Where it is.
        path: PathBuf,
        /// What it is.
        what: Other,
    },
    /// The file is larger than `LIMIT`.
    #[error("{}: more bytes than a lesson may have ({LIMIT})", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The folder holds more than a library may.
    #[error("{}: more than a library may hold ({files} files, {mib} MiB); the rest is left out", path.display())]
    TooMuch {
        /// The folder.
        path: PathBuf,
        /// The most files.
        files: usize,
        /// The most of their bytes, in MiB.
        mib: u64,
    },
    /// The file holds a zero byte: it is no text.
    #[error("{}: not a text file (there is a zero byte at {at})", path.display())]
    Binary {
        /// The file.
        path: PathBuf,
        /// The byte's offset.
        at: usize,
    },
    /// The file isn't UTF-8.
    #[error("{}: not UTF-8 (line {line}, byte {at})", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line of the first wrong byte.
        line: usize,
        /// Its offset.
        at: usize,
    },
    /// The folder has no lesson.
    #[error("{}: there are no lessons (`.md` files) in this folder", .0.display())]
    Empty(PathBuf),
    /// The library has no such page.
    #[error("there is no lesson `{0}`")]
    NoSuchPage(String),
}

impl LessonError {
    /// The message in `lang`: what happened and what to do.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let shown = |p: &Path| sanitise(&p.display().to_string()).0;
        match self {
            LessonError::Open { path, cause } => {
                let (p, c) = (shown(path), cause);
                tr!(
                    lang,
                    "no se puede abrir {p}: {c}. Comprueba la ruta y los permisos.",
                    "{p} can't be opened: {c}. Check the path and its permissions."
                )
            }
            LessonError::NotAFile { path, what } => {
                let (p, what) = (shown(path), what.text(lang));
                tr!(
                    lang,
                    "{p} es {what}, no un fichero. Quítalo de la carpeta o pon en su lugar un fichero normal.",
                    "{p} is {what}, not a file. Take it out of the folder or put a regular file there."
                )
            }
            LessonError::TooLarge { path } => {
                let (p, mib) = (shown(path), LIMIT / 1024 / 1024);
                tr!(
                    lang,
                    "{p} pasa de {mib} MiB, lo más que puede ocupar una lección. Divídela en varias.",
                    "{p} has more MiB than a lesson may have: {mib} at most. Split it."
                )
            }
            LessonError::TooMuch { path, files, mib } => {
                let p = shown(path);
                tr!(
                    lang,
                    "{p} tiene más de lo que se lee de una vez ({files} ficheros, {mib} MiB); lo demás queda fuera. Indica la carpeta de un solo curso.",
                    "{p} holds more than is read at once ({files} files, {mib} MiB); the rest is left out. Name the folder of one course."
                )
            }
            LessonError::Binary { path, at } => {
                let p = shown(path);
                tr!(
                    lang,
                    "{p} no es un texto (byte cero en la posición {at}). Guárdalo como Markdown en UTF-8.",
                    "{p} is not text (zero byte at {at}). Save it as Markdown in UTF-8."
                )
            }
            LessonError::NotUtf8 { path, line, at } => {
                let p = shown(path);
                tr!(
                    lang,
                    "{p} no está en UTF-8 (línea {line}, byte {at}). Vuelve a guardarlo en UTF-8.",
                    "{p} is not UTF-8 (line {line}, byte {at}). Save it again as UTF-8."
                )
            }
            LessonError::Empty(path) => {
                let p = shown(path);
                tr!(
                    lang,
                    "no hay lecciones (ficheros .md) en {p}. Indica la carpeta del contenido.",
                    "there are no lessons (.md files) in {p}. Name the folder of the content."
                )
            }
            LessonError::NoSuchPage(name) => {
                let n = sanitise(name).0;
                tr!(lang, "no existe la lección «{n}»", "there is no lesson `{n}`")
            }
        }
    }
}

/// A lesson's text and where it came from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file, as a person would name it.
    pub path: PathBuf,
    /// Its text: line breaks are `\n`; control characters and escape codes are gone.
    pub text: String,
    /// How many control characters and escape codes were taken out.
    pub removed: usize,
}

impl Source {
    /// A source from text that is already in memory.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, text: &str) -> Source {
        let (text, removed) = sanitise(text);
        Source { path: path.into(), text, removed }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// When it can't be opened, is no regular file, is larger than 10 MiB, is binary, or isn't UTF-8.
    pub fn read(path: &Path) -> Result<Source, LessonError> {
        let bytes = reading::regular(path, LIMIT).map_err(|refused| match refused {
            Refused::System(cause) => LessonError::Open { path: path.to_owned(), cause },
            Refused::NotAFile(what) => LessonError::NotAFile { path: path.to_owned(), what },
            Refused::TooLarge => LessonError::TooLarge { path: path.to_owned() },
        })?;
        Source::from_bytes(path, &bytes)
    }

    /// A source from a file's bytes.
    ///
    /// # Errors
    /// When they are more than 10 MiB, hold a zero byte, or aren't UTF-8.
    pub fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Source, LessonError> {
        let path = path.to_owned();
        if bytes.len() as u64 > LIMIT {
            return Err(LessonError::TooLarge { path });
        }
        if let Some(at) = bytes.iter().position(|b| *b == 0) {
            return Err(LessonError::Binary { path, at });
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Source::new(path, text)),
            Err(e) => {
                let at = e.valid_up_to();
                let line = bytes.iter().take(at).filter(|b| **b == b'\n').count() + 1;
                Err(LessonError::NotUtf8 { path, line, at })
            }
        }
    }

    /// The line and column (both from 1, the column in characters) of a byte.
    #[must_use]
    pub fn place(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..floor(&self.text, at)).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        (line, before.get(start..).unwrap_or_default().chars().count() + 1)
    }

    /// The line that holds a byte, and that line's first byte.
    #[must_use]
    pub fn line_at(&self, at: usize) -> (&str, usize) {
        let at = floor(&self.text, at);
        let start = self.text.get(..at).and_then(|b| b.rfind('\n')).map_or(0, |i| i + 1);
        let rest = self.text.get(start..).unwrap_or_default();
        (rest.split('\n').next().unwrap_or_default(), start)
    }

    /// The text of a span; nothing when it lies outside.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }
}

/// The nearest character boundary at or before `at`.
pub(super) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Takes out escape sequences, control characters (but `\n` and `\t`), direction overrides, the byte
/// order mark and the placeholder signs; line breaks become `\n`. Also says how many it took.
#[must_use]
pub fn sanitise(text: &str) -> (String, usize) {
    if !text.chars().any(is_unwanted) {
        return (text.to_owned(), 0);
    }
    let mut out = String::with_capacity(text.len());
    let mut removed = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\u{1b}' => {
                removed += 1;
                skip_escape(&mut chars);
            }
            '\u{feff}' => {}
            c if is_unwanted(c) => removed += 1,
            c => out.push(c),
        }
    }
    (out, removed)
}

fn is_unwanted(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        OPEN | CLOSE | '\u{feff}' => true,
        c => ground::lang::is_unprintable(c),
    }
}

/// Skips what follows an escape character: a CSI sequence, a string sequence, or one character.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            while chars.next_if(|c| matches!(c, ' '..='?')).is_some() {}
            chars.next_if(|c| matches!(c, '@'..='~'));
        }
        Some(']' | 'P' | '^' | '_' | 'X') => {
            chars.next();
            // A string that doesn't end on its line is a stray introducer: only the introducer goes.
            let rest = chars.clone();
            let ended = rest.take_while(|c| *c != '\n').position(|c| matches!(c, '\u{7}' | '\u{1b}'));
            for _ in 0..ended.map_or(0, |n| n + 1) {
                chars.next();
            }
            chars.next_if(|c| ended.is_some() && *c == '\\');
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_codes_and_control_characters_go() {
        assert_eq!(sanitise("a\u{1b}[31mred\u{1b}[0m b").0, "ared b");
        assert_eq!(sanitise("x\u{1b}]8;;http://evil\u{1b}\\y").0, "xy");
        assert_eq!(sanitise("x\u{1b}]0;title\u{7}y").0, "xy");
        assert_eq!(sanitise("x\u{1b}]open\ny").0, "xopen\ny");
        assert_eq!(sanitise("\u{feff}a\r\nb\rc\u{8}\u{9b}\u{202e}").0, "a\nb\nc");
        assert_eq!(sanitise("plain\ttext\n"), ("plain\ttext\n".to_owned(), 0));
    }

    #[test]
    fn a_byte_has_a_line_and_a_column() {
        let s = Source::new("x.md", "uno\nañb\n");
        assert_eq!(s.place(0), (1, 1));
        assert_eq!(s.place("uno\nañ".len()), (2, 3));
        assert_eq!(s.place(999), (3, 1));
        assert_eq!(s.line_at(5).0, "añb");
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        let p = Path::new("x.md");
        assert!(matches!(Source::from_bytes(p, b"a\0b"), Err(LessonError::Binary { at: 1, .. })));
        assert!(matches!(
            Source::from_bytes(p, b"a\nb\xff"),
            Err(LessonError::NotUtf8 { line: 2, at: 3, .. })
        ));
        let big = vec![b'a'; usize::try_from(LIMIT).unwrap() + 1];
        assert!(matches!(Source::from_bytes(p, &big), Err(LessonError::TooLarge { .. })));
    }
}
