//! The whole module without a screen, as a script or a person runs it: `espera walk` in practice at
//! full speed, with nothing but the program itself, killed in the middle too.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should fail loudly")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use espera::course::Course;
use serde_json::Value;

fn espera(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_espera"));
    command.args(["--lang", "en", "--state-dir"]).arg(folder).args(args);
    if args.first() != Some(&"reset") {
        command.args(["--speed", "max"]);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

/// Runs a walk to its end and answers its lines.
fn walks(folder: &Path, args: &[&str]) -> Vec<Value> {
    let output = espera(folder, &[&["walk", "--json"], args].concat()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let last: Vec<_> = lines(&output).into_iter().rev().take(5).map(|l| l.to_string()).collect();
    assert!(output.status.success(), "{:?}\n{errors}\n{}", output.status, last.join("\n"));
    lines(&output)
}

fn of<'a>(lines: &'a [Value], event: &'a str) -> impl Iterator<Item = &'a Value> {
    lines.iter().filter(move |l| l["event"] == event)
}

fn stack_id(folder: &Path, place: &str) -> String {
    let output = espera(folder, &["status", "--json"]).output().unwrap();
    let status = &lines(&output)[0];
    let id = status["facts"][place]["stacks"][0]["id"].as_str();
    id.unwrap_or_else(|| panic!("no stack in {status}")).to_owned()
}

#[test]
fn every_check_is_not_yet_before_its_step_and_passes_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let lines = walks(folder.path(), &[]);
    let mut checks: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in of(&lines, "check") {
        let id = line["id"].as_str().unwrap();
        assert_eq!((&line["before"], &line["after"]), (&"not_yet".into(), &"pass".into()), "{id}");
        checks.entry(line["step"].as_str().unwrap()).or_default().push(id);
    }
    let steps: Vec<_> = of(&lines, "step").map(|l| l["step"].as_str().unwrap()).collect();
    let course = Course::embedded().unwrap();
    let course: Vec<_> = course.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(steps, course);
    assert!(course.iter().all(|step| checks[step].len() >= 2), "{checks:?}");
    let told = of(&lines, "report").next().expect("step 6 measures");
    assert_eq!(told["figures"][0]["figure"], "rto-read", "{told}");
    let report = told["report"].clone();
    for store in ["users_lost", "baskets_lost"] {
        let loss = &report[store];
        let lost = loss["lost"].as_array().unwrap().len() as u64;
        let unknown = loss["unknown"].as_array().unwrap().len() as u64;
        let sum = loss["present"].as_u64().unwrap() + lost + unknown;
        assert_eq!(loss["acknowledged"].as_u64(), Some(sum), "{store}: {loss}");
        assert!(sum > 0 && unknown == 0, "{store}: {loss}");
    }
    assert_eq!(report["verdicts"].as_array().unwrap().len(), 5, "{report}");
    let times: Vec<_> = lines.iter().map(|l| l["at"].as_str().expect("a time")).collect();
    assert!(times.is_sorted(), "time runs one way");
    // A walk over what is done already does nothing and is content.
    let again = walks(folder.path(), &[]);
    assert_eq!(of(&again, "skip").count(), course.len());
    assert_eq!(of(&again, "action").count(), 0);
}

/// Reads a walk's lines until one says `wanted`, then kills it with no warning.
fn kill_at(mut walk: Child, wanted: &str) {
    let out = BufReader::new(walk.stdout.take().unwrap());
    let seen = out.lines().map_while(Result::ok).find(|line| line.contains(wanted));
    walk.kill().unwrap();
    walk.wait().unwrap();
    assert!(seen.is_some(), "the walk ended before it said {wanted}");
}

#[test]
fn a_deploy_killed_in_the_middle_goes_on_and_nothing_is_done_twice() {
    let folder = tempfile::tempdir().unwrap();
    let walk = espera(folder.path(), &["walk", "--json", "--to", "standby"]).spawn().unwrap();
    kill_at(walk, "unishop-standby · Vpc CREATE_COMPLETE");
    let (primary, standby) = (stack_id(folder.path(), "primary"), stack_id(folder.path(), "standby"));
    let lines = walks(folder.path(), &["--to", "standby"]);
    let ran: Vec<_> = of(&lines, "action").map(|l| l["id"].as_str().unwrap()).collect();
    assert_eq!(ran, ["deploy-standby"], "only what was cut off is taken up");
    let text: String = of(&lines, "note").map(|l| l["text"].to_string()).collect();
    assert!(!text.contains("change set"), "{text}");
    assert_eq!(stack_id(folder.path(), "primary"), primary);
    assert_eq!(stack_id(folder.path(), "standby"), standby, "created twice");
}

#[test]
fn a_step_cut_off_half_way_is_gone_on_with_whatever_was_walked_over_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let walk = espera(folder.path(), &["walk", "--json"]).spawn().unwrap();
    kill_at(walk, "The writer is in us-west-1");
    // Nothing but a look at what is done already, as a walk that is killed at once is too.
    let skipped = walks(folder.path(), &["--to", "introduction"]);
    assert_eq!(of(&skipped, "skip").count(), 1);
    let lines = walks(folder.path(), &[]);
    let half: Vec<_> = of(&lines, "check").filter(|l| l["step"] == "failover").collect();
    assert!(half.iter().any(|l| l["before"] == "pass"), "{half:?}");
}

#[test]
fn a_step_nobody_knows_is_answered_with_those_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let output = espera(folder.path(), &["walk", "--to", "moon"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("moon") && told.contains("failover"), "{told}");
}

/// What a command says on standard error, and whether it ended well.
fn told(folder: &Path, args: &[&str]) -> (String, bool) {
    let output = espera(folder, args).output().unwrap();
    (String::from_utf8_lossy(&output.stderr).into_owned(), output.status.success())
}

#[test]
fn a_folder_that_cannot_be_used_is_told_and_nothing_crashes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "mine").unwrap();
    let (said, fine) = told(&file, &["walk", "--to", "introduction"]);
    assert!(fine && said.contains("--state-dir"), "{said}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn damaged_progress_is_set_aside_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let practice = folder.path().join("practice");
    std::fs::create_dir_all(&practice).unwrap();
    std::fs::write(practice.join("progress.json"), "{\"version\": 1, \"step\": ").unwrap();
    let (said, fine) = told(folder.path(), &["walk", "--to", "introduction"]);
    assert!(fine && said.contains("damaged"), "{said}");
    let aside = std::fs::read_to_string(practice.join("progress.json.damaged-1")).unwrap();
    assert_eq!(aside, "{\"version\": 1, \"step\": ");
    assert!(practice.join("progress.json").exists());
}

#[test]
fn a_second_espera_changes_nothing_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let first = espera(folder.path(), &["walk", "--json"]).spawn().unwrap();
    struct Killed(Child);
    impl Drop for Killed {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
    let mut first = Killed(first);
    let mut out = BufReader::new(first.0.stdout.take().unwrap());
    out.read_line(&mut String::new()).unwrap();
    let (said, fine) = told(folder.path(), &["walk", "--to", "introduction"]);
    assert!(!fine && said.contains("Another Espera"), "{said}");
    let (said, fine) = told(folder.path(), &["reset", "--yes"]);
    assert!(!fine && said.contains("Close it"), "{said}");
}
