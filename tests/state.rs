//! `espera state` as people meet it: what is kept and whether it is sound, mended or brought back only
//! after a yes; and the modes of what is kept.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn espera(folder: &Path, args: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_espera"));
    command.args(args).args(["--lang", "en", "--state-dir"]).arg(folder).stdin(Stdio::null());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    (status.code().expect("ends by itself"), text)
}

/// A folder in which the first two steps have been done.
fn begun() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (code, text) = espera(folder.path(), &["walk", "--to", "prerequisites", "--speed", "max"]);
    assert_eq!(code, 0, "{text}");
    folder
}

fn snapshots(folder: &Path) -> Vec<PathBuf> {
    let world = folder.join("practice/world");
    let mut found: Vec<PathBuf> = fs::read_dir(world)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("world-"))
        .collect();
    found.sort();
    found
}

#[test]
fn damage_is_shown_and_mended_only_after_a_yes() {
    let folder = begun();
    let (code, text) = espera(folder.path(), &["state", "verify"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("progress.json") && text.contains("world-"), "{text}");
    let newest = snapshots(folder.path()).pop().unwrap();
    let mut bytes = fs::read(&newest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&newest, &bytes).unwrap();
    let (code, text) = espera(folder.path(), &["state", "verify"]);
    assert!(code == 1 && text.contains("damaged") && text.contains("espera state repair"), "{code} {text}");
    let (code, text) = espera(folder.path(), &["state", "repair"]);
    assert!(code == 1 && text.contains("--yes"), "{code} {text}");
    assert_eq!(fs::read(&newest).unwrap(), bytes, "untouched without a yes");
    let (code, text) = espera(folder.path(), &["state", "repair", "--yes"]);
    assert!(code == 0 && text.contains("set aside as"), "{code} {text}");
    let (code, text) = espera(folder.path(), &["state", "verify"]);
    assert_eq!(code, 0, "{text}");
    let (code, text) = espera(folder.path(), &["status"]);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn each_file_of_a_world_is_told_when_it_is_damaged_and_mended() {
    let folder = begun();
    let world = folder.path().join("practice/world");
    let names: Vec<_> = fs::read_dir(&world).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let mut seen = 0;
    for name in names.iter().filter(|name| name.to_str() != Some("lock")) {
        let file = world.join(name);
        let Ok(mut bytes) = fs::read(&file) else { continue };
        // The mark is written twice: both are damaged.
        for at in (9..bytes.len()).step_by(160) {
            bytes[at] ^= 1;
        }
        fs::write(&file, &bytes).unwrap();
        let (code, text) = espera(folder.path(), &["state", "verify"]);
        let line = format!("!! practice/world/{}: ", name.to_str().unwrap());
        let told = text.lines().find(|told| told.contains(&line)).map(str::to_owned);
        assert!(code == 1 && told.is_some_and(|told| told.ends_with("damaged")), "{line} {text}");
        let (code, text) = espera(folder.path(), &["state", "repair", "--yes"]);
        assert_eq!(code, 0, "{line} {text}");
        let (code, text) = espera(folder.path(), &["state", "verify"]);
        assert_eq!(code, 0, "{line} {text}");
        seen += 1;
    }
    assert!(seen >= 5, "{names:?}");
    fs::remove_file(world.join("keys")).unwrap();
    let (code, text) = espera(folder.path(), &["state", "verify"]);
    assert!(code == 1 && text.contains("keys: the keys of its clients: missing"), "{text}");
}

#[test]
fn an_earlier_world_can_be_gone_back_to_and_the_present_one_is_kept() {
    let folder = begun();
    let (code, text) = espera(folder.path(), &["state", "restore"]);
    assert!(code == 0 && text.contains("practice/world/world-"), "{code} {text}");
    let past = snapshots(folder.path()).remove(0);
    let past = past.to_str().unwrap();
    let (code, text) = espera(folder.path(), &["state", "restore", past]);
    assert!(code == 1 && text.contains("--yes"), "{code} {text}");
    let (code, text) = espera(folder.path(), &["state", "restore", past, "--yes"]);
    assert!(code == 0 && text.contains(".left-1"), "{code} {text}");
    assert_eq!(espera(folder.path(), &["state", "verify"]).0, 0);
    let (code, text) = espera(folder.path(), &["state", "restore", "nothing", "--yes"]);
    assert!(code == 1 && text.contains("no world"), "{code} {text}");
}

#[test]
fn nothing_kept_is_nothing_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let (code, text) = espera(folder.path(), &["state", "verify"]);
    assert!(code == 0 && text.contains("Nothing is kept"), "{code} {text}");
}

#[cfg(unix)]
#[test]
fn all_that_is_kept_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = begun();
    let mut folders = vec![folder.path().join("practice")];
    while let Some(next) = folders.pop() {
        for path in fs::read_dir(&next).unwrap().map(|entry| entry.unwrap().path()).chain([next.clone()]) {
            let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
            if path.is_dir() && path != next {
                folders.push(path);
            }
        }
    }
}
