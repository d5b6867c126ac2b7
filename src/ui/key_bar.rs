//! The foot: the keys most useful now, from the keymap; at the right, what is under way.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::draw_context::DrawContext;
use super::keys;
use super::text;
use super::theme::Role;
use super::viewports::Viewports;
use crate::app::command::{Course, Drill, Lesson, Panes, Program, View, World};
use crate::app::{Command, DrillScreen, DrillView, Pane, Running, Target};
use crate::cloud::{ActionId, Move};
use crate::course::Task;
use ground::clock::span;

/// Draws the foot and records where each hint can be clicked.
pub(super) fn draw(context: &DrawContext<'_>, views: &mut Viewports, area: Rect, buffer: &mut Buffer) {
    let running = running_line(context);
    let reserved = if running.width() > 0 { running.width() + 2 } else { 0 };
    let mut room = usize::from(area.width).saturating_sub(1 + reserved);
    let mut x = area.x + 1;
    for command in useful_commands(context) {
        let Some((key, label)) = hint(context, command) else { continue };
        let width = text::width(&key) + 1 + text::width(&label);
        if width > room {
            continue;
        }
        let line = Line::from(vec![
            context.span(key, Role::KeyHint),
            Span::raw(" "),
            context.span(label, Role::KeyHintText),
        ]);
        let columns = u16::try_from(width).unwrap_or(u16::MAX);
        buffer.set_line(x, area.y, &line, columns);
        views.clickable(Rect::new(x, area.y, columns, 1), Target::Command(command));
        x += columns + 2;
        room = room.saturating_sub(width + 2);
    }
    let width = u16::try_from(running.width()).unwrap_or(u16::MAX);
    buffer.set_line(area.right().saturating_sub(width + 1).max(area.x), area.y, &running, width);
}

/// What is under way and since when; empty when nothing is.
fn running_line(context: &DrawContext<'_>) -> Line<'static> {
    // The drill's own screen says it already, with more.
    let here = |r: &&Running| !(context.model.focus == Pane::Drill && r.action == Task::Drill);
    let Some(running) = context.model.running.as_ref().filter(here) else { return Line::default() };
    let title = match context.model.action(running.action) {
        Some(action) => action.title.get(context.lang).to_owned(),
        None => running.action.as_str().to_owned(),
    };
    let title = context.cut(&title, usize::from(context.area.width / 5).max(8));
    let since = span(context.model.now.since(running.began));
    context.line(format!("{} {title} {since}", context.signs.progress()), Role::Progress)
}

/// A command's key and short name.
fn hint(context: &DrawContext<'_>, command: Command) -> Option<(String, String)> {
    let binding = context.model.keymap.binding(command)?;
    let key = keys::name(*binding.keys.first()?, context.lang, context.signs);
    let label = binding.hint.as_ref()?.get(context.lang).to_owned();
    Some((key, label))
}

/// Commands worth a hint in this state, the most useful first.
fn useful_commands(context: &DrawContext<'_>) -> Vec<Command> {
    let model = context.model;
    if model.focus == Pane::Drill {
        return useful_drill_commands(&model.drill_screen);
    }
    let step = model.step();
    let mut commands = Vec::new();
    if model.running.is_some() {
        commands.push(Command::Course(Course::Cancel));
    }
    if model.is_step_passed(step) {
        commands.push(Command::Course(Course::NextStep));
    }
    if !step.actions.is_empty() {
        commands.push(Command::Course(Course::Act));
        for (id, command) in [
            (Task::Cloud(ActionId::BreakPrimary), Command::Course(Course::Break)),
            (Task::Cloud(ActionId::FailOver), Command::Course(Course::FailOver)),
            (Task::Cloud(ActionId::MendPrimary), Command::Course(Course::Mend)),
            (Task::Drill, Command::Course(Course::Drill)),
        ] {
            if step.actions.iter().any(|a| a.id == id) {
                commands.push(command);
            }
        }
    }
    if step.quiz.iter().any(|q| model.progress.answers.get(&q.id) != Some(&q.answer)) {
        commands.push(Command::Course(Course::Quiz));
    }
    if model.focus == Pane::Stacks {
        commands.push(Command::Panes(Panes::Fold));
    }
    if model.block.is_some() {
        commands.push(Command::Lesson(Lesson::Copy));
    }
    commands.extend([
        Command::Program(Program::Help),
        Command::Program(Program::Quit),
        Command::Panes(Panes::FocusNext),
        Command::Course(Course::NextStep),
        Command::View(View::Language),
        Command::Course(Course::Hint),
        Command::Course(Course::Check),
        Command::Panes(Panes::Zoom),
        Command::World(World::Shell),
        Command::Course(Course::Solution),
        Command::Course(Course::Steps),
    ]);
    let mut seen = Vec::new();
    commands.retain(|c| {
        let new = !seen.contains(c);
        seen.push(*c);
        new
    });
    commands
}

/// Commands worth a hint on the drill's screen.
fn useful_drill_commands(drill_screen: &DrillScreen) -> Vec<Command> {
    let mut commands = match (drill_screen.view, &drill_screen.run) {
        (DrillView::Run, Some(run)) if run.is_live() => {
            let database = match run.plan.mode {
                Move::Failover => Command::Drill(Drill::FailOver),
                Move::Switchover => Command::Drill(Drill::SwitchOver),
            };
            vec![
                database,
                Command::Drill(Drill::SwitchWrites),
                Command::Drill(Drill::Mend),
                Command::Drill(Drill::Stop),
            ]
        }
        (DrillView::Run, Some(_)) => {
            vec![
                Command::Drill(Drill::Export),
                Command::Drill(Drill::New),
                Command::Drill(Drill::Earlier),
                Command::Drill(Drill::Copy),
            ]
        }
        _ => Vec::new(),
    };
    commands.extend([
        Command::Drill(Drill::Close),
        Command::Program(Program::Help),
        Command::View(View::Language),
    ]);
    commands
}
