//! Markdown into blocks: `fragment` lays out a text with placeholders where shortcodes stood, `events`
//! walks what the Markdown parser says, `builder` stacks it up into blocks, `html` and `tags` read the
//! HTML that stands within.

pub mod builder;
pub mod entities;
pub mod events;
pub mod fragment;
pub mod html;
pub mod inline;
pub mod tags;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Problem};
use super::document::{Document, Footnote, Span, Target};
use super::library::{Library, Page};
use super::shortcode::tree;

/// What every part of one page's reading shares.
pub struct Context<'a> {
    /// The library the page is of: links, children, parameters.
    pub library: &'a Library,
    /// The page.
    pub page: &'a Page,
    state: RefCell<State>,
    definitions: HashMap<String, String>,
}

#[derive(Default)]
struct State {
    diagnostics: Vec<Diagnostic>,
    labels: Vec<String>,
    notes: BTreeMap<usize, Footnote>,
    ids: HashMap<String, usize>,
}

/// A page, read.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// What it says.
    pub document: Arc<Document>,
    /// What is wrong with it, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a page's text.
#[must_use]
pub fn parse(library: &Library, page: &Page) -> Parsed {
    let text = page.source.text.as_str();
    let mut diagnostics = page.front_diagnostics.clone();
    if page.source.removed > 0 {
        let problem = Problem::ControlCharacters(page.source.removed);
        diagnostics.push(Diagnostic { problem, span: Span { start: page.body, end: page.body } });
    }
    let pieces = tree::pieces(text, page.body, text.len(), &mut diagnostics);
    let state = RefCell::new(State { diagnostics, ..State::default() });
    let cx = Context { library, page, state, definitions: definitions(text.get(page.body..).unwrap_or("")) };
    let blocks = fragment::blocks(&cx, &pieces, Span { start: page.body, end: text.len() }, 0);
    let mut state = cx.state.into_inner();
    state.diagnostics.sort_by_key(|d| d.span.start);
    state.diagnostics.dedup();
    let footnotes = state.notes.into_values().collect();
    Parsed { document: Arc::new(Document { blocks, footnotes }), diagnostics: state.diagnostics }
}

impl Context<'_> {
    /// Notes a problem.
    pub fn report(&self, problem: Problem, span: Span) {
        self.state.borrow_mut().diagnostics.push(Diagnostic { problem, span });
    }

    /// Where `to` leads from this page; says so when it leads nowhere.
    pub fn target(&self, to: &str, span: Span) -> Target {
        let target = self.library.resolve(self.page, to);
        if let Target::Broken(to) = &target {
            self.report(Problem::BrokenLink(to.clone()), span);
        }
        target
    }

    /// Where the file `to` (a picture, an attachment) is; says so when it isn't there.
    pub fn file(&self, to: &str, span: Span) -> Target {
        let target = self.library.file(self.page, to);
        if let Target::Broken(to) = &target {
            self.report(Problem::MissingFile(to.clone()), span);
        }
        target
    }

    /// The number of the footnote called `label`.
    pub fn footnote(&self, label: &str) -> usize {
        let labels = &mut self.state.borrow_mut().labels;
        let at = labels.iter().position(|l| l == label).unwrap_or_else(|| {
            labels.push(label.to_owned());
            labels.len() - 1
        });
        at + 1
    }

    /// Keeps a footnote's text.
    pub fn keep_footnote(&self, note: Footnote) {
        self.state.borrow_mut().notes.insert(note.number, note);
    }

    /// An id no other heading of the page has.
    pub fn heading_id(&self, wanted: &str) -> String {
        let ids = &mut self.state.borrow_mut().ids;
        let count = ids.entry(wanted.to_owned()).or_insert(0);
        *count += 1;
        if *count == 1 { wanted.to_owned() } else { format!("{wanted}-{}", *count - 1) }
    }

    /// The link that the page defines for `label`, wherever on it.
    #[must_use]
    pub fn definition(&self, label: &str) -> Option<&str> {
        self.definitions.get(&label.trim().to_lowercase()).map(String::as_str)
    }
}

/// The `[label]: destination` lines of a text: what stands within a shortcode may use them too.
fn definitions(text: &str) -> HashMap<String, String> {
    let mut out = HashMap::new();
    for line in text.lines().filter(|l| l.trim_start().starts_with('[')) {
        let Some((label, rest)) = line.trim_start().strip_prefix('[').and_then(|l| l.split_once("]:")) else {
            continue;
        };
        let to = rest.split_whitespace().next().unwrap_or_default().trim_matches(['<', '>']);
        if !to.is_empty() && !label.starts_with('^') && !to.contains("{{") {
            out.entry(label.trim().to_lowercase()).or_insert_with(|| to.to_owned());
        }
    }
    out
}
