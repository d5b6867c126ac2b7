//! Holds the order of the house. Between crates Cargo holds it; in the workshop `src/lib.rs` lists the modules
//! from the ground up, and a module uses only those above it; inside a room, or a crate, its `mod.rs` or `lib.rs`
//! lists the floors. Also holds the limits on the size of files.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should fail loudly")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "layers/graph.rs"]
mod graph;
#[path = "layers/picture.rs"]
mod picture;

use graph::Graph;

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The workshop's own sources.
fn src() -> PathBuf {
    home().join("src")
}

/// The sources of a crate below the workshop.
fn of_crate(name: &str) -> PathBuf {
    home().join("crates").join(name).join("src")
}

/// The sources of every crate, the workshop's last.
fn houses() -> Vec<PathBuf> {
    let mut houses: Vec<PathBuf> =
        fs::read_dir(home().join("crates")).unwrap().map(|e| e.unwrap().path().join("src")).collect();
    houses.sort();
    assert!(houses.len() >= 6, "too few crates: {houses:?}");
    houses.push(src());
    houses
}

/// The files of every crate.
fn all_sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    houses().iter().for_each(|house| sources(house, &mut files));
    files
}

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The modules of `lib.rs` in order.
fn order() -> Vec<String> {
    let lib = fs::read_to_string(src().join("lib.rs")).unwrap();
    lib.lines().filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';')).map(str::to_owned).collect()
}

/// The top module a file belongs to; `None` for `lib.rs` and the programs.
fn module(path: &Path) -> Option<String> {
    let first = path.strip_prefix(src()).unwrap().components().next()?;
    let name = Path::new(first.as_os_str()).file_stem()?.to_str()?.to_owned();
    (!["lib", "main", "bin"].contains(&name.as_str())).then_some(name)
}

/// The modules a text reaches through `crate::x`, `crate::{x, y::z}` or as many `super::` as lead to
/// the root, with their lines. Comments do not count.
fn reached(text: &str, depth: usize) -> Vec<(usize, String)> {
    let to_root = "super::".repeat(depth);
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for start in ["crate::", to_root.as_str()].into_iter().filter(|s| !s.is_empty()) {
            for (at, _) in code.match_indices(start) {
                // `$crate::` in a macro and longer chains of `super::` are not this path.
                if code[..at].ends_with("super::") || code[..at].ends_with("::") {
                    continue;
                }
                let rest = &code[at + start.len()..];
                let names: Vec<&str> = match rest.strip_prefix('{') {
                    Some(group) => group.split('}').next().unwrap_or(group).split(',').collect(),
                    None => vec![rest],
                };
                for name in names {
                    let name = name.trim();
                    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
                    found.push((number + 1, name[..end].to_owned()));
                }
            }
        }
    }
    found
}

