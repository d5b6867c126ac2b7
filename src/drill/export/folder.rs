//! All forms of a drill in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::html::html;
use super::json::json;
use super::markdown::markdown;
use crate::drill::log::REPORT;
use crate::drill::{DrillError, Run};
use ground::lang::Lang;

/// Writes all forms into a folder as `report.json`, `report.md` and `report.html`; gives their paths.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, run: &Run, lang: Lang) -> Result<Vec<PathBuf>, DrillError> {
    let forms = [(REPORT, json(run)), ("report.md", markdown(run, lang)), ("report.html", html(run, lang))];
    let mut written = Vec::new();
    for (name, text) in forms {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| DrillError::Log { path: path.clone(), error })?;
        written.push(path);
    }
    Ok(written)
}
