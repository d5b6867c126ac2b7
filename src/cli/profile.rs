//! The profile `espera` in a configuration file of AWS's: written where it is not, renewed where Espera
//! wrote it, refused where somebody else did. Everything else in the file stays byte for byte.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use super::files::write_atomically;
use super::kit::PROFILE;
use crate::runtime::Environment;
use ground::lang::Lang;
use ground::tr;

/// The first line of the section's body, by which Espera knows its own.
const MARK: &str = "# Written by `espera cloud env --profile`; renewed by it, and yours to delete.";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// The section was not there.
    Added,
    /// It was Espera's own.
    Renewed,
}

impl Written {
    /// What was done and how to use it.
    pub(super) fn text(self, file: &Path, lang: Lang) -> String {
        let file = ground::lang::printable(&file.display().to_string()).into_owned();
        let done = match self {
            Written::Added => {
                tr!(lang, "Perfil «{PROFILE}» añadido a {file}.", "Profile \"{PROFILE}\" added to {file}.")
            }
            Written::Renewed => tr!(
                lang,
                "Perfil «{PROFILE}» renovado en {file}.",
                "Profile \"{PROFILE}\" renewed in {file}."
            ),
        };
        let use_it = tr!(
            lang,
            "Úsalo así: aws --profile {PROFILE} sts get-caller-identity (AWS CLI 2.13 o 1.29, y SDK posteriores a julio de 2023). Repite esta orden si Espera se abre de nuevo: el puerto cambia.",
            "Use it like this: aws --profile {PROFILE} sts get-caller-identity (AWS CLI 2.13 or 1.29, and SDKs of after July 2023). Repeat this command when Espera is opened anew: the port changes."
        );
        format!("{done}\n{use_it}\n")
    }
}

/// Why nothing was written.
#[derive(Debug)]
pub(super) enum ProfileError {
    /// There is such a profile, and not by Espera.
    Foreign {
        line: usize,
    },
    /// The file is no text.
    NoText,
    System(io::Error),
}

impl ProfileError {
    /// What happened and what to do.
    pub(super) fn text(&self, file: &Path, lang: Lang) -> String {
        let file = ground::lang::printable(&file.display().to_string()).into_owned();
        match self {
            ProfileError::Foreign { line } => tr!(
                lang,
                "{file}:{line}: ya hay un perfil «{PROFILE}» que no escribió Espera; no se toca. Cámbiale el nombre o da otro fichero.",
                "{file}:{line}: there is a profile \"{PROFILE}\" already that Espera did not write; it is left alone. Rename it or give another file."
            ),
            ProfileError::NoText => tr!(
                lang,
                "{file} no es un fichero de texto. Da el de configuración de AWS, como ~/.aws/config.",
                "{file} is no text file. Give AWS's configuration file, such as ~/.aws/config."
            ),
            ProfileError::System(error) => {
                tr!(lang, "No se puede escribir {file}: {error}", "{file} cannot be written: {error}")
            }
        }
    }
}

pub(super) fn write(file: &Path, environment: &Environment) -> Result<Written, ProfileError> {
    // A link is kept: what it leads to is written.
    let file = std::fs::canonicalize(file).unwrap_or_else(|_| PathBuf::from(file));
    let old = match std::fs::read(&file) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| ProfileError::NoText)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(ProfileError::System(error)),
    };
    let (new, written) = with_profile(&old, &section(environment))?;
    write_atomically(&file, new.as_bytes(), mode_of(&file)).map_err(ProfileError::System)?;
    Ok(written)
}

