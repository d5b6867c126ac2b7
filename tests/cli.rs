//! The command line as people and scripts meet it: bad input told clearly, the right exit code, and
//! nothing lost.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should fail loudly")]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};

#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/output.rs"]
mod output;
#[cfg(unix)]
#[path = "cli/signals.rs"]
mod signals;

fn espera(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_espera"));
    command.args(args).stdin(Stdio::null()).env("LANG", "C").env_remove("LC_ALL").env_remove("NO_COLOR");
    // What leads whoever runs the tests to their own AWS, or to a proxy before it, is none of this.
    let leads = |name: &str| name.starts_with("AWS_") || name.to_ascii_uppercase().ends_with("_PROXY");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(leads) {
            command.env_remove(name);
        }
    }
    command
}

fn run(args: &[&str]) -> Output {
    espera(args).output().unwrap()
}

fn in_folder(folder: &Path, args: &[&str]) -> Output {
    espera(args).arg("--state-dir").arg(folder).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("ends by itself, not by a signal")
}

/// A folder in which the first two steps have been done.
fn begun() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let walked =
        in_folder(folder.path(), &["walk", "--to", "prerequisites", "--speed", "max", "--lang", "en"]);
    assert_eq!(code(&walked), 0, "{}", err(&walked));
    folder
}

#[test]
fn a_scenario_with_an_unknown_key_is_shown_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    fs::write(&file, "# mine\nnonsense = 1\n").unwrap();
    let refused = in_folder(folder.path(), &["walk", "--lang", "en", "--scenario", file.to_str().unwrap()]);
    assert_eq!(code(&refused), 1);
    let text = err(&refused);
    assert!(text.contains("line 2, column 1") && text.contains("nonsense"), "{text}");
    assert_eq!(out(&refused), "", "nothing may begin");
}

#[test]
fn a_scenario_that_is_not_there_names_those_that_are() {
    for (lang, words) in [("es", "No hay escenario"), ("en", "There is no scenario")] {
        let refused = run(&["walk", "--lang", lang, "--scenario", "nope"]);
        assert_eq!(code(&refused), 1);
        let text = err(&refused);
        assert!(text.contains(words) && text.contains("region-lost"), "{text}");
    }
}

#[test]
fn without_a_terminal_it_says_what_works_instead() {
    let folder = tempfile::tempdir().unwrap();
    for (lang, words) in [("es", "no hay terminal"), ("en", "no terminal")] {
        let refused = in_folder(folder.path(), &["--lang", lang]);
        assert_eq!(code(&refused), 1);
        let text = err(&refused);
        assert!(text.contains(words) && text.contains("--plain") && text.contains("walk"), "{text}");
        assert_eq!(out(&refused), "");
    }
}

#[test]
fn a_state_folder_that_cannot_be_used_is_a_message_and_the_work_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    // A path under a file: unusable even for root.
    let walked =
        in_folder(&file.join("below"), &["walk", "--to", "prerequisites", "--speed", "max", "--lang", "en"]);
    assert_eq!(code(&walked), 0, "{}", err(&walked));
    let text = err(&walked);
    assert!(text.contains("cannot be used") && text.contains("--state-dir"), "{text}");
    assert!(out(&walked).contains("[ok]"));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn an_unknown_step_names_the_steps() {
    let folder = tempfile::tempdir().unwrap();
    let refused = in_folder(folder.path(), &["walk", "--to", "nowhere", "--lang", "en"]);
    assert_eq!(code(&refused), 2);
    let text = err(&refused);
    assert!(text.contains("nowhere") && text.contains("introduction, prerequisites, primary"), "{text}");
}

