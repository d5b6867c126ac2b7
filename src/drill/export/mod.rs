//! A drill for others to read: Markdown, JSON, and one HTML page with its timeline.

mod html;
mod json;
mod markdown;
mod story;
mod svg;

use std::fs;
use std::path::{Path, PathBuf};

pub use html::html;
pub use json::json;
pub use markdown::markdown;

use super::{DrillError, Run};
use crate::lang::Lang;

/// Writes all forms into a folder as `report.json`, `report.md` and `report.html`; gives their paths.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, run: &Run, lang: Lang) -> Result<Vec<PathBuf>, DrillError> {
    let forms =
        [("report.json", json(run)), ("report.md", markdown(run, lang)), ("report.html", html(run, lang))];
    let mut written = Vec::new();
    for (name, text) in forms {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| DrillError::Log { path: path.clone(), error })?;
        written.push(path);
    }
    Ok(written)
}

#[cfg(test)]
mod tests;
