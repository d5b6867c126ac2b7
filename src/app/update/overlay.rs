//! Keys and commands while something lies over the panes. What is typed goes into its field; a key is
//! looked up in the contexts of what is open; the command that opened it closes it.

use super::super::command::{
    Command, Course, Drill, Lesson, List, Over, Page, Program, Text, World as OnWorld,
};
use super::super::key::Key;
use super::super::keymap::Context;
use super::super::model::{Model, Overlay};
use super::super::msg::Effect;
use crate::cloud::ActionId;

mod dialog;
mod list;
mod page;
mod text;

pub(super) use dialog::choose;
pub(super) use list::click_row;
pub(super) use text::paste;

pub(super) fn key(model: &mut Model, key: Key) -> Vec<Effect> {
    let Some(overlay) = &model.overlay else { return Vec::new() };
    if let Some(c) = key.typed_char().filter(|c| text::accepts(model, *c)) {
        return text::type_char(model, c);
    }
    let within = model.keymap.command_in(key, contexts(overlay));
    match within.or_else(|| model.keymap.command(key, model.focus)) {
        Some(command) => run(model, command, Some(key)),
        None => Vec::new(),
    }
}

/// Carries a command out on what lies over the panes; the key it came by, if it did by one.
pub(super) fn run(model: &mut Model, command: Command, key: Option<Key>) -> Vec<Effect> {
    let Some(overlay) = model.overlay.take() else { return Vec::new() };
    match command {
        Command::Over(Over::Close) => Vec::new(),
        Command::Over(Over::Accept) => accept(model, overlay),
        Command::Scroll(to) => match contexts(&overlay) {
            [Context::Page, ..] => page::scroll(model, overlay, to),
            _ => list::scroll(model, overlay, to),
        },
        Command::List(List::Row) => {
            let row = key.and_then(|key| model.keymap.nth(command, key));
            list::select(model, overlay, row)
        }
        Command::Dialog(answer) => dialog::answer(model, overlay, answer),
        Command::Page(Page::CopyCommands) if matches!(overlay, Overlay::Solution { .. }) => page::copy(model),
        Command::Page(Page::CopyCommands) => model.open(overlay),
        Command::Page(Page::HintBefore) => page::previous_hint(model, overlay),
        Command::Text(Text::Erase) => text::erase(model, overlay, text::Erased::Last),
        Command::Text(Text::EraseAll) => text::erase(model, overlay, text::Erased::All),
        Command::Course(_)
        | Command::Panes(_)
        | Command::Lesson(_)
        | Command::Drill(_)
        | Command::World(_)
        | Command::View(_)
        | Command::Program(_)
        | Command::Form(_) => run_pane_command(model, overlay, command),
    }
}

/// A command of the panes: it closes what it opened, or goes on in it; others wait until it is closed.
fn run_pane_command(model: &mut Model, overlay: Overlay, command: Command) -> Vec<Effect> {
    match (&overlay, command) {
        (Overlay::Hint { check, depth }, Command::Course(Course::Hint)) => {
            page::deepen_hint(model, *check, *depth)
        }
        (Overlay::Hint { .. }, Command::Course(Course::Solution)) => {
            model.open(Overlay::Solution { scroll: 0 })
        }
        _ if opening_commands(&overlay).contains(&command) => Vec::new(),
        _ => model.open(overlay),
    }
}

/// The contexts whose keys count, the nearest first.
fn contexts(overlay: &Overlay) -> &'static [Context] {
    match overlay {
        Overlay::Palette { .. } => &[Context::Text, Context::List, Context::Over],
        Overlay::Search { .. } => &[Context::Text, Context::Over],
        Overlay::Steps { .. }
        | Overlay::Actions { .. }
        | Overlay::Links { .. }
        | Overlay::Faults { .. }
        | Overlay::Unfinished { .. }
        | Overlay::Quiz { .. } => &[Context::List, Context::Over],
        Overlay::Confirm { .. } => &[Context::Dialog, Context::Text, Context::Over],
        Overlay::Resume { .. }
        | Overlay::TakeOver { .. }
        | Overlay::ConfirmQuit { .. }
        | Overlay::ConfirmStop { .. }
        | Overlay::ConfirmFault { .. } => &[Context::Dialog, Context::Over],
        Overlay::Help { .. } | Overlay::Solution { .. } | Overlay::Log { .. } | Overlay::Hint { .. } => {
            &[Context::Page, Context::Over]
        }
    }
}

/// The commands that open it, and close it when they are given again; none where Espera asks by itself.
fn opening_commands(overlay: &Overlay) -> &'static [Command] {
    const ACT: Command = Command::Course(Course::Act);
    match overlay {
        Overlay::Help { .. } => &[Command::Program(Program::Help)],
        Overlay::Log { .. } => &[Command::Program(Program::Log)],
        Overlay::Palette { .. } => &[Command::Program(Program::Palette)],
        Overlay::ConfirmQuit { .. } => &[Command::Program(Program::Quit)],
        Overlay::Search { .. } => &[Command::Lesson(Lesson::Search)],
        Overlay::Links { .. } => &[Command::Lesson(Lesson::Links)],
        Overlay::Steps { .. } => &[Command::Course(Course::Steps)],
        Overlay::Hint { .. } => &[Command::Course(Course::Hint)],
        Overlay::Solution { .. } => &[Command::Course(Course::Solution)],
        Overlay::Actions { .. } => &[ACT],
        // A step without actions is done by its questions.
        Overlay::Quiz { .. } => &[Command::Course(Course::Quiz), ACT],
        Overlay::Faults { .. } => &[Command::World(OnWorld::Faults)],
        Overlay::ConfirmStop { .. } => &[Command::Drill(Drill::Stop), Command::Course(Course::Cancel)],
        Overlay::Confirm { action, .. } => match action {
            ActionId::BreakPrimary => &[Command::Course(Course::Break), ACT],
            ActionId::FailOver => &[Command::Course(Course::FailOver), ACT],
            ActionId::MendPrimary => &[Command::Course(Course::Mend), ACT],
            ActionId::Inspect | ActionId::Sweep => &[Command::Course(Course::Check), ACT],
            ActionId::DeployPrimary
            | ActionId::DeployStandby
            | ActionId::JoinData
            | ActionId::DeployEdge
            | ActionId::CleanUp => &[ACT],
        },
        Overlay::Resume { .. }
        | Overlay::TakeOver { .. }
        | Overlay::ConfirmFault { .. }
        | Overlay::Unfinished { .. } => &[],
    }
}

fn accept(model: &mut Model, overlay: Overlay) -> Vec<Effect> {
    match overlay {
        Overlay::Help { .. } | Overlay::Solution { .. } | Overlay::Log { .. } => Vec::new(),
        Overlay::Hint { check, depth } => page::deepen_hint(model, check, depth),
        Overlay::Search { query } => text::search(model, query),
        Overlay::Palette { .. }
        | Overlay::Steps { .. }
        | Overlay::Actions { .. }
        | Overlay::Links { .. }
        | Overlay::Faults { .. }
        | Overlay::Unfinished { .. }
        | Overlay::Quiz { .. } => list::accept(model, overlay),
        Overlay::Confirm { .. }
        | Overlay::Resume { .. }
        | Overlay::TakeOver { .. }
        | Overlay::ConfirmQuit { .. }
        | Overlay::ConfirmStop { .. }
        | Overlay::ConfirmFault { .. } => dialog::accept(model, overlay),
    }
}
