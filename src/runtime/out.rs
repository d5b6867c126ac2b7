//! Standard output and standard error of whatever prints and ends: the one way out for its text. What is
//! printed is cleaned here, so that no writer can forget it; what could not be written is remembered, so
//! that the program's exit code can tell.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use ground::lang::{printable_json, printable_lines};

/// What became of standard output.
#[derive(Debug)]
enum Fate {
    /// Its reader has gone away (`| head`): nobody waits for the rest, and that is no error.
    Unread,
    /// It could not be written.
    Lost(io::Error),
}

static FATE: Mutex<Option<Fate>> = Mutex::new(None);

/// Prints text with the line break after it.
pub fn line(text: impl AsRef<str>) {
    let mut text = printable_lines(text.as_ref()).into_owned();
    text.push('\n');
    write(&text);
}

/// Prints text that brings its own line breaks.
pub fn block(text: impl AsRef<str>) {
    write(&printable_lines(text.as_ref()));
}

/// Prints a value as one line of JSON.
pub fn json(value: &impl Serialize) {
    match serde_json::to_string(value) {
        Ok(text) => write(&format!("{}\n", printable_json(&text))),
        Err(error) => record_failure(error.into()),
    }
}

/// Prints text in colours.
pub fn styled_text(text: &Styled) {
    write(&text.0);
}

/// Prints bytes made by Espera alone and meant for another program, as a script or a page of a manual.
pub fn bytes(bytes: &[u8]) {
    send(bytes);
}

/// Tells a person on standard error. When that cannot be written there is nobody left to tell.
pub fn note(text: impl AsRef<str>) {
    let mut text = printable_lines(text.as_ref()).into_owned();
    text.push('\n');
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Text in colours on standard error.
pub fn note_styled(text: &Styled) {
    let _ = io::stderr().lock().write_all(text.0.as_bytes());
}

/// Asks a person on standard error, whose answer comes on the same line.
pub fn ask(question: impl AsRef<str>) {
    let mut err = io::stderr().lock();
    let _ = err.write_all(format!("{} ", printable_lines(question.as_ref())).as_bytes());
    let _ = err.flush();
}

/// Why the output could not be written, if so; a reader that has gone away is no reason. Asked at the end.
#[must_use]
pub fn lost_output() -> Option<String> {
    match &*FATE.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(Fate::Lost(error)) => Some(error.to_string()),
        Some(Fate::Unread) | None => None,
    }
}

/// Whether something was printed that nobody will ever read.
pub(super) fn is_gone() -> bool {
    FATE.lock().unwrap_or_else(PoisonError::into_inner).is_some()
}

/// Text with colours of ours: each piece of text is cleaned when it is added, so that the only codes in it
/// are those put there on purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Styled(String);

impl Styled {
    /// Adds text.
    pub fn text(&mut self, text: &str) {
        self.0.push_str(&printable_lines(text));
    }

    /// Adds text in the style of these SGR parameters (`1;34`), if there are any.
    pub fn sgr(&mut self, parameters: &str, text: &str) {
        let digits = parameters.chars().all(|c| c.is_ascii_digit() || c == ';');
        match parameters.is_empty() || !digits {
            true => self.text(text),
            false => drop(write!(self.0, "\u{1b}[{parameters}m{}\u{1b}[0m", printable_lines(text))),
        }
    }

    /// Text that holds no word from outside, with the codes it has: clap's help.
    #[must_use]
    pub fn own(text: String) -> Styled {
        Styled(text)
    }

    /// Takes the blanks at the end of the last line off and ends it.
    pub fn end_line(&mut self) {
        let kept = self.0.trim_end_matches(' ').len();
        self.0.truncate(kept);
        self.0.push('\n');
    }

    /// The text with its codes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn write(text: &str) {
    send(text.as_bytes());
}

fn send(bytes: &[u8]) {
    let mut out = io::stdout().lock();
    if let Err(error) = out.write_all(bytes).and_then(|()| out.flush()) {
        record_failure(error);
    }
}

/// Remembers the first failure: what comes after it only follows from it.
fn record_failure(error: io::Error) {
    let mut fate = FATE.lock().unwrap_or_else(PoisonError::into_inner);
    if fate.is_none() {
        *fate = Some(match error.kind() {
            ErrorKind::BrokenPipe => Fate::Unread,
            _ => Fate::Lost(error),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_colours_holds_no_code_but_ours() {
        let mut text = Styled::default();
        text.sgr("1;31", "a\u{1b}[5mb\u{9b}c  ");
        text.sgr("1mX", "d\u{202E}");
        text.end_line();
        assert_eq!(text.as_str(), "\u{1b}[1;31ma[5mbc  \u{1b}[0md\n");
    }
}
