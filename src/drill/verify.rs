//! A look at the logs of drills that changes nothing: which are sound, damaged, or of another Espera.

use std::path::Path;

use super::chain::Chain;
use super::log::{self, NAME};
use super::{DrillError, history};
use crate::progress::{Examined, Soundness};

/// Looks at the log of each drill in a folder, the oldest first, and changes nothing.
#[must_use]
pub fn verify(folder: &Path) -> Vec<Examined> {
    let logs = history::names(folder).into_iter().map(|run| folder.join(run).join(NAME));
    logs.map(|file| {
        let soundness = match log::read_file(&file) {
            Ok(found) if found.torn => Soundness::Torn,
            Ok(found) if found.chain == Chain::Plain => Soundness::Unsealed,
            Ok(_) => Soundness::Sound,
            Err(DrillError::Newer { found, .. }) => Soundness::Newer { version: found },
            Err(DrillError::Damaged { line, why, .. }) => {
                Soundness::Damaged { why: format!("{line}: {why}") }
            }
            Err(DrillError::Log { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => {
                Soundness::Missing
            }
            Err(error) => Soundness::Damaged { why: error.to_string() },
        };
        Examined { file, soundness }
    })
    .collect()
}

/// The logs that cannot be read: what they hold, perhaps a fault that still stands, is out of reach
/// until somebody mends or removes them.
#[must_use]
pub fn damaged_logs(folder: &Path) -> Vec<DrillError> {
    let logs = history::names(folder).into_iter().map(|run| folder.join(run).join(NAME));
    logs.filter_map(|file| log::read_file(&file).err()).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::log::Log;
    use super::super::samples::Drill;
    use super::*;

    #[test]
    fn each_log_is_told_as_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(verify(folder.path()), []);
        let log = |run: &str| folder.path().join(run).join(NAME);
        for run in ["a", "b", "c", "d", "e"] {
            Log::create(folder.path(), run, &Drill::new().fault(1).events()).unwrap();
        }
        let text = fs::read_to_string(log("a")).unwrap();
        fs::write(log("b"), format!("{text}{{\"at\":5")).unwrap();
        fs::write(log("c"), text.replace("fault", "fauld")).unwrap();
        fs::remove_file(log("d")).unwrap();
        fs::write(log("e"), "{\"version\":9}\n").unwrap();
        let told: Vec<_> = verify(folder.path()).into_iter().map(|e| (e.file, e.soundness)).collect();
        let damaged_line = Soundness::Damaged { why: "1: checksum".to_owned() };
        assert_eq!(
            told,
            [
                (log("a"), Soundness::Sound),
                (log("b"), Soundness::Torn),
                (log("c"), damaged_line),
                (log("d"), Soundness::Missing),
                (log("e"), Soundness::Newer { version: 9 }),
            ]
        );
        assert_eq!(damaged_logs(folder.path()).len(), 3);
        // The hidden folder of a run that did not come to be is no run.
        fs::create_dir(folder.path().join(".f.new")).unwrap();
        assert_eq!(verify(folder.path()).len(), 5);
    }
}
