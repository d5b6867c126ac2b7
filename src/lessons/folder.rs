//! A folder of Hugo content on disk: which files are pages, in which language, under which path; the
//! site's parameters and unchanging files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::library::{Library, Page, Tongue};
use super::source::{LessonError, Source};
use crate::lang::Lang;
use crate::reading;

/// Codes of languages a site's files are known to be in beside ours.
const CODES: [&str; 26] = [
    "fr", "de", "it", "pt", "ja", "jp", "ko", "kr", "zh", "ru", "pl", "nl", "sv", "tr", "vi", "id", "th",
    "ar", "he", "hi", "uk", "cs", "ca", "pir", "pt-br", "zh-cn",
];

/// How deep folders are followed.
const DEPTH: usize = 16;
/// The most lessons read from a folder.
const FILES: usize = 20_000;
/// The most entries of a folder and those under it that are looked at: somebody may name `/`.
const ENTRIES: usize = 400_000;
/// The most bytes of a folder's lessons, in MiB.
const MIB: u64 = 256;
/// The most bytes of a site's configuration.
const SETTINGS: u64 = 1024 * 1024;

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

/// A page from its file's path in the content (`es/standby.md`, `labs/setup.en.md`, `labs/x/index.md`).
pub(super) fn page(inner: &str, source: Source) -> Page {
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
    Page::new(path, dir.to_owned(), is_section, tongue, source)
}

/// Opens a folder: a Hugo site, its content, or any folder of Markdown.
pub(super) fn open(dir: &Path) -> Result<Library, LessonError> {
    let open = |cause| LessonError::Open { path: dir.to_owned(), cause };
    if !std::fs::metadata(dir).map_err(open)?.is_dir() {
        return one_file(dir);
    }
    let content = dir.join("content");
    let (root, site) = if content.is_dir() {
        (content, dir.to_owned())
    } else {
        (dir.to_owned(), dir.parent().unwrap_or(dir).to_owned())
    };
    let mut found = Found { files: Vec::new(), entries: 0 };
    collect(&root, "", 0, &mut found).map_err(open)?;
    let (mut pages, mut unreadable) = (Vec::new(), Vec::new());
    let mut whole = found.entries < ENTRIES && found.files.len() <= FILES;
    let mut room = MIB * 1024 * 1024;
    for (inner, file) in found.files.into_iter().take(FILES) {
        match Source::read(&file) {
            Ok(source) => match room.checked_sub(source.text.len() as u64) {
                Some(left) => {
                    room = left;
                    pages.push(page(&inner, source));
                }
                None => {
                    whole = false;
                    break;
                }
            },
            Err(error) => unreadable.push(error),
        }
    }
    if !whole {
        unreadable.push(LessonError::TooMuch { path: root.clone(), files: FILES, mib: MIB });
    }
    if pages.is_empty() {
        return Err(unreadable.pop().unwrap_or_else(|| LessonError::Empty(dir.to_owned())));
    }
    let mut library = Library::of_pages(root, pages, unreadable);
    library.params = parameters(&site);
    library.statics = statics(&site);
    templates(&site.join("layouts/shortcodes"), "", &mut library.templates);
    Ok(library)
}

/// A library of a single file.
fn one_file(file: &Path) -> Result<Library, LessonError> {
    let source = Source::read(file)?;
    let root = file.parent().map_or_else(PathBuf::new, Path::to_owned);
    let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(Library::of_pages(root, vec![page(&name, source)], Vec::new()))
}

/// The lessons of a folder and how many entries were looked at for them.
struct Found {
    files: Vec<(String, PathBuf)>,
    entries: usize,
}

fn collect(dir: &Path, inner: &str, depth: usize, out: &mut Found) -> std::io::Result<()> {
    let room = ENTRIES.saturating_sub(out.entries);
    let mut entries: Vec<_> = std::fs::read_dir(dir)?.filter_map(Result::ok).take(room).collect();
    out.entries += entries.len();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "node_modules" {
            continue;
        }
        let path = entry.path();
        let below = if inner.is_empty() { name.clone() } else { format!("{inner}/{name}") };
        // `file_type` doesn't follow links, so a folder that holds itself can't be followed for ever.
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if depth < DEPTH && !name.ends_with(".files") {
                collect(&path, &below, depth + 1, out).ok();
            }
        } else if name.ends_with(".md") || name.ends_with(".markdown") {
            out.files.push((below, path));
        }
    }
    Ok(())
}

/// The site's `[params]`, from whichever configuration file it has.
fn parameters(site: &Path) -> Map<String, Value> {
    const FILES: [&str; 8] = [
        "hugo.toml",
        "config.toml",
        "hugo.yaml",
        "config.yaml",
        "config.yml",
        "hugo.json",
        "config.json",
        "config/_default/params.toml",
    ];
    for name in FILES {
        let Ok(text) = reading::text(&site.join(name), SETTINGS) else { continue };
        let whole: Option<Map<String, Value>> = match name.rsplit('.').next() {
            Some("toml") => toml::from_str(&text).ok(),
            Some("json") => serde_json::from_str(&text).ok(),
            _ => yaml_serde::from_str(&text).ok(),
        };
        let Some(mut whole) = whole else { continue };
        if name.ends_with("params.toml") {
            return whole;
        }
        let key = whole.keys().find(|k| k.eq_ignore_ascii_case("params")).cloned();
        if let Some(Value::Object(params)) = key.and_then(|k| whole.remove(&k)) {
            return params;
        }
    }
    Map::new()
}

/// The site's own shortcodes, also those in folders (`common/keys`).
fn templates(dir: &Path, inner: &str, out: &mut HashMap<String, String>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let stem = name.trim_end_matches(".md").trim_end_matches(".html");
        let below = if inner.is_empty() { stem.to_owned() } else { format!("{inner}/{stem}") };
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            if inner.matches('/').count() < DEPTH {
                templates(&entry.path(), &below, out);
            }
        } else if let Ok(source) = Source::read(&entry.path()).map(|s| s.text)
            && stem.len() < name.len()
        {
            out.insert(below, source);
        }
    }
}

/// The site's and its themes' `static` folders.
fn statics(site: &Path) -> Vec<PathBuf> {
    let mut out = vec![site.join("static"), site.join("assets")];
    let themes = std::fs::read_dir(site.join("themes")).into_iter().flatten().filter_map(Result::ok);
    out.extend(themes.map(|t| t.path().join("static")));
    out.retain(|p| p.is_dir());
    out
}

/// The files attached to a page.
pub(super) fn attachments(library: &Library, page: &Page) -> Vec<PathBuf> {
    let Some(root) = &library.root else { return Vec::new() };
    let name = page.source.path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let bundle = name.trim_start_matches('_').starts_with("index");
    let name = name.split('.').next().unwrap_or_default().to_owned();
    let own = root.join(&page.dir).join(format!("{name}.files"));
    let shared = root.join(&page.dir).join("files");
    let mut out = Vec::new();
    for dir in [own, shared].into_iter().chain(bundle.then(|| root.join(&page.dir))) {
        let entries = std::fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
        out.extend(
            entries.map(|e| e.path()).filter(|p| p.is_file() && p.extension().is_none_or(|e| e != "md")),
        );
    }
    out.sort();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(inner: &str) -> (String, Tongue, bool) {
        let p = page(inner, Source::new(inner, ""));
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
