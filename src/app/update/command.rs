//! What each command does: a function a group, an arm a command, so that none can be forgotten.

use super::super::command::{Course, Drill, Lesson, Panes, Program, Scroll, View, World as OnWorld};
use super::super::model::{Choice, Fold, Ids, Overlay, Pace, Said, Tone, World, Zoom};
use super::super::msg::{Effect, Motion};
use super::super::pane::Pane;
use super::super::{Command, Model};
use super::{action, drill, faults, form, shop};
use crate::cloud::ActionId;
use crate::drill::Order;
use ground::clock::Speed;
use ground::look::Scheme;
use ground::tr;

pub(super) fn run(model: &mut Model, command: Command) -> Vec<Effect> {
    match command {
        Command::Course(command) => course(model, command),
        Command::Panes(command) => panes(model, command),
        Command::Lesson(command) => lesson(model, command),
        Command::Drill(command) => drill_command(model, command),
        Command::Scroll(command) => scroll(model, command),
        Command::World(command) => world(model, command),
        Command::View(command) => view(model, command),
        Command::Program(command) => program(model, command),
        Command::Form(command) => form::run(model, command),
        // Theirs is what lies over the panes, and nothing does.
        Command::Over(_) | Command::List(_) | Command::Dialog(_) | Command::Page(_) | Command::Text(_) => {
            Vec::new()
        }
    }
}

fn course(model: &mut Model, command: Course) -> Vec<Effect> {
    match command {
        Course::NextStep => step_by(model, 1),
        Course::PreviousStep => step_by(model, -1),
        Course::Steps => {
            let selected = model.step_index();
            model.open(Overlay::Steps { selected })
        }
        Course::Act => action::act(model),
        Course::Break => action::ask(model, ActionId::BreakPrimary),
        Course::FailOver => action::ask(model, ActionId::FailOver),
        Course::Mend => action::ask(model, ActionId::MendPrimary),
        Course::Drill => drill::open(model),
        Course::Check => check(model),
        Course::Quiz => action::quiz(model),
        Course::Hint => action::hint(model),
        Course::Solution => model.open(Overlay::Solution { scroll: 0 }),
        Course::Cancel => action::cancel(model),
    }
}

fn panes(model: &mut Model, command: Panes) -> Vec<Effect> {
    match command {
        Panes::FocusNext => focus_by(model, 1),
        Panes::FocusPrevious => focus_by(model, Pane::ALL.len() - 1),
        Panes::Zoom => {
            model.zoom = match model.zoom {
                Zoom::All => Zoom::Focused,
                Zoom::Focused => Zoom::All,
            };
            Vec::new()
        }
        Panes::Fold => fold(model),
        Panes::Dismiss => {
            (model.search, model.message, model.zoom) = (None, None, Zoom::All);
            Vec::new()
        }
    }
}

fn lesson(model: &mut Model, command: Lesson) -> Vec<Effect> {
    match command {
        Lesson::Search => model.open(Overlay::Search { query: String::new() }),
        Lesson::NextMatch => match_by(model, 1),
        Lesson::PreviousMatch => match_by(model, -1),
        Lesson::NextBlock => block_by(model, 1),
        Lesson::PreviousBlock => block_by(model, -1),
        Lesson::Copy => copy(model),
        Lesson::Links => links(model),
    }
}

fn drill_command(model: &mut Model, command: Drill) -> Vec<Effect> {
    match command {
        Drill::FailOver => drill::order(model, Order::FailOver),
        Drill::SwitchOver => drill::order(model, Order::SwitchOver),
        Drill::SwitchWrites => drill::order(model, Order::SwitchWrites),
        Drill::Mend => drill::order(model, Order::Mend),
        Drill::Stop => drill::ask_to_stop(model),
        Drill::Export => drill::export(model),
        Drill::Copy => drill::copy_path(model),
        Drill::New => drill::toggle_form(model),
        Drill::Earlier => drill::compare(model),
        Drill::Close => drill::close(model),
    }
}

fn scroll(model: &mut Model, command: Scroll) -> Vec<Effect> {
    match command {
        Scroll::Up => move_by(model, -1),
        Scroll::Down => move_by(model, 1),
        Scroll::PageUp => vec![Effect::Move(model.focus, Motion::Pages(-1))],
        Scroll::PageDown => vec![Effect::Move(model.focus, Motion::Pages(1))],
        Scroll::Top => vec![Effect::Move(model.focus, Motion::Top)],
        Scroll::Bottom => vec![Effect::Move(model.focus, Motion::Bottom)],
    }
}

