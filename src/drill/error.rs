//! Why a drill could not be run, read or finished, in both languages.

use std::path::PathBuf;

use super::event::VERSION;
use crate::cloud::ActionError;
use ground::lang::Lang;
use ground::tr;

/// What kept a drill from its end.
#[derive(Debug, thiserror::Error)]
pub enum DrillError {
    /// Something the drill probes is not deployed.
    #[error("{missing} is not there yet; complete steps 2 to 5 first")]
    NotReady {
        /// What is missing.
        missing: String,
    },
    /// The shop does not answer though nothing is broken on purpose.
    #[error("the shop does not answer at {url} ({symptom}); a drill begins with all well")]
    NotWell {
        /// What was asked.
        url: String,
        /// What came back.
        symptom: String,
    },
    /// The world cannot break this.
    #[error("this world cannot break `{0}`; choose another fault")]
    NotOffered(String),
    /// An earlier drill was cut off and what it broke still stands.
    #[error("the drill {0} was cut off; finish or undo it first")]
    Unfinished(String),
    /// The cloud refused.
    #[error(transparent)]
    Cloud(#[from] ActionError),
    /// What was done could not be taken back; the log still holds it, so it will be offered again.
    #[error("{what} could not be undone ({error}); try again, or undo it by hand")]
    NotUndone {
        /// What.
        what: String,
        /// Why.
        error: ActionError,
    },
    /// The log cannot be written or read.
    #[error("the log {} cannot be used: {error}", path.display())]
    Log {
        /// Its file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The log was written by a later Espera.
    #[error(
        "the log {} has version {found}; this Espera reads up to {VERSION}: update it to see this drill",
        path.display()
    )]
    Newer {
        /// Its file.
        path: PathBuf,
        /// The version it names.
        found: u64,
    },
    /// A line in the middle of the log cannot be read.
    #[error("line {line} of the log {} cannot be read ({why}); restore it, or remove the folder", path.display())]
    Damaged {
        /// Its file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// Why.
        why: String,
    },
}

impl DrillError {
    /// What happened and what to do, for a person.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            DrillError::NotReady { missing } => tr!(
                lang,
                "Todavía no está {missing}: completa antes los pasos 2 a 5.",
                "{missing} is not there yet: complete steps 2 to 5 first."
            ),
            DrillError::NotWell { url, symptom } => tr!(
                lang,
                "La tienda no responde en {url} ({symptom}). Un simulacro empieza con todo en orden: repara lo que esté roto y repite.",
                "The shop does not answer at {url} ({symptom}). A drill begins with all well: mend what is broken and try again."
            ),
            DrillError::NotOffered(fault) => tr!(
                lang,
                "Este mundo no sabe romper «{fault}»: elige otra avería.",
                "This world cannot break \"{fault}\": choose another fault."
            ),
            DrillError::Unfinished(run) => tr!(
                lang,
                "El simulacro {run} se cortó y lo que rompió sigue roto: termínalo o deshazlo antes.",
                "The drill {run} was cut off and what it broke is still broken: finish or undo it first."
            ),
            DrillError::Cloud(error) => error.text.get(lang).to_owned(),
            DrillError::NotUndone { what, error } => {
                let why = error.text.get(lang);
                tr!(
                    lang,
                    "No se pudo deshacer «{what}». {why} Queda anotado: Espera volverá a ofrecerlo.",
                    "\"{what}\" could not be undone. {why} It stays on record: Espera will offer it again."
                )
            }
            DrillError::Log { path, error } => {
                let path = path.display();
                tr!(
                    lang,
                    "No se puede usar el registro {path}: {error}. Revisa el disco y los permisos.",
                    "The log {path} cannot be used: {error}. Check the disk and the permissions."
                )
            }
            DrillError::Newer { path, found } => {
                let path = path.display();
                tr!(
                    lang,
                    "El registro {path} tiene la versión {found} y esta Espera lee hasta la {VERSION}: actualízala para ver este simulacro.",
                    "The log {path} has version {found} and this Espera reads up to {VERSION}: update it to see this drill."
                )
            }
            DrillError::Damaged { path, line, why } => {
                let path = path.display();
                tr!(
                    lang,
                    "La línea {line} del registro {path} no se entiende ({why}): recupera el fichero o borra su carpeta.",
                    "Line {line} of the log {path} cannot be read ({why}): restore the file or remove its folder."
                )
            }
        }
    }
}
