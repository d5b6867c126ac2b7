//! Nothing foreign commands the terminal: every command is given control characters and turned writing in
//! whatever comes from outside, and all that leaves it is scanned.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::{begun, espera};

/// One of each kind: an escape sequence, its one-byte form, a bell, an override, an isolate, a mark of
/// direction, a tag, a line break of few programs.
const HOSTILE: &str = "x\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{2066}\u{200f}\u{61c}\u{e0041}\u{85}\u{2028}y";

/// What may not leave, in whatever is told.
fn obeyed(bytes: &[u8]) -> Vec<char> {
    let text = String::from_utf8_lossy(bytes);
    text.chars().filter(|c| ground::lang::is_unprintable(*c) && !matches!(c, '\n' | '\t')).collect()
}

fn harmless(what: &str, output: &Output) {
    for (place, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let found = obeyed(bytes);
        assert!(found.is_empty(), "{what}: {found:?} in {place}: {:?}", String::from_utf8_lossy(bytes));
    }
    let told = [&output.stdout[..], &output.stderr].concat();
    assert!(!told.is_empty(), "{what}: nothing was said, so nothing was tried");
    assert!(output.status.code().is_some_and(|c| c < 100), "{what}: {:?}", output.status);
}

fn in_both_languages(args: &[&str], change: impl Fn(&mut Command)) {
    for lang in ["es", "en"] {
        let mut command = espera(args);
        command.args(["--lang", lang]);
        change(&mut command);
        harmless(&format!("{args:?} in {lang}"), &command.output().unwrap());
    }
}

#[test]
fn words_of_the_command_line_come_back_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join(HOSTILE);
    let endpoint = format!("http://127.0.0.1:1/{HOSTILE}");
    for args in [
        &[HOSTILE][..],
        &["--", HOSTILE],
        &["walk", "--speed", HOSTILE],
        &["walk", "--seed", HOSTILE],
        &["walk", "--to", HOSTILE],
        &["walk", "--scenario", HOSTILE],
        &["status", "--world", HOSTILE],
        &["status", "--unishop", HOSTILE],
        &["status", "--scenario", HOSTILE],
        &["drill", "--fault", HOSTILE],
        &["drill", "--duration", HOSTILE],
        &["drill", "--targets", HOSTILE],
        &["drill", "--speed", "max", "--auto"],
        &["lessons", "check", HOSTILE],
        &["lessons", "show", HOSTILE],
        &["lessons", "show", "--lessons", HOSTILE],
        &["lessons", "show", "--width", HOSTILE],
        &["cloud", "serve", "--port", HOSTILE],
        &["cloud", HOSTILE],
        &["completions", HOSTILE],
        &["reset"],
        &["reset", "--yes"],
    ] {
        let stateless = matches!(args[0], "lessons" | "completions") || args.len() < 2 || args[0] == "--";
        in_both_languages(args, |command| {
            if !stateless || args == ["reset"] {
                command.arg("--state-dir").arg(&state);
            }
        });
    }
    let account = ["status", "--world", "aws", "--profile", HOSTILE, "--endpoint-url", &endpoint];
    in_both_languages(&account, |command| {
        command.arg("--state-dir").arg(&state);
    });
    let wrong = espera(&["--lang", HOSTILE, "status"]).output().unwrap();
    harmless("--lang", &wrong);
}

#[test]
fn what_the_environment_says_comes_back_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join(HOSTILE);
    fs::create_dir(&home).unwrap();
    // A file stands where the folder of the state should be: its path is told.
    fs::write(home.join("state"), "").unwrap();
    in_both_languages(&["status"], |command| {
        for name in ["LANG", "LC_ALL", "LC_MESSAGES", "TERM", "SHELL", "EDITOR", "AWS_PROFILE"] {
            command.env(name, HOSTILE);
        }
        command.env("HOME", &home).env("XDG_STATE_HOME", home.join("state"));
    });
}

#[test]
fn a_scenario_is_told_harmlessly_whatever_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    // Escapes of TOML, which bring what TOML itself forbids, and characters as they are.
    let escaped = "\\u001b]0;owned\\u0007\\u009b31m\\u202e\\u2066\\U000E0041";
    let raw = "\u{9b}31m\u{202e}\u{2066}\u{200f}\u{e0041}";
    for text in [
        format!("\"{escaped}\" = 1\n"),
        format!("\"{raw}\" = 1\n"),
        format!("nonsense = 1 # {raw}\n"),
        format!("duration_scale = \"{raw}\"\n"),
        format!("[[fault]]\nafter_s = 1\nregion = \"{escaped}\"\n"),
        format!("{HOSTILE}\n"),
    ] {
        fs::write(&file, &text).unwrap();
        for command in [&["status"][..], &["walk"], &["cloud", "serve", "--port", "0"]] {
            in_both_languages(command, |c| {
                c.arg("--scenario").arg(&file).arg("--state-dir").arg(folder.path().join("state"));
            });
        }
    }
}

/// A scenario whose first stack fails with a reason as no AWS would give it.
fn failing(folder: &Path) -> std::path::PathBuf {
    let file = folder.join("failing.toml");
    let reason = "\\u001b]0;owned\\u0007\\u009b31m\\u202e\\u2066\\U000E0041 no room";
    let failure = format!(
        "[[failure]]\nstack = \"unishop-primary\"\nresource = \"DatabaseInstance\"\nreason = \"{reason}\"\n"
    );
    fs::write(&file, failure).unwrap();
    file
}

