//! What can be wrong with kept progress, in both languages.

use std::io;
use std::path::PathBuf;

use ground::lang::Lang;
use ground::tr;

/// Why progress cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum ProgressError {
    /// The folder cannot be made or opened.
    #[error("{folder}: {source}")]
    Folder {
        /// The state folder.
        folder: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("{file}: {source}")]
    Write {
        /// The file.
        file: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file was written by a newer Espera.
    #[error("{file}: version {version}")]
    Newer {
        /// The file.
        file: PathBuf,
        /// Its version.
        version: u32,
    },
}

impl ProgressError {
    /// What happened and what to do, for a person.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            ProgressError::Folder { folder, source } => {
                let folder = folder.display();
                tr!(
                    lang,
                    "No se puede usar la carpeta de estado {folder}: {source}. Elige otra con --state-dir; mientras tanto nada se guarda.",
                    "The state folder {folder} cannot be used: {source}. Choose another with --state-dir; until then nothing is kept."
                )
            }
            ProgressError::Write { file, source } => {
                let file = file.display();
                tr!(
                    lang,
                    "No se pudo guardar {file}: {source}. Libera espacio o cambia los permisos; lo guardado antes sigue entero.",
                    "{file} could not be written: {source}. Free some space or mend the permissions; what was kept before is whole."
                )
            }
            ProgressError::Newer { file, version } => {
                let file = file.display();
                tr!(
                    lang,
                    "{file} es de una Espera más nueva (versión {version}). Actualiza Espera o usa otra carpeta con --state-dir.",
                    "{file} comes from a newer Espera (version {version}). Update Espera or use another folder with --state-dir."
                )
            }
        }
    }
}

/// Something a person should know about what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The file was damaged and set aside under this name.
    SetAside {
        /// Where it is now.
        aside: PathBuf,
        /// What is gone on with.
        instead: Instead,
    },
    /// The file is gone though there had been one.
    Missing(Instead),
    /// The file is damaged, and only the Espera that holds the folder may set it aside.
    Watched(Instead),
}

/// What is gone on with when the file itself cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// The generation before it.
    Previous,
    /// Nothing: all begins anew.
    Nothing,
}

impl Warning {
    /// What happened and what to do, for a person.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let (happened, instead) = match self {
            Warning::SetAside { aside, instead } => {
                let aside = aside.display();
                let happened = tr!(
                    lang,
                    "El progreso guardado estaba dañado. Lo he apartado en {aside} sin tocarlo",
                    "The saved progress was damaged. I set it aside as {aside}, untouched,"
                );
                (happened, instead)
            }
            Warning::Missing(instead) => {
                (tr!(lang, "Falta el progreso guardado", "The saved progress is missing,"), instead)
            }
            Warning::Watched(instead) => {
                (tr!(lang, "El progreso guardado está dañado", "The saved progress is damaged,"), instead)
            }
        };
        match instead {
            Instead::Previous => tr!(
                lang,
                "{happened} y sigo con el anterior: quizá falte lo último que superaste.",
                "{happened} and I go on with the one before it: what you passed last may be missing."
            ),
            Instead::Nothing => tr!(lang, "{happened} y empiezo de nuevo.", "{happened} and I begin anew."),
        }
    }
}
