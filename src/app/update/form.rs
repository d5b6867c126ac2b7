//! The form of the next drill: what its keys change.

use std::time::Duration;

use super::super::command::{Command, Form as OnForm, Text};
use super::super::drill_screen::{Field, Form};
use super::super::key::Key;
use super::super::keymap::Context;
use super::super::model::{Model, Said, Tone};
use super::super::msg::Effect;
use super::drill;
use crate::cloud::Move;
use crate::drill::Hands;
use ground::clock::parse_span;
use ground::tr;

/// Seconds a duration goes through with the cursor keys.
const LADDER: [u64; 14] = [0, 1, 5, 10, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200];
/// Probes for less than this, in seconds, measure nothing.
const SHORTEST: u64 = 60;
/// Longer than this, in seconds, nobody waits.
const LONGEST: u64 = 7200;

/// Takes a key if it is the form's; `None` leaves it to the screen around the form.
pub(super) fn key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    let form = &mut model.drill_screen.form;
    let editing = !form.typed.is_empty();
    if let Some(c) = key.typed_char()
        && form.duration_of(form.field).is_some()
        && is_typable(c, editing)
    {
        form.typed.push(c);
        return Some(Vec::new());
    }
    let command = model.keymap.command_in(key, &[Context::Form])?;
    if let Command::Form(command) = command {
        return Some(run(model, command));
    }
    if let Command::Text(command) = command
        && editing
    {
        match command {
            Text::Erase => drop(model.drill_screen.form.typed.pop()),
            Text::EraseAll => model.drill_screen.form.typed.clear(),
        }
        return Some(Vec::new());
    }
    None
}

pub(super) fn run(model: &mut Model, command: OnForm) -> Vec<Effect> {
    let at = model.drill_screen.form.field;
    match command {
        OnForm::Choose | OnForm::Accept if at == Field::Start => return drill::start(model),
        OnForm::Previous => move_by(model, Field::ALL.len() - 1),
        OnForm::Next | OnForm::Accept => move_by(model, 1),
        OnForm::TurnBack => turn(model, at, Direction::Back),
        OnForm::TurnOn | OnForm::Choose => turn(model, at, Direction::On),
    }
    Vec::new()
}

/// Digits begin a duration; its units may follow.
fn is_typable(c: char, editing: bool) -> bool {
    c.is_ascii_digit() || (editing && "smh".contains(c))
}

fn move_by(model: &mut Model, by: usize) {
    commit(model);
    let form = &mut model.drill_screen.form;
    let at = Field::ALL.iter().position(|f| *f == form.field).unwrap_or(0);
    form.field = Field::ALL[(at + by) % Field::ALL.len()];
}

/// Selects a line, as a click does; a click on the selected one turns it.
pub(super) fn select(model: &mut Model, field: Field) -> Vec<Effect> {
    commit(model);
    if model.drill_screen.form.field == field || field == Field::Start {
        model.drill_screen.form.field = field;
        return match field {
            Field::Start => drill::start(model),
            _ => {
                turn(model, field, Direction::On);
                Vec::new()
            }
        };
    }
    model.drill_screen.form.field = field;
    Vec::new()
}

/// Takes what was typed as the line's duration, or says why not.
fn commit(model: &mut Model) {
    let form = &mut model.drill_screen.form;
    let typed = std::mem::take(&mut form.typed);
    if typed.is_empty() {
        return;
    }
    let field = form.field;
    match parse_span(&typed) {
        Some(read) => set(form, field, read),
        None => {
            let text = Said::with(|l| {
                tr!(
                    l,
                    "«{typed}» no es una duración. Escribe por ejemplo 90s, 5m o 1h30m.",
                    "\"{typed}\" is no duration. Write for example 90s, 5m or 1h30m."
                )
            });
            model.say(Tone::Warning, text);
        }
    }
}

fn set(form: &mut Form, field: Field, to: Duration) {
    let longest = Duration::from_secs(LONGEST);
    let shortest = Duration::from_secs(if field == Field::Duration { SHORTEST } else { 0 });
    if let Some(slot) = form.duration_mut(field) {
        *slot = to.clamp(shortest, longest);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    On,
    Back,
}

fn turn(model: &mut Model, field: Field, direction: Direction) {
    commit(model);
    let offers = model.drill_screen.offers.clone();
    let form = &mut model.drill_screen.form;
    match field {
        Field::Mode => {
            form.mode = match form.mode {
                Move::Failover => Move::Switchover,
                Move::Switchover => Move::Failover,
            }
        }
        Field::Hands => {
            form.hands = match form.hands {
                Hands::Auto => Hands::Learner,
                Hands::Learner => Hands::Auto,
            }
        }
        Field::Fault if !offers.is_empty() => {
            let at = offers.iter().position(|f| *f == form.fault).unwrap_or(0);
            let by = if direction == Direction::On { 1 } else { offers.len() - 1 };
            form.fault = offers[(at + by) % offers.len()];
        }
        Field::Fault | Field::Start => {}
        Field::Duration | Field::Rto | Field::Rpo => {
            let now = form.duration_of(field).unwrap_or_default().as_secs();
            let next = match direction {
                Direction::On => LADDER.into_iter().find(|s| *s > now),
                Direction::Back => LADDER.into_iter().rev().find(|s| *s < now),
            };
            if let Some(next) = next {
                set(form, field, Duration::from_secs(next));
            }
        }
    }
}
