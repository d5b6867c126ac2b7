//! The architecture, drawn from data (`assets/diagrams/`) and coloured by the facts: what exists, what
//! is being created, what is broken, which way data flows, who is the writer, how far behind the reader
//! is. Pure: a `Picture` is a grid of characters, each with what it is; the screen gives the colours.

mod draw;
mod links;
mod path;
mod picture;
mod plan;
mod state;
mod words;

pub use links::{Flow, LinkState};
pub use picture::{Cell, Ink, Picture};
pub use state::NodeState;
pub use words::sentences;

use crate::cloud::facts::Facts;
use ground::lang::Lang;
use ground::look::Charset;

/// The architecture as the facts have it, in the largest layout that fits `width` x `height`; where
/// none fits, one line for each thing, cut to the size.
#[must_use]
pub fn draw(facts: &Facts, lang: Lang, width: u16, height: u16, charset: Charset) -> Picture {
    let plan = plan::hot_standby();
    match plan.layouts.iter().find(|l| l.size.0 <= width && l.size.1 <= height) {
        Some(layout) => draw::layout(plan, layout, facts, lang, width, charset),
        None => draw::lines(facts, lang, width, height, charset),
    }
}

#[cfg(test)]
mod tests;
