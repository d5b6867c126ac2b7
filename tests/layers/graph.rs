//! The graph of files: which file names something of which, as the compiler would find it, re-exports followed.
//! Tests inside files do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A module: where it stands below the crate's root, as names.
type Module = Vec<String>;

/// Files, and the files each names something of.
#[derive(Debug, Default)]
pub struct Graph {
    files: Vec<PathBuf>,
    arrows: Vec<BTreeSet<usize>>,
}

/// A path in code: its segments from `crate`, `self`, `super` or a name in scope, and the name it is used under.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    path: Vec<String>,
    alias: String,
}

/// A file's own part in it.
#[derive(Debug)]
struct Unit {
    module: Module,
    /// Paths of `use`, by the name they bring into scope: what others may find here.
    uses: BTreeMap<String, Vec<String>>,
    /// Modules of which all names are brought into scope.
    globs: Vec<Vec<String>>,
    /// Every path that stands in the code.
    paths: Vec<Vec<String>>,
}

/// Code without comments, texts and the tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let mut in_text = false;
        let mut last = ' ';
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if last != '\\' && last != '\'' => in_text = !in_text,
                '/' if !in_text && chars.peek() == Some(&'/') => break,
                c if !in_text => out.push(c),
                _ => {}
            }
            last = if last == '\\' && c == '\\' { ' ' } else { c };
        }
        out.push('\n');
    }
    out
}

/// The words and signs of code, as far as paths are made of them.
fn tokens(code: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let bytes = code.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        if is_word(bytes[at]) {
            while at < bytes.len() && is_word(bytes[at]) {
                at += 1;
            }
            out.push(&code[start..at]);
        } else if code[at..].starts_with("::") {
            at += 2;
            out.push("::");
        } else {
            at += code[at..].chars().next().map_or(1, char::len_utf8);
            if matches!(bytes[start], b'{' | b'}' | b',' | b';' | b'*' | b'$') {
                out.push(&code[start..at]);
            }
        }
    }
    out
}

/// Reads a tree of paths (`a::{b, c::d as e}`) from `at`, below `before`; answers where it ends.
fn tree(tokens: &[&str], mut at: usize, before: &[String], out: &mut Vec<Named>) -> usize {
    let mut path = before.to_vec();
    // `::name`: another crate, whatever is called so here.
    if path.is_empty() && tokens.get(at) == Some(&"::") {
        path.push("::".to_owned());
        at += 1;
    }
    loop {
        match tokens.get(at) {
            Some(&"{") => {
                at += 1;
                while at < tokens.len() && tokens[at] != "}" {
                    at = tree(tokens, at, &path, out);
                    if tokens.get(at) == Some(&",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            Some(&"*") => {
                out.push(Named { path, alias: "*".to_owned() });
                return at + 1;
            }
            Some(word) if word.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') => {
                path.push((*word).to_owned());
                at += 1;
            }
            _ => return at + 1,
        }
        if tokens.get(at) == Some(&"::") {
            at += 1;
            continue;
        }
        let mut alias = path.last().cloned().unwrap_or_default();
        if alias == "self" {
            path.pop();
            alias = path.last().cloned().unwrap_or_default();
        }
        if tokens.get(at) == Some(&"as") {
            alias = tokens.get(at + 1).map(|word| (*word).to_owned()).unwrap_or_default();
            at += 2;
        }
        out.push(Named { path, alias });
        return at;
    }
}

fn unit(module: Module, text: &str) -> Unit {
    let code = code(text);
    let tokens = tokens(&code);
    let mut unit = Unit { module, uses: BTreeMap::new(), globs: Vec::new(), paths: Vec::new() };
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at] == "use" {
            let mut found = Vec::new();
            at = tree(&tokens, at + 1, &[], &mut found);
            for Named { path, alias } in found {
                unit.paths.push(path.clone());
                match alias.as_str() {
                    "*" => unit.globs.push(path),
                    _ => drop(unit.uses.insert(alias, path)),
                }
            }
            continue;
        }
        let begins = tokens.get(at + 1) == Some(&"::") && (at == 0 || !matches!(tokens[at - 1], "::" | "$"));
        if begins {
            let mut path = vec![tokens[at].to_owned()];
            let mut next = at + 1;
            while tokens.get(next) == Some(&"::") {
                match tokens.get(next + 1) {
                    Some(word) if word.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') => {
                        path.push((*word).to_owned());
                    }
                    _ => break,
                }
                next += 2;
            }
            unit.paths.push(path);
            at = next.max(at + 1);
            continue;
        }
        at += 1;
    }
    unit
}

