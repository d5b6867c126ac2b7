//! The library: all pages of a folder of Hugo content, or those embedded in the program, by language,
//! in reading order, parsed when they are first asked for.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::diagnostic::Diagnostic;
use super::document::{BlockKind, Document, Target, plain};
use super::front::{self, Front, Shown};
use super::markdown::{self, Parsed};
use super::source::{LessonError, Source, sanitise};
use super::{embedded, folder, links};
use crate::lang::Lang;

/// The language a page is written in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tongue {
    /// One of Espera's.
    Ours(Lang),
    /// The site's own: the file names none.
    Site,
    /// Another, by its code.
    Other(String),
}

/// A page of the library.
#[derive(Debug)]
pub struct Page {
    /// Its path in the library, without language or ending: `standby`, `labs/ec2/setup`; empty for the root.
    pub path: String,
    /// The folder its file is in, from the content's root, with `/` between.
    pub dir: String,
    /// Whether it stands for a folder (`_index.md`).
    pub is_section: bool,
    /// The language it is written in.
    pub tongue: Tongue,
    /// Its file.
    pub source: Source,
    /// What it says about itself.
    pub front: Front,
    /// Where its text begins in the file.
    pub body: usize,
    /// What is wrong with its front matter.
    pub front_diagnostics: Vec<Diagnostic>,
    parsed: OnceLock<Parsed>,
}

impl Page {
    /// A page from its file.
    #[must_use]
    pub fn new(path: String, dir: String, is_section: bool, tongue: Tongue, source: Source) -> Page {
        let front::Split { front, body, diagnostics } = front::split(&source.text);
        let parsed = OnceLock::new();
        Page { path, dir, is_section, tongue, source, front, body, front_diagnostics: diagnostics, parsed }
    }

    /// The language readers get it in: its own, or Spanish where the file names none.
    #[must_use]
    pub fn lang(&self) -> Lang {
        if let Tongue::Ours(lang) = self.tongue { lang } else { Lang::default() }
    }

    /// Its title, else its name.
    #[must_use]
    pub fn title(&self) -> String {
        let name = || sanitise(&self.path.rsplit('/').next().unwrap_or_default().replace(['-', '_'], " ")).0;
        self.front.title.clone().unwrap_or_else(name)
    }

    /// Whether menus show it.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.front.shown == Shown::Listed
    }

    fn rank(&self) -> (i64, bool) {
        // Hugo puts pages without a weight (or with 0) last; our step 0 has weight 0 and comes first.
        (self.front.weight.unwrap_or(i64::MAX), !self.is_section)
    }
}

/// Pages and what belongs to them.
#[derive(Debug, Default)]
pub struct Library {
    /// The content's folder; `None` for pages in memory.
    pub root: Option<PathBuf>,
    /// All pages of all languages, in reading order.
    pages: Vec<Page>,
    /// Files that can't be read as lessons.
    pub unreadable: Vec<LessonError>,
    /// Indices into `pages` by path.
    by_path: HashMap<String, Vec<usize>>,
    /// Paths by their last name, in lower case.
    by_name: HashMap<String, Vec<usize>>,
    /// The site's parameters.
    pub(super) params: serde_json::Map<String, serde_json::Value>,
    /// The site's own shortcodes: their templates by name.
    pub(super) templates: HashMap<String, String>,
    /// Folders where the site keeps its unchanging files.
    pub(super) statics: Vec<PathBuf>,
}

impl Library {
    /// The lessons that are part of the program.
    #[must_use]
    pub fn embedded() -> Library {
        Library::of_texts(embedded::FILES.iter().copied())
    }

    /// The pages of a folder of Hugo content (a site, its `content` folder, or any folder of `.md` files).
    ///
    /// # Errors
    /// When the folder can't be read or holds no page.
    pub fn open(dir: &Path) -> Result<Library, LessonError> {
        folder::open(dir)
    }

