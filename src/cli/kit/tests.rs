//! What is laid out, and what shells make of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail loudly")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::*;

const ENDPOINT: &str = "http://127.0.0.1:4599";

/// A kit in a folder with a name that quoting must survive.
fn kit(base: &Path) -> Environment {
    let state = base.join("it's a \"state\" $HOME");
    let proxy = Some(("http://127.0.0.1:4600".to_owned(), "CERTIFICATE\n".to_owned()));
    let ways = Ways { endpoint: ENDPOINT.to_owned(), proxy, keys: Keys::random().unwrap() };
    practice(&state, Some(&state.join("templates")), &ways, &GlobalOptions::default())
}

/// A program called `name` that does as the script says.
fn program(dir: &Path, name: &str, script: &str) {
    fs::create_dir_all(dir).unwrap();
    let file = dir.join(name);
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs a command of the kit with nothing but `more` and the system's own behind it on the PATH.
fn run(environment: &Environment, more: &Path, name: &str, args: &[&str]) -> (String, String, i32) {
    let bin = environment.bin.clone().unwrap();
    let mut command = Command::new(bin.join(name));
    environment.apply(&mut command);
    let path = std::env::join_paths([bin.as_path(), more, Path::new("/nowhere")]).unwrap();
    command.args(args).env("PATH", path).env("ESPERA_LANG", "en");
    // A test beside this one that starts a program may hold the script open for writing, between fork and exec.
    let output = loop {
        match command.output() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
            done => break done.unwrap(),
        }
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}

#[test]
fn everything_is_its_owners_alone_and_the_secret_is_in_two_files() {
    let base = tempfile::tempdir().unwrap();
    let environment = kit(base.path());
    let secret = environment.get("AWS_SECRET_ACCESS_KEY").unwrap().to_owned();
    let folder = environment.bin.as_ref().unwrap().parent().unwrap().to_owned();
    let (mut waiting, mut holding) = (vec![folder], Vec::new());
    while let Some(dir) = waiting.pop() {
        assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700, "{dir:?}");
        for entry in fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{path:?}");
            if fs::read_to_string(&path).unwrap().contains(&secret) {
                holding.push(path.file_name().unwrap().to_owned());
            }
        }
    }
    holding.sort();
    assert_eq!(holding, ["credentials", "env.fish", "env.sh", "world.json"]);
    let config = fs::read_to_string(environment.get("AWS_CONFIG_FILE").unwrap()).unwrap();
    assert!(config.contains("[profile espera]") && config.matches(ENDPOINT).count() == 2, "{config}");
}

#[test]
fn the_record_leads_another_espera_to_the_same_place() {
    let base = tempfile::tempdir().unwrap();
    let environment = kit(base.path());
    let record = Record::read(&base.path().join("it's a \"state\" $HOME")).unwrap();
    assert_eq!((record.endpoint.as_str(), &record.environment), (ENDPOINT, &environment));
    assert!(!record.answers(), "nothing listens there");
}

