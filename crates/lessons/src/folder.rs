//! A folder of Hugo content on disk: which files are pages, in which language, under which path; the
//! site's parameters and unchanging files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::page::Page;
use super::source::{LessonError, Source};
use ground::reading;

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

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// The content's folder.
    pub root: PathBuf,
    /// Its pages, as they were found.
    pub pages: Vec<Page>,
    /// Files that can't be read as lessons.
    pub unreadable: Vec<LessonError>,
    /// The site's parameters.
    pub params: Map<String, Value>,
    /// The site's own shortcodes: their templates by name.
    pub templates: HashMap<String, String>,
    /// Folders where the site keeps its unchanging files.
    pub statics: Vec<PathBuf>,
}

/// Reads a folder: a Hugo site, its content, or any folder of Markdown.
pub(super) fn read(dir: &Path) -> Result<Folder, LessonError> {
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
                    pages.push(Page::new(&inner, source));
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
    let mut own = HashMap::new();
    templates(&site.join("layouts/shortcodes"), "", &mut own);
    let (params, statics) = (parameters(&site), statics(&site));
    Ok(Folder { root, pages, unreadable, params, templates: own, statics })
}

/// A single file as the only page of its folder.
fn one_file(file: &Path) -> Result<Folder, LessonError> {
    let source = Source::read(file)?;
    let root = file.parent().map_or_else(PathBuf::new, Path::to_owned);
    let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(Folder { root, pages: vec![Page::new(&name, source)], ..Folder::default() })
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

/// The files attached to a page of the content under `root`.
pub(super) fn attachments(root: &Path, page: &Page) -> Vec<PathBuf> {
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
