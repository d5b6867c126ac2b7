//! Markdown into blocks: `pieces` lays out a text with placeholders where shortcodes stood (`fragment`),
//! `events` walks what the Markdown parser says, `builder` stacks it up into blocks, `html` and `tags` read
//! the HTML that stands within.

mod builder;
mod context;
mod depth;
pub mod entities;
mod events;
mod fragment;
mod html;
pub mod inline;
pub mod pieces;
mod product;
mod tags;

use std::sync::Arc;

pub use context::{Context, Expand};
pub use product::Product;

use super::diagnostic::{Diagnostic, Problem, Severity};
use super::document::{Document, Span};
use super::page::{Page, Parsed};
use super::shortcode::tree;
use super::site::Site;

/// The most problems of a page that are told one by one.
const TOLD: usize = 200;
/// Reads a page's text; `shortcodes` says what each becomes.
#[must_use]
pub fn parse(site: &dyn Site, page: &Page, shortcodes: Expand) -> Parsed {
    let text = page.source.text.as_str();
    let mut diagnostics = page.front_diagnostics.clone();
    if page.source.removed > 0 {
        let problem = Problem::ControlCharacters(page.source.removed);
        diagnostics.push(Diagnostic { problem, span: Span { start: page.body, end: page.body } });
    }
    let found = tree::pieces(text, page.body, text.len(), &mut diagnostics);
    let cx = Context::new(site, page, shortcodes, diagnostics);
    let blocks = pieces::blocks(&cx, &found, Span { start: page.body, end: text.len() }, 0);
    let (mut diagnostics, footnotes) = cx.finish();
    diagnostics.sort_by_key(|d| d.span.start);
    diagnostics.dedup();
    let diagnostics = keep_first(diagnostics);
    Parsed { document: Arc::new(Document { blocks, footnotes }), diagnostics }
}

/// The first of many problems, and how many more there are.
fn keep_first(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let rest = diagnostics.split_off(diagnostics.len().min(TOLD));
    if let Some(first) = rest.first() {
        let errors = rest.iter().filter(|d| d.severity() == Severity::Error).count();
        let problem = Problem::More { errors, warnings: rest.len() - errors };
        diagnostics.push(Diagnostic { problem, span: first.span });
    }
    diagnostics
}