#[cfg(unix)]
fn mode_of(file: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).map_or(0o600, |meta| meta.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode_of(_: &Path) -> u32 {
    0
}

fn section(environment: &Environment) -> String {
    let mut text = format!("[profile {PROFILE}]\n{MARK}\n");
    for (key, variable) in [
        ("region", "AWS_REGION"),
        ("endpoint_url", "AWS_ENDPOINT_URL"),
        ("aws_access_key_id", "AWS_ACCESS_KEY_ID"),
        ("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"),
    ] {
        if let Some(value) = environment.get(variable) {
            let _ = writeln!(text, "{key} = {value}");
        }
    }
    text
}

/// The file's text with the section in it.
fn with_profile(old: &str, section: &str) -> Result<(String, Written), ProfileError> {
    let mut at = 0;
    let mut found: Option<(usize, usize, usize)> = None;
    for (number, line) in old.split_inclusive('\n').enumerate() {
        let header = line.trim_start().starts_with('[') && !line.starts_with([' ', '\t']);
        match &mut found {
            None if header && is_ours(line) => found = Some((at, old.len(), number + 1)),
            Some((_, end, _)) if header && *end == old.len() => *end = at,
            _ => {}
        }
        at += line.len();
    }
    let Some((from, end, line)) = found else {
        let gap = match old {
            "" => "",
            _ if old.ends_with("\n\n") => "",
            _ if old.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        return Ok((format!("{old}{gap}{section}"), Written::Added));
    };
    let body = &old[from..end];
    if !body.lines().skip(1).any(|l| l.trim() == MARK) {
        return Err(ProfileError::Foreign { line });
    }
    // What stands between this section and the next belongs to the next: blank lines and comments.
    let own = body.trim_end();
    let kept_from = from + own_length(own);
    Ok((format!("{}{}{}", &old[..from], section.trim_end(), &old[kept_from..]), Written::Renewed))
}

/// How much of a section, from its start, is the settings: the rest are comments before the next one.
fn own_length(section: &str) -> usize {
    let mut length = 0;
    let mut at = 0;
    for line in section.split_inclusive('\n') {
        at += line.len();
        let text = line.trim();
        if !text.is_empty() && (!text.starts_with(['#', ';']) || text == MARK) {
            length = at - (line.len() - line.trim_end().len());
        }
    }
    length
}

fn is_ours(header: &str) -> bool {
    let inside = header.trim().strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or_default();
    let mut words = inside.split_whitespace();
    let name = match (words.next(), words.next(), words.next()) {
        (Some("profile"), Some(name), None) => name,
        _ => return false,
    };
    name.trim_matches(['"', '\'']) == PROFILE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(endpoint: &str) -> Environment {
        let mut environment = Environment::default();
        environment.put("AWS_REGION", "us-east-1");
        environment.put("AWS_ENDPOINT_URL", endpoint);
        environment.put("AWS_ACCESS_KEY_ID", "K");
        environment.put("AWS_SECRET_ACCESS_KEY", "S");
        environment
    }

    #[test]
    fn the_rest_of_the_file_stays_byte_for_byte() {
        let before = "[default]\nregion = eu-west-1\r\n\n# mine\n[profile prod]\nsso_session = x";
        let (first, written) = with_profile(before, &section(&environment("http://127.0.0.1:1"))).unwrap();
        assert_eq!(written, Written::Added);
        assert!(first.starts_with(before), "{first}");
        let more = format!("{first}\n# about the next\n[profile other]\nregion = x\n");
        let (second, written) = with_profile(&more, &section(&environment("http://127.0.0.1:2"))).unwrap();
        assert_eq!(written, Written::Renewed);
        assert_eq!(second, more.replace("127.0.0.1:1", "127.0.0.1:2"));
        assert_eq!(second.matches("[profile espera]").count(), 1);
    }

    #[test]
    fn a_strangers_profile_of_that_name_is_left_alone() {
        for header in ["[profile espera]", "[ profile  \"espera\" ]", "[profile espera] ; mine"] {
            let old = format!("[default]\n\n{header}\nregion = x\n[profile b]\n{MARK}\n");
            match with_profile(&old, "x") {
                Err(ProfileError::Foreign { line }) => assert_eq!(line, 3),
                other => panic!("{header}: {other:?}"),
            }
        }
        assert!(with_profile("[profile espera-mine]\n[espera]\n", "x").is_ok());
    }

    #[test]
    fn a_file_that_is_not_there_is_made_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        assert_eq!(write(&file, &environment("http://127.0.0.1:1")).unwrap(), Written::Added);
        assert_eq!(write(&file, &environment("http://127.0.0.1:2")).unwrap(), Written::Renewed);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(
            text.starts_with("[profile espera]\n") && text.contains("endpoint_url = http://127.0.0.1:2\n"),
            "{text}"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
