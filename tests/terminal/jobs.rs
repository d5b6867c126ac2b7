//! Job control: however Espera is stopped, the shell gets its terminal back, and `fg` brings Espera back.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;

use super::{PATIENCE, Terminal};

const PROMPT: &str = "shell-prompt>";

/// The shell of a terminal, from which Espera was started as a job.
struct Shell {
    terminal: Terminal,
    pid: PathBuf,
    times: usize,
}

impl Shell {
    fn with_espera(folder: &Path, args: &str, shell: &str) -> Shell {
        let mut command = CommandBuilder::new("/bin/sh");
        command.arg("-i");
        command.env("PS1", format!("{PROMPT} "));
        command.env("ENV", "");
        command.env("TERM", "xterm-256color");
        command.env("SHELL", shell);
        command.cwd(folder);
        let mut terminal = Terminal::running(command, 40, 120);
        terminal.shows(PROMPT);
        let pid = folder.join("pid");
        // A shell of its own writes down its number and becomes Espera: one process, one number.
        let espera = env!("CARGO_BIN_EXE_espera");
        std::fs::write(
            folder.join("go"),
            format!("echo $$ > pid\nexec '{espera}' --lang en --state-dir state {args}\n"),
        )
        .unwrap();
        terminal.types("clear; sh ./go\r");
        terminal.shows("Checks");
        Shell { terminal, pid, times: 0 }
    }

    fn send(&self, signal: &str) {
        let pid = std::fs::read_to_string(&self.pid).unwrap();
        Command::new("kill").args([signal, pid.trim()]).status().unwrap();
    }

    fn until(&self, what: &str, seen: impl Fn(&vt100::Screen) -> bool) {
        let began = Instant::now();
        while !seen(self.terminal.screen.lock().unwrap().screen()) {
            assert!(began.elapsed() < PATIENCE, "{what}:\n{}", self.terminal.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The shell has its terminal, as it was before: no alternate screen, no mouse, no marks around pastes.
    fn has_its_terminal(&mut self) {
        self.until("the terminal is not given back", |screen| {
            !screen.alternate_screen()
                && !screen.bracketed_paste()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
                && !screen.hide_cursor()
                && screen.contents().trim_end().ends_with(PROMPT)
        });
        // What is typed is echoed again, and a line ends with the key that ends lines.
        self.times += 1;
        let times = self.times;
        self.terminal.types(&format!("echo re''ady{times}\r"));
        self.terminal.shows(&format!("\nready{times}"));
    }

    /// Espera takes keys. All of them: what it leaves unread when it is stopped is the shell's.
    fn is_there(&mut self) {
        self.terminal.types("?");
        self.terminal.shows("The course");
        self.terminal.types("?");
        self.until("the help does not close", |screen| !screen.contents().contains("The course"));
    }

    fn comes_back(&mut self) {
        // In the mode that a program leaves which nobody asked, only this ends a line for a plain shell.
        self.terminal.types("fg\n");
        self.until("fg does not draw the whole screen", |screen| {
            let text = screen.contents();
            screen.alternate_screen() && text.contains("Module 4") && !text.contains(PROMPT)
        });
    }

    /// The learner's own shell gets the terminal, and has said all it says by itself: what is typed before
    /// that is echoed above it.
    fn lends(&mut self) {
        self.terminal.types("!");
        self.until("the screen is not lent", |screen| !screen.alternate_screen());
        // Whoever sees the ordinary screen has an ordinary terminal: lines are echoed, and end.
        let modes = format!("{:?}", self.terminal.master.get_termios().unwrap().local_flags);
        assert!(modes.contains("ICANON") && modes.contains("ECHO"), "{modes}");
        self.terminal.shows("goes into another terminal.");
    }

    fn leaves(mut self) {
        self.terminal.types("q");
        self.has_its_terminal();
        self.terminal.types("exit\r");
        self.terminal.ends();
    }
}

#[test]
fn ctrl_z_gives_the_shell_its_terminal_and_fg_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Shell::with_espera(folder.path(), "--speed 20", "/bin/sh");
    shell.terminal.types("\x1a");
    shell.terminal.shows("Espera is stopped; `fg` goes on. Practice time stands still meanwhile.");
    shell.has_its_terminal();
    // The terminal is another one when it comes back.
    shell.terminal.resize(30, 100);
    shell.comes_back();
    shell.terminal.types("?");
    shell.terminal.shows("The course");
    // In an open dialog, too, and the dialog is there again.
    shell.terminal.types("\x1a");
    shell.has_its_terminal();
    shell.comes_back();
    shell.terminal.shows("The course");
    shell.terminal.types("?");
    shell.leaves();
}

#[test]
fn stopped_by_others_it_comes_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Shell::with_espera(folder.path(), "", "/bin/sh");
    shell.send("-TSTP");
    shell.has_its_terminal();
    shell.comes_back();
    shell.is_there();
    // Nobody can prepare for this one; what counts is that it comes back.
    shell.send("-STOP");
    shell.terminal.shows(PROMPT);
    shell.comes_back();
    shell.is_there();
    // Asked to go on although it was not stopped, it draws itself once more, and that is all.
    shell.send("-CONT");
    shell.is_there();
    shell.leaves();
}

#[test]
fn in_the_middle_of_an_action_it_stops_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Shell::with_espera(folder.path(), "--speed 60", "/bin/sh");
    shell.terminal.types("g\x1b[B\x1b[B\r");
    shell.terminal.shows("Primary Region");
    shell.terminal.types("d");
    shell.terminal.shows("USD");
    shell.terminal.types("y");
    shell.terminal.shows("CREATE_IN_PROGRESS");
    shell.terminal.types("\x1a");
    shell.has_its_terminal();
    shell.comes_back();
    for _ in 0..8 {
        shell.terminal.types("+");
    }
    shell.terminal.shows("✓ Primary Region");
    shell.leaves();
}

