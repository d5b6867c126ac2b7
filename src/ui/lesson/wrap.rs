//! Breaks styled text into lines: at blanks, between wide characters, and inside a word only when the
//! word alone is wider than the line.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::Span;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// Text in one style, perhaps of a link (its index).
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub text: String,
    pub style: Style,
    pub link: Option<usize>,
    pub ends_line: bool,
}

impl Chunk {
    pub fn new(text: impl Into<String>, style: Style) -> Chunk {
        Chunk { text: text.into(), style, link: None, ends_line: false }
    }

    pub fn line_break() -> Chunk {
        Chunk { ends_line: true, ..Chunk::new("", Style::new()) }
    }
}

/// A line: its spans, their width in cells, and where links stand in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub spans: Vec<Span<'static>>,
    pub width: usize,
    pub links: Vec<(usize, Range<usize>)>,
}

impl Row {
    pub fn push(&mut self, text: &str, width: usize, style: Style, link: Option<usize>) {
        if text.is_empty() {
            return;
        }
        if let Some(link) = link {
            match self.links.last_mut() {
                Some((last, range)) if *last == link && range.end == self.width => range.end += width,
                _ => self.links.push((link, self.width..self.width + width)),
            }
        }
        self.width += width;
        match self.spans.last_mut() {
            Some(span) if span.style == style => span.content.to_mut().push_str(text),
            _ => self.spans.push(Span::styled(text.to_owned(), style)),
        }
    }
}

/// A part of a word in one style.
struct Part<'a> {
    text: &'a str,
    width: usize,
    style: Style,
    link: Option<usize>,
}

struct Wrapper<'a> {
    width: usize,
    rows: Vec<Row>,
    row: Row,
    word: Vec<Part<'a>>,
    word_width: usize,
    space: Option<(Style, Option<usize>)>,
}

/// The lines of `chunks` at `width` cells (at least 2).
pub(super) fn wrap(chunks: &[Chunk], width: usize) -> Vec<Row> {
    let mut wrapper = Wrapper {
        width: width.max(2),
        rows: Vec::new(),
        row: Row::default(),
        word: Vec::new(),
        word_width: 0,
        space: None,
    };
    for chunk in chunks {
        if chunk.ends_line {
            wrapper.end_word();
            wrapper.end_row();
        } else if chunk.text.is_ascii() {
            wrapper.ascii(chunk);
        } else {
            wrapper.unicode(chunk);
        }
    }
    wrapper.end_word();
    if !wrapper.row.spans.is_empty() {
        wrapper.end_row();
    }
    wrapper.rows
}

/// The widest line of `chunks` if nothing wrapped, and the widest word.
pub(super) fn measure(chunks: &[Chunk]) -> (usize, usize) {
    const WIDE: usize = 10_000;
    let rows = wrap(chunks, WIDE);
    let line = rows.iter().map(|r| r.width).max().unwrap_or(0);
    let text: String = chunks.iter().map(|c| if c.ends_line { "\n" } else { c.text.as_str() }).collect();
    let word = text.split_whitespace().map(str::width).max().unwrap_or(0);
    (line, word)
}

impl<'a> Wrapper<'a> {
    fn ascii(&mut self, chunk: &'a Chunk) {
        let mut rest = chunk.text.as_str();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            self.push(word, word.len(), chunk);
            rest = after.trim_start_matches(|c: char| c.is_ascii_whitespace());
            if rest.len() < after.len() {
                self.blank(chunk);
            }
        }
    }

    fn unicode(&mut self, chunk: &'a Chunk) {
        let is_blank = |c: char| c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}';
        let mut rest = chunk.text.as_str();
        while !rest.is_empty() {
            let (word, after) = rest.split_at(rest.find(is_blank).unwrap_or(rest.len()));
            match narrow(word) {
                Some(width) => self.push(word, width, chunk),
                None => self.graphemes(word, chunk),
            }
            rest = after.trim_start_matches(is_blank);
            if rest.len() < after.len() {
                self.blank(chunk);
            }
        }
    }

    fn graphemes(&mut self, word: &'a str, chunk: &'a Chunk) {
        for grapheme in word.graphemes(true).map(shorten) {
            let width = grapheme.width();
            let wide = width > 1;
            if wide && !closes(grapheme) {
                self.end_word();
            }
            self.push(grapheme, width, chunk);
            // A wide character lets the line end after it; what closes stays with it.
            if wide && self.word_width > self.width / 2 {
                self.end_word();
            }
        }
    }

    fn push(&mut self, text: &'a str, width: usize, chunk: &Chunk) {
        if text.is_empty() {
            return;
        }
        self.word.push(Part { text, width, style: chunk.style, link: chunk.link });
        self.word_width += width;
    }

    fn blank(&mut self, chunk: &Chunk) {
        self.end_word();
        if !self.row.spans.is_empty() {
            self.space = Some((chunk.style, chunk.link));
        }
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let word = std::mem::take(&mut self.word);
        let width = std::mem::take(&mut self.word_width);
        let space = self.space.take();
        let lead = usize::from(space.is_some());
        if self.row.width + lead + width <= self.width {
            if let Some((style, link)) = space {
                // A blank between two words of one link is part of it; one before it is not.
                let link = link.filter(|l| word.first().is_some_and(|p| p.link == Some(*l)));
                let style = if link.is_some() || word.first().is_some_and(|p| p.style == style) {
                    style
                } else {
                    Style::new()
                };
                self.row.push(" ", 1, style, link);
            }
        } else if !self.row.spans.is_empty() {
            self.end_row();
        }
        if width > self.width {
            self.split(&word);
            return;
        }
        for part in word {
            self.row.push(part.text, part.width, part.style, part.link);
        }
    }

    /// Places a word wider than the line, after a sign such as `/` where there is one near the end.
    fn split(&mut self, word: &[Part<'a>]) {
        for part in word {
            let mut rest = part.text;
            while !rest.is_empty() {
                let room = self.width.saturating_sub(self.row.width);
                let (fits, whole) = prefix(rest, room);
                let end = if whole { fits } else { softer_break(rest, fits, room) };
                let (text, after) = rest.split_at(end);
                if text.is_empty() {
                    if self.row.spans.is_empty() {
                        // Nothing fits an empty line: a character wider than the line is left out.
                        rest = rest.graphemes(true).next().and_then(|g| rest.get(g.len()..)).unwrap_or("");
                    } else {
                        self.end_row();
                    }
                    continue;
                }
                self.row.push(text, text.width(), part.style, part.link);
                rest = after;
                if !rest.is_empty() {
                    self.end_row();
                }
            }
        }
    }

    fn end_row(&mut self) {
        self.space = None;
        self.rows.push(std::mem::take(&mut self.row));
    }
}

