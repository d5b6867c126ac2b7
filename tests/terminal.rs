//! The program in a terminal: first frame, keys, resize, leaving, ending by a signal. What counts is
//! what a person's terminal shows, and that they get it back.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should fail loudly")]

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

#[cfg(unix)]
#[path = "terminal/jobs.rs"]
mod jobs;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Real time no wait comes near to, not on one core among many tests; it only ends one that would hang.
const PATIENCE: Duration = Duration::from_secs(300);

fn cells(n: u16) -> NonZero<u16> {
    NonZero::new(n).unwrap()
}

struct Terminal {
    screen: Arc<Mutex<vt100::Parser>>,
    raw: Arc<Mutex<Vec<u8>>>,
    keys: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
}

impl Terminal {
    fn open(folder: &Path, rows: u16, cols: u16, args: &[&str]) -> Terminal {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_espera"));
        command.args(["--lang", "en", "--state-dir"]);
        command.arg(folder);
        command.args(args);
        command.env("TERM", "xterm-256color");
        Terminal::running(command, rows, cols)
    }

    /// A terminal in which this command runs, whatever the locale and the AWS of whoever runs the test.
    fn running(mut command: CommandBuilder, rows: u16, cols: u16) -> Terminal {
        let pair = native_pty_system().openpty(PtySize { rows, cols, ..PtySize::default() }).unwrap();
        for name in ["LC_ALL", "LC_CTYPE", "LC_MESSAGES", "NO_COLOR"] {
            command.env_remove(name);
        }
        command.env("LANG", "en_US.UTF-8");
        // What leads whoever runs the test to their own AWS, or to a proxy before it, is none of this.
        let leads = |name: &str| name.starts_with("AWS_") || name.to_ascii_uppercase().ends_with("_PROXY");
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(leads) {
                command.env_remove(name);
            }
        }
        command.env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
        command.env("AWS_SECRET_ACCESS_KEY", "example");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(cells(rows), cells(cols), 0)));
        let raw = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (seen, bytes) = (screen.clone(), raw.clone());
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                seen.lock().unwrap().process(&buffer[..n]);
                bytes.lock().unwrap().extend_from_slice(&buffer[..n]);
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Terminal { screen, raw, keys, master: pair.master, child }
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    fn shows(&self, wanted: &str) {
        let began = Instant::now();
        while !self.text().contains(wanted) {
            assert!(began.elapsed() < PATIENCE, "`{wanted}` is not on the screen:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Of a stack on its way: the resources done and the time passed.
    fn passed(&self) -> Option<String> {
        let text = self.text();
        let line = text.lines().find(|l| l.contains(" left"))?;
        Some(line.split('░').next_back()?.split('≈').next()?.to_owned())
    }

    fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    fn resize(&self, rows: u16, cols: u16) {
        // Nothing is read meanwhile: what is drawn for the new size must not be seen in the old one.
        let mut screen = self.screen.lock().unwrap();
        self.master.resize(PtySize { rows, cols, ..PtySize::default() }).unwrap();
        screen.screen_mut().set_size(cells(rows), cells(cols));
    }

    /// Waits for the end; answers whether it was a good one.
    fn ends(&mut self) -> bool {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            assert!(began.elapsed() < PATIENCE, "does not end:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether alternate screen, mouse and paste modes were left and the cursor shown.
    fn given_back(&self) {
        let began = Instant::now();
        let codes = ["\x1b[?1049l", "\x1b[?2004l", "\x1b[?1000l", "\x1b[?25h"];
        loop {
            let raw = String::from_utf8_lossy(&self.raw.lock().unwrap()).into_owned();
            let missing: Vec<_> = codes.iter().filter(|c| !raw.contains(**c)).collect();
            if missing.is_empty() {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "never sent: {missing:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn it_opens_follows_a_resize_and_gives_the_terminal_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::open(folder.path(), 40, 120, &["--speed", "max"]);
    terminal.shows("Architecture");
    terminal.resize(24, 80);
    // At once, so that key and resize arrive together: neither may wait for the other.
    terminal.types("?");
    terminal.shows("The course");
    terminal.types("\x1b");
    terminal.shows("Checks");
    terminal.resize(5, 20);
    terminal.shows("60");
    terminal.resize(40, 120);
    terminal.shows("us-west-1");
    terminal.types("q");
    assert!(terminal.ends());
    terminal.given_back();
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_in_good_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::open(folder.path(), 30, 100, &[]);
    terminal.shows("Checks");
    let pid = terminal.child.process_id().unwrap().to_string();
    std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    terminal.ends();
    terminal.given_back();
}

/// A workshop in the middle of its first deploy.
#[cfg(unix)]
fn deploying(folder: &Path) -> Terminal {
    let mut terminal = Terminal::open(folder, 40, 120, &["--speed", "20"]);
    terminal.shows("Checks");
    terminal.types("g");
    terminal.types("\x1b[B\x1b[B\r");
    terminal.shows("Primary Region");
    terminal.types("d");
    terminal.shows("USD");
    terminal.types("y");
    terminal.shows("CREATE_IN_PROGRESS");
    terminal
}

#[cfg(unix)]
#[test]
fn killed_in_the_middle_of_a_deploy_it_goes_on_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = deploying(folder.path());
    first.child.kill().unwrap();
    first.ends();
    let mut second = Terminal::open(folder.path(), 40, 120, &["--speed", "max"]);
    second.shows("Going on where it was");
    // What stays on the screen: words of a moment may give way to the next before anyone looks.
    second.shows("✓ Primary Region");
    second.types("q");
    assert!(second.ends());
}

#[test]
fn while_it_runs_other_clients_reach_its_world() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::open(folder.path(), 30, 100, &[]);
    terminal.shows("Checks");
    let endpoint = std::fs::read_to_string(folder.path().join("practice/endpoint")).unwrap();
    let mut socket = std::net::TcpStream::connect(endpoint.trim_start_matches("http://")).unwrap();
    socket
        .write_all(b"GET /_espera/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    terminal.types("q");
    assert!(terminal.ends());
}

/// An AWS that only knows who one is; what it was asked, in order.
fn only_sts() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, asked) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
    let heard = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut request, mut buffer) = (String::new(), [0; 8192]);
            // The form of a query ends with its version.
            while !request.contains("&Version=20") {
                let read = stream.read(&mut buffer).unwrap();
                assert!(read > 0, "{request}");
                request.push_str(&String::from_utf8_lossy(&buffer[..read]));
            }
            let action = request.split("Action=").nth(1).unwrap().split('&').next().unwrap().to_owned();
            let (status, body) = match action.as_str() {
                "GetCallerIdentity" => (
                    "200 OK",
                    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ana</Arn><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
                ),
                _ => (
                    "403 Forbidden",
                    "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>",
                ),
            };
            heard.lock().unwrap().push(action);
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
            stream.write_all((head + body).as_bytes()).unwrap();
        }
    });
    (format!("http://{address}"), asked)
}

