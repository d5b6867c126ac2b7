//! Output that cannot be written is told and is no success; a reader that leaves is neither.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use super::{begun, err, espera};

/// Every command that prints, on a folder in which something has been done.
fn commands(folder: &std::path::Path) -> Vec<Command> {
    let state = ["status", "status --json", "walk --to prerequisites --speed max", "reset --yes"];
    let others = [
        "lessons check",
        "lessons show",
        "lessons show introduction --width 60",
        "completions bash",
        "man",
        "--help",
        "--version",
        "walk --help",
        "help drill",
        "cloud serve --port 0",
    ];
    let with_state = state.into_iter().map(|line| (line, true));
    with_state
        .chain(others.into_iter().map(|line| (line, false)))
        .map(|(line, stateful)| {
            let mut command = espera(&line.split(' ').collect::<Vec<_>>());
            command.args(["--lang", "en"].iter().filter(|_| !line.starts_with("help")));
            if stateful {
                command.arg("--state-dir").arg(folder);
            }
            command
        })
        .collect()
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_the_output_is_told_and_ends_with_1() {
    let folder = begun();
    for mut command in commands(folder.path()) {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = command.stdout(full).output().unwrap();
        let told = err(&ended);
        assert_eq!(ended.status.code(), Some(1), "{command:?}: {told}");
        let spanish = told.contains("La salida no se ha podido escribir");
        assert!(spanish || told.contains("The output could not be written"), "{command:?}: {told}");
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut plain = espera(&["--plain", "--lang", "en", "--speed", "max", "--state-dir"]);
    let mut child =
        plain.arg(folder.path()).stdin(Stdio::piped()).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    // It may have ended before it reads.
    let _ = child.stdin.take().unwrap().write_all(b"c\n");
    let ended = child.wait_with_output().unwrap();
    let told = err(&ended);
    assert!(ended.status.code() == Some(1) && told.contains("could not be written"), "{told}");
}

#[test]
fn in_linear_text_a_command_after_the_help_is_carried_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut plain = espera(&["--plain", "--lang", "en", "--speed", "max", "--state-dir"]);
    let piped = || Stdio::piped();
    let mut child = plain.arg(folder.path()).stdin(piped()).stdout(piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"?\nstacks\nq\n").unwrap();
    let ended = child.wait_with_output().unwrap();
    let told = String::from_utf8(ended.stdout).unwrap();
    let (help, after) = told.split_once("- q: Leave").unwrap_or_else(|| panic!("no help:\n{told}"));
    assert!(!help.contains("While typing"), "keys of the screen's dialogs are no commands here:\n{help}");
    assert!(after.contains("There are no stacks yet."), "{after}");
}

#[test]
fn a_reader_that_has_gone_is_no_error_of_any_command() {
    let folder = begun();
    for mut command in commands(folder.path()) {
        if command.get_args().any(|arg| arg == "serve") {
            // It goes on serving: that nobody reads where is no reason to end.
            continue;
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!((ended.status.code(), err(&ended)), (Some(0), String::new()), "{command:?}");
    }
}