#[test]
fn what_aws_says_comes_back_harmless_from_walk_and_status_and_plain() {
    let folder = tempfile::tempdir().unwrap();
    let file = failing(folder.path());
    let run = |name: &str, args: &[&str]| {
        let mut command = espera(args);
        command.args(["--speed", "max", "--lang", "en", "--state-dir"]).arg(folder.path().join(name));
        command.arg("--scenario").arg(&file);
        command
    };
    for (name, args) in [("text", &["walk"][..]), ("json", &["walk", "--json"])] {
        let walked = run(name, args).output().unwrap();
        harmless(name, &walked);
        let told = String::from_utf8(walked.stdout).unwrap();
        assert!(told.contains("no room") && walked.status.code() == Some(1), "{told}");
        for line in told.lines().filter(|_| name == "json") {
            serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        }
        harmless("status", &run(name, &["status"]).output().unwrap());
        let facts = run(name, &["status", "--json"]).output().unwrap();
        harmless("status --json", &facts);
        let facts: serde_json::Value = serde_json::from_slice(&facts.stdout).unwrap();
        assert!(facts.to_string().contains('\u{202e}'), "JSON keeps what was said, escaped");
    }
    let mut plain = run("plain", &["--plain"]);
    let mut child =
        plain.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = child.stdin.take().unwrap();
    write!(lines, "2\nd\ny\n{HOSTILE}\nstacks\nl\n").unwrap();
    drop(lines);
    let told = child.wait_with_output().unwrap();
    harmless("plain", &told);
    assert!(String::from_utf8_lossy(&told.stdout).contains("no room"));
    assert_eq!(told.status.code(), Some(1), "the deploy failed");
}

#[test]
fn lessons_are_shown_and_checked_harmlessly() {
    let folder = tempfile::tempdir().unwrap();
    let name = format!("{}.md", HOSTILE.replace('/', ""));
    let raw = "\u{9b}31m\u{202e}\u{2066}\u{200f}\u{e0041}";
    let text = format!(
        "+++\ntitle = \"a\\u001b]0;x\\u0007\\u202e\\u009b b\"\nweight = \"{raw}\"\n+++\n\n# One &#27;]0;x&#7; \
         &#155;31m &#x202E; &#x2066; &#xE0041; {raw}\n\n{{{{< {raw} >}}}}\n\n[a](b{raw}.md \"{raw}\") \
         ![c&#x202e;](d.png)\n\n`{raw}`\n\n```sh\n{raw}\n```\n\n| a&#x202e; | b |\n|---|---|\n| c{raw} | d |\n"
    );
    fs::write(folder.path().join(name), &text).unwrap();
    fs::write(folder.path().join("broken.md"), format!("+++\n{raw} = = 3\n+++\n\n{{{{< tabs {raw}")).unwrap();
    for args in [&["lessons", "check"][..], &["lessons", "show"]] {
        in_both_languages(args, |c| {
            c.arg("--lessons").arg(folder.path());
        });
    }
    // The very file, by its name.
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        in_both_languages(&["lessons", "check"], |c| {
            c.arg(&path);
        });
    }
}

#[test]
fn a_damaged_state_is_told_harmlessly() {
    let begun = begun();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join(HOSTILE);
    fs::rename(begun.path(), &state).unwrap();
    fs::write(state.join("practice/progress.json"), format!("{{\"{HOSTILE}\": 1}}")).unwrap();
    in_both_languages(&["status"], |c| {
        c.arg("--state-dir").arg(&state);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_utf_8_work_or_are_refused_in_words() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let latin = OsStr::from_bytes(b"lecci\xf3n");
    let inside = folder.path().join(latin);
    fs::create_dir(&inside).unwrap();
    fs::write(inside.join(OsStr::from_bytes(b"p\xe1gina.md")), "# Uno\n").unwrap();
    fs::write(inside.join("mine.toml"), "").unwrap();
    let run = |change: &dyn Fn(&mut Command) -> &mut Command| {
        let mut command = espera(&["--lang", "en"]);
        change(&mut command);
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned();
        assert!(!told.contains("panicked") && !told.contains("of its own"), "{told}");
        (output.status.code().unwrap(), told)
    };
    let fine = |what: &str, (code, told): (i32, String)| assert_eq!(code, 0, "{what}: {told}");
    let refused = |what: &str, (code, told): (i32, String)| {
        assert!([1, 2].contains(&code) && told.len() > 20, "{what}: {code} {told}");
    };
    fine("lessons check DIR", run(&|c| c.args(["lessons", "check"]).arg(&inside)));
    fine("--lessons", run(&|c| c.args(["lessons", "show", "--lessons"]).arg(&inside)));
    fine("--state-dir", run(&|c| c.args(["status", "--state-dir"]).arg(inside.join("state"))));
    fine(
        "walk",
        run(&|c| {
            c.args(["walk", "--speed", "max", "--to", "prerequisites", "--state-dir"])
                .arg(inside.join("walk"))
        }),
    );
    fine("HOME", run(&|c| c.arg("status").env("HOME", &inside).env_remove("XDG_STATE_HOME")));
    fine(
        "the environment",
        run(&|c| {
            for name in ["SHELL", "EDITOR", "LANG", "LC_ALL", "LC_MESSAGES", "TERM", "PAGER", "XDG_DATA_HOME"]
            {
                c.env(name, latin);
            }
            c.args(["status", "--state-dir"]).arg(inside.join("env"))
        }),
    );
    refused("lessons check FILE", run(&|c| c.args(["lessons", "check"]).arg(inside.join(latin))));
    refused("--scenario", run(&|c| c.args(["status", "--scenario"]).arg(inside.join("mine.toml"))));
    refused("--unishop", run(&|c| c.args(["status", "--unishop"]).arg(inside.join(latin))));
    refused("a command", run(&|c| c.arg(latin)));
    refused("--lang", run(&|c| c.arg("status").arg("--lang").arg(latin)));
    refused("lessons show", run(&|c| c.args(["lessons", "show"]).arg(latin)));
}
