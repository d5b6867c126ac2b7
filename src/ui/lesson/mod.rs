//! A lesson on the screen: a `Document` laid out for a width into styled lines, with what a reader can
//! do there: links to follow, code to copy, headings to jump to, places for pictures.

mod block;
mod canvas;
mod code;
pub mod highlight;
mod inline;
#[cfg(feature = "pictures")]
pub mod picture;
mod search;
mod table;
mod wrap;

use std::ops::Range;
use std::path::Path;

use ratatui::text::Line;

use super::symbols::Symbols;
use super::theme::{Role, Scheme, Theme};
use crate::lang::Lang;
use crate::lessons::document::{Document, Target};

pub use highlight::Highlighter;
pub use search::{Match, search};

/// The narrowest width a lesson is laid out for; less is treated as this.
pub const NARROWEST: u16 = 10;

/// The rows a picture file takes at a width in columns; `None` when it can't be drawn.
pub type PictureRows<'a> = dyn Fn(&Path, u16) -> Option<u16> + 'a;

/// How a lesson is to look.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The styles.
    pub theme: &'a Theme,
    /// The signs.
    pub symbols: Symbols,
    /// The language of the words the screen adds (titles of notices and such).
    pub lang: Lang,
    /// How weight and links are told.
    pub marks: Marks,
    /// Colours for code; without it code is plain. Loading takes longer than a frame, so a first pass
    /// goes without.
    pub highlight: Option<&'a Highlighter>,
    /// Which pictures can be drawn: rows are left free for them. Without it a box tells of them.
    pub picture: Option<&'a PictureRows<'a>>,
}

impl<'a> Look<'a> {
    /// A look with the theme's styles, Unicode signs, no code colours and no pictures.
    #[must_use]
    pub fn new(theme: &'a Theme, lang: Lang) -> Look<'a> {
        Look { theme, symbols: Symbols::Unicode, lang, marks: Marks::Style, highlight: None, picture: None }
    }

    /// Whether colours may be used.
    #[must_use]
    pub fn is_coloured(&self) -> bool {
        self.theme.scheme != Scheme::None
    }

    fn style(&self, role: Role) -> ratatui::style::Style {
        self.theme.style(role)
    }
}

/// How weight and links are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Marks {
    /// By the style of the text.
    #[default]
    Style,
    /// In the text itself, for pipes and screen readers: `## Title`, `code` in backticks, addresses after
    /// their links.
    Text,
}

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

/// Lays out `document` for `width` columns.
#[must_use]
pub fn render(document: &Document, width: u16, look: &Look<'_>) -> Rendered {
    let mut canvas = canvas::Canvas::new(width.max(NARROWEST), look);
    block::blocks(&mut canvas, &document.blocks, block::Gap::Line);
    block::footnotes(&mut canvas, &document.footnotes);
    canvas.finish()
}
