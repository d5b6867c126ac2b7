//! A lesson on the screen: a `Document` laid out for a width into styled lines, with what a reader can
//! do there: links to follow, code to copy, headings to jump to, places for pictures.

mod block;
mod canvas;
mod code;
pub mod highlight;
mod inline;
mod look;
#[cfg(feature = "pictures")]
pub mod picture;
mod rendered;
mod search;
mod table;
mod wrap;

use lessons::document::Document;

pub use highlight::Highlighter;
pub use look::{Look, Marks, PictureRows};
pub use rendered::{CodeAt, HeadingAt, ImageAt, LinkAt, Place, Rendered};
pub use search::{Match, search};

/// The narrowest width a lesson is laid out for; less is treated as this.
pub const NARROWEST: u16 = 10;

/// Lays out `document` for `width` columns.
#[must_use]
pub fn render(document: &Document, width: u16, look: &Look<'_>) -> Rendered {
    let mut canvas = canvas::Canvas::new(width.max(NARROWEST), look);
    block::blocks(&mut canvas, &document.blocks, block::Gap::Line);
    block::footnotes(&mut canvas, &document.footnotes);
    canvas.finish()
}
