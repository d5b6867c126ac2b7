//! What can keep practice AWS from opening or from being saved, in both languages.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::lang::Lang;
use crate::tr;

/// Why practice AWS did not open.
#[derive(Debug, Error)]
pub enum PracticeError {
    /// Another Espera has the folder.
    #[error("{}", self.text(Lang::En))]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The loopback server could not listen.
    #[error("{}", self.text(Lang::En))]
    Listen {
        /// What was asked for.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The system gave no random bytes for the keys of a new world.
    #[error("{}", self.text(Lang::En))]
    Chance(io::Error),
    /// A scenario could not be read.
    #[error("{}", self.text(Lang::En))]
    Scenario(#[from] super::scenario::ScenarioError),
}

impl PracticeError {
    /// What happened and what to do.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            PracticeError::InUse { folder } => {
                let folder = folder.display();
                tr!(
                    lang,
                    "Otra Espera usa ya la carpeta {folder}. Ciérrala o elige otra con --state-dir.",
                    "Another Espera already uses the folder {folder}. Close it or choose another with --state-dir."
                )
            }
            PracticeError::Listen { address, source } => tr!(
                lang,
                "No se puede escuchar en {address}: {source}. Elige otro puerto con --port, o 0 para uno libre.",
                "Cannot listen on {address}: {source}. Choose another port with --port, or 0 for a free one."
            ),
            PracticeError::Chance(why) => tr!(
                lang,
                "El sistema no da números al azar para las claves del mundo de práctica: {why}. Sin ellas quedaría abierto a cualquiera; revisa /dev/urandom.",
                "The system gives no random numbers for the practice world's keys: {why}. Without them it would be open to anyone; check /dev/urandom."
            ),
            PracticeError::Scenario(error) => error.text(lang),
        }
    }
}

/// Why the world is not being saved at present. It goes on in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The folder.
    pub folder: PathBuf,
    /// What the system said.
    pub why: String,
}

impl Trouble {
    pub(crate) fn not_saved(folder: &Path, error: &io::Error) -> Trouble {
        Trouble { folder: folder.to_owned(), why: error.to_string() }
    }

    /// What happened and what to do.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let (folder, why) = (self.folder.display(), &self.why);
        tr!(
            lang,
            "El mundo de práctica no se está guardando en {folder} ({why}). Sigue en memoria; libera espacio o revisa los permisos.",
            "The practice world is not being saved in {folder} ({why}). It goes on in memory; free some space or check the permissions."
        )
    }
}

/// Something the person should know about what was found on opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A damaged file was kept under another name.
    SetAside {
        /// Where it was.
        file: PathBuf,
        /// Where it is now.
        to: PathBuf,
    },
    /// The world's keys were missing or damaged, and others were made.
    NewKeys {
        /// Where they are kept.
        file: PathBuf,
    },
}

impl Notice {
    /// What happened.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Notice::SetAside { file, to } => {
                let (file, to) = (file.display(), to.display());
                tr!(
                    lang,
                    "{file} estaba dañado; se ha apartado como {to}. Se sigue con lo que se pudo leer.",
                    "{file} was damaged; it was set aside as {to}. Going on with what could be read."
                )
            }
            Notice::NewKeys { file } => {
                let file = file.display();
                tr!(
                    lang,
                    "Las claves de este mundo de práctica no estaban o estaban dañadas ({file}): hay otras nuevas. Dáselas de nuevo a los clientes que tenías abiertos.",
                    "The keys of this practice world were missing or damaged ({file}): new ones were made. Give them anew to the clients you had open."
                )
            }
        }
    }
}
