//! What every part of one page's reading shares: the page, what it is part of, how shortcodes are expanded,
//! what was found wrong, and how much the page may still bring in.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};

use super::super::diagnostic::{Diagnostic, Problem};
use super::super::document::{Footnote, Span, Target};
use super::super::page::Page;
use super::super::shortcode::Call;
use super::super::site::Site;
use super::product::Product;

/// What a page may bring in and repeat beyond its own text, in bytes: included files, addresses of references,
/// lists of pages, what templates say again.
const ALLOWANCE: usize = 16 * 1024 * 1024;

/// What looking for a file costs of that.
const LOOK: usize = 200;

/// What every part of one page's reading shares.
pub struct Context<'a> {
    /// What the page is part of: links, children, parameters.
    pub site: &'a dyn Site,
    /// The page.
    pub page: &'a Page,
    shortcodes: Expand,
    state: RefCell<State>,
    definitions: HashMap<String, String>,
    /// How many bytes may still be made of more than the page's own text.
    allowance: Cell<usize>,
}

/// What a shortcode becomes that stands within so many others. It is handed down: shortcodes hold Markdown, so
/// what they become is told by code that stands on this one.
pub type Expand = fn(&Context<'_>, &Call, usize) -> Product;

#[derive(Default)]
struct State {
    diagnostics: Vec<Diagnostic>,
    labels: HashMap<String, usize>,
    /// Told already, and once is enough: nested too deep, made too much of.
    told: (bool, bool),
    notes: BTreeMap<usize, Footnote>,
    ids: HashMap<String, usize>,
}

impl<'a> Context<'a> {
    /// The beginning of a page's reading; `diagnostics` are known already.
    #[must_use]
    pub fn new(
        site: &'a dyn Site,
        page: &'a Page,
        shortcodes: Expand,
        diagnostics: Vec<Diagnostic>,
    ) -> Context<'a> {
        let state = RefCell::new(State { diagnostics, ..State::default() });
        let definitions = definitions(page.source.text.get(page.body..).unwrap_or(""));
        Context { site, page, shortcodes, state, definitions, allowance: Cell::new(ALLOWANCE) }
    }

    /// What was found wrong, in no order, and the footnotes in theirs.
    #[must_use]
    pub fn finish(self) -> (Vec<Diagnostic>, Vec<Footnote>) {
        let state = self.state.into_inner();
        (state.diagnostics, state.notes.into_values().collect())
    }

    /// What `call` becomes within `level` shortcodes.
    #[must_use]
    pub fn expand(&self, call: &Call, level: usize) -> Product {
        (self.shortcodes)(self, call, level)
    }

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
        if self.site.is_on_disk() && !self.afford(LOOK, span) {
            return Target::Broken(String::new());
        }
        let target = self.site.resolve(self.page, to);
        if let Target::Broken(to) = &target {
            self.report(Problem::BrokenLink(to.clone()), span);
        }
        target
    }

    /// Where the file `to` (a picture, an attachment) is; says so when it isn't there.
    pub fn file(&self, to: &str, span: Span) -> Target {
        if self.site.is_on_disk() && !self.afford(LOOK, span) {
            return Target::Broken(String::new());
        }
        let target = self.site.file(self.page, to);
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
