//! A drill for others to read: Markdown, JSON, and one HTML page with its timeline.

mod json;

use std::fs;
use std::path::Path;

pub use json::json;

use super::{DrillError, Run};
use crate::lang::Lang;

/// Writes all forms into a folder.
pub(super) fn write(folder: &Path, run: &Run, _lang: Lang) -> Result<(), DrillError> {
    let forms = [("report.json", json(run))];
    for (name, text) in forms {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| DrillError::Log { path, error })?;
    }
    Ok(())
}