#[test]
fn while_the_learners_shell_runs_the_keys_are_its_own() {
    let folder = tempfile::tempdir().unwrap();
    // No shell at all, and so one without jobs: the terminal stops it and Espera together.
    let mut shell = Shell::with_espera(folder.path(), "", "/bin/cat");
    shell.lends();
    shell.terminal.types("hello\r");
    shell.terminal.shows("hello\nhello");
    shell.terminal.types("\x1a");
    shell.has_its_terminal();
    shell.terminal.types("fg\r");
    shell.terminal.shows("fg\nsh ./go");
    shell.terminal.types("again\r");
    shell.terminal.shows("again\nagain");
    // Ctrl-C is the program's that has the terminal; Espera is still there afterwards.
    shell.terminal.types("\x03");
    shell.until("the screen is not taken again", |screen| {
        screen.alternate_screen() && screen.contents().contains("Module 4")
    });
    shell.is_there();
    shell.leaves();
}

#[test]
fn without_a_shell_to_go_back_to_it_does_not_stop() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::open(folder.path(), 40, 120, &[]);
    terminal.shows("Checks");
    terminal.types("\x1a");
    terminal.shows("There is no shell to go back to");
    terminal.types("q");
    assert!(terminal.ends());
    terminal.given_back();
}

#[test]
fn linear_text_stops_and_goes_on_as_any_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Shell::with_espera(folder.path(), "--plain", "/bin/sh");
    shell.terminal.types("\x1a");
    shell.has_its_terminal();
    shell.terminal.types("fg\r");
    shell.terminal.shows("fg\nsh ./go");
    shell.terminal.types("c\r");
    shell.terminal.shows("passed so far");
    shell.terminal.types("q\r");
    shell.has_its_terminal();
    shell.terminal.types("exit\r");
    shell.terminal.ends();
}

#[test]
fn a_terminal_that_can_show_no_screen_gets_linear_text() {
    for name in ["dumb", "", "nonsense"] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_espera"));
        command.args(["--lang", "en", "--state-dir"]);
        command.arg(folder.path());
        command.env("TERM", name);
        let mut terminal = Terminal::running(command, 40, 120);
        terminal.shows(&format!("this terminal (TERM={name}) cannot show the screen"));
        terminal.shows("Checks");
        terminal.types("q\r");
        assert!(terminal.ends());
        let raw = String::from_utf8_lossy(&terminal.raw.lock().unwrap()).into_owned();
        assert!(!raw.contains('\x1b'), "{raw:?}");
    }
}

#[test]
fn each_signal_ends_the_screen_in_good_order() {
    for signal in ["-INT", "-QUIT", "-HUP", "-TERM"] {
        let folder = tempfile::tempdir().unwrap();
        let mut terminal = Terminal::open(folder.path(), 30, 100, &[]);
        terminal.shows("Checks");
        let pid = terminal.child.process_id().unwrap().to_string();
        Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(terminal.ends(), "{signal}");
        terminal.given_back();
    }
}

#[test]
fn asked_to_end_while_the_learners_shell_has_the_terminal_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Shell::with_espera(folder.path(), "", "/bin/cat");
    shell.lends();
    shell.terminal.types("hello\r");
    shell.terminal.shows("hello\nhello");
    shell.send("-TERM");
    shell.has_its_terminal();
    shell.terminal.types("exit\r");
    shell.terminal.ends();
}
