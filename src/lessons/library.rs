//! (being built) The library of lessons.

use std::sync::Arc;

use super::document::Document;
use crate::lang::Lang;

/// The lessons of a course.
#[derive(Debug, Default)]
pub struct Library {}

impl Library {
    /// The lesson of a step in a language; an empty document when there is none.
    #[must_use]
    pub fn lesson(&self, _step: &str, _lang: Lang) -> Arc<Document> {
        Arc::default()
    }

    /// Whether the page at `path` is the lesson of this step.
    #[must_use]
    pub fn is_lesson_of(&self, path: &str, step: &str) -> bool {
        let name = path.trim_matches('/').rsplit('/').next().unwrap_or_default();
        name.split('.').next() == Some(step)
    }
}