#[test]
fn a_broken_folder_of_lessons_is_told_file_by_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), "+++\ntitle = \"x\n+++\n# a\n").unwrap();
    fs::write(folder.path().join("b.md"), b"\x00\x01\x02binary").unwrap();
    fs::write(folder.path().join("c.md"), "---\ntitle: c\n---\n{{% notice tip %}}open\n").unwrap();
    fs::write(folder.path().join("d.md"), "---\ntitle: d\n---\n\u{1b}[31mred\u{1b}]0;x\u{7}\n").unwrap();
    let checked = run(&["lessons", "check", folder.path().to_str().unwrap(), "--lang", "en"]);
    assert_eq!(code(&checked), 1);
    let text = out(&checked) + &err(&checked);
    for wanted in ["a.md:2:11", "b.md is not text", "`notice` isn't closed", "control codes", "3 errors"] {
        assert!(text.contains(wanted), "no `{wanted}`:\n{text}");
    }
    assert!(!text.contains('\u{7}') && !text.contains("\u{1b}]"), "control codes reach the terminal");

    let missing = run(&["lessons", "check", "/no/such/folder", "--lang", "en"]);
    assert_eq!(code(&missing), 2);
    assert!(err(&missing).contains("can't be opened"), "{}", err(&missing));
}

#[test]
fn completions_and_the_man_page_are_there() {
    for shell in ["bash", "zsh", "fish"] {
        let made = run(&["completions", shell]);
        assert_eq!(code(&made), 0);
        assert!(out(&made).contains("walk"), "{shell}");
    }
    let page = run(&["man", "--lang", "en"]);
    assert_eq!(code(&page), 0);
    assert!(out(&page).contains(".TH espera"));
}

#[test]
fn help_teaches_in_both_languages() {
    for (lang, words) in [("es", "Para empezar"), ("en", "To begin")] {
        let help = run(&["--help", "--lang", lang]);
        assert_eq!(code(&help), 0);
        assert!(out(&help).contains(words), "{}", out(&help));
    }
    let unknown = run(&["--nonsense", "--lang", "en"]);
    assert_eq!(code(&unknown), 2);
    assert!(err(&unknown).contains("--nonsense"));
}

#[test]
fn progress_of_a_newer_espera_is_left_alone() {
    let folder = begun();
    let file = folder.path().join("practice/progress.json");
    let newer = fs::read_to_string(&file).unwrap().replace("\"version\": 2", "\"version\": 99");
    fs::write(&file, &newer).unwrap();
    for (lang, words) in [("es", "más nueva"), ("en", "newer Espera")] {
        let refused = in_folder(folder.path(), &["status", "--lang", lang]);
        assert_eq!(code(&refused), 1);
        assert!(err(&refused).contains(words), "{}", err(&refused));
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), newer, "it must not be written over");
}

#[test]
fn damaged_progress_is_set_aside_and_told() {
    let folder = begun();
    let file = folder.path().join("practice/progress.json");
    fs::write(&file, "{broken").unwrap();
    let told = in_folder(folder.path(), &["status", "--lang", "en"]);
    assert_eq!(code(&told), 0);
    assert!(err(&told).contains("set it aside"), "{}", err(&told));
    let kept = folder.path().join("practice/progress.json.damaged-1");
    assert_eq!(fs::read_to_string(kept).unwrap(), "{broken");
}

#[test]
fn a_damaged_world_is_set_aside_and_told() {
    let folder = begun();
    let files =
        fs::read_dir(folder.path().join("practice/world")).unwrap().map(|entry| entry.unwrap().path());
    let snapshot =
        |file: &std::path::Path| file.file_name().is_some_and(|n| n.to_string_lossy().starts_with("world-"));
    let world = files.filter(|file| snapshot(file)).max().expect("a snapshot");
    let mut bytes = fs::read(&world).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    fs::write(&world, &bytes).unwrap();
    let told = in_folder(folder.path(), &["status", "--lang", "en"]);
    assert_eq!(code(&told), 0, "{}", err(&told));
    assert!(!err(&told).is_empty(), "a person must be told");
    let kept = fs::read_dir(folder.path().join("practice/world")).unwrap();
    let mut kept = kept.map(|entry| fs::read(entry.unwrap().path()).unwrap());
    assert!(kept.any(|content| content == bytes), "the damaged file must be kept");
}

