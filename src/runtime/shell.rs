//! The learner's own hands: their shell with what leads it to the world, and links opened in the
//! system's browser.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::environment::{Environment, Inherited, is_program};
use super::out;
use super::script::Dialect;
use ground::lang::Lang;
use ground::lang::Said;
use ground::tr;

/// Shells that can do little more than run scripts: bash is preferred to them.
const BARE: [&str; 5] = ["sh", "dash", "ash", "busybox", "posh"];

/// Runs the learner's shell until they leave it; `began` hears its number.
pub(super) fn run(environment: &Environment, lang: Lang, began: impl FnOnce(u32)) -> Result<(), Said> {
    let shell = choose_shell(std::env::var_os("SHELL").map(PathBuf::from), &find_on_path);
    out::block(greeting(environment, lang));
    let child = command(&shell, environment, lang).spawn();
    let status = child.and_then(|mut child| {
        began(child.id());
        child.wait()
    });
    status.map(drop).map_err(|error| {
        let shell = shell.display().to_string();
        Said::with(|l| {
            tr!(
                l,
                "No se pudo abrir «{shell}»: {error}. Pon en SHELL la ruta de tu shell.",
                "\"{shell}\" could not be opened: {error}. Set SHELL to the path of your shell."
            )
        })
    })
}

/// What the learner reads before the first prompt. No key and no secret is among it.
fn greeting(environment: &Environment, lang: Lang) -> String {
    let mut lines = vec![tr!(
        lang,
        "Tu terminal para este mundo. Con «exit» vuelves a Espera.",
        "Your terminal for this world. Type \"exit\" to come back to Espera."
    )];
    if environment.bin.is_some() {
        lines.push(tr!(lang, "  Órdenes: aws, output, api, espera", "  Commands: aws, output, api, espera"));
    }
    for name in ["AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_REGION", "ESPERA_TEMPLATES", "ESPERA_PAGES"] {
        lines.extend(
            environment.get(name).map(|value| format!("  {name}={}", ground::lang::printable(value))),
        );
    }
    if environment.inherited == Inherited::Cleaned {
        lines.push(match environment.get("HTTPS_PROXY") {
            Some(_) => tr!(
                lang,
                "Está sellada: los nombres de AWS responden desde la práctica y nada más sale de aquí.\n\
                 Lo que necesite Internet (git, npm, pip), en otra terminal.",
                "It is sealed: AWS's names answer from practice and nothing else leaves here.\n\
                 Whatever needs the Internet (git, npm, pip) goes into another terminal."
            ),
            None => tr!(
                lang,
                "Tus propias variables de AWS no se han heredado.",
                "Your own AWS variables are not inherited."
            ),
        });
    }
    lines.join("\n") + "\n"
}

/// The shell with what leads it to the world. Start files of the learner's that set other things are read
/// before ours, where the shell has a way to say so.
fn command(shell: &Path, environment: &Environment, lang: Lang) -> Command {
    let mut command = Command::new(shell);
    environment.apply(&mut command);
    command.env("ESPERA_SHELL", "1").env("ESPERA_LANG", lang.code());
    let Some(start) = &environment.start else { return command };
    match name(shell) {
        // Without a terminal it is no shell for a person, and reads no start files.
        "bash" if std::io::stdin().is_terminal() => {
            command.arg("--rcfile").arg(start.join("bashrc")).arg("-i");
        }
        "zsh" => {
            command.env("ESPERA_ZDOTDIR", std::env::var_os("ZDOTDIR").unwrap_or_default());
            command.env("ZDOTDIR", start.join("zsh"));
        }
        "fish" => {
            let file = start.join("config.fish").display().to_string();
            let quoted = file.replace('\\', r"\\").replace('\'', r"\'");
            command.arg("--init-command").arg(format!("source '{quoted}'"));
        }
        _ => {}
    }
    command
}

