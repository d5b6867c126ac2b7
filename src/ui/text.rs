//! Text for cells: cleaned of what a terminal would obey, cut with an ellipsis, wrapped at words, and
//! measured in columns.

use std::borrow::Cow;

use ground::look::Charset;
use ratatui::buffer::{Buffer, Cell};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Columns as ratatui counts them.
pub(super) fn columns(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}

pub(super) use ground::lang::printable as clean;

/// Takes out of the whole screen what turns the direction of writing or is not seen, whoever wrote it there.
/// Control characters never come so far: ratatui draws none, and pictures are sent by their own.
pub(super) fn make_harmless(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if let Cow::Owned(clean) = harmless_cell(cell) {
            *cell = clean;
        }
    }
}

/// The same for one cell.
pub(super) fn harmless_cell(cell: &Cell) -> Cow<'_, Cell> {
    let hidden = |c: char| !c.is_control() && ground::lang::is_unprintable(c);
    let symbol = cell.symbol();
    if !may_hide(symbol.as_bytes()) || !symbol.contains(hidden) {
        return Cow::Borrowed(cell);
    }
    let left: String = symbol.chars().filter(|c| !hidden(*c)).collect();
    let mut clean = cell.clone();
    clean.set_symbol(if left.is_empty() { " " } else { &left });
    Cow::Owned(clean)
}

/// Whether a hidden character may be among these bytes; most cells of a screen are told apart by their first.
fn may_hide(bytes: &[u8]) -> bool {
    match bytes {
        [] | [_] => false,
        [0xE2, second, _] => matches!(second, 0x80 | 0x81),
        [0xC3..=0xD7, _] => false,
        _ => true,
    }
}

/// `text` in at most `max` columns, with an ellipsis where it is cut.
pub(super) fn cut(text: &str, max: usize, signs: Charset) -> String {
    let text = clean(text);
    if width(&text) <= max {
        return text.into_owned();
    }
    let mark = signs.ellipsis();
    let room = max.saturating_sub(width(mark));
    let mut out = String::new();
    let mut used = 0;
    for piece in text.graphemes(true) {
        let w = width(piece);
        if used + w > room {
            break;
        }
        out.push_str(piece);
        used += w;
    }
    if max >= width(mark) {
        out.push_str(mark);
    }
    out
}

/// `text` in exactly `columns` columns: cut, or filled with blanks.
pub(super) fn fit(text: &str, columns: usize, signs: Charset) -> String {
    let mut out = cut(text, columns, signs);
    let missing = columns.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// `text` with its blanks made firm: a line is not broken within.
pub(super) fn with_firm_blanks(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// `text` in lines of at most `max` columns, broken between words; a word longer than a line is
/// broken where the line ends. Line breaks of the text are kept.
pub(super) fn wrap(text: &str, max: usize) -> Vec<String> {
    let max = max.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let paragraph = clean(paragraph);
        let mut line = String::new();
        for word in paragraph.split([' ', '\t']).filter(|w| !w.is_empty()) {
            let gap = usize::from(!line.is_empty());
            if width(&line) + gap + width(word) <= max {
                if gap > 0 {
                    line.push(' ');
                }
                line.push_str(word);
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = break_word(word, max, &mut lines);
        }
        lines.push(line);
    }
    lines
}

/// Pushes the full lines of a long word and answers with its rest.
fn break_word(word: &str, max: usize, lines: &mut Vec<String>) -> String {
    let mut line = String::new();
    for piece in word.graphemes(true) {
        if !line.is_empty() && width(&line) + width(piece) > max {
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(piece);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_by_columns_not_characters() {
        let signs = Charset::Unicode;
        assert_eq!(cut("Comprobaciones", 20, signs), "Comprobaciones");
        assert_eq!(cut("Comprobaciones", 6, signs), "Compr…");
        assert_eq!(cut("漢字漢字", 5, signs), "漢字…");
        assert_eq!(cut("abc", 0, signs), "");
        assert_eq!(cut("abcdef", 5, Charset::Ascii), "ab...");
        assert_eq!(fit("ñ", 3, signs), "ñ  ");
    }

    #[test]
    fn no_hidden_character_stays_on_the_screen() {
        use ratatui::layout::Rect;
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        for (x, symbol) in
            ["a", "é", "─", "\u{202E}", "b\u{61C}", "👩\u{200D}👧", "…", "x\u{E0041}"].into_iter().enumerate()
        {
            buffer.content[x].set_symbol(symbol);
        }
        make_harmless(&mut buffer);
        let left: Vec<&str> = buffer.content.iter().map(|c| c.symbol()).collect();
        assert_eq!(left, ["a", "é", "─", " ", "b", "👩\u{200D}👧", "…", "x"]);
    }

    #[test]
    fn words_wrap_and_long_ones_break() {
        assert_eq!(wrap("uno dos tres", 7), ["uno dos", "tres"]);
        assert_eq!(wrap("arn:aws:rds", 4), ["arn:", "aws:", "rds"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(
            wrap(&format!("unos {}", with_firm_blanks("1 m 15 s")), 10),
            ["unos", "1\u{a0}m\u{a0}15\u{a0}s"]
        );
    }
}
