//! A text as it is laid before the Markdown parser: placeholders stand where shortcodes stood, and every byte
//! knows where it came from.

use super::super::document::Span;
use super::super::source::{CLOSE, OPEN};
use super::product::Product;

/// A text ready for the Markdown parser.
#[derive(Debug, Default)]
pub struct Fragment {
    /// The text with placeholders.
    pub text: String,
    /// What the placeholders stand for.
    pub products: Vec<Product>,
    /// Pairs (byte in `text`, byte in the source) from which both count on together.
    map: Vec<(usize, usize)>,
    /// When set, everything came from this span (text that isn't of the page's file).
    fixed: Option<Span>,
}

impl Fragment {
    /// The source's span of a range of the text.
    #[must_use]
    pub fn span(&self, range: &std::ops::Range<usize>) -> Span {
        self.fixed.unwrap_or_else(|| {
            let start = self.source(range.start);
            Span { start, end: self.source(range.end).max(start) }
        })
    }

    fn source(&self, at: usize) -> usize {
        let i = self.map.partition_point(|(out, _)| *out <= at);
        self.map.get(i.wrapping_sub(1)).map_or(at, |(out, src)| src + (at - out))
    }

    /// A text that isn't of the page's file: all of it stands where `span` says.
    #[must_use]
    pub fn at_place(text: String, span: Span) -> Fragment {
        Fragment { text, fixed: Some(span), ..Fragment::default() }
    }

    /// Adds text that stands in the source from `from` on.
    pub fn push(&mut self, text: &str, from: usize) {
        self.map.push((self.text.len(), from));
        self.text.push_str(text);
    }

    /// Adds a placeholder for what stands in the source at `span`.
    pub fn hold(&mut self, product: Product, span: Span) {
        self.map.push((self.text.len(), span.start));
        self.text.push_str(&format!("{OPEN}{}{CLOSE}", self.products.len()));
        self.map.push((self.text.len(), span.end));
        self.products.push(product);
    }

    /// Replaces placeholders in `text` by the words of what they stand for.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for part in parts(text) {
            match part {
                Part::Text(t) => out.push_str(t),
                Part::Held(i) => out.push_str(&self.products.get(i).map(Product::words).unwrap_or_default()),
            }
        }
        out
    }
}

/// A part of a text with placeholders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text.
    Text(&'a str),
    /// The placeholder of this number.
    Held(usize),
}

/// The parts of a text with placeholders.
pub fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(at) = rest.find(OPEN) else {
            return Some(Part::Text(std::mem::take(&mut rest)));
        };
        if at > 0 {
            let (text, after) = rest.split_at(at);
            rest = after;
            return Some(Part::Text(text));
        }
        let body = rest.strip_prefix(OPEN).unwrap_or_default();
        let (number, after) = body.split_once(CLOSE).unwrap_or((body, ""));
        rest = after;
        Some(Part::Held(number.parse().unwrap_or(usize::MAX)))
    })
}
