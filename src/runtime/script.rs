//! An environment as text that a shell, or a program that reads dotenv files, takes.

use std::fmt::Write as _;

use super::environment::{Environment, Inherited, OTHERS};

/// Who reads the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Dialect {
    /// bash, and any POSIX shell.
    Bash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
    /// PowerShell.
    Powershell,
    /// The command interpreter of Windows.
    Cmd,
    /// A file of names and values, as `docker compose` and many programs read it.
    #[value(skip)]
    Dotenv,
}

impl Dialect {
    /// That of the shell at this path or name; bash's for one that is not known.
    #[must_use]
    pub fn of(shell: &str) -> Dialect {
        let name = shell.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
        match name.strip_suffix(".exe").unwrap_or(&name) {
            "zsh" => Dialect::Zsh,
            "fish" => Dialect::Fish,
            "pwsh" | "powershell" => Dialect::Powershell,
            "cmd" => Dialect::Cmd,
            _ => Dialect::Bash,
        }
    }

    /// That of the learner's shell, as the system names it.
    #[must_use]
    pub fn here() -> Dialect {
        match std::env::var("SHELL") {
            Ok(shell) if !shell.is_empty() => Dialect::of(&shell),
            _ if cfg!(windows) => Dialect::Powershell,
            _ => Dialect::Bash,
        }
    }

    /// The line that takes the text in, in a terminal with this shell; `state` is the folder that was named
    /// when the world was opened.
    #[must_use]
    pub fn loading_command(self, state: Option<&str>) -> String {
        let quoted = |quote: &dyn Fn(&str) -> String| {
            state.map(|state| format!(" --state-dir {}", quote(state))).unwrap_or_default()
        };
        let posix = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
        let fish = |text: &str| format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"));
        match self {
            Dialect::Bash | Dialect::Zsh => format!("eval \"$(espera cloud env{})\"", quoted(&posix)),
            Dialect::Fish => format!("espera cloud env{} --shell fish | source", quoted(&fish)),
            Dialect::Powershell => {
                let state = quoted(&powershell);
                format!("espera cloud env{state} --shell powershell | Out-String | Invoke-Expression")
            }
            Dialect::Cmd => {
                let state = quoted(&|text| format!("\"{text}\""));
                format!("for /f \"tokens=*\" %i in ('espera cloud env{state} --shell cmd') do @%i")
            }
            Dialect::Dotenv => format!("espera cloud env{} --dotenv > .env", quoted(&posix)),
        }
    }

    fn set(self, name: &str, value: &str) -> String {
        match self {
            Dialect::Bash | Dialect::Zsh => format!("export {name}='{}'", value.replace('\'', r"'\''")),
            Dialect::Fish => {
                format!("set -gx {name} '{}'", value.replace('\\', r"\\").replace('\'', r"\'"))
            }
            Dialect::Powershell => format!("$env:{name} = {}", powershell(value)),
            Dialect::Cmd => format!("set \"{name}={value}\""),
            Dialect::Dotenv => format!("{name}={}", dotenv(value)),
        }
    }

    fn unset(self, name: &str) -> String {
        match self {
            Dialect::Bash | Dialect::Zsh => format!("unset {name}"),
            Dialect::Fish => format!("set -e {name}"),
            Dialect::Powershell => {
                format!("Remove-Item -ErrorAction SilentlyContinue {}", powershell(&format!("Env:{name}")))
            }
            Dialect::Cmd => format!("set \"{name}=\""),
            Dialect::Dotenv => String::new(),
        }
    }

