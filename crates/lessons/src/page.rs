//! A page: its file, its place in the library, its language, what its front matter says, and what it says
//! once it has been read.

use std::sync::{Arc, OnceLock};

use super::diagnostic::Diagnostic;
use super::document::Document;
use super::front::{self, Front, Visibility};
use super::source::{Source, sanitise};
use ground::lang::Lang;

/// Codes of languages a site's files are known to be in beside ours.
const CODES: [&str; 26] = [
    "fr", "de", "it", "pt", "ja", "jp", "ko", "kr", "zh", "ru", "pl", "nl", "sv", "tr", "vi", "id", "th",
    "ar", "he", "hi", "uk", "cs", "ca", "pir", "pt-br", "zh-cn",
];

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
    pub(super) parsed: OnceLock<Parsed>,
}

impl Page {
    /// A page from its file's path in the content (`es/standby.md`, `labs/setup.en.md`, `labs/x/index.md`).
    #[must_use]
    pub fn new(inner: &str, source: Source) -> Page {
        let inner = inner.strip_suffix(".md").or_else(|| inner.strip_suffix(".markdown")).unwrap_or(inner);
        let (dir, name) = inner.rsplit_once('/').unwrap_or(("", inner));
        let first = dir.split('/').next().unwrap_or_default();
        let (named, written) = match name.rsplit_once('.').map(|(stem, code)| (stem, tongue(code))) {
            Some((stem, Some(tongue))) => (stem, Some(tongue)),
            _ => (name, None),
        };
        let by_folder = tongue(first);
        let place =
            if by_folder.is_some() { dir.get(first.len()..).unwrap_or("").trim_matches('/') } else { dir };
        let is_section = named == "_index";
        let path = match (named, place) {
            ("_index" | "index", place) => place.to_owned(),
            (name, "") => name.to_owned(),
            (name, place) => format!("{place}/{name}"),
        };
        let tongue = written.or(by_folder).unwrap_or(Tongue::Site);
        let front::Split { front, body, diagnostics } = front::split(&source.text);
        Page {
            path,
            dir: dir.to_owned(),
            is_section,
            tongue,
            source,
            front,
            body,
            front_diagnostics: diagnostics,
            parsed: OnceLock::new(),
        }
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
        self.front.shown == Visibility::Listed
    }

    /// Its place among its siblings.
    pub(super) fn rank(&self) -> (i64, bool) {
        // Hugo puts pages without a weight (or with 0) last; our step 0 has weight 0 and comes first.
        (self.front.weight.unwrap_or(i64::MAX), !self.is_section)
    }
}

/// A page, read.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// What it says.
    pub document: Arc<Document>,
    /// What is wrong with it, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// The language a folder or a part of a file's name stands for.
#[must_use]
pub(super) fn tongue(code: &str) -> Option<Tongue> {
    let code = code.to_ascii_lowercase();
    let primary = code.split(['-', '_']).next().unwrap_or_default();
    match primary {
        "es" if code.len() <= 6 => Some(Tongue::Ours(Lang::Es)),
        "en" if code.len() <= 6 => Some(Tongue::Ours(Lang::En)),
        p if CODES.contains(&code.as_str()) || (code.len() == 5 && CODES.contains(&p)) => {
            Some(Tongue::Other(code))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(inner: &str) -> (String, Tongue, bool) {
        let p = Page::new(inner, Source::new(inner, ""));
        (p.path, p.tongue, p.is_section)
    }

    #[test]
    fn a_files_name_gives_path_and_language() {
        let es = Tongue::Ours(Lang::Es);
        assert_eq!(place("es/standby.md"), ("standby".into(), es.clone(), false));
        assert_eq!(place("labs/setup.es.md"), ("labs/setup".into(), es.clone(), false));
        assert_eq!(place("labs/_index.en.md"), ("labs".into(), Tongue::Ours(Lang::En), true));
        assert_eq!(place("labs/x/index.md"), ("labs/x".into(), Tongue::Site, false));
        assert_eq!(place("_index.md"), (String::new(), Tongue::Site, true));
        assert_eq!(place("v1.2.md"), ("v1.2".into(), Tongue::Site, false));
        assert_eq!(place("ja/a/b.md"), ("a/b".into(), Tongue::Other("ja".into()), false));
        assert_eq!(place("es-MX/a.md").1, es);
    }
}