    /// Pages from texts in memory: pairs of a file's path in the content and its text.
    pub fn of_texts<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> Library {
        let page = |(path, text): (&str, &str)| folder::page(path, Source::new(path, text));
        let mut library = Library { pages: texts.into_iter().map(page).collect(), ..Library::default() };
        library.arrange();
        library
    }

    pub(super) fn of_pages(root: PathBuf, pages: Vec<Page>, unreadable: Vec<LessonError>) -> Library {
        let mut library = Library { root: Some(root), pages, unreadable, ..Library::default() };
        library.arrange();
        library
    }

    fn arrange(&mut self) {
        let rank = |p: &Page| (p.rank(), p.path.clone());
        let ranks: HashMap<String, _> = self.pages.iter().map(|p| (p.path.clone(), rank(p))).collect();
        // A page sorts by the ranks of the folders it is in, then by its own.
        let chain = |page: &Page| {
            let ends = page.path.match_indices('/').map(|(i, _)| i).chain([page.path.len()]);
            let names = ends.filter_map(|e| page.path.get(..e)).filter(|n| !n.is_empty());
            let own = |n: &str| ranks.get(n).cloned().unwrap_or(((i64::MAX, true), n.to_owned()));
            names.map(own).collect::<Vec<_>>()
        };
        self.pages.sort_by_cached_key(|p| (chain(p), p.tongue.clone()));
        for (i, page) in self.pages.iter().enumerate() {
            self.by_path.entry(page.path.clone()).or_default().push(i);
            let name = page.path.rsplit('/').next().unwrap_or_default().to_lowercase();
            self.by_name.entry(name).or_default().push(i);
        }
    }

    /// How many pages there are, of all languages.
    pub(super) fn len(&self) -> usize {
        self.pages.len()
    }

    /// Every page of every language, in reading order.
    pub fn all(&self) -> impl Iterator<Item = &Page> {
        self.pages.iter()
    }

    /// The pages a reader of `lang` goes through, in order: each in the nearest language there is.
    pub fn pages(&self, lang: Lang) -> impl Iterator<Item = &Page> {
        let mut last = None;
        self.pages.iter().filter_map(move |page| {
            if last.replace(page.path.as_str()) == Some(page.path.as_str()) {
                return None;
            }
            self.page(&page.path, lang)
        })
    }

    /// The page at `path` for a reader of `lang`: in that language, else the site's, else ours, else any.
    #[must_use]
    pub fn page(&self, path: &str, lang: Lang) -> Option<&Page> {
        let versions = self.by_path.get(path.trim_matches('/'))?.iter().filter_map(|i| self.pages.get(*i));
        versions.min_by_key(|p| match &p.tongue {
            Tongue::Ours(l) if *l == lang => 0,
            Tongue::Site => 1,
            Tongue::Ours(_) => 2,
            Tongue::Other(_) => 3,
        })
    }

    /// The page that `to` names, as seen from `page`, in that page's language if there is one.
    #[must_use]
    pub fn sibling(&self, page: &Page, to: &str) -> Option<&Page> {
        let Target::Page { path, .. } = self.resolve(page, to) else { return None };
        let mut versions = self.by_path.get(&path)?.iter().filter_map(|i| self.pages.get(*i));
        versions.find(|p| p.tongue == page.tongue).or_else(|| self.page(&path, page.lang()))
    }

    /// The page a person names: its path, its last name, or its place counted from 0.
    ///
    /// # Errors
    /// When nothing of that name is there.
    pub fn find(&self, name: &str, lang: Lang) -> Result<&Page, LessonError> {
        let cut = name.trim_end_matches(".md").trim_matches('/');
        let by_name = || {
            let i = *self.by_name.get(&cut.to_lowercase())?.first()?;
            self.page(&self.pages.get(i)?.path, lang)
        };
        let by_weight = || {
            let weight: i64 = cut.parse().ok()?;
            self.pages(lang).find(|p| !p.is_section && p.front.weight == Some(weight))
        };
        let found = self.page(cut, lang).or_else(by_name).or_else(by_weight);
        found.ok_or_else(|| LessonError::NoSuchPage(name.to_owned()))
    }

