//! The library: all pages of a folder of Hugo content, or those embedded in the program, by language,
//! in reading order, parsed when they are first asked for.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document::{BlockKind, Document, Target, plain};
use super::folder::Folder;
use super::links::Places;
use super::page::{Page, Parsed, Tongue};
use super::site::Site;
use super::source::{LessonError, Source, sanitise};
use super::{expansion, folder, markdown};
use ground::lang::Lang;

/// Pages and what belongs to them.
#[derive(Debug, Default)]
pub struct Library {
    /// All pages of all languages, in reading order.
    pages: Vec<Page>,
    /// Files that can't be read as lessons.
    pub unreadable: Vec<LessonError>,
    /// Where links lead.
    places: Places,
    /// The site's parameters.
    params: serde_json::Map<String, serde_json::Value>,
    /// The site's own shortcodes: their templates by name.
    templates: HashMap<String, String>,
}

impl Library {
    /// The pages of a folder of Hugo content (a site, its `content` folder, or any folder of `.md` files).
    ///
    /// # Errors
    /// When the folder can't be read or holds no page.
    pub fn open(dir: &Path) -> Result<Library, LessonError> {
        let Folder { root, pages, unreadable, params, templates, statics } = folder::read(dir)?;
        let places = Places::of_folder(root, statics);
        let mut library = Library { pages, unreadable, places, params, templates };
        library.arrange();
        Ok(library)
    }

    /// Pages from texts in memory: pairs of a file's path in the content and its text.
    pub fn of_texts<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> Library {
        let page = |(path, text): (&str, &str)| Page::new(path, Source::new(path, text));
        let mut library = Library { pages: texts.into_iter().map(page).collect(), ..Library::default() };
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
            self.places.add(i, page);
        }
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
        let versions = self.places.at(path.trim_matches('/'))?.iter().filter_map(|i| self.pages.get(*i));
        versions.min_by_key(|p| match &p.tongue {
            Tongue::Ours(l) if *l == lang => 0,
            Tongue::Site => 1,
            Tongue::Ours(_) => 2,
            Tongue::Other(_) => 3,
        })
    }

    /// The page a person names: its path, its last name, or its place counted from 0.
    ///
    /// # Errors
    /// When nothing of that name is there.
    pub fn find(&self, name: &str, lang: Lang) -> Result<&Page, LessonError> {
        let cut = name.trim_end_matches(".md").trim_matches('/');
        let by_name = || self.page(self.places.paths_named(cut).next()?, lang);
        let by_weight = || {
            let weight: i64 = cut.parse().ok()?;
            self.pages(lang).find(|p| !p.is_section && p.front.weight == Some(weight))
        };
        let found = self.page(cut, lang).or_else(by_name).or_else(by_weight);
        found.ok_or_else(|| LessonError::NoSuchPage(name.to_owned()))
    }

    /// What a page says, parsed on first use.
    pub fn parse<'p>(&self, page: &'p Page) -> &'p Parsed {
        page.parsed.get_or_init(|| {
            let mut parsed = markdown::parse(self, page, expansion::produce);
            if let Some(document) = Arc::get_mut(&mut parsed.document) {
                drop_repeated_title(document, page);
            }
            parsed
        })
    }

    /// The lesson of a step in a language; an empty document when there is none.
    #[must_use]
    pub fn lesson(&self, step: &str, lang: Lang) -> Arc<Document> {
        self.find(step, lang).map_or_else(|_| Arc::default(), |page| self.parse(page).document.clone())
    }

    /// Whether the page at `path` is the lesson of this step.
    #[must_use]
    pub fn is_lesson_of(&self, path: &str, step: &str) -> bool {
        path.trim_matches('/').rsplit('/').next() == Some(step)
    }
}

impl Site for Library {
    fn is_on_disk(&self) -> bool {
        self.places.root.is_some()
    }

    fn size(&self) -> usize {
        self.pages.len()
    }

    fn page(&self, path: &str, lang: Lang) -> Option<&Page> {
        Library::page(self, path, lang)
    }

    fn sibling(&self, page: &Page, to: &str) -> Option<&Page> {
        let Target::Page { path, .. } = self.resolve(page, to) else { return None };
        let mut versions = self.places.at(&path)?.iter().filter_map(|i| self.pages.get(*i));
        versions.find(|p| p.tongue == page.tongue).or_else(|| self.page(&path, page.lang()))
    }

    fn children(&self, path: &str, lang: Lang) -> Vec<&Page> {
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

    fn around(&self, page: &Page) -> (Option<Target>, Option<Target>) {
        let listed: Vec<&Page> = self.pages(page.lang()).filter(|p| p.is_listed()).collect();
        let Some(at) = listed.iter().position(|p| p.path == page.path) else { return (None, None) };
        let target = |p: &&Page| Target::Page { path: p.path.clone(), anchor: None };
        (at.checked_sub(1).and_then(|i| listed.get(i)).map(target), listed.get(at + 1).map(target))
    }

    fn resolve(&self, page: &Page, to: &str) -> Target {
        self.places.resolve(page, to)
    }

    fn file(&self, page: &Page, to: &str) -> Target {
        self.places.file(page, to)
    }

    fn attachments(&self, page: &Page) -> Vec<PathBuf> {
        self.places.root.as_deref().map(|root| folder::attachments(root, page)).unwrap_or_default()
    }

    fn template(&self, name: &str) -> Option<&str> {
        self.templates.get(name).map(String::as_str)
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let mut parts = name.split('.');
        let first = parts.next()?;
        let found = self.params.iter().find(|(k, _)| k.eq_ignore_ascii_case(first)).map(|(_, v)| v)?;
        match parts.try_fold(found, |v, part| v.get(part))? {
            serde_json::Value::String(s) => Some(sanitise(s).0),
            v @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_)) => Some(v.to_string()),
            _ => None,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn library() -> Library {
        Library::of_texts([
            ("_index.md", ""),
            ("a/_index.md", ""),
            ("a/one.es.md", "# x"),
            ("a/one.en.md", "# x"),
            ("a/Two/index.md", ""),
            ("b.md", ""),
        ])
    }

    #[test]
    fn links_of_both_kinds_find_their_page() {
        let l = library();
        let one = l.page("a/one", Lang::Es).unwrap();
        let to = |t: &str| match l.resolve(one, t) {
            Target::Page { path, anchor } => format!("{path}#{}", anchor.unwrap_or_default()),
            other => format!("{other:?}"),
        };
        assert_eq!(to("../two/#x"), "a/Two#x");
        assert_eq!(to("../b.md"), "b#");
        assert_eq!(to("/b"), "b#");
        assert_eq!(to("/a/"), "a#");
        assert_eq!(to("/a/_index.md"), "a#");
        assert_eq!(to("/"), "#");
        assert_eq!(to("b"), "b#");
        assert_eq!(to("/en/a/one/"), "a/one#");
        assert_eq!(to("one.en.md"), "a/one#");
    }

    #[test]
    fn what_leads_outside_or_nowhere() {
        let l = library();
        let one = l.page("a/one", Lang::Es).unwrap();
        assert_eq!(l.resolve(one, "mailto:a@b"), Target::Url("mailto:a@b".into()));
        assert_eq!(l.resolve(one, "//x.org/y"), Target::Url("https://x.org/y".into()));
        assert_eq!(l.resolve(one, "#here"), Target::Anchor("here".into()));
        assert!(matches!(l.resolve(one, "javascript:alert(1)"), Target::Broken(_)));
        assert!(matches!(l.resolve(one, "../../../../etc/passwd"), Target::Broken(_)));
    }
}