fn world(model: &mut Model, command: OnWorld) -> Vec<Effect> {
    match command {
        OnWorld::Faults => faults::open(model),
        OnWorld::Shop => shop::open(model),
        OnWorld::Shell => vec![Effect::Shell],
        OnWorld::CopyEnvironment => vec![Effect::CopyEnvironment],
        OnWorld::Pause => pause(model),
        OnWorld::Faster => change_speed(model, Direction::Up),
        OnWorld::Slower => change_speed(model, Direction::Down),
    }
}

fn view(model: &mut Model, command: View) -> Vec<Effect> {
    match command {
        View::Language => {
            model.lang = model.lang.other();
            model.progress.lang = Some(model.lang);
            let block = model.block;
            model.load_lesson();
            model.block = block;
            model.save().into_iter().collect()
        }
        View::Theme => {
            model.look.scheme = match model.look.scheme {
                Scheme::Dark => Scheme::Light,
                Scheme::Light => Scheme::Dark,
                Scheme::Plain => Scheme::Plain,
            };
            Vec::new()
        }
        View::Presenter => {
            model.look.ids = match model.look.ids {
                Ids::Shown => Ids::Masked,
                Ids::Masked => Ids::Shown,
            };
            Vec::new()
        }
    }
}

fn program(model: &mut Model, command: Program) -> Vec<Effect> {
    match command {
        Program::Log => model.open(Overlay::Log { scroll: 0 }),
        Program::Palette => model.open(Overlay::Palette { query: String::new(), selected: 0 }),
        Program::Help => model.open(Overlay::Help { scroll: 0 }),
        Program::Suspend => vec![Effect::Stop],
        Program::Quit => quit(model),
    }
}

fn step_by(model: &mut Model, by: isize) -> Vec<Effect> {
    let Some(index) = model.step_index().checked_add_signed(by).filter(|i| *i < model.course.steps.len())
    else {
        let text = if by > 0 {
            Said::with(|l| tr!(l, "Este es el último paso.", "This is the last step."))
        } else {
            Said::with(|l| tr!(l, "Este es el primer paso.", "This is the first step."))
        };
        model.say(Tone::Info, text);
        return Vec::new();
    };
    model.go_to(index)
}

fn focus_by(model: &mut Model, by: usize) -> Vec<Effect> {
    let at = Pane::ALL.iter().position(|p| *p == model.focus).unwrap_or(0);
    model.focus = Pane::ALL[(at + by) % Pane::ALL.len()];
    Vec::new()
}

fn move_by(model: &mut Model, lines: isize) -> Vec<Effect> {
    let stacks = model.facts.stacks().count();
    let to = model.stack.checked_add_signed(lines).filter(|i| *i < stacks);
    if let (Pane::Stacks, Some(to)) = (model.focus, to) {
        model.stack = to;
        return vec![Effect::Move(Pane::Stacks, Motion::Stack)];
    }
    vec![Effect::Move(model.focus, Motion::Lines(lines))]
}

fn fold(model: &mut Model) -> Vec<Effect> {
    let Some((_, stack)) = model.facts.stacks().nth(model.stack) else { return Vec::new() };
    let flipped = match model.fold_of(stack) {
        Fold::Folded => Fold::Open,
        Fold::Open => Fold::Folded,
    };
    let name = stack.name.clone();
    model.folds.insert(name, flipped);
    Vec::new()
}

impl Model {
    /// Whether a stack's resources are listed: as the learner chose, else finished stacks fold.
    #[must_use]
    pub fn fold_of(&self, stack: &crate::cloud::facts::Stack) -> Fold {
        use crate::cloud::facts::Phase;
        if let Some(chosen) = self.folds.get(&stack.name) {
            return *chosen;
        }
        match stack.status.phase() {
            Phase::Done | Phase::Deleted | Phase::Waiting => Fold::Folded,
            _ => Fold::Open,
        }
    }
}

fn check(model: &mut Model) -> Vec<Effect> {
    let checks = &model.step().checks;
    let (passed, all) =
        (checks.iter().filter(|c| model.progress.passed.contains(&c.id)).count(), checks.len());
    let text = Said::with(|l| {
        tr!(
            l,
            "Comprobando de nuevo: {passed} de {all} superadas hasta ahora.",
            "Checking again: {passed} of {all} passed so far."
        )
    });
    model.say(Tone::Info, text);
    // Some things are not seen in passing but have to be asked for; asking changes nothing.
    let asks = |id: ActionId| matches!(id, ActionId::Inspect | ActionId::Sweep);
    let ask = model.step().actions.iter().filter_map(|a| a.id.cloud()).find(|id| asks(*id));
    match ask {
        Some(id) if model.running.is_none() => action::ask(model, id),
        _ => vec![Effect::Observe],
    }
}