#[test]
fn a_drill_in_an_account_tells_its_price_names_the_account_and_asks_before_anything_is_done() {
    let (endpoint, called) = only_sts();
    let folder = tempfile::tempdir().unwrap();
    let args = ["drill", "--world", "aws", "--endpoint-url", &endpoint];
    let mut terminal = Terminal::open(folder.path(), 40, 120, &args);
    terminal.shows("Go ahead? [y/N]");
    let asked = terminal.text();
    for told in [
        "Price: ",
        "USD",
        "It will, for real: ",
        "Undone at the end",
        "Account: 111122223333",
        "As: user/ana (credentials: AWS_ACCESS_KEY_ID)",
    ] {
        assert!(asked.contains(told), "{told}: {asked}");
    }
    terminal.types("\r");
    assert!(!terminal.ends(), "a drill that was not run is no success");
    terminal.shows("Nothing was done");
    assert_eq!(
        *called.lock().unwrap(),
        ["GetCallerIdentity", "ListAccountAliases"],
        "it only asked who one is"
    );
}

/// A drill of Espera's own hands under way, its fault in place, in a workshop deployed as far as the edge.
#[cfg(unix)]
fn drilling(folder: &Path) -> Terminal {
    let walked = std::process::Command::new(env!("CARGO_BIN_EXE_espera"))
        .args(["walk", "--to", "edge", "--speed", "max", "--lang", "en", "--state-dir"])
        .arg(folder)
        .output()
        .unwrap();
    assert!(walked.status.success(), "{}", String::from_utf8_lossy(&walked.stdout));

    let mut terminal = Terminal::open(folder, 40, 120, &["--speed", "20"]);
    terminal.shows("Checks");
    terminal.types("g");
    terminal.types("\x1b[B\r");
    terminal.shows("The disaster");
    terminal.types("d");
    terminal.shows("Drill: measure");
    terminal.types("\r");
    terminal.shows("[ Start ]");
    // Up from the first line is the last one: the start.
    terminal.types("\x1b[A\r");
    terminal.shows("RECOVERING");
    terminal
}

