//! Blocks of code: a bar, the language, the lines in colour; a line too long is carried on below.

use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr as _;

use super::canvas::Canvas;
use super::look::Marks;
use super::rendered::CodeAt;
use super::wrap::{Row, prefix, shorten_graphemes};
use crate::ui::theme::Role;

/// Columns a tab moves on to a multiple of.
const TAB: usize = 4;

/// Languages that say nothing about the code.
const PLAIN: [&str; 5] = ["text", "txt", "plain", "plaintext", "none"];

/// Writes a block of code.
pub(super) fn block(canvas: &mut Canvas<'_>, language: Option<&str>, text: &str) {
    canvas.write_gap();
    let start = canvas.next_line();
    if canvas.look.marks == Marks::Text {
        write_fenced(canvas, language, text);
    } else {
        let bar =
            Span::styled(format!("{} ", canvas.look.symbols.column()), canvas.look.style(Role::TableBorder));
        canvas.within(None, bar, |c| {
            if let Some(language) = language.filter(|l| !PLAIN.contains(l)) {
                c.styled_words(language, c.look.style(Role::Muted));
            }
            lines(c, language, text);
        });
    }
    let lines = start..canvas.next_line();
    canvas.out.code.push(CodeAt { language: language.map(str::to_owned), text: text.to_owned(), lines });
}

fn write_fenced(canvas: &mut Canvas<'_>, language: Option<&str>, text: &str) {
    let style = canvas.look.style(Role::Muted);
    canvas.styled_words(&format!("```{}", language.unwrap_or_default()), style);
    lines(canvas, language, text);
    canvas.styled_words("```", style);
}

fn lines(canvas: &mut Canvas<'_>, language: Option<&str>, text: &str) {
    let plain = canvas.look.style(Role::CodeBlock);
    let coloured = match (canvas.look.highlight, language) {
        (Some(highlighter), Some(language)) if canvas.may_colour(text.len()) => {
            highlighter.lines(language, text)
        }
        _ => None,
    };
    for (i, line) in text.lines().enumerate() {
        match coloured.as_ref().and_then(|c| c.get(i)) {
            Some(parts) => {
                let parts = parts.iter().map(|(role, t)| (t.as_str(), canvas.look.style(*role)));
                write_wrapped(canvas, parts.collect());
            }
            None => write_wrapped(canvas, vec![(line, plain)]),
        }
    }
}

/// Writes one line of code on as many lines as it takes.
fn write_wrapped(canvas: &mut Canvas<'_>, parts: Vec<(&str, Style)>) {
    const HANG: usize = 2;
    let room = canvas.room();
    let mut row = Row::default();
    let mut at = 0;
    for (text, style) in parts {
        let text = expand_tabs(text, &mut at);
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (mut end, whole) = prefix(rest, room.saturating_sub(row.width));
            if !whole {
                // Break after a blank when that leaves the line at least half full.
                let blank = rest.get(..end).and_then(|h| h.rfind(' ')).map_or(0, |i| i + 1);
                let full = row.width + rest.get(..blank).map_or(0, str::width);
                end = if blank > 0 && full * 2 > room { blank } else { end };
            }
            let (text, after) = rest.split_at(end);
            if text.is_empty() && row.width <= HANG {
                // A character wider than the room is left out.
                rest = rest.char_indices().nth(1).and_then(|(i, _)| rest.get(i..)).unwrap_or("");
                continue;
            }
            row.push(text, text.width(), style, None);
            rest = after;
            if !rest.is_empty() {
                canvas.row(std::mem::take(&mut row));
                if room > HANG + 4 {
                    row.push("  ", HANG, Style::new(), None);
                }
            }
        }
    }
    canvas.row(row);
}

/// Text with its tabs as blanks; `at` is the column it begins at and then ends at.
fn expand_tabs(text: &str, at: &mut usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, part) in text.trim_end_matches('\n').split('\t').enumerate() {
        if i > 0 {
            let blanks = TAB - *at % TAB;
            out.push_str(&" ".repeat(blanks));
            *at += blanks;
        }
        let part = shorten_graphemes(part);
        out.push_str(&part);
        *at += part.width();
    }
    out
}
