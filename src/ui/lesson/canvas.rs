//! Where a lesson's lines are written: keeps the margins (bars, indents, markers) of the blocks around
//! and notes where links, code and headings land.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use super::look::Look;
use super::rendered::{Place, Rendered, column};
use super::wrap::{Chunk, Row, wrap};

/// The least room a margin must leave for text.
const ROOM: usize = 4;
/// The most bytes of code that are coloured in a lesson: colouring takes far longer than laying out.
const COLOURED: usize = 400_000;

/// What stands left of a block's lines.
struct Margin {
    first: Option<Span<'static>>,
    rest: Span<'static>,
    width: usize,
}

/// The sheet a lesson is written on.
pub(super) struct Canvas<'a> {
    pub look: &'a Look<'a>,
    pub out: Rendered,
    margins: Vec<Margin>,
    width: usize,
    /// How many lists one is in.
    pub depth: usize,
    /// A blank line is due before the next one.
    gap_due: bool,
    /// How many bytes of code may still be coloured.
    colour: usize,
}

impl<'a> Canvas<'a> {
    pub fn new(width: u16, look: &'a Look<'a>) -> Canvas<'a> {
        let out = Rendered::default();
        Canvas {
            look,
            out,
            margins: Vec::new(),
            width: usize::from(width),
            depth: 0,
            gap_due: false,
            colour: COLOURED,
        }
    }

    /// Whether so many bytes of code may be coloured; counts them.
    pub fn may_colour(&mut self, bytes: usize) -> bool {
        let left = self.colour.checked_sub(bytes);
        self.colour = left.unwrap_or(0);
        left.is_some()
    }

    pub fn finish(self) -> Rendered {
        self.out
    }

    /// The columns the margins take.
    pub fn margin(&self) -> usize {
        self.margins.iter().map(|m| m.width).sum()
    }

    /// The columns left for text.
    pub fn room(&self) -> usize {
        self.width - self.margin()
    }

    /// The line the next row goes to.
    pub fn next_line(&self) -> usize {
        self.out.lines.len()
    }

    /// Runs `body` with `first` (once) and then `rest` at the left of its lines; without either where
    /// too little room would be left.
    pub fn within<R>(
        &mut self,
        first: Option<Span<'static>>,
        rest: Span<'static>,
        body: impl FnOnce(&mut Self) -> R,
    ) -> R {
        self.write_gap();
        let width = rest.content.width();
        let fits = self.room() >= width + ROOM;
        let margin = if fits {
            Margin { first, rest, width }
        } else {
            Margin { first: None, rest: Span::raw(""), width: 0 }
        };
        self.margins.push(margin);
        let result = body(self);
        self.margins.pop();
        result
    }

    /// Asks for a blank line before what comes next.
    pub fn gap(&mut self) {
        self.gap_due = !self.out.lines.is_empty();
    }

    /// Writes the blank line that is due.
    pub fn write_gap(&mut self) {
        if std::mem::take(&mut self.gap_due) {
            // A gap belongs to the blocks around: markers wait for the first line of text.
            let spans = self.margins.iter().filter(|m| m.first.is_none()).map(|m| m.rest.clone()).collect();
            self.push(trim_end(spans));
        }
    }

    fn push(&mut self, spans: Vec<Span<'static>>) {
        self.out.lines.push(Line::from(spans));
    }

    /// Writes one line, and notes its links.
    pub fn row(&mut self, row: Row) {
        self.write_gap();
        let line = self.out.lines.len();
        let left = self.margin();
        for (link, columns) in row.links {
            if let Some(link) = self.out.links.get_mut(link) {
                let columns = column(left + columns.start)..column(left + columns.end);
                link.places.push(Place { line, columns });
            }
        }
        let mut spans: Vec<Span<'static>> = Vec::with_capacity(self.margins.len() + row.spans.len());
        for margin in &mut self.margins {
            spans.push(margin.first.take().unwrap_or_else(|| margin.rest.clone()));
        }
        spans.retain(|s| !s.content.is_empty());
        spans.extend(row.spans);
        self.push(spans);
    }

    /// Writes text wrapped to the room there is.
    pub fn text(&mut self, chunks: &[Chunk]) {
        for row in wrap(chunks, self.room()) {
            self.row(row);
        }
    }

    /// Writes words in one style, wrapped.
    pub fn styled_words(&mut self, words: &str, style: Style) {
        self.text(&[Chunk::new(words, style)]);
    }

    /// Leaves `rows` lines free and says which.
    pub fn leave_rows(&mut self, rows: u16) -> Range<usize> {
        self.write_gap();
        let start = self.next_line();
        for _ in 0..rows {
            self.row(Row::default());
        }
        start..self.next_line()
    }
}

/// Spans without blanks at the end.
fn trim_end(mut spans: Vec<Span<'static>>) -> Vec<Span<'static>> {
    while spans.last().is_some_and(|s| s.content.trim().is_empty()) {
        spans.pop();
    }
    if let Some(last) = spans.last_mut() {
        last.content = last.content.trim_end().to_owned().into();
    }
    spans
}