    /// Takes away whatever leads elsewhere, whatever it is called in the terminal that reads this.
    fn unset_others(self) -> Option<&'static str> {
        match self {
            Dialect::Bash | Dialect::Zsh => Some(
                // Only what every sed knows: a substituted line no longer begins with a name.
                "eval \"$(env | sed -n -e 's/^\\(AWS_[A-Za-z0-9_]*\\)=.*/unset \\1/p' \
                 -e 's/^\\(BOTO_[A-Za-z0-9_]*\\)=.*/unset \\1/p' -e 's/^\\(SAM_CLI_[A-Za-z0-9_]*\\)=.*/unset \\1/p' \
                 -e 's/^\\([A-Za-z0-9_]*_[Pp][Rr][Oo][Xx][Yy]\\)=.*/unset \\1/p')\"",
            ),
            // A universal variable is the learner's to keep: it is hidden, not erased.
            Dialect::Fish => Some(
                "for name in (set --names --export | string match -r -i '^(?:AWS_|BOTO_|SAM_CLI_).*|.*_PROXY$'); set -e $name; set -q $name; and set -gu $name ''; end",
            ),
            Dialect::Powershell => Some(
                "Get-ChildItem Env: | Where-Object { $_.Name -match '^(AWS_|BOTO_|SAM_CLI_)|_PROXY$' } | ForEach-Object { Remove-Item \"Env:$($_.Name)\" }",
            ),
            // One line at a time is read there, and a loop cannot be one of them.
            Dialect::Cmd | Dialect::Dotenv => None,
        }
    }
}

/// In single quotes, of which PowerShell knows five.
fn powershell(value: &str) -> String {
    let mut text = String::from("'");
    for c in value.chars() {
        text.push(c);
        if matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}') {
            text.push(c);
        }
    }
    text + "'"
}

/// Bare where it can be, since not every reader of such files knows quotes.
fn dotenv(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:@,+=-".contains(c);
    if value.chars().all(plain) {
        value.to_owned()
    } else if !value.contains('\'') {
        format!("'{value}'")
    } else {
        let mut text = String::from("\"");
        for c in value.chars() {
            if matches!(c, '"' | '\\' | '$' | '`') {
                text.push('\\');
            }
            text.push(c);
        }
        text + "\""
    }
}

impl Environment {
    /// The environment as a text that `dialect` takes. `present` are the names of the variables that are
    /// known to be set where it will be read.
    #[must_use]
    pub fn script(&self, dialect: Dialect, present: &[String]) -> String {
        let mut text = String::new();
        let mut line = |line: &str| {
            if !line.is_empty() {
                let _ = writeln!(text, "{line}");
            }
        };
        if self.inherited == Inherited::Cleaned {
            match dialect.unset_others() {
                Some(sweep) => {
                    line(sweep);
                    let others = OTHERS.iter().filter(|name| self.removes(name));
                    others.for_each(|name| line(&dialect.unset(name)));
                }
                None => {
                    let names = present.iter().filter(|name| self.removes(name) && is_name(name));
                    names.for_each(|name| line(&dialect.unset(name)));
                }
            }
        }
        for (name, value) in &self.set {
            line(&dialect.set(name, value));
        }
        if let Some(bin) = &self.bin {
            let bin = bin.display().to_string();
            match dialect {
                Dialect::Bash | Dialect::Zsh => {
                    line(&format!("export PATH='{}':\"$PATH\"", bin.replace('\'', r"'\''")));
                }
                Dialect::Fish => {
                    let bin = bin.replace('\\', r"\\").replace('\'', r"\'");
                    line(&format!("set -gx PATH '{bin}' $PATH"));
                }
                Dialect::Powershell => {
                    line(&format!("$env:PATH = {} + [IO.Path]::PathSeparator + $env:PATH", powershell(&bin)))
                }
                Dialect::Cmd => {
                    let path = self.path(std::env::var_os("PATH").as_deref()).unwrap_or_default();
                    line(&format!("set \"PATH={}\"", path.to_string_lossy()));
                }
                Dialect::Dotenv => {}
            }
        }
        text
    }
}

