//! `update`: one message in, the model changed, effects out. Messages that stand for a person's wish
//! become commands; commands are carried out in `update::command`, keys in overlays in `update::overlay`.

use super::command::{Command, Lesson, Panes, Place, Program};
use super::drill_screen::DrillView;
use super::key::Key;
use super::model::{Choice, Life, Message, Model, Overlay, Pace, Said, Seat, Tone, Watched, World};
use super::msg::{Effect, Motion, Msg, Target};
use super::pane::Pane;
use ground::tr;

mod action;
mod command;
mod drill;
mod facts;
mod faults;
mod form;
mod overlay;
mod shop;
mod stopped;

pub use stopped::farewell;

/// Changes the model by what happened; answers with what is to be done outside.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => on_key(model, key),
        Msg::Paste(text) => overlay::paste(model, &text),
        Msg::Command(command) => on_command(model, command),
        Msg::Click(target) => click(model, target),
        Msg::Wheel(pane, lines) => vec![Effect::Move(pane, Motion::Lines(lines))],
        Msg::Resize(columns, rows) => {
            model.size = (columns, rows);
            Vec::new()
        }
        Msg::Tick(now) => tick(model, now),
        Msg::Facts(new) => facts::take(model, new),
        Msg::Note(action, note) => action::note(model, action, note),
        Msg::Ended(action, result) => action::on_ended(model, action, result),
        Msg::Copied(result) => {
            match result {
                Ok(said) => model.say(Tone::Good, said),
                Err(said) => model.say(Tone::Warning, said),
            }
            Vec::new()
        }
        Msg::GoesOn(stood) => stopped::on_resumed(model, stood),
        Msg::NoShell => {
            model.say(Tone::Info, stopped::no_shell_text());
            Vec::new()
        }
        Msg::ShellEnded(result) => {
            if let Err(said) = result {
                model.say(Tone::Bad, said);
            }
            vec![Effect::Observe]
        }
        Msg::Drill(events) => drill::on_events(model, events),
        Msg::DrillEnded(result) => drill::on_ended(model, *result),
        Msg::DrillsRead(earlier, unfinished) => drill::on_read(model, earlier, unfinished),
        Msg::Settled(result) => drill::on_settled(model, *result),
        Msg::Exported(result) => drill::on_exported(model, result),
        Msg::Switched(fault, turn, result) => faults::on_turned(model, fault, turn, result),
        Msg::Watched(watched) => on_watched(model, watched),
        Msg::Terminate => drill::terminate(model),
        Msg::Trouble(said) => {
            model.banner = said;
            Vec::new()
        }
    }
}

fn on_command(model: &mut Model, command: Command) -> Vec<Effect> {
    match command.place() {
        Place::Over => overlay::run(model, command, None),
        Place::Workshop | Place::Drill | Place::Everywhere | Place::Form => command::run(model, command),
    }
}

fn on_key(model: &mut Model, key: Key) -> Vec<Effect> {
    // What the terminal itself would do with this key, whatever is open: not a word for any dialog.
    if model.keymap.command(key, model.focus) == Some(Command::Program(Program::Suspend)) {
        return command::run(model, Command::Program(Program::Suspend));
    }
    if model.overlay.is_some() {
        return overlay::key(model, key);
    }
    if model.focus == Pane::Drill
        && model.drill_screen.view == DrillView::Form
        && let Some(effects) = form::key(model, key)
    {
        return effects;
    }
    match model.keymap.command(key, model.focus) {
        Some(command) => command::run(model, command),
        None => {
            unknown_key(model, key);
            Vec::new()
        }
    }
}

/// A wrong key never does harm; it says where the right ones are.
fn unknown_key(model: &mut Model, key: Key) {
    let text = Said::with(|l| {
        tr!(
            l,
            "La tecla {key} no hace nada aquí. Pulsa ? para ver las teclas.",
            "The key {key} does nothing here. Press ? for the keys."
        )
    });
    model.message = Some(Message { tone: Tone::Info, text, ticks: 4 });
}

fn tick(model: &mut Model, now: ground::clock::Moment) -> Vec<Effect> {
    model.now = now;
    model.elapsed += std::time::Duration::from_secs(1);
    if let Some(message) = &mut model.message {
        message.ticks = message.ticks.saturating_sub(1);
        if message.ticks == 0 {
            model.message = None;
        }
    }
    Vec::new()
}

