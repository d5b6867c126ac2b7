//! Why the workshop cannot start, in words a person can act on.

use std::path::PathBuf;

use super::package::PackageError;
use crate::course::CourseError;
use crate::progress::ProgressError;
use ground::lang::Lang;
use ground::tr;
use practice;

/// Why the workshop cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No folder to keep anything in.
    #[error(transparent)]
    Home(#[from] etcetera::HomeDirError),
    /// The practice world cannot be opened.
    #[error(transparent)]
    Practice(#[from] practice::PracticeError),
    /// The scenario cannot be read.
    #[error(transparent)]
    Scenario(#[from] practice::scenario::ScenarioError),
    /// There is no such scenario.
    #[error("{0}")]
    NoScenario(String),
    /// The course that comes along is broken.
    #[error(transparent)]
    Course(#[from] CourseError),
    /// The lessons cannot be read.
    #[error("{0}")]
    Lessons(String),
    /// Progress comes from a newer Espera.
    #[error(transparent)]
    Progress(#[from] ProgressError),
    /// The loopback port cannot be had, or the system's runtime.
    #[error(transparent)]
    System(#[from] std::io::Error),
    /// The shop's program cannot be taken.
    #[error(transparent)]
    Program(#[from] PackageError),
    /// The AWS account cannot be reached.
    #[error("{0}")]
    Aws(String),
    /// What is kept is about another account.
    #[error("{folder}: {kept} is not {now}")]
    OtherAccount {
        /// The state folder.
        folder: PathBuf,
        /// The account it is about.
        kept: String,
        /// The account the credentials are of.
        now: String,
    },
}

impl StartError {
    /// What happened and what to do, for a person.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            StartError::Home(_) => tr!(
                lang,
                "No encuentro tu carpeta personal. Di con --state-dir dónde guardar el progreso.",
                "Your home folder cannot be found. Say with --state-dir where to keep progress."
            ),
            StartError::Practice(error) => error.text(lang),
            StartError::Scenario(error) => error.text(lang),
            StartError::NoScenario(name) => tr!(
                lang,
                "No hay escenario «{name}»: ni uno incluido (default, slow-replication, region-lost) ni un fichero que se pueda leer.",
                "There is no scenario \"{name}\": neither one that comes along (default, slow-replication, region-lost) nor a file that can be read."
            ),
            StartError::Progress(error) => error.text(lang),
            StartError::System(error) => {
                tr!(lang, "El sistema no lo permite: {error}", "The system refuses: {error}")
            }
            StartError::Program(PackageError::Foreign) => tr!(
                lang,
                "El fichero de --unishop no es un programa ELF de 64 bits para ARM. Constrúyelo con `cargo zigbuild --release -p unishop --target aarch64-unknown-linux-gnu.2.34`.",
                "The file of --unishop is no 64-bit ELF program for ARM. Build it with `cargo zigbuild --release -p unishop --target aarch64-unknown-linux-gnu.2.34`."
            ),
            StartError::Program(PackageError::Read(error)) => {
                tr!(
                    lang,
                    "No se puede leer el fichero de --unishop: {error}",
                    "The file of --unishop cannot be read: {error}"
                )
            }
            StartError::OtherAccount { folder, kept, now } => {
                let folder = folder.display();
                tr!(
                    lang,
                    "{folder} guarda lo hecho en {kept}, y tus credenciales son de {now}: no se sigue. Usa las credenciales de aquella cuenta, u otra carpeta con --state-dir.",
                    "{folder} keeps what was done in {kept}, and your credentials are of {now}: this goes no further. Use that account's credentials, or another folder with --state-dir."
                )
            }
            StartError::Course(_) | StartError::Lessons(_) | StartError::Aws(_) => self.to_string(),
        }
    }
}
