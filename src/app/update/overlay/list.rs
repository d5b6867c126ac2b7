//! Lists to choose from over the panes: steps, actions, links, faults, answers, the palette's commands.

use super::super::super::command::Scroll;
use super::super::super::drill_screen::CutOffChoice;
use super::super::super::model::{Model, Overlay};
use super::super::super::msg::Effect;
use super::super::{action, command, drill, faults};

/// The selected row, of what has rows.
fn selected_row(overlay: &mut Overlay) -> Option<&mut usize> {
    match overlay {
        Overlay::Steps { selected }
        | Overlay::Actions { selected }
        | Overlay::Links { selected }
        | Overlay::Faults { selected }
        | Overlay::Unfinished { selected }
        | Overlay::Quiz { selected, .. }
        | Overlay::Palette { selected, .. } => Some(selected),
        _ => None,
    }
}

/// Up and down, from one end to the other.
pub(super) fn scroll(model: &mut Model, mut overlay: Overlay, to: Scroll) -> Vec<Effect> {
    let len = rows(model, &overlay);
    if let Some(selected) = selected_row(&mut overlay).filter(|_| len > 0) {
        *selected = match to {
            Scroll::Up => (*selected + len - 1) % len,
            Scroll::Down => (*selected + 1) % len,
            Scroll::Top | Scroll::PageUp => 0,
            Scroll::Bottom | Scroll::PageDown => len - 1,
        };
    }
    model.open(overlay)
}

/// Selects a row, or the last one if there are fewer.
pub(super) fn select(model: &mut Model, mut overlay: Overlay, row: Option<usize>) -> Vec<Effect> {
    let len = rows(model, &overlay);
    if let (Some(selected), Some(row)) = (selected_row(&mut overlay), row) {
        *selected = row.min(len.saturating_sub(1));
    }
    model.open(overlay)
}

pub(crate) fn click_row(model: &mut Model, row: usize) -> Vec<Effect> {
    let Some(mut overlay) = model.overlay.take() else { return Vec::new() };
    if row >= rows(model, &overlay) {
        return model.open(overlay);
    }
    if let Some(selected) = selected_row(&mut overlay) {
        *selected = row;
    }
    accept(model, overlay)
}

fn rows(model: &Model, overlay: &Overlay) -> usize {
    match overlay {
        Overlay::Steps { .. } => model.course.steps.len(),
        Overlay::Actions { .. } => model.step().actions.len(),
        Overlay::Links { .. } => model.lesson.links().len(),
        Overlay::Quiz { question, .. } => model.step().quiz.get(*question).map_or(0, |q| q.options.len()),
        Overlay::Palette { query, .. } => model.palette_rows(query).len(),
        Overlay::Faults { .. } => model.drill_screen.offers.len(),
        Overlay::Unfinished { .. } => CutOffChoice::ALL.len(),
        _ => 0,
    }
}

/// Takes the selected row.
pub(super) fn accept(model: &mut Model, overlay: Overlay) -> Vec<Effect> {
    match overlay {
        Overlay::Steps { selected } => model.go_to(selected),
        Overlay::Actions { selected } => match model.step().actions.get(selected).map(|a| a.id) {
            Some(id) => action::ask(model, id),
            None => Vec::new(),
        },
        Overlay::Links { selected } => match model.lesson.links().get(selected) {
            Some(link) => model.follow(&link.target.clone()),
            None => Vec::new(),
        },
        Overlay::Quiz { question, selected, given } => answer(model, question, selected, given),
        Overlay::Faults { selected } => faults::choose(model, selected),
        Overlay::Unfinished { selected } => match CutOffChoice::ALL.get(selected) {
            Some(settle) => drill::settle(model, *settle),
            None => Vec::new(),
        },
        Overlay::Palette { query, selected } => match model.palette_rows(&query).get(selected) {
            Some(chosen) => command::run(model, *chosen),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Keeps an answer; a second Enter on a right one goes to the next question.
fn answer(model: &mut Model, question: usize, selected: usize, given: Option<usize>) -> Vec<Effect> {
    let Some(quiz) = model.step().quiz.get(question) else { return Vec::new() };
    let (id, right) = (quiz.id.clone(), quiz.answer);
    if given == Some(selected) && selected == right {
        let next = question + 1;
        return match model.step().quiz.get(next).map(|q| model.progress.answers.get(&q.id).copied()) {
            Some(given) => model.open(Overlay::Quiz { question: next, selected: given.unwrap_or(0), given }),
            None => Vec::new(),
        };
    }
    model.progress.answers.insert(id, selected);
    model.judge();
    model.overlay = Some(Overlay::Quiz { question, selected, given: Some(selected) });
    model.save().into_iter().collect()
}
