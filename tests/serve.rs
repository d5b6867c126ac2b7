//! `espera cloud serve` as its user meets it: what it prints, whose world it serves, whom it lets in.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot set its stage has failed")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn espera(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_espera"));
    command.args(args).args(["--lang", "en"]).stdin(Stdio::null());
    command
}

struct Served(Child, BTreeMap<String, String>);

impl Served {
    fn new(folder: &Path, args: &[&str]) -> Served {
        let mut command = espera(&["cloud", "serve", "--port", "0"]);
        let mut child = command
            .args(args)
            .arg("--state-dir")
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut printed = BTreeMap::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            if let Some((name, value)) = line.trim().strip_prefix("export ").and_then(|l| l.split_once('=')) {
                printed.insert(name.to_owned(), value.trim_matches('\'').to_owned());
            }
            if line.contains("cloud env") {
                break;
            }
        }
        Served(child, printed)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn it_prints_all_that_a_client_needs_and_keeps_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let first = Served::new(folder.path(), &[]);
    for name in [
        "AWS_ENDPOINT_URL",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_CONFIG_FILE",
        "ESPERA_TEMPLATES",
        "ESPERA_PAGES",
    ] {
        assert!(first.1.contains_key(name), "{name} is not among {:?}", first.1.keys());
    }
    assert!(Path::new(&first.1["ESPERA_TEMPLATES"]).join("unishop.yaml").exists());
    assert!(Path::new(&first.1["ESPERA_PAGES"]).join("index.html").exists());
    let keys =
        |served: &Served| (served.1["AWS_ACCESS_KEY_ID"].clone(), served.1["AWS_SECRET_ACCESS_KEY"].clone());
    let old = keys(&first);
    drop(first);
    assert_eq!(keys(&Served::new(folder.path(), &[])), old, "a world keeps its keys");
    let other = tempfile::tempdir().unwrap();
    assert_ne!(keys(&Served::new(other.path(), &[])), old, "another world has others");
}

#[test]
fn it_serves_the_workshops_world_or_says_who_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(folder.path(), &["--workshop"]);
    let endpoint = std::fs::read_to_string(folder.path().join("practice/endpoint")).unwrap();
    assert_eq!(endpoint, served.1["AWS_ENDPOINT_URL"], "an Espera that looks on finds it");
    let second = espera(&["cloud", "serve", "--port", "0", "--workshop"])
        .arg("--state-dir")
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(told(&second).contains("has the workshop's world open"), "{}", told(&second));
    let status = espera(&["status"]).arg("--state-dir").arg(folder.path()).output().unwrap();
    assert_eq!(status.status.code(), Some(0), "{}", told(&status));
    assert!(told(&status).contains("watch"), "{}", told(&status));
}

#[test]
fn beyond_this_machine_the_keys_are_asked_for_and_it_warns() {
    let refused = espera(&["cloud", "serve", "--port", "0", "--listen", "0.0.0.0", "--any-credentials"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(told(&refused).contains("127.0.0.1 only"), "{}", told(&refused));
    let folder = tempfile::tempdir().unwrap();
    let mut served = Served::new(folder.path(), &["--listen", "0.0.0.0"]);
    assert!(
        served.1["AWS_ENDPOINT_URL"].starts_with("http://127.0.0.1:"),
        "{:?}",
        served.1["AWS_ENDPOINT_URL"]
    );
    served.0.kill().unwrap();
    let warning: Vec<String> =
        BufReader::new(served.0.stderr.take().unwrap()).lines().map_while(Result::ok).collect();
    assert!(warning.iter().any(|line| line.contains("--allow-host")), "{warning:?}");
    assert!(
        !warning.iter().any(|line| line.contains(&served.1["AWS_SECRET_ACCESS_KEY"])),
        "the secret is on stdout alone"
    );
}
