//! What is typed over the panes: the palette's query, the search in the lesson, the word that agrees.

use super::super::super::model::{Model, Overlay, Search};
use super::super::super::msg::{Effect, Motion};
use super::super::super::pane::Pane;

/// The longest word that is typed to agree, in characters.
const WORD: usize = 12;

/// How much is erased.
#[derive(Clone, Copy)]
pub(super) enum Erased {
    Last,
    All,
}

/// Whether what is open takes this character as text.
pub(super) fn accepts(model: &Model, c: char) -> bool {
    match &model.overlay {
        Some(Overlay::Palette { .. } | Overlay::Search { .. }) => true,
        Some(Overlay::Confirm { action, .. }) => c.is_ascii_digit() && model.word_to_type(*action).is_some(),
        _ => false,
    }
}

pub(super) fn type_char(model: &mut Model, c: char) -> Vec<Effect> {
    let Some(mut overlay) = model.overlay.take() else { return Vec::new() };
    if let Overlay::Palette { query: text, .. }
    | Overlay::Search { query: text }
    | Overlay::Confirm { typed: text, .. } = &mut overlay
    {
        text.push(c);
    }
    apply_text(model, overlay)
}

pub(super) fn erase(model: &mut Model, mut overlay: Overlay, erased: Erased) -> Vec<Effect> {
    if let Overlay::Palette { query: text, .. }
    | Overlay::Search { query: text }
    | Overlay::Confirm { typed: text, .. } = &mut overlay
    {
        match erased {
            Erased::Last => drop(text.pop()),
            Erased::All => text.clear(),
        }
    }
    apply_text(model, overlay)
}

fn apply_text(model: &mut Model, mut overlay: Overlay) -> Vec<Effect> {
    let mut effects = Vec::new();
    match &mut overlay {
        Overlay::Palette { selected, .. } => *selected = 0,
        // Matches light up while typing; closing leaves them until they are dismissed.
        Overlay::Search { query } => {
            model.search = (!query.trim().is_empty()).then(|| Search { query: query.clone(), current: 0 });
            effects.push(Effect::Move(Pane::Lesson, Motion::Match));
        }
        Overlay::Confirm { typed, .. } => typed.truncate(WORD),
        _ => {}
    }
    model.overlay = Some(overlay);
    effects
}

pub(crate) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let text: String = text.chars().filter(|c| !ground::lang::is_unprintable(*c)).take(200).collect();
    if let Some(Overlay::Palette { query, .. } | Overlay::Search { query }) = &mut model.overlay {
        query.push_str(&text);
    }
    Vec::new()
}

/// Takes the search as it was typed.
pub(super) fn search(model: &mut Model, query: String) -> Vec<Effect> {
    if query.trim().is_empty() {
        model.search = None;
        return Vec::new();
    }
    model.search = Some(Search { query, current: 0 });
    model.focus = Pane::Lesson;
    vec![Effect::Move(Pane::Lesson, Motion::Match)]
}