/// The shell a person gets: their own if it can be run and is more than a bare one, else bash if it is
/// there. `find` looks a name up on the PATH.
fn choose_shell(own: Option<PathBuf>, find: &dyn Fn(&str) -> Option<PathBuf>) -> PathBuf {
    if cfg!(windows) {
        return own.filter(|shell| is_program(shell)).unwrap_or_else(|| "cmd".into());
    }
    let own = own.filter(|shell| !shell.as_os_str().is_empty()).and_then(|shell| {
        match shell.components().count() {
            1 => shell.to_str().and_then(find),
            _ => Some(shell).filter(|shell| is_program(shell)),
        }
    });
    match own {
        Some(shell) if !BARE.contains(&name(&shell)) => shell,
        bare => find("bash").or(bare).unwrap_or_else(|| "/bin/sh".into()),
    }
}

fn name(shell: &Path) -> &str {
    shell.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn find_on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| is_program(file))
}

/// The environment as text for the learner's shell in another terminal.
pub(super) fn as_text(environment: &Environment) -> String {
    let present: Vec<String> = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect();
    environment.script(Dialect::here(), &present)
}

/// Opens a web address in the system's browser; other kinds of address are refused.
pub(super) fn open(address: &str) -> Result<Said, Said> {
    if !(address.starts_with("https://") || address.starts_with("http://")) {
        return Err(Said::with(|l| {
            tr!(l, "Solo se abren enlaces web: {address}", "Only web links are opened: {address}")
        }));
    }
    let (program, first): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("explorer", &[])
    } else {
        ("xdg-open", &[])
    };
    let null = std::process::Stdio::null;
    let started =
        Command::new(program).args(first).arg(address).stdin(null()).stdout(null()).stderr(null()).spawn();
    match started {
        Ok(mut child) => {
            // Reaped in the background: a zombie would stay until Espera ends.
            std::thread::spawn(move || child.wait());
            Ok(Said::with(|l| {
                tr!(l, "Abierto en el navegador: {address}", "Opened in the browser: {address}")
            }))
        }
        Err(_) => Err(Said::with(|l| {
            tr!(
                l,
                "No hay navegador a mano. El enlace es: {address}",
                "No browser at hand. The link is: {address}"
            )
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_links_open() {
        assert!(open("file:///etc/passwd").is_err());
        assert!(open("-flag").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn bash_is_preferred_to_a_bare_shell_and_to_none() {
        let bash = |name: &str| (name == "bash").then(|| PathBuf::from("/bin/bash"));
        let none = |_: &str| None;
        for own in [None, Some(""), Some("/bin/sh"), Some("/nowhere/fish"), Some("fish")] {
            assert_eq!(choose_shell(own.map(PathBuf::from), &bash), PathBuf::from("/bin/bash"), "{own:?}");
        }
        assert_eq!(choose_shell(Some("/bin/sh".into()), &none), PathBuf::from("/bin/sh"));
        assert_eq!(choose_shell(None, &none), PathBuf::from("/bin/sh"));
        // Any program stands in for a shell that is somebody's own.
        let own = std::env::current_exe().unwrap();
        assert_eq!(choose_shell(Some(own.clone()), &bash), own);
    }

    #[test]
    fn the_greeting_tells_what_is_so_and_no_key() {
        let mut environment = Environment { inherited: Inherited::Cleaned, ..Environment::default() };
        environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
        environment.put("AWS_ACCESS_KEY_ID", "ESPERAKEY");
        environment.put("AWS_SECRET_ACCESS_KEY", "hush");
        assert!(!greeting(&environment, Lang::En).contains("sealed"), "without a proxy it is not");
        environment.put("HTTPS_PROXY", "http://127.0.0.1:9");
        for lang in [Lang::Es, Lang::En] {
            let text = greeting(&environment, lang);
            assert!(text.contains("127.0.0.1:4566") && text.contains("exit"), "{text}");
            assert!(!text.contains("hush") && !text.contains("ESPERAKEY"), "{text}");
        }
        assert!(greeting(&environment, Lang::En).contains("sealed"));
    }
}