#[test]
fn every_module_uses_only_those_above_it() {
    let order = order();
    assert!(order.len() >= 10, "src/lib.rs lists too few modules: {order:?}");
    let rank: BTreeMap<&str, usize> = order.iter().enumerate().map(|(i, n)| (n.as_str(), i)).collect();
    let mut files = Vec::new();
    sources(&src(), &mut files);
    let mut wrong = Vec::new();
    for path in &files {
        let Some(own) = module(path) else { continue };
        let own_rank = *rank.get(own.as_str()).unwrap_or_else(|| panic!("src/lib.rs does not list `{own}`"));
        // `mod.rs` stands for its folder, so one `super::` fewer leads to the root.
        let parts = path.strip_prefix(src()).unwrap().components().count();
        let depth = if path.ends_with("mod.rs") { parts - 1 } else { parts };
        for (line, name) in reached(&fs::read_to_string(path).unwrap(), depth) {
            if rank.get(name.as_str()).is_some_and(|r| *r > own_rank) {
                wrong.push(format!("{}:{line} uses `{name}`, which stands below `{own}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "paths that lead upwards:\n{}", wrong.join("\n"));
}

#[test]
fn the_check_sees_an_upward_path() {
    assert_eq!(reached("use crate::{cli, ui::theme};", 2).len(), 2);
    assert_eq!(reached("    super::super::cli::run()", 2), [(1, "cli".to_owned())]);
    assert!(reached("// crate::cli", 1).is_empty());
}

#[test]
fn the_sdk_is_named_in_cloud_and_in_the_basket_store_alone() {
    let store = of_crate("shop").join("dynamo.rs");
    let cloud = src().join("cloud");
    for path in all_sources().iter().filter(|p| **p != store && !p.starts_with(&cloud)) {
        let text = fs::read_to_string(path).unwrap();
        let named = text.lines().any(|l| l.split("//").next().unwrap_or_default().contains("aws_sdk_"));
        assert!(!named, "{} names an AWS SDK crate", path.display());
    }
}

#[test]
fn practice_names_no_guest() {
    // Words of the program that runs in it: its name, its tables, what it sells.
    let words = ["shop", "unicorn", "basket"];
    let mut files = Vec::new();
    sources(&of_crate("practice"), &mut files);
    sources(&of_crate("cloudformation"), &mut files);
    for path in files {
        // The course is a workshop; comments and tests count.
        let text = fs::read_to_string(&path).unwrap().to_lowercase().replace("workshop", "");
        for word in words {
            assert!(!text.contains(word), "{} names a guest: `{word}`", path.display());
        }
    }
}

#[test]
fn what_is_printed_goes_through_the_one_place_that_cleans_it() {
    // The screen itself, and the code that fills the clipboard, write for the terminal and not for a reader.
    let mut own: Vec<PathBuf> =
        ["runtime/out.rs", "runtime/terminal.rs", "runtime/clipboard.rs"].map(|p| src().join(p)).into();
    // A program of its own, which prints where it listens.
    own.push(of_crate("unishop").join("main.rs"));
    let ways = ["println!", "print!", "dbg!", "io::stdout()", "io::stderr()"];
    let mut wrong = Vec::new();
    for path in all_sources().iter().filter(|p| !own.contains(p) && !p.ends_with("tests.rs")) {
        let text = fs::read_to_string(path).unwrap();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            // To ask whether it is a terminal prints nothing.
            let asks = code.contains("is_terminal()") || code.contains("colours(");
            if !asks && ways.iter().any(|way| code.contains(way)) {
                wrong.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "prints past runtime::out:\n{}", wrong.join("\n"));
}

/// A character of its own in code, such as `'q'`.
fn has_character(code: &str) -> bool {
    let mut parts = code.split('\'').skip(1);
    parts.any(|part| part.chars().count() == 1 || (part.starts_with('\\') && part.chars().count() == 2))
}

#[test]
fn keys_are_data_and_not_code() {
    // What keys are called, and how the keymap's file is read.
    let own = ["app/key.rs", "ui/keys.rs"].map(|p| src().join(p));
    let mut files = Vec::new();
    sources(&src().join("app"), &mut files);
    sources(&src().join("ui"), &mut files);
    let mut wrong = Vec::new();
    for path in files.iter().filter(|p| !own.contains(p)) {
        let text = fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or(&text);
        // What is typed is taken as it is: no letter may mean more than itself.
        let types = text.contains(".typed()");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let names =
                ["KeyCode", " Code::", "(Code::", "Key::plain(", "Key {"].iter().any(|n| code.contains(n));
            if names || (types && has_character(code)) {
                wrong.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "keys that assets/keymap.toml does not know:\n{}", wrong.join("\n"));
}

#[test]
fn the_check_sees_a_letter_in_code() {
    assert!(has_character("if key.typed() == Some('q') {") && has_character(r"'\n' => {}"));
    assert!(!has_character("fn popup<'a>(scene: &'a Scene<'_>) -> &'static str {"));
}

#[test]
fn there_is_one_list_of_unprintable_characters() {
    // The list itself; cells of the screen, where pictures are sent as controls; and what a name may be made of.
    let own = [
        of_crate("ground").join("lang/clean.rs"),
        src().join("ui/text.rs"),
        of_crate("shop").join("catalogue.rs"),
    ];
    let ideas =
        ["is_control", "u{200E}", "u{200F}", "u{2028}", "u{202E}", "u{2066}", "u{2069}", "u{061C}", "u{E007"];
    for path in all_sources().iter().filter(|p| !own.contains(p) && !p.ends_with("tests.rs")) {
        let text = fs::read_to_string(path).unwrap();
        for idea in ideas {
            let found = count(&text, idea) + count(&text, &idea.to_lowercase());
            assert_eq!(found, 0, "{} has its own idea of `lang::is_unprintable`: {idea}", path.display());
        }
    }
}

#[test]
fn stacks_are_named_in_one_place() {
    for path in
        all_sources().iter().filter(|p| **p != src().join("cloud/names.rs") && !p.ends_with("tests.rs"))
    {
        let text = fs::read_to_string(path).unwrap();
        for name in ["\"unishop-primary\"", "\"unishop-standby\"", "\"unishop-edge\""] {
            assert_eq!(count(&text, name), 0, "{} names {name} past `cloud::names`", path.display());
        }
    }
}

#[test]
fn files_stay_small_enough_to_read() {
    let mut lengths: Vec<(usize, PathBuf)> =
        all_sources().into_iter().map(|p| (fs::read_to_string(&p).unwrap().lines().count(), p)).collect();
    lengths.sort();
    let (most, path) = lengths.last().unwrap();
    assert!(*most <= 600, "{} has {most} lines; none may have more than 600", path.display());
    let (p90, _) = lengths[lengths.len() * 9 / 10];
    assert!(p90 <= 400, "nine of ten files should have at most 400 lines; it is {p90}");
}

#[test]
fn every_file_says_what_it_owns() {
    for path in all_sources() {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{} does not open with `//!`", path.display());
    }
}

/// How often a word stands in the code of a file, comments and tests apart.
fn count(text: &str, word: &str) -> usize {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    code.lines().map(|l| l.split("//").next().unwrap_or_default().matches(word).count()).sum()
}

#[test]
fn every_list_and_every_wait_of_the_cloud_has_an_end_and_every_bucket_an_owner() {
    let mut files = Vec::new();
    sources(&src().join("cloud"), &mut files);
    let mut wrong = Vec::new();
    for path in &files {
        let text = fs::read_to_string(path).unwrap();
        let mut holds = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{}: {what}", path.display()));
            }
        };
        let ended = count(&text, ".count_one()") + count(&text, ".has_next(");
        holds(count(&text, "into_paginator()") <= ended, "a list without a guard::Pages");
        let acts = path.components().any(|c| c.as_os_str() == "act");
        holds(!acts || count(&text, "clock.sleep(") == 0, "a wait without a guard::Patience");
        let loops = count(&text, "loop {") + count(&text, "while !");
        holds(!acts || loops <= ended + count(&text, ".pause(self"), "a loop that nothing ends");
        // A bucket that is being made has no owner yet.
        let buckets = count(&text, ".bucket(").saturating_sub(count(&text, "create_bucket()"));
        holds(buckets <= count(&text, "expected_bucket_owner("), "a bucket without its owner");
        let shared = ["guard.rs", "watch.rs", "silence_monitor.rs", "fetch.rs", "access.rs"];
        let waits = shared.iter().any(|name| path.ends_with(name));
        holds(waits || count(&text, "time::sleep(") == 0, "a wait by another clock");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The floors of a room: its modules in the groups in which its `mod.rs` or `lib.rs` lists them, from the ground up. A room
/// with one group has no floors.
fn floors(text: &str) -> Vec<Vec<String>> {
    let mut floors: Vec<Vec<String>> = vec![Vec::new()];
    for line in text.lines() {
        let line = line.trim();
        let declared = ["mod ", "pub mod ", "pub(crate) mod ", "pub(super) mod "]
            .iter()
            .find_map(|start| line.strip_prefix(start)?.strip_suffix(';'));
        match declared {
            Some(name) => floors.last_mut().unwrap().push(name.to_owned()),
            None if line.is_empty() => floors.push(Vec::new()),
            None => {}
        }
    }
    floors.retain(|floor| !floor.is_empty());
    floors
}

#[test]
fn within_a_room_no_floor_uses_one_that_is_listed_below_it() {
    let mut wrong = Vec::new();
    let mut rooms = 0;
    for house in houses() {
        let mut files = Vec::new();
        sources(&house, &mut files);
        files.sort();
        let graph = Graph::of(&house, files.clone());
        for room in files.iter().filter(|path| path.ends_with("mod.rs") || path.ends_with("lib.rs")) {
            let floors = floors(&fs::read_to_string(room).unwrap());
            if floors.len() < 2 {
                continue;
            }
            rooms += 1;
            let folder = room.parent().unwrap();
            let floor_of = |path: &Path| {
                let first = path.strip_prefix(folder).ok()?.components().next()?;
                let name = Path::new(first.as_os_str()).file_stem()?.to_str()?.to_owned();
                floors.iter().position(|floor| floor.contains(&name))
            };
            for (from, to) in graph.all() {
                if let (Some(own), Some(other)) = (floor_of(from), floor_of(to))
                    && other > own
                {
                    let name = |path: &Path| path.strip_prefix(home()).unwrap().display().to_string();
                    wrong.push(format!("{} uses {}, which stands on a floor above", name(from), name(to)));
                }
            }
        }
    }
    assert!(rooms >= 5, "too few rooms with floors were found: {rooms}");
    assert!(wrong.is_empty(), "arrows that lead upwards within a room:\n{}", wrong.join("\n"));
}

/// A crate as the picture shows it: its floors, and which others its `Cargo.toml` names.
fn house(sources: &Path) -> picture::House {
    let folder = sources.parent().unwrap();
    let root = sources == src();
    let name = if root { "espera" } else { folder.file_name().unwrap().to_str().unwrap() };
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    let needed = manifest.split("[dev-dependencies]").next().unwrap();
    let uses = needed.lines().filter_map(|line| {
        let (name, rest) = line.split_once(" = ")?;
        rest.contains("path = \"").then(|| name.to_owned())
    });
    picture::House {
        name: name.to_owned(),
        floors: floors(&fs::read_to_string(sources.join("lib.rs")).unwrap()),
        uses: uses.filter(|name| name != "path").collect(),
    }
}

/// `docs/pictures/floors.svg` shows the house as it is; `ESPERA_DRAW=1` draws it anew.
#[test]
fn the_picture_of_the_floors_is_the_code_s() {
    let drawn = picture::draw(&houses().iter().map(|sources| house(sources)).collect::<Vec<_>>());
    let file = home().join("docs/pictures/floors.svg");
    if std::env::var_os("ESPERA_DRAW").is_some() {
        fs::write(&file, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == drawn, "the floors have changed: ESPERA_DRAW=1 cargo test --test layers picture");
}

/// The most files that may stand in one circle.
const LARGEST: usize = 5;
/// The same for the engine's own state machine, in which each phase begins others.
const MACHINE: usize = 7;

#[test]
fn no_circle_of_files_grows() {
    let short = |path: &Path| path.strip_prefix(home()).unwrap().display().to_string();
    let engine = of_crate("cloudformation").join("engine");
    let mut arrows = 0;
    let mut too_large = Vec::new();
    for house in houses() {
        let mut files = Vec::new();
        sources(&house, &mut files);
        files.sort();
        let graph = Graph::of(&house, files);
        let circles = graph.circles();
        arrows += graph.arrows();
        let sizes: Vec<_> = circles.iter().map(Vec::len).collect();
        println!("{}: {} arrows, circles of {sizes:?}", short(&house), graph.arrows());
        for circle in &circles {
            let names: Vec<_> = circle.iter().map(|f| short(f)).collect();
            println!("{}: {}", names.len(), names.join(" "));
            if std::env::var_os("ESPERA_ARROWS").is_some() {
                for (from, to) in graph.within(circle) {
                    println!("  {} -> {}", short(from), short(to));
                }
            }
            let machine = circle.iter().all(|file| file.starts_with(&engine));
            if circle.len() > if machine { MACHINE } else { LARGEST } {
                too_large.push(names.join(" "));
            }
        }
    }
    println!("{arrows} arrows in all");
    assert!(arrows > 1000, "the graph has too few arrows to be true: {arrows}");
    assert!(too_large.is_empty(), "circles that are too large:\n{}", too_large.join("\n"));
}
