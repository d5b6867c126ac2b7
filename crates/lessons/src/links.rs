//! Where links lead: to a page, a heading, a file of the library, or outside. Both of Hugo's ways are
//! tried: paths of files (`../standby.md`, `/labs/setup`) and of the pages' addresses (`../standby/`).

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::document::Target;
use super::page::{Page, tongue};

/// What links can lead to: the pages by path and by name, and the folders of files.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The content's folder; `None` for pages in memory.
    pub root: Option<PathBuf>,
    /// Folders where the site keeps its unchanging files.
    pub statics: Vec<PathBuf>,
    /// The numbers of the pages at a path: one for each language.
    by_path: HashMap<String, Vec<usize>>,
    /// Paths by their last name, in lower case.
    by_name: HashMap<String, Vec<String>>,
}

impl Places {
    /// Those of a folder, still without its pages.
    pub fn of_folder(root: PathBuf, statics: Vec<PathBuf>) -> Places {
        Places { root: Some(root), statics, ..Places::default() }
    }

    /// Adds the page of this number.
    pub fn add(&mut self, number: usize, page: &Page) {
        self.by_path.entry(page.path.clone()).or_default().push(number);
        let name = page.path.rsplit('/').next().unwrap_or_default().to_lowercase();
        self.by_name.entry(name).or_default().push(page.path.clone());
    }

    /// The numbers of the pages at `path`.
    pub fn at(&self, path: &str) -> Option<&[usize]> {
        self.by_path.get(path).map(Vec::as_slice)
    }

    fn has(&self, path: &str) -> bool {
        self.by_path.contains_key(path)
    }

    /// The paths whose last name this is, whatever its case, in reading order.
    pub fn paths_named(&self, name: &str) -> impl Iterator<Item = &str> {
        self.by_name.get(&name.to_lowercase()).into_iter().flatten().map(String::as_str)
    }

    /// Where `to`, written on `page`, leads.
    pub fn resolve(&self, page: &Page, to: &str) -> Target {
        let to = to.trim();
        if let Some(url) = outside(to) {
            return Target::Url(url);
        }
        if let Some(anchor) = to.strip_prefix('#') {
            return Target::Anchor(anchor.to_owned());
        }
        let (path, anchor) = to.split_once('#').map_or((to, None), |(p, a)| (p, Some(a.to_owned())));
        let path = path.split('?').next().unwrap_or_default();
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        match self.page_at(page, &path) {
            Some(path) => Target::Page { path, anchor: anchor.filter(|a| !a.is_empty()) },
            None => match self.file(page, &path) {
                Target::Broken(_) => Target::Broken(to.to_owned()),
                found => found,
            },
        }
    }

    /// The library's path of the page that `path` names.
    fn page_at(&self, page: &Page, path: &str) -> Option<String> {
        let candidates = if path.starts_with('/') {
            vec![join_path("", path)]
        } else {
            // From the file's folder, and from the page's address.
            let mut found = vec![join_path(&page.dir, path), join_path(&page.path, path)];
            if !path.ends_with(".md") {
                found.swap(0, 1);
            }
            found.push(join_path("", path));
            if page.is_section {
                found.push(join_path(page.path.rsplit_once('/').map_or("", |(up, _)| up), path));
            }
            found
        };
        for candidate in candidates.into_iter().flatten() {
            let stem = without_ending(&candidate);
            let stripped = stem.split_once('/').filter(|(first, _)| tongue(first).is_some());
            for path in [Some(stem), stripped.map(|(_, rest)| rest)].into_iter().flatten() {
                if self.has(path) {
                    return Some(path.to_owned());
                }
                let lower = path.to_lowercase();
                let name = lower.rsplit('/').next().unwrap_or_default();
                if let Some(found) = self.paths_named(name).find(|p| p.to_lowercase() == lower) {
                    return Some(found.to_owned());
                }
            }
        }
        self.by_name(path)
    }