    /// What a page says, parsed on first use.
    pub fn parsed<'p>(&self, page: &'p Page) -> &'p Parsed {
        page.parsed.get_or_init(|| {
            let mut parsed = markdown::parse(self, page);
            if let Some(document) = Arc::get_mut(&mut parsed.document) {
                drop_repeated_title(document, page);
            }
            parsed
        })
    }

    /// The lesson of a step in a language; an empty document when there is none.
    #[must_use]
    pub fn lesson(&self, step: &str, lang: Lang) -> Arc<Document> {
        self.find(step, lang).map_or_else(|_| Arc::default(), |page| self.parsed(page).document.clone())
    }

    /// Whether the page at `path` is the lesson of this step.
    #[must_use]
    pub fn is_lesson_of(&self, path: &str, step: &str) -> bool {
        path.trim_matches('/').rsplit('/').next() == Some(step)
    }

    /// The pages right under `path`, in order.
    #[must_use]
    pub fn children(&self, path: &str, lang: Lang) -> Vec<&Page> {
        let under = |p: &&Page| {
            let rest = if path.is_empty() {
                Some(p.path.as_str())
            } else {
                p.path.strip_prefix(path).and_then(|r| r.strip_prefix('/'))
            };
            rest.is_some_and(|r| !r.is_empty() && !r.contains('/'))
        };
        self.pages(lang).filter(under).collect()
    }

    /// The page before and the page after, in reading order.
    #[must_use]
    pub fn around(&self, page: &Page) -> (Option<Target>, Option<Target>) {
        let listed: Vec<&Page> = self.pages(page.lang()).filter(|p| p.is_listed()).collect();
        let Some(at) = listed.iter().position(|p| p.path == page.path) else { return (None, None) };
        let target = |p: &&Page| Target::Page { path: p.path.clone(), anchor: None };
        (at.checked_sub(1).and_then(|i| listed.get(i)).map(target), listed.get(at + 1).map(target))
    }

    /// Where `to`, written on `page`, leads.
    #[must_use]
    pub fn resolve(&self, page: &Page, to: &str) -> Target {
        links::resolve(self, page, to)
    }

    /// Where the file `to`, written on `page`, is.
    #[must_use]
    pub fn file(&self, page: &Page, to: &str) -> Target {
        links::file(self, page, to)
    }

    /// The files attached to a page: those in its `.files` folder or, for a bundle, beside it.
    #[must_use]
    pub fn attachments(&self, page: &Page) -> Vec<PathBuf> {
        folder::attachments(self, page)
    }

    /// The template of the site's own shortcode `name`.
    #[must_use]
    pub fn template(&self, name: &str) -> Option<&str> {
        self.templates.get(name).map(String::as_str)
    }

    /// The site's parameter `name`.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut parts = name.split('.');
        let first = parts.next()?;
        let found = self.params.iter().find(|(k, _)| k.eq_ignore_ascii_case(first)).map(|(_, v)| v)?;
        match parts.try_fold(found, |v, part| v.get(part))? {
            serde_json::Value::String(s) => Some(sanitise(s).0),
            v @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_)) => Some(v.to_string()),
            _ => None,
        }
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &Page> {
        let found = self.by_name.get(&name.to_lowercase());
        found.into_iter().flatten().filter_map(|i| self.pages.get(*i))
    }
}

/// A first heading that says the title again is left out: the page's title stands above the text.
fn drop_repeated_title(document: &mut Document, page: &Page) {
    let repeated = document.blocks.first().is_some_and(|b| match &b.kind {
        BlockKind::Heading { level: 1, text, .. } => {
            page.front.title.as_deref().is_some_and(|t| plain(text).trim() == t)
        }
        _ => false,
    });
    if repeated {
        document.blocks.remove(0);
    }
}
