//! How a lesson is to look: styles, signs, language, and what else may be drawn.

use std::path::Path;

use super::highlight::Highlighter;
use crate::ui::theme::{Role, Theme};
use ground::lang::Lang;
use ground::look::{Charset, Scheme};

/// The rows a picture file takes at a width in columns; `None` when it can't be drawn.
pub type PictureRows<'a> = dyn Fn(&Path, u16) -> Option<u16> + 'a;

/// How a lesson is to look.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The styles.
    pub theme: &'a Theme,
    /// The signs.
    pub symbols: Charset,
    /// The language of the words the screen adds (titles of notices and such).
    pub lang: Lang,
    /// How weight and links are told.
    pub marks: Marks,
    /// Colours for code; without it code is plain. Loading takes longer than a frame, so a first pass
    /// goes without.
    pub highlight: Option<&'a Highlighter>,
    /// Which pictures can be drawn: rows are left free for them. Without it a box tells of them.
    pub picture: Option<&'a PictureRows<'a>>,
}

impl<'a> Look<'a> {
    /// A look with the theme's styles, Unicode signs, no code colours and no pictures.
    #[must_use]
    pub fn new(theme: &'a Theme, lang: Lang) -> Look<'a> {
        Look { theme, symbols: Charset::Unicode, lang, marks: Marks::Style, highlight: None, picture: None }
    }

    /// Whether colours may be used.
    #[must_use]
    pub fn is_coloured(&self) -> bool {
        self.theme.scheme != Scheme::Plain
    }

    pub(super) fn style(&self, role: Role) -> ratatui::style::Style {
        self.theme.style(role)
    }
}

/// How weight and links are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Marks {
    /// By the style of the text.
    #[default]
    Style,
    /// In the text itself, for pipes and screen readers: `## Title`, `code` in backticks, addresses after
    /// their links.
    Text,
}
