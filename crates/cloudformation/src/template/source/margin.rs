//! Quoted text that continues left of the block it stands in. YAML 1.2 forbids it; the parsers of
//! YAML 1.1, CloudFormation's among them, take it, and generators have written such templates.

use saphyr_parser::{Marker, ScanError};

/// How many such texts are mended in one template before it is given up.
pub(super) const MENDINGS: usize = 40;

/// How many blanks one mending may add.
const GROWTH: usize = 65_536;

/// The start of the quoted text that `error` is about, if that is what it is about.
pub(super) fn place_of(error: &ScanError) -> Option<Marker> {
    (error.info() == "invalid indentation in quoted scalar").then(|| *error.marker())
}

/// `text` with the lines of the quoted text at `start` moved right of its beginning. Blanks at the
/// beginning of such lines do not count, so the meaning stays.
pub(super) fn mend(text: &str, start: Marker) -> Option<String> {
    let (begin, quote) = text.char_indices().nth(start.index()).filter(|(_, c)| matches!(c, '"' | '\''))?;
    let inside = begin + 1;
    let length = length(&text[inside..], quote)?;
    let (body, rest) = text[inside..].split_at(length);
    // Indenting every line by a far column would make megabytes of a short text.
    let grown = body.matches('\n').count().saturating_mul(start.col() + 1);
    if grown > GROWTH {
        return None;
    }
    let indented = body.replace('\n', &format!("\n{:1$}", "", start.col() + 1));
    Some([&text[..inside], &indented, rest].concat())
}

/// Bytes up to the closing quote.
fn length(text: &str, quote: char) -> Option<usize> {
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' if quote == '"' => {
                characters.next();
            }
            '\'' if quote == '\'' && characters.peek().is_some_and(|(_, next)| *next == '\'') => {
                characters.next();
            }
            _ if character == quote => return Some(at),
            _ => {}
        }
    }
    None
}
