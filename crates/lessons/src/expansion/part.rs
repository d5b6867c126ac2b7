//! What several shortcodes become alike: a block in the call's place, an argument's runs, a visible note.

use super::super::diagnostic::Problem;
use super::super::document::{Block, BlockKind, Inline};
use super::super::markdown::entities::decode;
use super::super::markdown::pieces::{foreign, inner};
use super::super::markdown::{Context, Product};
use super::super::shortcode::Call;

/// What an item of a list that a shortcode makes costs of a page's allowance, in bytes.
pub(super) const ITEM: usize = 100;

/// A block that stands where the call does.
pub(super) fn block(call: &Call, kind: BlockKind) -> Block {
    Block { span: call.span, kind }
}

/// Says that an argument is missing, and what the call becomes then.
pub(super) fn lacking(cx: &Context<'_>, call: &Call, argument: &'static str) -> Product {
    cx.report(Problem::MissingArgument(call.name.clone(), argument), call.tag);
    unknown_shortcode(cx, call, 0)
}

/// An argument's text as runs: it may hold Markdown.
pub(super) fn runs(cx: &Context<'_>, call: &Call, text: &str) -> Vec<Inline> {
    let text = decode(text.trim());
    if !text.contains(['*', '_', '`', '[', '<', '~', '\\', '!']) {
        return vec![Inline::Text(text.into_owned())];
    }
    let first = foreign(cx, &text, call.tag, 8).into_iter().next().map(|b| b.kind);
    match first {
        Some(BlockKind::Paragraph(runs)) => runs,
        _ => vec![Inline::Text(text.into_owned())],
    }
}

/// The note that stands for a call nobody can read, with what it encloses.
pub(super) fn unknown_shortcode(cx: &Context<'_>, call: &Call, level: usize) -> Product {
    let body = inner(cx, call, level);
    Product::block(block(call, BlockKind::Unknown { name: call.name.clone(), body }))
}
