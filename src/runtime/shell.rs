//! The learner's own hands: their shell with the AWS variables set, the same variables as text for
//! another terminal, and links opened in the system's browser.

use std::ffi::OsString;
use std::process::Command;

use super::out;
use crate::app::Said;
use crate::lang::Lang;
use crate::tr;

/// Variables for the AWS CLI and SDKs, in order.
pub type Environment = Vec<(String, String)>;

/// Runs the learner's shell until they leave it; `began` hears its number.
pub(super) fn run(environment: &Environment, lang: Lang, began: impl FnOnce(u32)) -> Result<(), Said> {
    let shell = std::env::var_os("SHELL").filter(|s| !s.is_empty()).unwrap_or_else(default_shell);
    out::line(tr!(
        lang,
        "Tu consola, con las variables de AWS puestas. Con «exit» vuelves a Espera.",
        "Your shell, with the AWS variables set. Type \"exit\" to come back to Espera."
    ));
    for (name, value) in environment.iter().filter(|(n, _)| !is_secret(n)) {
        out::line(format!("  {name}={value}"));
    }
    let child = Command::new(&shell).envs(environment.iter().cloned()).env("ESPERA_SHELL", "1").spawn();
    let status = child.and_then(|mut child| {
        began(child.id());
        child.wait()
    });
    status.map(drop).map_err(|error| {
        let shell = shell.display();
        Said::with(|l| {
            tr!(
                l,
                "No se pudo abrir «{shell}»: {error}. Pon en SHELL la ruta de tu consola.",
                "\"{shell}\" could not be opened: {error}. Set SHELL to the path of your shell."
            )
        })
    })
}

fn default_shell() -> OsString {
    if cfg!(windows) { "cmd" } else { "/bin/sh" }.into()
}

/// Whether a variable holds something that is never drawn.
fn is_secret(name: &str) -> bool {
    name.contains("SECRET") || name.contains("TOKEN")
}

/// The variables as lines a POSIX shell takes.
pub(super) fn as_exports(environment: &Environment) -> String {
    environment.iter().map(|(n, v)| format!("export {n}='{}'\n", v.replace('\'', r"'\''"))).collect()
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
    fn exports_survive_quotes_and_only_web_links_open() {
        let environment = vec![("A".to_owned(), "it's".to_owned())];
        assert_eq!(as_exports(&environment), "export A='it'\\''s'\n");
        assert!(open("file:///etc/passwd").is_err());
        assert!(open("-flag").is_err());
    }
}