#[test]
fn any_aws_is_told_where_practice_is_unless_it_was_told_already() {
    let base = tempfile::tempdir().unwrap();
    let environment = kit(base.path());
    let own = base.path().join("own");
    program(&own, "aws", r#"printf '[%s]' "$@""#);
    let said = |args: &[&str]| run(&environment, &own, "aws", args).0;
    assert_eq!(said(&["s3", "ls", "a b"]), format!("[--endpoint-url][{ENDPOINT}][s3][ls][a b]"));
    assert_eq!(said(&["sts", "x", "--endpoint-url", "u"]), "[sts][x][--endpoint-url][u]");
    assert_eq!(said(&["--endpoint-url=u", "sts"]), "[--endpoint-url=u][sts]");
    // In an account nothing is added.
    let mut account = environment.clone();
    account.put("ESPERA_ENDPOINT", "");
    assert_eq!(run(&account, &own, "aws", &["sts"]).0, "[sts]");
}

#[test]
fn without_an_aws_it_is_told_what_to_do_and_two_kits_do_not_call_each_other() {
    let base = tempfile::tempdir().unwrap();
    let (one, other) = (kit(&base.path().join("1")), kit(&base.path().join("2")));
    let (_, told, code) = run(&one, other.bin.as_ref().unwrap(), "aws", &["sts"]);
    assert!(code == 127 && told.contains("pip install awscli") && told.contains("exit"), "{code}: {told}");
    let path = std::env::join_paths([one.bin.unwrap(), other.bin.unwrap()]).unwrap();
    assert_eq!(Environment::own_aws(Some(&path)), None);
}

#[test]
fn output_and_api_print_one_value_or_fail() {
    let base = tempfile::tempdir().unwrap();
    let environment = kit(base.path());
    let own = base.path().join("own");
    program(
        &own,
        "aws",
        r#"case "$*" in *Gone*) echo None ;; *Bad*) exit 254 ;; *) echo https://a.example/ ;; esac"#,
    );
    let said = |name: &str, args: &[&str]| run(&environment, &own, name, args);
    assert_eq!(
        said("output", &["us-east-1", "s", "ApiUrl"]),
        ("https://a.example/\n".into(), String::new(), 0)
    );
    assert_eq!(said("api", &["us-east-1", "s"]), ("https://a.example\n".into(), String::new(), 0));
    let (out, told, code) = said("output", &["us-east-1", "s", "Gone"]);
    assert!(out.is_empty() && code == 1 && told.contains("no output Gone"), "{out}{told}");
    assert_eq!(said("output", &["us-east-1", "Bad", "x"]).2, 254, "what `aws` says is passed on");
    for (name, args) in [("output", &["us-east-1"][..]), ("api", &[])] {
        let (_, told, code) = said(name, args);
        assert!(code == 2 && told.starts_with("Use:"), "{told}");
    }
}

/// Start files of a learner that undo everything, and what holds after them.
#[test]
fn what_start_files_set_does_not_hold_against_practice() {
    let base = tempfile::tempdir().unwrap();
    let environment = kit(base.path());
    let start = environment.start.clone().unwrap();
    let home = base.path().join("home");
    fs::create_dir(&home).unwrap();
    let undo = "export AWS_PROFILE=prod AWS_ENDPOINT_URL=https://real HTTPS_PROXY=http://p AWS_ENDPOINT_URL_STS=x\n\
                export PATH=/opt/first:$PATH MINE=kept\nalias aws=somewhere\n";
    fs::write(home.join(".bashrc"), undo).unwrap();
    fs::write(home.join(".zshrc"), undo).unwrap();
    let show = "printf '%s|' \"$AWS_PROFILE$AWS_ENDPOINT_URL_STS\" \"$AWS_ENDPOINT_URL\" \"$HTTPS_PROXY\" \"$MINE\" \"${PATH%%:*}\"; \
                command -v aws";
    let bin = environment.bin.as_ref().unwrap();
    let want = format!("|{ENDPOINT}|http://127.0.0.1:4600|kept|{0}|{0}/aws\n", bin.display());
    let rcfile = start.join("bashrc");
    let bash = ["--rcfile", rcfile.to_str().unwrap(), "-i", "-c", show];
    let zsh = ["-i", "-c", show];
    for (shell, args) in [("bash", &bash[..]), ("zsh", &zsh[..])] {
        let mut command = Command::new(shell);
        environment.apply(&mut command);
        command.env("ZDOTDIR", start.join("zsh")).env("ESPERA_ZDOTDIR", "");
        // Shells that are not here are tried where they are.
        if let Ok(output) = command.args(args).env("HOME", &home).stdin(std::process::Stdio::null()).output()
        {
            let (out, told) =
                (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert_eq!(out, want, "{shell}: {told}");
        }
    }
}