/// Whether a name can stand in a script as it is.
fn is_name(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const ODD: &str = "it's \"a\" $HOME `x` \\ %PATH% \u{2019}";

    fn sealed_environment() -> Environment {
        let mut sealed = Environment { inherited: Inherited::Cleaned, ..Environment::default() };
        sealed.put("AWS_PAGER", "");
        sealed.put("ODD", ODD);
        sealed.bin = Some("/s/it's/bin".into());
        sealed
    }

    #[test]
    fn every_dialect_quotes_as_its_reader_unquotes() {
        let text =
            |dialect| sealed_environment().script(dialect, &["AWS_PROFILE".to_owned(), "HOME".to_owned()]);
        assert!(text(Dialect::Bash).contains("export ODD='it'\\''s \"a\" $HOME"), "{}", text(Dialect::Bash));
        assert!(
            text(Dialect::Fish).contains("set -gx ODD 'it\\'s \"a\" $HOME `x` \\\\ "),
            "{}",
            text(Dialect::Fish)
        );
        assert!(
            text(Dialect::Powershell)
                .contains("$env:ODD = 'it''s \"a\" $HOME `x` \\ %PATH% \u{2019}\u{2019}'")
        );
        let cmd = text(Dialect::Cmd);
        assert!(cmd.contains("set \"AWS_PROFILE=\"") && !cmd.contains("HOME=\""), "{cmd}");
        assert!(text(Dialect::Dotenv).contains("ODD=\"it's \\\"a\\\" \\$HOME"), "{}", text(Dialect::Dotenv));
        assert!(text(Dialect::Dotenv).starts_with("AWS_PAGER=\n"));
    }

    /// Reads the text with a real shell and answers what it then has.
    #[cfg(unix)]
    fn read_by(shell: &str, args: &[&str], text: &str) -> Option<String> {
        let mut child = std::process::Command::new(shell)
            .args(args)
            .envs([
                ("AWS_PROFILE", "prod"),
                ("AWS_ENDPOINT_URL_STS", "x"),
                ("Https_Proxy", "p"),
                ("KEPT", "k"),
            ])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .ok()?;
        let script = format!(
            "{text}\nprintf '%s|' \"$ODD\" \"$AWS_PROFILE$AWS_ENDPOINT_URL_STS$Https_Proxy\" \"$KEPT\"; env | grep -c ^AWS_PAGER=\n"
        );
        std::io::Write::write_all(&mut child.stdin.take()?, script.as_bytes()).ok()?;
        String::from_utf8(child.wait_with_output().ok()?.stdout).ok()
    }

    #[cfg(unix)]
    #[test]
    fn shells_that_are_here_read_it() {
        let want = format!("{ODD}||k|1\n");
        // Every Unix has sh; the others are tried where they are.
        let sh = read_by("sh", &["-s"], &sealed_environment().script(Dialect::Bash, &[])).unwrap();
        assert_eq!(sh, want);
        for (shell, args, dialect) in
            [("bash", &["--norc", "-s"][..], Dialect::Bash), ("zsh", &["-f", "-s"], Dialect::Zsh)]
        {
            if let Some(read) = read_by(shell, args, &sealed_environment().script(dialect, &[])) {
                assert_eq!(read, want, "{shell}");
            }
        }
    }

    #[test]
    fn the_line_that_takes_it_in_names_the_state_folder_where_one_was_named() {
        assert_eq!(Dialect::Bash.loading_command(None), "eval \"$(espera cloud env)\"");
        assert_eq!(
            Dialect::Bash.loading_command(Some("/it's")),
            r#"eval "$(espera cloud env --state-dir '/it'\''s')""#
        );
        assert_eq!(
            Dialect::Fish.loading_command(Some("/a b")),
            "espera cloud env --state-dir '/a b' --shell fish | source"
        );
    }

    #[test]
    fn the_shell_is_known_by_its_path() {
        assert_eq!(Dialect::of("/usr/bin/fish"), Dialect::Fish);
        assert_eq!(Dialect::of("C:\\Windows\\System32\\cmd.exe"), Dialect::Cmd);
        assert_eq!(Dialect::of("/bin/dash"), Dialect::Bash);
        assert_eq!(Dialect::of("/opt/homebrew/bin/zsh"), Dialect::Zsh);
    }
}
