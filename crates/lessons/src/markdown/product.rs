//! What a shortcode became, as Markdown puts it in the shortcode's place.

use super::super::document::{Block, Inline, Target};
use super::inline;

/// What a shortcode became.
#[derive(Clone, Debug, Default)]
pub struct Product {
    /// Blocks, for a shortcode that stands on its own.
    pub blocks: Vec<Block>,
    /// Runs, for one within a line.
    pub inlines: Vec<Inline>,
    /// Where it leads, for one within a link's destination.
    pub target: Option<Target>,
    /// Its text, for one within code.
    pub plain: String,
}

impl Product {
    /// A product of one block.
    #[must_use]
    pub fn block(block: Block) -> Product {
        Product { blocks: vec![block], ..Product::default() }
    }

    /// A product of text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Product {
        let plain = text.into();
        Product { inlines: vec![Inline::Text(plain.clone())], plain, ..Product::default() }
    }

    /// Its words, for code and attributes.
    #[must_use]
    pub fn words(&self) -> String {
        if self.plain.is_empty() { inline::words(&self.blocks) } else { self.plain.clone() }
    }
}