fn match_by(model: &mut Model, by: isize) -> Vec<Effect> {
    match &mut model.search {
        Some(search) => {
            search.current += by;
            vec![Effect::Move(Pane::Lesson, Motion::Match)]
        }
        None => model.open(Overlay::Search { query: String::new() }),
    }
}

fn block_by(model: &mut Model, by: isize) -> Vec<Effect> {
    let count = model.lesson.code_blocks().len();
    if count == 0 {
        model.say(
            Tone::Info,
            Said::with(|l| {
                tr!(l, "Esta lección no tiene bloques de código.", "This lesson has no code blocks.")
            }),
        );
        return Vec::new();
    }
    model.block = Some(match model.block {
        Some(at) => (at + count).saturating_add_signed(by) % count,
        None if by > 0 => 0,
        None => count - 1,
    });
    vec![Effect::Move(Pane::Lesson, Motion::Block)]
}

fn copy(model: &mut Model) -> Vec<Effect> {
    let blocks = model.lesson.code_blocks();
    let index = model.block.unwrap_or(0);
    match blocks.get(index) {
        Some(block) => {
            let (n, all) = (index + 1, blocks.len());
            let said =
                Said::with(|l| tr!(l, "Copiado el bloque {n} de {all}.", "Copied block {n} of {all}."));
            vec![Effect::Copy(block.to_string(), said)]
        }
        None => {
            model.say(
                Tone::Info,
                Said::with(|l| {
                    tr!(
                        l,
                        "No hay código que copiar en esta lección.",
                        "There is no code to copy in this lesson."
                    )
                }),
            );
            Vec::new()
        }
    }
}

fn links(model: &mut Model) -> Vec<Effect> {
    if model.lesson.links().is_empty() {
        model.say(
            Tone::Info,
            Said::with(|l| tr!(l, "Esta lección no tiene enlaces.", "This lesson has no links.")),
        );
        return Vec::new();
    }
    model.open(Overlay::Links { selected: 0 })
}

fn quit(model: &mut Model) -> Vec<Effect> {
    if model.running.is_some() {
        return model.open(Overlay::ConfirmQuit { choice: Choice::No });
    }
    model.leave()
}

fn pause(model: &mut Model) -> Vec<Effect> {
    if action::refuse_watcher(model) {
        return Vec::new();
    }
    let Some(effect) = model.toggle_pace() else {
        model.say(
            Tone::Info,
            Said::with(|l| tr!(l, "El tiempo solo se para en la práctica.", "Time stops only in practice.")),
        );
        return Vec::new();
    };
    let paused = matches!(model.world, World::Practice { pace: Pace::Paused, .. });
    let text = if paused {
        Said::with(|l| tr!(l, "Tiempo parado. P para seguir.", "Time stands still. P to go on."))
    } else {
        Said::with(|l| tr!(l, "El tiempo sigue.", "Time goes on."))
    };
    model.say(Tone::Info, text);
    vec![effect]
}

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

const SPEEDS: [f64; 8] = [1.0, 5.0, 20.0, 60.0, 120.0, 300.0, 1000.0, 5000.0];

fn change_speed(model: &mut Model, direction: Direction) -> Vec<Effect> {
    if action::refuse_watcher(model) {
        return Vec::new();
    }
    let World::Practice { speed, .. } = &mut model.world else {
        model.say(
            Tone::Info,
            Said::with(|l| tr!(l, "En AWS el tiempo va a su paso.", "In AWS time goes at its own pace.")),
        );
        return Vec::new();
    };
    let now = match speed {
        Speed::Times(n) => *n,
        Speed::Max => f64::INFINITY,
    };
    let next = match direction {
        Direction::Up => SPEEDS.into_iter().find(|s| *s > now),
        Direction::Down => SPEEDS.into_iter().rev().find(|s| *s < now),
    };
    let Some(next) = next else { return Vec::new() };
    *speed = Speed::Times(next);
    let shown = speed.to_string();
    model.say(
        Tone::Info,
        Said::with(|l| tr!(l, "Velocidad de la práctica: {shown}", "Practice speed: {shown}")),
    );
    vec![Effect::Speed(Speed::Times(next))]
}
