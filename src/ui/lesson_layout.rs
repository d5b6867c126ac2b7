//! A lesson as it was last laid out: kept until the lesson, the width or the look change.

use std::sync::Arc;

use super::draw_context::DrawContext;
use super::lesson::{self, Place, Rendered};
use crate::app::Search;
use ground::lang::Lang;
use ground::look::{Charset, Scheme};
use lessons::Document;

/// A lesson as it was last laid out, and what for.
#[derive(Debug)]
pub(super) struct LessonLayout {
    pub lesson: Arc<Document>,
    pub width: u16,
    pub scheme: Scheme,
    pub signs: Charset,
    pub lang: Lang,
    pub coloured: bool,
    pub rendered: Rendered,
    /// What was searched last, and where it stands.
    pub found: (String, Vec<Place>),
}

impl LessonLayout {
    /// Whether it shows what is to be shown.
    pub fn fits(&self, context: &DrawContext<'_>, width: u16, coloured: bool) -> bool {
        Arc::ptr_eq(&self.lesson, &context.model.lesson)
            && (self.width, self.scheme, self.signs) == (width, context.theme.scheme, context.signs)
            && (self.lang, self.coloured) == (context.lang, coloured)
    }

    /// The blocks of code with a language: language and text.
    pub fn code(&self) -> Vec<(String, String)> {
        self.rendered.code.iter().filter_map(|c| Some((c.language.clone()?, c.text.clone()))).collect()
    }

    /// Finds what is searched, unless it did so last time.
    pub fn search(&mut self, query: &str) {
        if self.found.0 != query {
            self.found = (query.to_owned(), lesson::search(&self.rendered, query));
        }
    }

    /// Index of the match the reader stands on; the model counts without wrapping.
    pub fn current(&self, search: &Search) -> Option<usize> {
        let count = isize::try_from(self.found.1.len()).ok().filter(|n| *n > 0)?;
        usize::try_from(search.current.rem_euclid(count)).ok()
    }
}
