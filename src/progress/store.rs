//! The folder that holds progress: `progress.json`, written to a new file that takes the old one's
//! place, and `lock`, held by the one Espera that writes.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Progress, VERSION};
use crate::lang::Lang;
use crate::tr;

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
    /// The file was damaged; it was set aside under this name and a fresh one begun.
    SetAside(PathBuf),
}

impl Warning {
    /// What happened and what to do, for a person.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let Warning::SetAside(path) = self;
        let path = path.display();
        tr!(
            lang,
            "El progreso guardado estaba dañado. Lo he apartado en {path} sin tocarlo y empiezo de nuevo.",
            "The saved progress was damaged. I set it aside as {path}, untouched, and begin anew."
        )
    }
}

/// The right to write, or the knowledge that another Espera has it.
#[derive(Debug)]
pub enum Opened {
    /// This process writes.
    Writer(Store),
    /// Another Espera writes; this one may watch.
    InUse,
}

/// The folder, held for writing. The lock goes with it.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    _lock: File,
}

impl Store {
    /// Opens a folder, which is made when it does not exist, and reads what is kept there.
    ///
    /// # Errors
    /// When the folder cannot be used or its file comes from a newer Espera. A damaged file is no
    /// error: it is set aside and warned of.
    pub fn open(folder: &Path) -> Result<(Opened, Progress, Vec<Warning>), ProgressError> {
        let wrong = |source| ProgressError::Folder { folder: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(wrong)?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(folder.join("lock"))
            .map_err(wrong)?;
        let opened = match lock.try_lock() {
            Ok(()) => Opened::Writer(Store { folder: folder.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Opened::InUse,
            Err(TryLockError::Error(source)) => return Err(wrong(source)),
        };
        let (progress, warnings) = read(folder, &opened)?;
        Ok((opened, progress, warnings))
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keeps progress: a new file is written and synced, then takes the old one's place.
    ///
    /// # Errors
    /// When the disk is full or the folder cannot be written; the old file is then untouched.
    pub fn save(&self, progress: &Progress) -> Result<(), ProgressError> {
        let file = self.folder.join("progress.json");
        let fresh = self.folder.join("progress.json.new");
        let write = || -> io::Result<()> {
            let mut out = File::create(&fresh)?;
            serde_json::to_writer_pretty(&mut out, progress)?;
            out.write_all(b"\n")?;
            out.sync_all()?;
            fs::rename(&fresh, &file)
        };
        write().map_err(|source| ProgressError::Write { file: file.clone(), source })
    }
}

fn read(folder: &Path, opened: &Opened) -> Result<(Progress, Vec<Warning>), ProgressError> {
    let file = folder.join("progress.json");
    let text = match fs::read(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok((Progress::default(), Vec::new()));
        }
        Err(source) => return Err(ProgressError::Folder { folder: folder.to_owned(), source }),
    };
    #[derive(serde::Deserialize)]
    struct Head {
        version: u32,
    }
    if let Ok(Head { version }) = serde_json::from_slice(&text)
        && version > VERSION
    {
        return Err(ProgressError::Newer { file, version });
    }
    match serde_json::from_slice(&text) {
        Ok(progress) => Ok((progress, Vec::new())),
        // Only who holds the lock may move files; a watcher begins from nothing and leaves all as it is.
        Err(_) if matches!(opened, Opened::InUse) => Ok((Progress::default(), Vec::new())),
        Err(_) => {
            let aside = free_name(&file);
            fs::rename(&file, &aside)
                .map_err(|source| ProgressError::Folder { folder: folder.to_owned(), source })?;
            Ok((Progress::default(), vec![Warning::SetAside(aside)]))
        }
    }
}

/// The first of `progress.json.damaged-1`, `-2`, ... that is not taken.
fn free_name(file: &Path) -> PathBuf {
    let name = |n: u32| file.with_extension(format!("json.damaged-{n}"));
    (1..).map(name).find(|p| !p.exists()).unwrap_or_else(|| name(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer(folder: &Path) -> (Store, Progress, Vec<Warning>) {
        match Store::open(folder).unwrap() {
            (Opened::Writer(store), progress, warnings) => (store, progress, warnings),
            (Opened::InUse, ..) => panic!("in use"),
        }
    }

    #[test]
    fn what_is_kept_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let kept = Progress { step: 3, passed: ["a".to_owned()].into(), ..Progress::default() };
        let (store, ..) = writer(dir.path());
        store.save(&kept).unwrap();
        drop(store);
        assert_eq!(writer(dir.path()).1, kept);
    }

    #[test]
    fn a_damaged_file_is_set_aside_untouched_and_told() {
        let dir = tempfile::tempdir().unwrap();
        for n in 1..=2 {
            fs::write(dir.path().join("progress.json"), b"{half").unwrap();
            let (_store, progress, warnings) = writer(dir.path());
            assert_eq!(progress, Progress::default());
            let aside = dir.path().join(format!("progress.json.damaged-{n}"));
            assert_eq!(warnings, [Warning::SetAside(aside.clone())]);
            assert_eq!(fs::read(aside).unwrap(), b"{half");
        }
    }

    #[test]
    fn a_second_espera_is_told_and_may_watch() {
        let dir = tempfile::tempdir().unwrap();
        let (store, ..) = writer(dir.path());
        store.save(&Progress { step: 5, ..Progress::default() }).unwrap();
        let (opened, progress, _) = Store::open(dir.path()).unwrap();
        assert!(matches!(opened, Opened::InUse));
        assert_eq!(progress.step, 5);
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("progress.json"), br#"{"version": 99, "future": true}"#).unwrap();
        assert!(matches!(Store::open(dir.path()), Err(ProgressError::Newer { version: 99, .. })));
        assert!(dir.path().join("progress.json").exists());
    }
}