impl Graph {
    /// Reads all files below a source folder.
    pub fn of(src: &Path, files: Vec<PathBuf>) -> Graph {
        let module = |file: &Path| -> Module {
            let inside = file.strip_prefix(src).unwrap().with_extension("");
            let names = inside.components().map(|c| c.as_os_str().to_str().unwrap().to_owned());
            names.filter(|name| !["mod", "lib"].contains(&name.as_str())).collect()
        };
        let units: Vec<Unit> =
            files.iter().map(|file| unit(module(file), &fs::read_to_string(file).unwrap())).collect();
        let by_module: BTreeMap<&Module, usize> =
            units.iter().enumerate().map(|(i, u)| (&u.module, i)).collect();
        let arrows = units.iter().enumerate().map(|(own, unit)| {
            let reached = unit.paths.iter().filter_map(|path| find(&units, &by_module, own, path, 0));
            reached.filter(|to| *to != own).collect()
        });
        Graph { arrows: arrows.collect(), files }
    }

    /// How many arrows there are.
    pub fn arrows(&self) -> usize {
        self.arrows.iter().map(BTreeSet::len).sum()
    }

    /// Every arrow: which file names something of which.
    pub fn all(&self) -> impl Iterator<Item = (&Path, &Path)> {
        let named = |from: usize, to: &usize| (self.files[from].as_path(), self.files[*to].as_path());
        self.arrows.iter().enumerate().flat_map(move |(from, to)| to.iter().map(move |to| named(from, to)))
    }

    /// The arrows among these files.
    pub fn within(&self, files: &[&Path]) -> Vec<(&Path, &Path)> {
        self.all().filter(|(from, to)| files.contains(from) && files.contains(to)).collect()
    }

    /// The files from each of which every other can be reached, as circles of two and more, the largest first.
    pub fn circles(&self) -> Vec<Vec<&Path>> {
        let mut state = Walk { index: vec![None; self.files.len()], ..Walk::default() };
        for file in 0..self.files.len() {
            if state.index[file].is_none() {
                self.walk(file, &mut state);
            }
        }
        let mut circles: Vec<Vec<&Path>> = state
            .found
            .iter()
            .filter(|circle| circle.len() > 1)
            .map(|circle| circle.iter().map(|file| self.files[*file].as_path()).collect())
            .collect();
        circles.iter_mut().for_each(|circle| circle.sort());
        circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
        circles
    }

    /// Tarjan's strongly connected components.
    fn walk(&self, file: usize, state: &mut Walk) -> usize {
        let own = state.next;
        state.next += 1;
        state.index[file] = Some(own);
        state.stack.push(file);
        let mut low = own;
        for to in &self.arrows[file] {
            match state.index[*to] {
                None => low = low.min(self.walk(*to, state)),
                Some(index) if state.stack.contains(to) => low = low.min(index),
                Some(_) => {}
            }
        }
        if low == own {
            let from = state.stack.iter().position(|f| *f == file).unwrap();
            state.found.push(state.stack.split_off(from));
        }
        low
    }
}

#[derive(Default)]
struct Walk {
    next: usize,
    index: Vec<Option<usize>>,
    stack: Vec<usize>,
    found: Vec<Vec<usize>>,
}

/// The file that a path leads to from a file: the one that defines what it names, or its module's.
fn find(
    units: &[Unit],
    by_module: &BTreeMap<&Module, usize>,
    own: usize,
    path: &[String],
    depth: usize,
) -> Option<usize> {
    // A circle of re-exports would not compile; a text that only looks like one must not hang the test.
    if depth > 12 {
        return None;
    }
    let again = |from: usize, path: &[String]| find(units, by_module, from, path, depth + 1);
    let (first, rest) = path.split_first()?;
    let mut module = units[own].module.clone();
    match first.as_str() {
        "crate" | "espera" => module.clear(),
        "self" => {}
        "::" => return None,
        "super" => drop(module.pop()),
        name => {
            // A name in scope: a child, or what a `use` brought.
            module.push(name.to_owned());
            if !by_module.contains_key(&module) {
                let used = units[own].uses.get(name)?;
                if used.first().map(String::as_str) == Some(name) && used.len() == 1 {
                    return None;
                }
                return again(own, &[used.as_slice(), rest].concat());
            }
        }
    }
    let mut rest = rest;
    while let Some((name, after)) = rest.split_first() {
        if name == "super" {
            module.pop();
            rest = after;
            continue;
        }
        let mut child = module.clone();
        child.push(name.clone());
        if !by_module.contains_key(&child) {
            break;
        }
        (module, rest) = (child, after);
    }
    let here = *by_module.get(&module)?;
    let Some((name, after)) = rest.split_first() else { return Some(here) };
    if here == own {
        return Some(own);
    }
    if let Some(used) = units[here].uses.get(name) {
        // What another crate defines is only passed on here.
        let inside = ["crate", "self", "super"].contains(&used[0].as_str());
        let child = [module.as_slice(), &used[..1]].concat();
        if !inside && !by_module.contains_key(&child) && !units[here].uses.contains_key(&used[0]) {
            return None;
        }
        return again(here, &[used.as_slice(), after].concat()).or(Some(here));
    }
    let mut globs = units[here].globs.iter();
    globs
        .find_map(|glob| again(here, &[glob.as_slice(), rest].concat()).filter(|to| *to != here))
        .or(Some(here))
}
