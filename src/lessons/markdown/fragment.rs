//! Lays out a piece of a lesson for the Markdown parser: shortcodes become placeholders, indentation
//! that belongs to the surrounding list is taken off, and every byte knows where it came from.

use super::super::document::{Block, Inline, Span, Target};
use super::super::shortcode::{Call, Inner, Piece, known};
use super::super::source::{CLOSE, OPEN};
use super::{Context, events};

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
        if self.plain.is_empty() { super::inline::words(&self.blocks) } else { self.plain.clone() }
    }
}

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

    fn push(&mut self, text: &str, from: usize) {
        self.map.push((self.text.len(), from));
        self.text.push_str(text);
    }

    fn hold(&mut self, product: Product, span: Span) {
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

/// The blocks of some pieces of the page; `level` counts the shortcodes around them.
#[must_use]
pub fn blocks(cx: &Context<'_>, pieces: &[Piece], span: Span, level: usize) -> Vec<Block> {
    let source = cx.page.source.slice(span);
    let indent = if level == 0 { 0 } else { common_indent(source) };
    let mut fragment = Fragment::default();
    for piece in pieces {
        match piece {
            Piece::Text(s) => push_dedented(&mut fragment, cx.page.source.slice(*s), s.start, indent, cx),
            Piece::Literal(text, s) => fragment.hold(Product::text(text.clone()), *s),
            Piece::Call(call) => {
                let product = known::produce(cx, call, level);
                fragment.hold(product, call.span);
            }
        }
    }
    events::run(cx, fragment, level)
}

/// The blocks of Markdown that isn't of the page's file (an argument, an included file).
#[must_use]
pub fn foreign(cx: &Context<'_>, text: &str, span: Span, level: usize) -> Vec<Block> {
    events::run(cx, Fragment { text: text.to_owned(), fixed: Some(span), ..Fragment::default() }, level)
}

/// A part of a text that isn't of the page's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// Text.
    Text(String),
    /// What the shortcode encloses.
    Inner,
}

impl Foreign {
    /// The bytes of its text.
    #[must_use]
    pub fn size(&self) -> usize {
        if let Foreign::Text(text) = self { text.len() } else { 0 }
    }
}

/// The blocks of a text that isn't of the page's file, with `held` where the parts say so.
#[must_use]
pub fn pieced(cx: &Context<'_>, parts: &[Foreign], held: Vec<Block>, span: Span, level: usize) -> Vec<Block> {
    let mut fragment = Fragment { fixed: Some(span), ..Fragment::default() };
    let size = 1_000 + blocks_size(&held);
    for part in parts {
        match part {
            Foreign::Text(text) => fragment.push(text, 0),
            // A template that says what it encloses ten times, ten levels deep, would say it 10^10 times.
            Foreign::Inner if !cx.afford(size, span) => {}
            Foreign::Inner => fragment.hold(Product { blocks: held.clone(), ..Product::default() }, span),
        }
    }
    events::run(cx, fragment, level)
}

/// About how many bytes some blocks take.
fn blocks_size(blocks: &[Block]) -> usize {
    blocks.iter().map(|b| 100 + super::inline::plain_size(b)).sum()
}

/// What a shortcode encloses, as blocks.
#[must_use]
pub fn inner(cx: &Context<'_>, call: &Call, level: usize) -> Vec<Block> {
    call.inner.as_ref().map(|i| blocks(cx, &i.pieces, i.span, level + 1)).unwrap_or_default()
}

/// What a shortcode encloses, as the bare text it is, without the indentation all of it has.
#[must_use]
pub fn raw(cx: &Context<'_>, inner: &Inner, level: usize) -> String {
    let mut out = String::new();
    for piece in &inner.pieces {
        match piece {
            Piece::Text(s) => out.push_str(cx.page.source.slice(*s)),
            Piece::Literal(text, _) => out.push_str(text),
            Piece::Call(call) => out.push_str(&known::produce(cx, call, level + 1).words()),
        }
    }
    let indent = common_indent(&out);
    let lines: Vec<&str> = out.lines().map(|l| strip(l, indent).trim_end()).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// The blanks that every line but the first begins with.
fn common_indent(text: &str) -> usize {
    let lines = text.split('\n').skip(1).filter(|l| !l.trim().is_empty());
    lines.map(|l| l.len() - l.trim_start_matches([' ', '\t']).len()).min().unwrap_or(0)
}

fn strip(line: &str, indent: usize) -> &str {
    let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.get(blanks.min(indent)..).unwrap_or_default()
}

fn push_dedented(fragment: &mut Fragment, text: &str, from: usize, indent: usize, cx: &Context<'_>) {
    if indent == 0 {
        fragment.push(text, from);
        return;
    }
    let mut at = from;
    for line in text.split_inclusive('\n') {
        let begins = at == 0 || cx.page.source.text.as_bytes().get(at - 1) == Some(&b'\n');
        let kept = if begins { strip(line, indent) } else { line };
        fragment.push(kept, at + line.len() - kept.len());
        at += line.len();
    }
}
