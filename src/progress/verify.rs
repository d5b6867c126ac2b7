//! A look at kept files that changes nothing: which are sound, damaged, or of another Espera.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::seal::{self, Content};
use super::store::{NAME, PREVIOUS};
use ground::lang::Lang;
use ground::tr;

/// A kept file and what a look at it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// The file.
    pub file: PathBuf,
    /// What it is.
    pub soundness: Soundness,
}

/// Whether a kept file is what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Soundness {
    /// As it was written.
    Sound,
    /// Of an Espera before checksums: it can be read, but a changed value would not show.
    Unsealed,
    /// Whole up to where a kill or a loss of power stopped the writing.
    Torn,
    /// Not what was written.
    Damaged {
        /// What is wrong with it.
        why: String,
    },
    /// It should be there and is not.
    Missing,
    /// Of a newer Espera, which alone may judge it.
    Newer {
        /// The version it names.
        version: u64,
    },
}

impl Soundness {
    /// Whether nothing of what was kept is in doubt.
    #[must_use]
    pub fn is_well(&self) -> bool {
        matches!(self, Soundness::Sound | Soundness::Unsealed | Soundness::Torn)
    }
}

impl Examined {
    /// What was found, for a person.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let file = self.file.display();
        match &self.soundness {
            Soundness::Sound => tr!(lang, "{file}: en orden", "{file}: sound"),
            Soundness::Unsealed => tr!(
                lang,
                "{file}: legible, de una Espera sin sumas de control",
                "{file}: readable, of an Espera without checksums"
            ),
            Soundness::Torn => tr!(
                lang,
                "{file}: en orden hasta donde se cortó la escritura",
                "{file}: sound up to where the writing was cut off"
            ),
            Soundness::Damaged { why } => tr!(lang, "{file}: dañado ({why})", "{file}: damaged ({why})"),
            Soundness::Missing => tr!(lang, "{file}: falta", "{file}: missing"),
            Soundness::Newer { version } => tr!(
                lang,
                "{file}: de una Espera más nueva (versión {version})",
                "{file}: of a newer Espera (version {version})"
            ),
        }
    }
}

/// Looks at the progress kept in a folder, both generations, and changes nothing. Empty when nothing is
/// kept there.
#[must_use]
pub fn verify(folder: &Path) -> Vec<Examined> {
    let [current, previous] = [NAME, PREVIOUS].map(|name| folder.join(name));
    let mut found = Vec::new();
    match (examine(&current), examine(&previous)) {
        (None, None) => {}
        (None, Some(soundness)) => {
            found.push(Examined { file: current, soundness: Soundness::Missing });
            found.push(Examined { file: previous, soundness });
        }
        (Some(soundness), before) => {
            found.push(Examined { file: current, soundness });
            found.extend(before.map(|soundness| Examined { file: previous, soundness }));
        }
    }
    found
}

fn examine(file: &Path) -> Option<Soundness> {
    Some(match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => Soundness::Damaged { why: error.to_string() },
        Ok(bytes) => match seal::read(&bytes) {
            Content::Sound(_) => Soundness::Sound,
            Content::Unsealed(_) => Soundness::Unsealed,
            Content::Damaged(why) => Soundness::Damaged { why },
            Content::Newer(version) => Soundness::Newer { version: version.into() },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Opened, Progress, Store};
    use super::*;

    #[test]
    fn it_tells_both_generations_and_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(verify(dir.path()), []);
        let (Opened::Writer(store), ..) = Store::open(dir.path()).unwrap() else { panic!("in use") };
        store.save(&Progress { step: 1, ..Progress::default() }).unwrap();
        let told = |dir: &Path| verify(dir).into_iter().map(|e| e.soundness).collect::<Vec<_>>();
        assert_eq!(told(dir.path()), [Soundness::Sound, Soundness::Sound]);
        fs::write(dir.path().join(NAME), "{half").unwrap();
        assert!(matches!(&told(dir.path())[..], [Soundness::Damaged { .. }, Soundness::Sound]));
        assert_eq!(fs::read(dir.path().join(NAME)).unwrap(), b"{half");
        fs::remove_file(dir.path().join(NAME)).unwrap();
        assert_eq!(told(dir.path()), [Soundness::Missing, Soundness::Sound]);
        fs::write(dir.path().join(PREVIOUS), r#"{"version": 77}"#).unwrap();
        assert_eq!(told(dir.path()), [Soundness::Missing, Soundness::Newer { version: 77 }]);
    }
}
