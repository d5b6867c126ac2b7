//! Asked to end, every command does, at once and in good order, and its exit code tells by what.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{drilling, espera, in_folder};

/// Real time no end comes near to; it only ends a test that would hang.
const PATIENCE: Duration = Duration::from_secs(300);

/// Each signal by name, with the exit code of whoever ends on it.
const SIGNALS: [(&str, i32); 4] = [("-INT", 130), ("-TERM", 143), ("-QUIT", 131), ("-HUP", 129)];

fn send(child: &Child, signal: &str) {
    Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
}

fn ends(child: &mut Child) -> Option<i32> {
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if began.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Starts a command at a speed at which its first deploy takes many seconds, and waits until it is under way.
fn deploying(folder: &Path, args: &[&str], typed: &str) -> (Child, Option<std::process::ChildStdin>) {
    let mut child = espera(args)
        .args(["--speed", "1", "--lang", "en", "--state-dir"])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = child.stdin.take().unwrap();
    lines.write_all(typed.as_bytes()).unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut seen = String::new();
    while !seen.contains("deploy-primary") && !seen.contains("Started: Deploy") {
        let mut line = String::new();
        assert!(out.read_line(&mut line).unwrap() > 0, "it ended before its deploy: {seen}");
        seen.push_str(&line);
    }
    std::thread::spawn(move || drop(out.read_to_end(&mut Vec::new())));
    (child, Some(lines))
}

#[test]
fn linear_text_ends_in_the_middle_of_an_action_and_goes_on_at_the_next_start() {
    for (signal, code) in SIGNALS {
        for ended_input in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let (mut child, mut lines) = deploying(folder.path(), &["--plain"], "2\nd\ny\n");
            if ended_input {
                drop(lines.take());
            }
            send(&child, signal);
            assert_eq!(ends(&mut child), Some(code), "{signal}");
            let kept = std::fs::read_to_string(folder.path().join("practice/progress.json")).unwrap();
            assert!(
                kept.contains("\"running\":\"deploy-primary\"") || kept.contains("\"deploy-primary\""),
                "{kept}"
            );
        }
    }
}

#[test]
fn a_walk_ends_in_the_middle_of_an_action_and_the_next_one_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    for (signal, code) in SIGNALS {
        let (mut child, _lines) = deploying(folder.path(), &["walk"], "");
        send(&child, signal);
        assert_eq!(ends(&mut child), Some(code), "{signal}");
    }
    let on = in_folder(folder.path(), &["walk", "--to", "primary", "--speed", "max", "--lang", "en"]);
    assert_eq!(super::code(&on), 0, "{}", super::out(&on));
}

#[test]
fn a_question_to_an_account_that_says_nothing_is_given_up_when_asked() {
    // An address that is given has none of the variants an environment may ask for, and is asked all the same.
    for variant in ["NOTHING", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"] {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", silent.local_addr().unwrap());
        let folder = tempfile::tempdir().unwrap();
        let mut child = espera(&["status", "--world", "aws", "--lang", "en", "--endpoint-url", &endpoint])
            .arg("--state-dir")
            .arg(folder.path())
            .envs([
                ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
                ("AWS_SECRET_ACCESS_KEY", "example"),
                (variant, "true"),
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        silent.set_nonblocking(true).unwrap();
        let _asked = loop {
            match silent.accept() {
                Ok(asked) => break asked,
                // One that ended without a question will ask none.
                Err(_) => assert_eq!(child.try_wait().unwrap(), None, "it asks nobody: {variant}"),
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        send(&child, "-INT");
        assert_eq!(ends(&mut child), Some(130));
    }
}

#[test]
fn practice_aws_is_ended_by_a_signal_and_that_is_a_good_end() {
    for (signal, _) in SIGNALS {
        let mut child = espera(&["cloud", "serve", "--port", "0", "--lang", "en"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        assert!(out.read_line(&mut String::new()).unwrap() > 0);
        send(&child, signal);
        assert_eq!(ends(&mut child), Some(0), "{signal}");
    }
}

fn walked_to_the_edge() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let walked = in_folder(folder.path(), &["walk", "--to", "edge", "--speed", "max", "--lang", "en"]);
    assert_eq!(super::code(&walked), 0, "{}", super::err(&walked));
    folder
}

fn log_of_the_drill(folder: &Path) -> String {
    let mut runs: Vec<_> =
        std::fs::read_dir(folder.join("practice/drills")).unwrap().map(|e| e.unwrap().path()).collect();
    runs.sort();
    std::fs::read_to_string(runs.last().unwrap().join("log.jsonl")).unwrap()
}

#[test]
fn a_drill_undoes_its_fault_at_the_first_request_and_ends_at_once_at_the_second() {
    let folder = walked_to_the_edge();
    let mut drill = drilling(folder.path());
    send(&drill, "-TERM");
    assert_eq!(ends(&mut drill), Some(143));
    let log = log_of_the_drill(folder.path());
    assert!(log.contains("\"undone\"") && log.contains("\"finished\""), "{log}");

    // A burst of one signal is one request (a terminal that closes sends several); one that goes on is two.
    let mut drill = drilling(folder.path());
    let began = Instant::now();
    while drill.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < PATIENCE, "it does not end");
        send(&drill, "-INT");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(ends(&mut drill), Some(130));
    let undone = in_folder(folder.path(), &["drill", "--undo", "--speed", "max", "--lang", "en"]);
    assert_eq!(super::code(&undone), 0, "{}", super::err(&undone));
}

#[test]
fn a_walk_in_the_middle_of_its_drill_undoes_the_fault_before_it_ends() {
    let folder = walked_to_the_edge();
    let mut walk = espera(&["walk", "--speed", "20", "--lang", "en", "--state-dir"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(walk.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("FAULT") {
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0, "the walk ended before its fault");
    }
    std::thread::spawn(move || drop(out.read_to_end(&mut Vec::new())));
    send(&walk, "-INT");
    assert_eq!(ends(&mut walk), Some(130));
    let log = log_of_the_drill(folder.path());
    assert!(log.contains("\"undone\""), "{log}");
}