    /// Hugo's last resort: the only page whose file has this name.
    fn by_name(&self, path: &str) -> Option<String> {
        let stem = without_ending(path.trim_matches('/'));
        let mut found = self.paths_named(stem.rsplit('/').next()?);
        let first = found.next()?;
        let fits = stem.split('/').next_back() == Some(stem) || first.ends_with(stem);
        (fits && !stem.is_empty() && found.all(|p| p == first)).then(|| first.to_owned())
    }

    /// Where the file `to`, written on `page`, is on disk.
    pub fn file(&self, page: &Page, to: &str) -> Target {
        let to = to.trim();
        if let Some(url) = outside(to) {
            return Target::Url(url);
        }
        let Some(root) = &self.root else { return Target::Broken(to.to_owned()) };
        let path = to.split(['?', '#']).next().unwrap_or_default();
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let places = self.places(root, page, &path);
        let found =
            places.into_iter().find(|p| p.is_file()).or_else(|| whatever_case(root, path.strip_prefix('/')?));
        found.map_or_else(|| Target::Broken(to.to_owned()), Target::File)
    }

    /// Where the file `path`, written on `page`, may be on disk.
    fn places(&self, root: &Path, page: &Page, path: &str) -> Vec<PathBuf> {
        let mut out = Vec::new();
        let mut add = |base: &Path, inner: Option<String>| out.extend(inner.map(|i| base.join(i)));
        if path.starts_with('/') {
            let inner = join_path("", path);
            for folder in &self.statics {
                add(folder, inner.clone());
                // A site under a sub-path names it first: `/workshop/images/x.png`.
                add(
                    folder,
                    inner.as_deref().and_then(|i| i.split_once('/')).map(|(_, rest)| rest.to_owned()),
                );
            }
            add(root, inner);
            return out;
        }
        let beside = join_path(&page.dir, path);
        let addressed = join_path(&page.path, path);
        add(root, beside.clone());
        add(root, addressed.clone());
        for folder in &self.statics {
            add(folder, beside.clone());
            add(folder, addressed.clone());
            add(folder, join_path("", path.trim_start_matches("../")));
            add(folder, join_path("images", path));
        }
        out
    }
}

/// The address of something outside the library.
fn outside(to: &str) -> Option<String> {
    if let Some(rest) = to.strip_prefix("//") {
        return Some(format!("https://{rest}"));
    }
    let scheme = to.split(':').next().filter(|s| s.len() < to.len() && s.len() > 1)?;
    let is_scheme = scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let harmless = !["javascript", "data", "vbscript"].contains(&scheme.to_ascii_lowercase().as_str());
    (is_scheme && harmless && scheme.starts_with(|c: char| c.is_ascii_alphabetic())).then(|| to.to_owned())
}

/// `path` seen from `base`, without `.` and `..`; nothing when it leaves the library.
fn join_path(base: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = base.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A page's path from a file's: without `.md`, `_index`, `index` and language.
fn without_ending(path: &str) -> &str {
    let stem = path.strip_suffix(".md").or_else(|| path.strip_suffix(".html")).unwrap_or(path);
    let stem = match stem.rsplit_once('.') {
        Some((name, code)) if tongue(code).is_some() => name,
        _ => stem,
    };
    match stem.strip_suffix("index").map(|s| s.strip_suffix('_').unwrap_or(s)) {
        Some(dir) if dir.is_empty() || dir.ends_with('/') => dir.trim_end_matches('/'),
        _ => stem,
    }
}

/// The file at `path` under `root` whatever the case of its folders: a site's addresses are in lower case.
fn whatever_case(root: &Path, path: &str) -> Option<PathBuf> {
    let mut at = root.to_owned();
    for part in join_path("", path)?.split('/') {
        let exact = at.join(part);
        at = if exact.exists() {
            exact
        } else {
            let mut entries = std::fs::read_dir(&at).ok()?.filter_map(Result::ok);
            entries.find(|e| e.file_name().to_string_lossy().eq_ignore_ascii_case(part))?.path()
        };
    }
    at.is_file().then_some(at)
}
