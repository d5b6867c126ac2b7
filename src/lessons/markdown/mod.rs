//! Markdown into blocks: `fragment` lays out a text with placeholders where shortcodes stood, `events`
//! walks what the Markdown parser says, `builder` stacks it up into blocks, `html` and `tags` read the
//! HTML that stands within.

pub mod builder;
mod depth;
pub mod entities;
pub mod events;
pub mod fragment;
pub mod html;
pub mod inline;
pub mod tags;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Problem, Severity};
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
    /// How many bytes may still be made of more than the page's own text.
    allowance: Cell<usize>,
}

#[derive(Default)]
struct State {
    diagnostics: Vec<Diagnostic>,
    labels: HashMap<String, usize>,
    /// Told already, and once is enough: nested too deep, made too much of.
    told: (bool, bool),
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

/// The most problems of a page that are told one by one.
const TOLD: usize = 200;
/// What a page may bring in and repeat beyond its own text, in bytes: included files, addresses of references,
/// lists of pages, what templates say again.
const ALLOWANCE: usize = 16 * 1024 * 1024;

/// What looking for a file costs of that.
const LOOK: usize = 200;

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
    let definitions = definitions(text.get(page.body..).unwrap_or(""));
    let cx = Context { library, page, state, definitions, allowance: Cell::new(ALLOWANCE) };
    let blocks = fragment::blocks(&cx, &pieces, Span { start: page.body, end: text.len() }, 0);
    let mut state = cx.state.into_inner();
    state.diagnostics.sort_by_key(|d| d.span.start);
    state.diagnostics.dedup();
    let footnotes = state.notes.into_values().collect();
    let diagnostics = shortened(state.diagnostics);
    Parsed { document: Arc::new(Document { blocks, footnotes }), diagnostics }
}

/// The first of many problems, and how many more there are.
fn shortened(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let rest = diagnostics.split_off(diagnostics.len().min(TOLD));
    if let Some(first) = rest.first() {
        let errors = rest.iter().filter(|d| d.severity() == Severity::Error).count();
        let problem = Problem::More { errors, warnings: rest.len() - errors };
        diagnostics.push(Diagnostic { problem, span: first.span });
    }
    diagnostics
}

impl Context<'_> {
    /// Notes a problem.
    pub fn report(&self, problem: Problem, span: Span) {
        self.state.borrow_mut().diagnostics.push(Diagnostic { problem, span });
    }

    /// Says, once, that blocks are nested deeper than they are shown.
    pub fn too_deep(&self, span: Span) {
        if !std::mem::replace(&mut self.state.borrow_mut().told.0, true) {
            self.report(Problem::TooDeep, span);
        }
    }

    /// Takes `bytes` from what the page may still bring in or repeat; whether there was so much. Says so, once,
    /// when there was not.
    pub fn afford(&self, bytes: usize, span: Span) -> bool {
        let left = self.allowance.get().checked_sub(bytes);
        match left {
            Some(left) => self.allowance.set(left),
            None if !std::mem::replace(&mut self.state.borrow_mut().told.1, true) => {
                self.report(Problem::TooMuch, span);
            }
            None => {}
        }
        left.is_some()
    }

    /// Where `to` leads from this page; says so when it leads nowhere.
    pub fn target(&self, to: &str, span: Span) -> Target {
        // Whether something is there is asked of the disk.
        if self.library.root.is_some() && !self.afford(LOOK, span) {
            return Target::Broken(String::new());
        }
        let target = self.library.resolve(self.page, to);
        if let Target::Broken(to) = &target {
            self.report(Problem::BrokenLink(to.clone()), span);
        }
        target
    }

    /// Where the file `to` (a picture, an attachment) is; says so when it isn't there.
    pub fn file(&self, to: &str, span: Span) -> Target {
        if self.library.root.is_some() && !self.afford(LOOK, span) {
            return Target::Broken(String::new());
        }
        let target = self.library.file(self.page, to);
        if let Target::Broken(to) = &target {
            self.report(Problem::MissingFile(to.clone()), span);
        }
        target
    }

    /// The number of the footnote called `label`.
    pub fn footnote(&self, label: &str) -> usize {
        let labels = &mut self.state.borrow_mut().labels;
        let next = labels.len() + 1;
        *labels.entry(label.to_owned()).or_insert(next)
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
        let to = self.definitions.get(&label.trim().to_lowercase())?;
        self.afford(to.len(), Span::default()).then_some(to.as_str())
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
