//! A lesson laid out: its lines, and where in them links, code, pictures and headings stand.

use std::ops::Range;

use ratatui::text::Line;

use lessons::document::Target;

/// A lesson laid out. Lines count from 0, columns in cells from 0.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The lines, none wider than the width asked for.
    pub lines: Vec<Line<'static>>,
    /// The links, in reading order.
    pub links: Vec<LinkAt>,
    /// The blocks of code, in reading order.
    pub code: Vec<CodeAt>,
    /// The pictures, in reading order.
    pub images: Vec<ImageAt>,
    /// The headings, in reading order.
    pub headings: Vec<HeadingAt>,
}

impl Rendered {
    /// The line of the heading whose id is `anchor`.
    #[must_use]
    pub fn anchor(&self, anchor: &str) -> Option<usize> {
        self.headings.iter().find(|h| h.id == anchor).map(|h| h.line)
    }

    /// The index of the link at a cell.
    #[must_use]
    pub fn link_at(&self, line: usize, column: u16) -> Option<usize> {
        let here = |l: &LinkAt| l.places.iter().any(|p| p.line == line && p.columns.contains(&column));
        self.links.iter().position(here)
    }

    /// The text of a line, without styles.
    #[must_use]
    pub fn text(&self, line: usize) -> String {
        self.lines.get(line).map(|l| l.spans.iter().map(|s| s.content.as_ref()).collect()).unwrap_or_default()
    }
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The columns, in cells.
    pub columns: Range<u16>,
}

/// A link and where it stands; one that wraps has a place on each line.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkAt {
    /// Where it leads.
    pub target: Target,
    /// What is shown.
    pub label: String,
    /// Where it stands.
    pub places: Vec<Place>,
}

/// A block of code and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeAt {
    /// Its language, if the author said.
    pub language: Option<String>,
    /// The text as it is to be copied.
    pub text: String,
    /// The lines it takes, its label included.
    pub lines: Range<usize>,
}

/// A picture and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageAt {
    /// Where it is.
    pub source: Target,
    /// What it shows.
    pub alt: String,
    /// The lines left free for it; empty when it is told by a box instead.
    pub rows: Range<usize>,
    /// The column it begins at.
    pub column: u16,
    /// The columns it may take.
    pub width: u16,
}

/// A heading and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadingAt {
    /// Its rank, 1 to 6.
    pub level: u8,
    /// The id anchors name.
    pub id: String,
    /// The text.
    pub text: String,
    /// The line.
    pub line: usize,
}

/// A column as the screen counts it.
pub(super) fn column(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}
