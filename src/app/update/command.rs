//! What each command does.

use super::super::model::{Choice, Fold, Ids, Overlay, Pace, Pane, Said, Shade, Tone, World, Zoom};
use super::super::msg::{Effect, Motion};
use super::super::{Command, Model};
use super::{action, drill, faults, shop};
use crate::clock::Speed;
use crate::cloud::ActionId;
use crate::drill::Order;
use crate::tr;

pub(super) fn run(model: &mut Model, command: Command) -> Vec<Effect> {
    match command {
        Command::NextStep => step_by(model, 1),
        Command::PreviousStep => step_by(model, -1),
        Command::Steps => {
            let selected = model.step_index();
            model.open(Overlay::Steps { selected })
        }
        Command::Act => action::act(model),
        Command::Break => action::ask(model, ActionId::BreakPrimary),
        Command::FailOver => action::ask(model, ActionId::FailOver),
        Command::Mend => action::ask(model, ActionId::MendPrimary),
        Command::Drill => drill::open(model),
        Command::Faults => faults::open(model),
        Command::Check => check(model),
        Command::Quiz => action::quiz(model),
        Command::Hint => action::hint(model),
        Command::Solution => model.open(Overlay::Solution { scroll: 0 }),
        Command::Cancel => action::cancel(model),
        Command::Shop => shop::open(model),
        Command::Shell => vec![Effect::Shell],
        Command::Suspend => vec![Effect::Stop],
        Command::CopyEnvironment => vec![Effect::CopyEnvironment],
        Command::Log => model.open(Overlay::Log { scroll: 0 }),
        Command::Palette => model.open(Overlay::Palette { query: String::new(), selected: 0 }),
        Command::Help => model.open(Overlay::Help { scroll: 0 }),
        Command::Quit => quit(model),
        Command::Pause => pause(model),
        Command::Faster => change_speed(model, Direction::Up),
        Command::Slower => change_speed(model, Direction::Down),
        _ if command.is_of_drill() => drilling(model, command),
        _ => view(model, command),
    }
}

/// Commands of the drill's screen.
fn drilling(model: &mut Model, command: Command) -> Vec<Effect> {
    match command {
        Command::DrillFailOver => drill::order(model, Order::FailOver),
        Command::DrillSwitchOver => drill::order(model, Order::SwitchOver),
        Command::DrillSwitchWrites => drill::order(model, Order::SwitchWrites),
        Command::DrillMend => drill::order(model, Order::Mend),
        Command::DrillStop => drill::ask_to_stop(model),
        Command::DrillExport => drill::export(model),
        Command::DrillCopy => drill::copy_path(model),
        Command::DrillNew => drill::another(model),
        Command::DrillEarlier => drill::compare(model),
        _ => drill::close(model),
    }
}

/// Commands that only change what is seen.
fn view(model: &mut Model, command: Command) -> Vec<Effect> {
    match command {
        Command::FocusNext => focus_by(model, 1),
        Command::FocusPrevious => focus_by(model, Pane::ALL.len() - 1),
        Command::Zoom => {
            model.zoom = match model.zoom {
                Zoom::All => Zoom::Focused,
                Zoom::Focused => Zoom::All,
            };
            Vec::new()
        }
        Command::Up => move_by(model, -1),
        Command::Down => move_by(model, 1),
        Command::PageUp => vec![Effect::Move(model.focus, Motion::Pages(-1))],
        Command::PageDown => vec![Effect::Move(model.focus, Motion::Pages(1))],
        Command::Top => vec![Effect::Move(model.focus, Motion::Top)],
        Command::Bottom => vec![Effect::Move(model.focus, Motion::Bottom)],
        Command::Fold => fold(model),
        Command::Language => {
            model.lang = model.lang.other();
            model.progress.lang = Some(model.lang);
            let block = model.block;
            model.load_lesson();
            model.block = block;
            model.save().into_iter().collect()
        }
        Command::Theme => {
            model.look.shade = match model.look.shade {
                Shade::Dark => Shade::Light,
                Shade::Light => Shade::Dark,
                Shade::Plain => Shade::Plain,
            };
            Vec::new()
        }
        Command::Presenter => {
            model.look.ids = match model.look.ids {
                Ids::Shown => Ids::Masked,
                Ids::Masked => Ids::Shown,
            };
            Vec::new()
        }
        _ => lesson(model, command),
    }
}

/// Commands on the lesson's text.
fn lesson(model: &mut Model, command: Command) -> Vec<Effect> {
    match command {
        Command::Search => model.open(Overlay::Search { query: String::new() }),
        Command::NextMatch => match_by(model, 1),
        Command::PreviousMatch => match_by(model, -1),
        Command::NextBlock => block_by(model, 1),
        Command::PreviousBlock => block_by(model, -1),
        Command::Copy => copy(model),
        Command::Links => links(model),
        _ => Vec::new(),
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
    if action::only_watches(model) {
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
    if action::only_watches(model) {
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
