//! Keys while something lies over the panes. Esc always closes; lists move with the cursor keys.

use super::super::desk::{Settle, Turn};
use super::super::key::{Code, Key};
use super::super::model::{Choice, Model, Overlay, Pane, Said, Search, Tone};
use super::super::msg::{Effect, Motion};
use super::{action, command, drill, faults};
use crate::tr;

pub(super) fn key(model: &mut Model, key: Key) -> Vec<Effect> {
    let Some(overlay) = model.overlay.take() else { return Vec::new() };
    if key.code == Code::Esc || (key.ctrl && key.code == Code::Char('c')) {
        return Vec::new();
    }
    match overlay {
        Overlay::Palette { query, selected } => palette(model, key, query, selected),
        Overlay::Search { query } => search(model, key, query),
        Overlay::Confirm { .. }
        | Overlay::Resume { .. }
        | Overlay::TakeOver { .. }
        | Overlay::ConfirmQuit { .. }
        | Overlay::ConfirmStop { .. }
        | Overlay::ConfirmFault { .. } => dialog(model, key, overlay),
        Overlay::Help { scroll } => page(model, key, scroll, |scroll| Overlay::Help { scroll }),
        Overlay::Solution { scroll } => page(model, key, scroll, |scroll| Overlay::Solution { scroll }),
        // Counted from the end: up goes further from it.
        Overlay::Log { scroll } => page(model, mirrored(key), scroll, |scroll| Overlay::Log { scroll }),
        Overlay::Hint { check, depth } => hint(model, key, check, depth),
        Overlay::Steps { .. }
        | Overlay::Actions { .. }
        | Overlay::Links { .. }
        | Overlay::Faults { .. }
        | Overlay::Unfinished { .. }
        | Overlay::Quiz { .. } => list(model, key, overlay),
    }
}

pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let text: String = text.chars().filter(|c| !crate::lang::is_unprintable(*c)).take(200).collect();
    if let Some(Overlay::Palette { query, .. } | Overlay::Search { query }) = &mut model.overlay {
        query.push_str(&text);
    }
    Vec::new()
}

/// Up and down in a list of `len`, from one end to the other.
fn moved(key: Key, selected: usize, len: usize) -> Option<usize> {
    if len == 0 {
        return None;
    }
    match key.code {
        Code::Up | Code::BackTab => Some((selected + len - 1) % len),
        Code::Down | Code::Tab => Some((selected + 1) % len),
        Code::Char('k') => Some((selected + len - 1) % len),
        Code::Char('j') => Some((selected + 1) % len),
        Code::Home | Code::PageUp => Some(0),
        Code::End | Code::PageDown => Some(len - 1),
        Code::Char(c) if c.is_ascii_digit() && c != '0' => Some((c as usize - '1' as usize).min(len - 1)),
        _ => None,
    }
}

fn list(model: &mut Model, key: Key, mut overlay: Overlay) -> Vec<Effect> {
    let len = rows(model, &overlay);
    let (Overlay::Steps { selected }
    | Overlay::Actions { selected }
    | Overlay::Links { selected }
    | Overlay::Faults { selected }
    | Overlay::Unfinished { selected }
    | Overlay::Quiz { selected, .. }) = &mut overlay
    else {
        return Vec::new();
    };
    if let Some(to) = moved(key, *selected, len) {
        *selected = to;
        return model.open(overlay);
    }
    match key.code {
        Code::Enter | Code::Char(' ') => accept(model, overlay),
        Code::Char('q' | 'g' | 'a' | 'o' | 'd' | 'B') => Vec::new(),
        _ => model.open(overlay),
    }
}

fn rows(model: &Model, overlay: &Overlay) -> usize {
    match overlay {
        Overlay::Steps { .. } => model.course.steps.len(),
        Overlay::Actions { .. } => model.step().actions.len(),
        Overlay::Links { .. } => model.lesson.links().len(),
        Overlay::Quiz { question, .. } => model.step().quiz.get(*question).map_or(0, |q| q.options.len()),
        Overlay::Palette { query, .. } => model.palette_rows(query).len(),
        Overlay::Faults { .. } => model.desk.offers.len(),
        Overlay::Unfinished { .. } => Settle::ALL.len(),
        _ => 0,
    }
}