/// What a watcher hears of the Espera it watches.
fn on_watched(model: &mut Model, watched: Watched) -> Vec<Effect> {
    match watched {
        Watched::Going(new_speed, new_pace) => {
            if let World::Practice { speed, pace, .. } = &mut model.world {
                (*speed, *pace) = (new_speed, new_pace);
            }
            model.banner = None;
            // What was seen while this clock ran ahead of the other one is looked at again.
            vec![Effect::Observe]
        }
        Watched::Silent => {
            model.banner = Some(Said::with(|l| {
                tr!(
                    l,
                    "La Espera que mirabas no contesta: se habrá cerrado. Sal con q y abre de nuevo; si está cerrada, podrás actuar tú.",
                    "The Espera you watched does not answer: it has most likely been closed. Leave with q and open again; if it is closed, you may act yourself."
                )
            }));
            Vec::new()
        }
    }
}

fn click(model: &mut Model, target: Target) -> Vec<Effect> {
    match target {
        Target::Pane(pane) => {
            model.focus = pane;
            Vec::new()
        }
        Target::Step(index) => {
            model.overlay = None;
            model.go_to(index)
        }
        Target::Stack(index) => {
            model.focus = Pane::Stacks;
            if model.stack == index {
                return command::run(model, Command::Panes(Panes::Fold));
            }
            model.stack = index;
            Vec::new()
        }
        Target::Block(index) => {
            model.block = Some(index);
            command::run(model, Command::Lesson(Lesson::Copy))
        }
        Target::Link(target) => model.follow(&target),
        Target::Command(command) => command::run(model, command),
        Target::Field(field) => form::select(model, field),
        Target::Row(row) => overlay::click_row(model, row),
        Target::Yes => overlay::choose(model, Choice::Yes),
        Target::No => overlay::choose(model, Choice::No),
    }
}

impl Model {
    /// Takes the current step's lesson in the current language from the library.
    pub(super) fn load_lesson(&mut self) {
        let id = self.step().id.clone();
        self.lesson = self.library.lesson(&id, self.lang);
        self.block = None;
    }

    /// Goes to a step, keeps the progress.
    pub(super) fn go_to(&mut self, index: usize) -> Vec<Effect> {
        if index >= self.course.steps.len() || index == self.step_index() {
            return Vec::new();
        }
        self.progress.step = index;
        self.search = None;
        self.load_lesson();
        self.judge();
        let mut effects = vec![Effect::Move(Pane::Lesson, Motion::Top), Effect::Observe];
        effects.extend(self.save());
        effects
    }

    /// Asks for the progress to be kept; a watcher keeps nothing.
    pub(super) fn save(&self) -> Option<Effect> {
        (self.seat == Seat::Learner).then(|| Effect::Save(Box::new(self.progress.clone())))
    }

    pub(super) fn leave(&mut self) -> Vec<Effect> {
        self.life = Life::Leaving;
        self.save().into_iter().collect()
    }

    /// Follows a link of the lesson: to a step, or out to the browser.
    pub(super) fn follow(&mut self, target: &lessons::Target) -> Vec<Effect> {
        use lessons::Target as Link;
        match target {
            Link::Url(address) => return vec![Effect::Open(address.clone())],
            Link::Page { path, .. } => {
                let step = self.course.steps.iter().position(|s| self.library.is_lesson_of(path, &s.id));
                if let Some(index) = step {
                    return self.go_to(index);
                }
            }
            Link::Anchor(_) | Link::File(_) | Link::Broken(_) => {}
        }
        let text = Said::with(|l| {
            tr!(
                l,
                "Este enlace no lleva a ningún paso ni a la web.",
                "This link leads to no step and not to the web."
            )
        });
        self.say(Tone::Info, text);
        Vec::new()
    }

    /// Pauses or resumes practice time, as shown.
    pub(super) fn toggle_pace(&mut self) -> Option<Effect> {
        let World::Practice { pace, .. } = &mut self.world else { return None };
        *pace = match pace {
            Pace::Running => Pace::Paused,
            Pace::Paused => Pace::Running,
        };
        Some(Effect::Pause)
    }

    pub(super) fn open(&mut self, overlay: Overlay) -> Vec<Effect> {
        self.overlay = Some(overlay);
        Vec::new()
    }
}