/// The width of text of which every character takes one cell (Latin letters and signs); `None` for other.
fn narrow(text: &str) -> Option<usize> {
    let is_narrow = |c: char| matches!(c, ' '..='~' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}');
    text.chars().try_fold(0, |n, c| is_narrow(c).then_some(n + 1))
}

/// A character as the eye sees it, without the marks and joined signs beyond a length no script needs: there can
/// be megabytes of them on one letter.
fn shorten(grapheme: &str) -> &str {
    const LONGEST: usize = 128;
    if grapheme.len() <= LONGEST {
        return grapheme;
    }
    let end = (0..=LONGEST).rev().find(|end| grapheme.is_char_boundary(*end)).unwrap_or(0);
    grapheme.get(..end).unwrap_or_default()
}

/// Text whose characters all have a length that some script needs.
pub(super) fn shorten_graphemes(text: &str) -> Cow<'_, str> {
    // Only in a long run without ASCII can there be a character so long.
    if !text.as_bytes().split(u8::is_ascii).any(|run| run.len() > 128) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.graphemes(true).map(shorten).collect())
}

/// The bytes of `text` that fit `room` cells, and whether that is all of it.
pub(super) fn prefix(text: &str, room: usize) -> (usize, bool) {
    // Only what can fit is looked at: the rest of a huge word comes by again with each line.
    let head = text.as_bytes().get(..=room).unwrap_or(text.as_bytes());
    if head.is_ascii() {
        return (room.min(text.len()), room >= text.len());
    }
    let (mut width, mut end) = (0, 0);
    for grapheme in text.graphemes(true) {
        width += grapheme.width();
        if width > room {
            return (end, false);
        }
        end += grapheme.len();
    }
    (end, true)
}

/// A nicer place to break than `end`: after a sign that separates, if it is in the last third.
fn softer_break(text: &str, end: usize, room: usize) -> usize {
    let head = text.get(..end).unwrap_or_default();
    let sign = head.rfind(['/', '-', '_', '.', '?', '&', '=', ':', ',']).map_or(0, |i| i + 1);
    if head.get(..sign).map_or(0, str::width) * 3 >= room * 2 { sign } else { end }
}

/// Whether a wide sign belongs to what is before it.
fn closes(grapheme: &str) -> bool {
    grapheme
        .starts_with(['。', '、', '，', '．', '」', '』', '）', '】', '》', '！', '？', '：', '；', '”', '’'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, width: usize) -> Vec<String> {
        let rows = wrap(&[Chunk::new(text, Style::new())], width);
        assert!(rows.iter().all(|r| r.width <= width), "{rows:?}");
        rows.iter().map(|r| r.spans.iter().map(|s| s.content.as_ref()).collect()).collect()
    }

    #[test]
    fn words_wrap_at_blanks_and_long_ones_break() {
        assert_eq!(lines("uno dos  tres\ncuatro", 8), ["uno dos", "tres", "cuatro"]);
        assert_eq!(lines("https://example.com/a/very/long", 12), ["https://", "example.com/", "a/very/long"]);
        assert_eq!(lines("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert!(lines("   ", 5).is_empty());
    }

    #[test]
    fn a_letter_keeps_the_accent_that_follows_the_edge() {
        assert_eq!(prefix("abe\u{301}", 3), (5, true));
        assert_eq!(prefix("abe\u{301}f", 3), (5, false));
        assert_eq!(prefix("abcd日", 3), (3, false));
    }

    #[test]
    fn wide_characters_take_two_cells_and_break_anywhere() {
        assert_eq!(lines("日本語テスト", 5), ["日本", "語テ", "スト"]);
        assert_eq!(lines("añb 👩‍👩‍👧 c", 4), ["añb", "👩‍👩‍👧 c"]);
    }

    #[test]
    fn a_link_knows_its_columns_on_each_line() {
        let link = Chunk { link: Some(0), ..Chunk::new("two words", Style::new()) };
        let rows = wrap(&[Chunk::new("see ", Style::new()), link, Chunk::new(", ok", Style::new())], 8);
        assert_eq!(rows[0].links, [(0, 4..7)]);
        assert_eq!(rows[1].links, [(0, 0..5)]);
    }
}
