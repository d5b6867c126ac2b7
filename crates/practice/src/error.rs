//! What can keep practice AWS from opening or from being saved, in both languages.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use thiserror::Error;

use ground::clock::Moment;
use ground::lang::Lang;
use ground::tr;

/// Why practice AWS did not open.
#[derive(Debug, Error)]
pub enum PracticeError {
    /// Another Espera has the folder.
    #[error("{}", self.text(Lang::En))]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of the saved world comes from a newer Espera.
    #[error("{}", self.text(Lang::En))]
    Newer {
        /// The file.
        file: PathBuf,
        /// The version of its form.
        version: u32,
    },
    /// A file of the saved world is there and cannot be read.
    #[error("{}", self.text(Lang::En))]
    Unreadable {
        /// The file, or the folder.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Carrying out what is saved does not come to an end.
    #[error("{}", self.text(Lang::En))]
    Outlasted {
        /// The folder.
        folder: PathBuf,
        /// The number of the entry.
        number: u64,
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
            PracticeError::Newer { file, version } => {
                let file = file.display();
                tr!(
                    lang,
                    "{file} es de una Espera más nueva (forma {version}) y no se ha tocado. Actualiza Espera, o usa otra carpeta con --state-dir.",
                    "{file} comes from a newer Espera (form {version}) and was not touched. Update Espera, or use another folder with --state-dir."
                )
            }
            PracticeError::Unreadable { file, source } => {
                let file = file.display();
                tr!(
                    lang,
                    "No se puede usar {file}: {source}. Nada se ha cambiado: revisa el disco y los permisos y vuelve a abrir.",
                    "{file} cannot be used: {source}. Nothing was changed: check the disk and the permissions, then open it again."
                )
            }
            PracticeError::Outlasted { folder, number } => {
                let folder = folder.display();
                tr!(
                    lang,
                    "Al abrir el mundo de {folder}, la petición {number} no termina. Vuelve a abrir Espera: se apartará y lo demás sigue.",
                    "Opening the world in {folder}, request {number} does not come to an end. Open Espera again: it will be set aside, and all else goes on."
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

/// Why the world is not being saved at present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The folder.
    pub folder: PathBuf,
    /// What the system said.
    pub why: String,
    /// What follows from it.
    pub kind: TroubleKind,
}

/// What follows from a trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// The folder could not be used from the start: the world lives in memory.
    InMemory,
    /// A write failed: changes are refused until one succeeds, and practice time stands still.
    Refusing,
    /// Every change is written, but no new snapshot can be made.
    Unfolded,
}

impl Trouble {
    pub(crate) fn not_saved(folder: &Path, error: &io::Error) -> Trouble {
        Trouble { folder: folder.to_owned(), why: error.to_string(), kind: TroubleKind::InMemory }
    }

    pub(crate) fn refusing(folder: &Path, error: &io::Error) -> Trouble {
        Trouble { kind: TroubleKind::Refusing, ..Trouble::not_saved(folder, error) }
    }

    pub(crate) fn unfolded(folder: &Path, error: &io::Error) -> Trouble {
        Trouble { kind: TroubleKind::Unfolded, ..Trouble::not_saved(folder, error) }
    }

    /// Whether it is over as soon as something could be written.
    pub(crate) fn ends_with_a_write(&self) -> bool {
        self.kind == TroubleKind::Refusing
    }

    /// What happened and what to do.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let (folder, why) = (self.folder.display(), &self.why);
        match self.kind {
            TroubleKind::InMemory => tr!(
                lang,
                "El mundo de práctica no se está guardando en {folder} ({why}). Sigue en memoria; libera espacio o revisa los permisos, y vuelve a abrir Espera.",
                "The practice world is not being saved in {folder} ({why}). It goes on in memory; free some space or check the permissions, then open Espera again."
            ),
            TroubleKind::Refusing => tr!(
                lang,
                "El mundo de práctica no se puede guardar en {folder} ({why}): hasta que se pueda, rechaza los cambios y su tiempo no pasa. Libera espacio o revisa el disco; sigue por sí solo.",
                "The practice world cannot be saved in {folder} ({why}): until it can, it refuses changes and its time stands still. Free some space or check the disk; it goes on by itself."
            ),
            TroubleKind::Unfolded => tr!(
                lang,
                "Todo está guardado en {folder}, pero no se puede resumir ({why}): el diario sigue creciendo. Libera espacio o revisa los permisos.",
                "All is saved in {folder}, but it cannot be summed up ({why}): the journal keeps growing. Free some space or check the permissions."
            ),
        }
    }
}

/// Something the person should know about what was found on opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A damaged file was kept under another name, whole.
    SetAside {
        /// The file.
        file: PathBuf,
        /// Where it, or its copy, is now.
        to: PathBuf,
    },
    /// A file is damaged and could not be moved.
    Damaged {
        /// The file.
        file: PathBuf,
    },
    /// The journal ends in the middle of an entry.
    Torn {
        /// The journal.
        file: PathBuf,
        /// How many bytes of it there are.
        bytes: u64,
        /// Where they are kept, if they could be.
        to: Option<PathBuf>,
    },
    /// A file that must be there is not.
    Gone {
        /// The file.
        file: PathBuf,
    },
    /// The journal ends before what had been synced.
    Short {
        /// The journal.
        file: PathBuf,
        /// How many changes are missing.
        missing: u64,
    },
    /// What says how far the journal was is gone or damaged.
    Unmarked {
        /// The file.
        file: PathBuf,
    },
    /// The newest snapshot could not be read: the one before it and all changes since were.
    WentBack {
        /// When that one was made.
        at: Moment,
    },
    /// A request that ended the program, or did not end, was taken out.
    EntrySetAside {
        /// Which request it was.
        what: String,
        /// When it came.
        at: Moment,
        /// Where it is kept.
        to: PathBuf,
    },
    /// The world's keys were missing or damaged, and others were made.
    NewKeys {
        /// Where they are kept.
        file: PathBuf,
    },
}

impl Notice {
    pub(crate) fn damaged(file: &Path, to: Option<PathBuf>) -> Notice {
        let file = file.to_owned();
        match to {
            Some(to) => Notice::SetAside { file, to },
            None => Notice::Damaged { file },
        }
    }

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
            Notice::Damaged { file } => {
                let file = file.display();
                tr!(
                    lang,
                    "{file} está dañado y no se ha podido apartar. Se sigue con lo que se pudo leer.",
                    "{file} is damaged and could not be set aside. Going on with what could be read."
                )
            }
            Notice::Torn { file, bytes, to } => {
                let file = file.display();
                let kept = to.as_ref().map_or_else(String::new, |to| {
                    let to = to.display();
                    tr!(lang, " Los {bytes} bytes están en {to}.", " The {bytes} bytes are in {to}.")
                });
                tr!(
                    lang,
                    "{file} termina a mitad de una petición, la que se escribía cuando Espera se cortó. No se ha hecho.{kept}",
                    "{file} ends in the middle of a request, the one being written when Espera was cut off. It was not carried out.{kept}"
                )
            }
            Notice::Gone { file } => {
                let file = file.display();
                tr!(
                    lang,
                    "Falta {file}. Se sigue con lo que hay; `espera state restore` enseña lo que se puede recuperar.",
                    "{file} is missing. Going on with what is there; `espera state restore` shows what can be brought back."
                )
            }
            Notice::Short { file, missing } => {
                let file = file.display();
                tr!(
                    lang,
                    "{file} termina antes de tiempo: le faltan {missing} cambios que estaban guardados. Se sigue con lo que hay.",
                    "{file} ends too early: {missing} changes that had been saved are missing. Going on with what is there."
                )
            }
            Notice::Unmarked { file } => {
                let file = file.display();
                tr!(
                    lang,
                    "{file}, que dice hasta dónde se guardó, falta o está dañado: no se puede saber si faltan cambios al final. Se hace de nuevo.",
                    "{file}, which says how far all was saved, is missing or damaged: whether changes are missing at the end cannot be told. It is made anew."
                )
            }
            Notice::WentBack { at } => {
                let at = at.iso8601();
                tr!(
                    lang,
                    "Se ha vuelto a la copia anterior del mundo ({at}) y a todos los cambios que se pudieron leer desde entonces.",
                    "Went back to the world's copy before that one ({at}) and to all changes since that could be read."
                )
            }
            Notice::EntrySetAside { what, at, to } => {
                let (at, to) = (at.iso8601(), to.display());
                tr!(
                    lang,
                    "Una petición cortaba Espera o no terminaba ({what}, {at}); se ha apartado como {to}, y todo lo demás sigue.",
                    "A request ended Espera or did not come to an end ({what}, {at}); it was set aside as {to}, and all else goes on."
                )
            }
        }
    }
}