/// Takes the selected row.
fn accept(model: &mut Model, overlay: Overlay) -> Vec<Effect> {
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
        Overlay::Unfinished { selected } => match Settle::ALL.get(selected) {
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

pub(super) fn click_row(model: &mut Model, row: usize) -> Vec<Effect> {
    let Some(mut overlay) = model.overlay.take() else { return Vec::new() };
    if row >= rows(model, &overlay) {
        return model.open(overlay);
    }
    if let Overlay::Steps { selected }
    | Overlay::Actions { selected }
    | Overlay::Links { selected }
    | Overlay::Quiz { selected, .. }
    | Overlay::Faults { selected }
    | Overlay::Unfinished { selected }
    | Overlay::Palette { selected, .. } = &mut overlay
    {
        *selected = row;
    }
    accept(model, overlay)
}

fn palette(model: &mut Model, key: Key, mut query: String, mut selected: usize) -> Vec<Effect> {
    let list_key = !matches!(key.code, Code::Char(_));
    if let Some(to) = moved(key, selected, model.palette_rows(&query).len()).filter(|_| list_key) {
        return model.open(Overlay::Palette { query, selected: to });
    }
    if key.code == Code::Enter {
        return accept(model, Overlay::Palette { query, selected });
    }
    if type_into(&mut query, key) {
        selected = 0;
    }
    model.open(Overlay::Palette { query, selected })
}

fn search(model: &mut Model, key: Key, mut query: String) -> Vec<Effect> {
    if key.code == Code::Enter {
        if query.trim().is_empty() {
            model.search = None;
            return Vec::new();
        }
        model.search = Some(Search { query, current: 0 });
        model.focus = Pane::Lesson;
        return vec![Effect::Move(Pane::Lesson, Motion::Match)];
    }
    type_into(&mut query, key);
    // Matches light up while typing; Esc leaves them until Esc again.
    model.search = (!query.trim().is_empty()).then(|| Search { query: query.clone(), current: 0 });
    model.overlay = Some(Overlay::Search { query });
    vec![Effect::Move(Pane::Lesson, Motion::Match)]
}

fn type_into(field: &mut String, key: Key) -> bool {
    match (key.code, key.typed()) {
        (_, Some(c)) => field.push(c),
        (Code::Backspace, _) => {
            field.pop();
        }
        (Code::Char('u'), _) if key.ctrl => field.clear(),
        _ => return false,
    }
    true
}

fn page(model: &mut Model, key: Key, scroll: usize, make: fn(usize) -> Overlay) -> Vec<Effect> {
    let to = match key.code {
        Code::Up | Code::Char('k') => scroll.saturating_sub(1),
        Code::Down | Code::Char('j') => scroll + 1,
        Code::PageUp => scroll.saturating_sub(10),
        Code::PageDown | Code::Char(' ') => scroll + 10,
        Code::Home => 0,
        Code::End => usize::from(u16::MAX),
        Code::Char('y') if matches!(make(0), Overlay::Solution { .. }) => return copy_solution(model),
        _ => return Vec::new(),
    };
    model.open(make(to))
}

/// The key that moves the other way.
fn mirrored(key: Key) -> Key {
    let code = match key.code {
        Code::Up | Code::Char('k') => Code::Down,
        Code::Down | Code::Char('j') => Code::Up,
        Code::PageUp => Code::PageDown,
        Code::PageDown | Code::Char(' ') => Code::PageUp,
        Code::Home => Code::End,
        Code::End => Code::Home,
        code => code,
    };
    Key { code, ..key }
}

fn copy_solution(model: &mut Model) -> Vec<Effect> {
    let commands = model.step().solution.commands.join("\n");
    let said =
        Said::with(|l| tr!(l, "Copiadas las órdenes de la solución.", "Copied the solution's commands."));
    vec![Effect::Copy(commands, said)]
}

fn hint(model: &mut Model, key: Key, check: usize, depth: usize) -> Vec<Effect> {
    let deepest = model.step().checks.get(check).map_or(0, |c| c.hints.len().saturating_sub(1));
    match key.code {
        Code::Char('h') | Code::Enter | Code::Right if depth < deepest => {
            model.open(Overlay::Hint { check, depth: depth + 1 })
        }
        Code::Char('s') => model.open(Overlay::Solution { scroll: 0 }),
        Code::Left if depth > 0 => model.open(Overlay::Hint { check, depth: depth - 1 }),
        _ => Vec::new(),
    }
}

fn dialog(model: &mut Model, key: Key, mut overlay: Overlay) -> Vec<Effect> {
    if let Overlay::Confirm { action, typed, .. } = &mut overlay
        && model.to_type(*action).is_some()
        && (key.typed().is_some_and(|c| c.is_ascii_digit()) || key.code == Code::Backspace)
    {
        type_into(typed, key);
        typed.truncate(12);
        return model.open(overlay);
    }
    let asks = matches!(overlay, Overlay::Resume { .. } | Overlay::TakeOver { .. });
    let (Overlay::Confirm { choice, .. }
    | Overlay::Resume { choice, .. }
    | Overlay::TakeOver { choice, .. }
    | Overlay::ConfirmQuit { choice }
    | Overlay::ConfirmStop { choice }
    | Overlay::ConfirmFault { choice, .. }) = &mut overlay
    else {
        return Vec::new();
    };
    match key.code {
        Code::Left | Code::Right | Code::Tab | Code::BackTab => {
            *choice = choice.other();
            model.open(overlay)
        }
        Code::Enter => {
            let choice = *choice;
            // Whoever has typed what had to be typed has chosen.
            let typed = matches!(&overlay, Overlay::Confirm { action, typed, .. } if model.to_type(*action) == Some(typed));
            model.overlay = Some(overlay);
            choose(model, if typed { Choice::Yes } else { choice })
        }
        // A no to a question about what was found is an answer too.
        Code::Char('n' | 'N') if asks => {
            model.overlay = Some(overlay);
            choose(model, Choice::No)
        }
        Code::Char('s' | 'S' | 'y' | 'Y') => {
            model.overlay = Some(overlay);
            choose(model, Choice::Yes)
        }
        Code::Char('n' | 'N' | 'q') => Vec::new(),
        _ => model.open(overlay),
    }
}

/// The answer to a dialog; "no" also closes any other overlay.
pub(super) fn choose(model: &mut Model, choice: Choice) -> Vec<Effect> {
    match (model.overlay.take(), choice) {
        (Some(Overlay::Confirm { action, typed, .. }), Choice::Yes) => {
            match model.to_type(action).filter(|word| *word != typed) {
                None => action::start(model, action),
                Some(_) => action::type_first(model, action, typed),
            }
        }
        (Some(Overlay::Resume { action, .. }), Choice::Yes) => action::go_on(model, action),
        (Some(Overlay::Resume { action, .. }), Choice::No) => action::forget(model, action),
        (Some(Overlay::TakeOver { action, claims, .. }), choice) => {
            action::taken(model, action, claims, choice)
        }
        (Some(Overlay::ConfirmQuit { .. }), Choice::Yes) => drill::terminate(model),
        (Some(Overlay::ConfirmStop { .. }), Choice::Yes) => drill::stop(model),
        (Some(Overlay::ConfirmFault { fault, .. }), Choice::Yes) => faults::turn(model, fault, Turn::Break),
        (Some(Overlay::Confirm { .. } | Overlay::ConfirmFault { .. }), Choice::No) => {
            model.say(Tone::Info, Said::with(|l| tr!(l, "No se ha hecho nada.", "Nothing was done.")));
            Vec::new()
        }
        _ => Vec::new(),
    }
}
