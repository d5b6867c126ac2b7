//! Pieces of a text into blocks: shortcodes are expanded and laid out with the text around them, and
//! indentation that belongs to the surrounding list is taken off.

use super::super::document::{Block, Span};
use super::super::shortcode::{Call, Inner, Piece};
use super::context::Context;
use super::fragment::Fragment;
use super::product::Product;
use super::{events, inline};

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
                let product = cx.expand(call, level);
                fragment.hold(product, call.span);
            }
        }
    }
    events::run(cx, fragment, level)
}

/// The blocks of Markdown that isn't of the page's file (an argument, an included file).
#[must_use]
pub fn foreign(cx: &Context<'_>, text: &str, span: Span, level: usize) -> Vec<Block> {
    events::run(cx, Fragment::at_place(text.to_owned(), span), level)
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
pub fn piece_together(
    cx: &Context<'_>,
    parts: &[Foreign],
    held: Vec<Block>,
    span: Span,
    level: usize,
) -> Vec<Block> {
    let mut fragment = Fragment::at_place(String::new(), span);
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
    blocks.iter().map(|b| 100 + inline::plain_size(b)).sum()
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
            Piece::Call(call) => out.push_str(&cx.expand(call, level + 1).words()),
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