#[test]
fn a_second_espera_on_the_same_state_is_told_so() {
    let folder = begun();
    let mut first = espera(&["--plain", "--lang", "en", "--state-dir"])
        .arg(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(first.stdout.take().unwrap());
    let mut line = String::new();
    // Its first line comes when it holds the state.
    lines.read_line(&mut line).unwrap();
    assert!(!line.is_empty());
    let second = in_folder(folder.path(), &["walk", "--speed", "max", "--lang", "en"]);
    assert_eq!(code(&second), 1);
    assert!(err(&second).contains("nother Espera"), "{}", err(&second));
    let reset = in_folder(folder.path(), &["reset", "--yes", "--lang", "en"]);
    assert_eq!(code(&reset), 1, "{}", out(&reset));
    // The end of its input ends the first one in good order.
    drop(first.stdin.take());
    lines.read_to_string(&mut line).unwrap();
    assert!(first.wait().unwrap().success());
}

#[test]
fn reset_asks_and_without_a_terminal_deletes_nothing() {
    let folder = begun();
    let file = folder.path().join("practice/progress.json");
    let refused = in_folder(folder.path(), &["reset", "--lang", "en"]);
    assert_eq!(code(&refused), 1);
    assert!(err(&refused).contains("--yes"), "{}", err(&refused));
    assert!(file.exists());
    assert_eq!(code(&in_folder(folder.path(), &["reset", "--yes", "--lang", "en"])), 0);
    assert!(!file.exists());
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let folder = begun();
    let mut child = espera(&["status", "--lang", "en", "--state-dir"])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", err(&ended));
    assert_eq!(err(&ended), "");
}

#[test]
fn a_saved_world_says_that_it_keeps_its_seed_and_scenario() {
    let folder = begun();
    for (given, words) in [
        (["--seed", "9"], &["--seed", "espera reset"][..]),
        (["--scenario", "region-lost"], &["--scenario", "espera reset"]),
    ] {
        let status = in_folder(folder.path(), &[&["status", "--lang", "en"][..], &given].concat());
        let text = err(&status) + &out(&status);
        assert!(code(&status) == 0 && words.iter().all(|w| text.contains(w)), "{text}");
    }
    for fine in [&["--seed", "4"][..], &["--scenario", "default"], &[]] {
        let status = in_folder(folder.path(), &[&["status", "--lang", "en"][..], fine].concat());
        let text = err(&status) + &out(&status);
        assert!(!text.contains("espera reset"), "{fine:?}: {text}");
    }
}

#[test]
fn a_mistake_in_the_command_line_is_told_in_spanish_and_ends_with_2() {
    for (args, words) in [
        (&["--spedd", "3"][..], &["no se esperaba", "Uso: espera"][..]),
        (&["lessons", "check", "--speed", "3"], &["no usa --speed"]),
        (&["status", "--profile", "mine"], &["--world aws"]),
    ] {
        let refused = run(args);
        let text = err(&refused);
        assert_eq!(code(&refused), 2, "{text}");
        assert!(words.iter().all(|w| text.contains(w)) && !text.contains("Usage"), "{text}");
    }
    // One language at a time.
    let spanish = err(&run(&["walk", "--speed", "fast"]));
    assert!(spanish.contains("tiene que estar en 0.1..10000|max") && !spanish.contains(" is "), "{spanish}");
    let english = err(&run(&["walk", "--speed", "fast", "--lang", "en"]));
    assert!(english.contains("fast is not in 0.1..10000|max") && !english.contains("número"), "{english}");
    let help = run(&["walk", "--help"]);
    assert!(code(&help) == 0 && out(&help).contains("Opciones:"), "{}", out(&help));
}

#[test]
fn a_drill_in_an_account_is_refused_where_nobody_can_be_asked_and_yes_still_tells_the_price_first() {
    let account = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    account.set_nonblocking(true).unwrap();
    let endpoint = format!("http://{}", account.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let args = ["drill", "--world", "aws", "--lang", "en", "--endpoint-url", &endpoint];
    let refused = in_folder(folder.path(), &args);
    let told = err(&refused);
    assert_eq!(code(&refused), 1, "{told}");
    let places: Vec<_> = ["Price: ", "It will, for real: ", "Undone at the end", "--yes"]
        .map(|words| told.find(words).unwrap_or_else(|| panic!("{words} is not in {told}")))
        .into();
    assert!(places.is_sorted(), "{told}");
    let called = account.accept().map(drop).map_err(|e| e.kind());
    assert_eq!(called, Err(std::io::ErrorKind::WouldBlock), "something was sent");
    drop(account);
    let agreed = espera(&args)
        .args(["--yes", "--state-dir"])
        .arg(folder.path())
        .envs([("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "example")])
        .output()
        .unwrap();
    let told = err(&agreed);
    assert!(code(&agreed) == 1 && told.starts_with("Price: "), "a dead account cannot be drilled: {told}");
    assert!(!told.contains("--yes"), "{told}");
}

/// Runs a drill at a speed a person could follow, and answers once its fault is in place.
#[cfg(unix)]
fn drilling(folder: &Path) -> std::process::Child {
    let mut drill = espera(&["drill", "--auto", "--fault", "region", "--speed", "20", "--lang", "en"])
        .arg("--state-dir")
        .arg(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(drill.stdout.take().unwrap());
    let seen = out.lines().map_while(Result::ok).find(|line| line.contains("FAULT"));
    assert!(seen.is_some(), "the drill ended before its fault");
    drill
}

#[cfg(unix)]
#[test]
fn a_drill_killed_in_the_middle_is_offered_again_and_finished_with_its_whole_log() {
    let folder = tempfile::tempdir().unwrap();
    let walked = in_folder(folder.path(), &["walk", "--to", "edge", "--speed", "max", "--lang", "en"]);
    assert_eq!(code(&walked), 0, "{}", err(&walked));
    let mut drill = drilling(folder.path());
    drill.kill().unwrap();
    drill.wait().unwrap();
    let fast =
        |args: &[&str]| in_folder(folder.path(), &[args, &["--speed", "max", "--lang", "en"]].concat());
    let refused = fast(&["drill", "--auto"]);
    assert_eq!(code(&refused), 1);
    assert!(err(&refused).contains("--finish") && err(&refused).contains("--undo"), "{}", err(&refused));
    let finished = fast(&["drill", "--finish", "--json"]);
    let report = out(&finished).lines().last().unwrap_or_default().to_owned();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let baskets = &report["report"]["baskets_lost"];
    let lost = baskets["lost"].as_array().unwrap().len() as u64;
    assert!(baskets["unknown"].as_array().unwrap().is_empty(), "{baskets}");
    assert_eq!(baskets["acknowledged"].as_u64().unwrap(), baskets["present"].as_u64().unwrap() + lost);
    let kept: espera::drill::Report = serde_json::from_value(report["report"].clone()).unwrap();
    assert_eq!(report["figures"], espera::drill::telling::figures::data(&kept));
    let nothing = fast(&["drill", "--undo"]);
    assert_eq!(code(&nothing), 0);
    assert!(err(&nothing).contains("No drill was cut off"), "{}", err(&nothing));
}

/// A served world with a state folder of its own; it ends with the value.
struct Served {
    server: std::process::Child,
    // Kept, since what it still says must not fail.
    _said: BufReader<std::process::ChildStdout>,
}

impl Served {
    fn at(folder: &Path) -> Served {
        let mut server = espera(&["cloud", "serve", "--port", "0", "--lang", "en", "--state-dir"]);
        let mut server = server.arg(folder).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(server.stdout.take().unwrap());
        // What leads clients to it is laid out before it says how.
        assert!(said.by_ref().lines().map_while(Result::ok).any(|line| line.contains("espera cloud env")));
        Served { server, _said: said }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn cloud_operations_lists_what_practice_answers() {
    let told = run(&["cloud", "operations", "--lang", "es"]);
    assert_eq!(code(&told), 0);
    let lines: Vec<Vec<String>> =
        out(&told).lines().map(|l| l.split_whitespace().map(str::to_owned).collect()).collect();
    assert!(lines.contains(&vec!["dynamodb".into(), "PutItem".into(), "cambia".into()]), "{lines:?}");
    assert!(lines.contains(&vec!["cloudwatch".into(), "GetMetricData".into(), "lee".into()]));
    assert!(lines.is_sorted() && lines.iter().all(|line| line.len() == 3));
    let json = run(&["cloud", "operations", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&out(&json)).unwrap();
    assert_eq!(list.as_array().unwrap().len(), lines.len());
    let row = serde_json::json!({"service": "s3", "operation": "HeadBucket", "effect": "reads"});
    assert!(list.as_array().unwrap().contains(&row), "{list}");
}

#[test]
fn cloud_env_says_what_to_do_where_no_world_runs() {
    let folder = tempfile::tempdir().unwrap();
    for (lang, words) in [("es", "cloud serve"), ("en", "No practice world is open")] {
        let told = in_folder(folder.path(), &["cloud", "env", "--lang", lang]);
        assert_eq!(code(&told), 1);
        assert!(err(&told).contains(words) && out(&told).is_empty(), "{}", err(&told));
    }
    // One that ran and is gone is no world either.
    drop(Served::at(folder.path()));
    assert_eq!(code(&in_folder(folder.path(), &["cloud", "env", "--lang", "en"])), 1);
}

#[test]
fn cloud_env_leads_each_kind_of_terminal_to_the_world_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let _served = Served::at(folder.path());
    let env = |args: &[&str]| {
        let mut command = espera(&[&["cloud", "env", "--lang", "en"], args].concat());
        let told = command.env("AWS_PROFILE", "prod").arg("--state-dir").arg(folder.path()).output().unwrap();
        assert_eq!(code(&told), 0, "{args:?}: {}", err(&told));
        out(&told)
    };
    let json: serde_json::Value = serde_json::from_str(&env(&["--json"])).unwrap();
    let url = json["set"]["AWS_ENDPOINT_URL"].as_str().unwrap();
    assert!(json["unset"].as_array().unwrap().contains(&"AWS_PROFILE".into()), "{json}");
    for (args, line) in [
        (&["--shell", "bash"][..], format!("export AWS_ENDPOINT_URL='{url}'\n")),
        (&["--shell", "zsh"], format!("export AWS_ENDPOINT_URL='{url}'\n")),
        (&["--shell", "fish"], format!("set -gx AWS_ENDPOINT_URL '{url}'\n")),
        (&["--shell", "powershell"], format!("$env:AWS_ENDPOINT_URL = '{url}'\n")),
        (&["--shell", "cmd"], format!("set \"AWS_ENDPOINT_URL={url}\"\n")),
        (&["--shell", "cmd"], "set \"AWS_PROFILE=\"\n".to_owned()),
        (&["--dotenv"], format!("AWS_ENDPOINT_URL={url}\n")),
    ] {
        assert!(env(args).contains(&line), "{args:?}: {}", env(args));
    }
    let config = folder.path().join("config");
    fs::write(&config, "[profile mine]\nregion = eu-west-1\n").unwrap();
    assert!(env(&["--profile", config.to_str().unwrap()]).contains("added"));
    let text = fs::read_to_string(&config).unwrap();
    assert!(text.starts_with("[profile mine]\nregion = eu-west-1\n\n[profile espera]\n"), "{text}");
    fs::write(&config, "[profile espera]\nregion = eu-west-1\n").unwrap();
    let told =
        in_folder(folder.path(), &["cloud", "env", "--lang", "en", "--profile", config.to_str().unwrap()]);
    assert_eq!(code(&told), 1);
    assert!(err(&told).contains("config:1:"), "{}", err(&told));
    for pair in [["--json", "--dotenv"], ["--dotenv", "--shell=bash"], ["--json", "--profile=x"]] {
        assert_eq!(code(&in_folder(folder.path(), &[&["cloud", "env"], &pair[..]].concat())), 2, "{pair:?}");
    }
}