#[cfg(unix)]
fn log_of_the_drill(folder: &Path) -> (std::path::PathBuf, String) {
    let runs = folder.join("practice/drills");
    let run = std::fs::read_dir(&runs).unwrap().next().unwrap().unwrap().path();
    let log = std::fs::read_to_string(run.join("log.jsonl")).unwrap();
    (run, log)
}

#[cfg(unix)]
#[test]
fn a_signal_in_the_middle_of_a_drill_undoes_its_fault_before_the_end() {
    for signal in ["-TERM", "-HUP"] {
        let folder = tempfile::tempdir().unwrap();
        let mut terminal = drilling(folder.path());
        let pid = terminal.child.process_id().unwrap().to_string();
        std::process::Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(terminal.ends(), "{signal}");
        terminal.given_back();
        let (_, log) = log_of_the_drill(folder.path());
        assert!(log.contains("\"undone\"") && log.contains("\"finished\""), "{signal}: {log}");
        let mut next = Terminal::open(folder.path(), 40, 120, &["--speed", "max"]);
        next.shows("Failover");
        assert!(!next.text().contains("cut off") && !next.text().contains("does not answer"));
        next.types("q");
        assert!(next.ends());
    }
}

#[cfg(unix)]
#[test]
fn killed_in_the_middle_of_a_drill_it_offers_to_finish_or_undo() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = drilling(folder.path());
    first.child.kill().unwrap();
    first.ends();

    let (run, log) = log_of_the_drill(folder.path());
    let whole = |line: &str| serde_json::from_str::<serde_json::Value>(line).is_ok();
    assert!(log.lines().count() > 10 && log.lines().filter(|l| !whole(l)).count() <= 1, "{log}");

    let mut second = Terminal::open(folder.path(), 40, 120, &["--speed", "max"]);
    second.shows("cut off");
    second.types("\r");
    second.shows("✓ A drill has measured");
    assert!(run.join("report.json").exists());
    second.types("q");
    assert!(second.ends());
}

/// A second Espera on the same state, opened in the middle of a deploy.
#[cfg(unix)]
#[test]
fn a_second_one_on_the_same_state_watches_and_its_keys_say_why_they_do_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = deploying(folder.path());

    let mut second = Terminal::open(folder.path(), 40, 160, &[]);
    second.shows("WATCHING");
    second.shows("here you can watch but change nothing");
    // What the first one does moves the panes of the second.
    second.shows("unishop-primary");
    second.shows("CREATE_IN_PROGRESS");
    // Its clock is the first one's: as fast, and when that one stands both show the same time passed.
    second.shows("PRACTICE ×20 ");
    first.types("+");
    second.shows("PRACTICE ×60 ");
    first.types("P");
    second.shows("PAUSED");
    let began = Instant::now();
    while first.passed().is_none() || first.passed() != second.passed() {
        assert!(began.elapsed() < PATIENCE, "{}\n{}", first.text(), second.text());
        std::thread::sleep(Duration::from_millis(5));
    }
    first.types("P");
    // Each acting key says why: act, break, fail over, drill, faults, stop waiting, pause, faster.
    for key in ["d", "b", "f", "m", "x", "B", "P", "+"] {
        second.types("~");
        second.shows("Press ? for the keys");
        second.types(key);
        second.shows("here you only watch");
        assert!(!second.text().contains("Going on where it was"), "{}", second.text());
    }
    second.types("L");
    second.shows("SOLO MIRAS");
    second.types("L");
    // The first one goes on undisturbed: faster, until its step is done, and the second sees it.
    for _ in 0..6 {
        first.types("+");
    }
    first.shows("✓ Primary Region");
    second.shows("CREATE_COMPLETE");
    // When the first one is closed, the second says so and what to do, until it is left too.
    first.types("q");
    assert!(first.ends());
    second.shows("The Espera you watched does not answer");
    second.types("q");
    assert!(second.ends());
    second.given_back();
}
