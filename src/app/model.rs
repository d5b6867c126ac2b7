//! The whole state of a running workshop, as plain data: what `update` changes and `ui` draws.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::account::Account;
use super::command::Command;
use super::drill_screen::DrillScreen;
use super::keymap::Keymap;
use super::pane::Pane;
use crate::cloud::facts::{Facts, Health, Phase, Role, Whose};
use crate::cloud::{ActionId, Claim, Fault, names};
use crate::course::{Action, Check, Course, Step, Task, Verdict};
use crate::progress::Progress;
use ground::clock::{Moment, Speed};
use ground::lang::Lang;
pub(super) use ground::lang::Said;
use ground::look::{Charset, Scheme};
use lessons::{Document, Library};

/// What the screen calls the world it works in. Only words and prices depend on it.
#[derive(Clone, Debug, PartialEq)]
pub enum World {
    /// Simulated: no account, no cost; time has a speed.
    Practice {
        /// Practice seconds in a real second.
        speed: Speed,
        /// Whether practice time runs or stands.
        pace: Pace,
        /// Where other clients reach this world, e.g. `http://127.0.0.1:4566`; `None` when no port could be had.
        endpoint: Option<String>,
    },
    /// A real account (or an emulator behind `--endpoint-url`).
    Aws(Box<Account>),
}

/// Whether practice time runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It runs.
    Running,
    /// It stands.
    Paused,
}

/// What a watcher hears of the Espera it watches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Watched {
    /// Its practice time goes so.
    Going(Speed, Pace),
    /// It does not answer, most likely because it was closed.
    Silent,
}

/// All panes side by side, or the focused one alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zoom {
    /// All panes.
    #[default]
    All,
    /// The focused pane alone.
    Focused,
}

/// Whether account ids are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ids {
    /// As they are.
    #[default]
    Shown,
    /// Masked, for projecting.
    Masked,
}

/// Whether this Espera may change the saved state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seat {
    /// It writes.
    #[default]
    Learner,
    /// Another Espera writes; this one only looks on.
    Watcher,
}

/// How the screen looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appearance {
    /// Light, dark or without colour.
    pub scheme: Scheme,
    /// Unicode or ASCII.
    pub charset: Charset,
    /// Account ids shown or masked.
    pub ids: Ids,
}

/// Something over the panes that takes the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// The keys.
    Help {
        /// First line shown; drawn clamped.
        scroll: usize,
    },
    /// The command palette.
    Palette {
        /// What was typed.
        query: String,
        /// Index into `Model::palette_rows`.
        selected: usize,
    },
    /// The list of steps.
    Steps {
        /// Index of the selected step.
        selected: usize,
    },
    /// The actions of the step, to choose from.
    Actions {
        /// Index into the step's actions.
        selected: usize,
    },
    /// Asks before an action, with what it creates and its price.
    Confirm {
        /// What would be done.
        action: ActionId,
        /// Whether "yes" is selected (default: no, so that Enter alone breaks nothing).
        choice: Choice,
        /// What was typed, where agreeing takes more than a yes (`Model::to_type`).
        typed: String,
    },
    /// Asks whether an action that an earlier session began in this account is taken up.
    Resume {
        /// Which.
        action: ActionId,
        /// The selected answer.
        choice: Choice,
    },
    /// Asks whether things of an earlier run are the learner's, to be taken over.
    TakeOver {
        /// The action that met them.
        action: ActionId,
        /// What they are.
        claims: Vec<Claim>,
        /// The selected answer.
        choice: Choice,
    },
    /// Asks before a drill under way is ended.
    ConfirmStop {
        /// The selected answer.
        choice: Choice,
    },
    /// What can be broken and mended here.
    Faults {
        /// Index into `DrillScreen::offers`.
        selected: usize,
    },
    /// Asks before something is broken.
    ConfirmFault {
        /// What would be broken.
        fault: Fault,
        /// The selected answer.
        choice: Choice,
    },
    /// Asks what to do with a drill that was cut off.
    Unfinished {
        /// Index into `CutOffChoice::ALL`.
        selected: usize,
    },
    /// Asks before leaving while something runs.
    ConfirmQuit {
        /// The selected answer.
        choice: Choice,
    },
    /// A hint for a check that does not pass yet.
    Hint {
        /// Index of the check in the step.
        check: usize,
        /// 0 the nudge, 1 the deeper one.
        depth: usize,
    },
    /// The step's solution.
    Solution {
        /// First line shown; drawn clamped.
        scroll: usize,
    },
    /// A question of the step.
    Quiz {
        /// Index of the question in the step.
        question: usize,
        /// Selected option.
        selected: usize,
        /// What was answered last, to show whether it was right and why.
        given: Option<usize>,
    },
    /// The search field of the lesson.
    Search {
        /// What was typed.
        query: String,
    },
    /// The links of the lesson.
    Links {
        /// Index into the links of the lesson.
        selected: usize,
    },
    /// What happened so far.
    Log {
        /// First line shown, counted from the end; drawn clamped.
        scroll: usize,
    },
}

/// An answer in a yes/no dialog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Do not.
    #[default]
    No,
    /// Do.
    Yes,
}

impl Choice {
    /// The other answer.
    #[must_use]
    pub fn other(self) -> Choice {
        match self {
            Choice::No => Choice::Yes,
            Choice::Yes => Choice::No,
        }
    }
}

/// An action under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// Which.
    pub action: Task,
    /// When it began, in the clock of the world.
    pub began: Moment,
}

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// For information.
    Info,
    /// Something went well.
    Good,
    /// Something needs attention.
    Warning,
    /// Something failed.
    Bad,
}

/// A short message at the foot of the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// How it is meant.
    pub tone: Tone,
    /// What it says.
    pub text: Said,
    /// Ticks (real seconds) it stays.
    pub ticks: u8,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// When, in the clock of the world.
    pub at: Moment,
    /// How it is meant.
    pub tone: Tone,
    /// What happened.
    pub text: Said,
}

/// The search in the lesson, once accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What is searched.
    pub query: String,
    /// Which match is the current one, counted without wrapping; drawn modulo the number of matches.
    pub current: isize,
}

/// The state of the workshop.
#[derive(Clone, Debug)]
pub struct Model {
    /// The language everything is shown in.
    pub lang: Lang,
    /// The world, as shown.
    pub world: World,
    /// How the screen looks.
    pub look: Appearance,
    /// Whether this Espera writes.
    pub seat: Seat,
    /// The keys.
    pub keymap: Arc<Keymap>,
    /// The course.
    pub course: Arc<Course>,
    /// The lessons.
    pub library: Arc<Library>,
    /// The current step's lesson in the current language.
    pub lesson: Arc<Document>,
    /// What is saved: step, passed checks, answers, running action.
    pub progress: Progress,
    /// The latest facts.
    pub facts: Arc<Facts>,
    /// What the checks of all steps say to the latest facts, by check id.
    pub verdicts: BTreeMap<String, Verdict>,
    /// The focused pane.
    pub focus: Pane,
    /// All panes or one.
    pub zoom: Zoom,
    /// Size of the terminal in cells: columns, rows.
    pub size: (u16, u16),
    /// What is over the panes, if anything.
    pub overlay: Option<Overlay>,
    /// The drill's screen.
    pub drill_screen: DrillScreen,
    /// The action under way; a drill counts as one.
    pub running: Option<Running>,
    /// The message at the foot.
    pub message: Option<Message>,
    /// A lasting banner: the state cannot be saved, the world is in trouble.
    pub banner: Option<Said>,
    /// What happened so far, oldest first, at most `LOG_LINES`.
    pub log: VecDeque<LogLine>,
    /// How many lines the log has had, the dropped ones too: what a reader of the log goes by.
    pub logged: usize,
    /// Stacks the learner folded or unfolded by hand (name to folded), against the automatic rule.
    pub folds: BTreeMap<String, Fold>,
    /// Index of the selected stack in `Facts::stacks` order.
    pub stack: usize,
    /// Index of the marked code block in the lesson.
    pub block: Option<usize>,
    /// The accepted search in the lesson.
    pub search: Option<Search>,
    /// Real time since the program began, moved by ticks.
    pub elapsed: Duration,
    /// The clock of the world at the last tick.
    pub now: Moment,
    /// Whether the program goes on.
    pub life: Life,
}

/// Whether a stack's resources are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Only its own line.
    Folded,
    /// Its resources too.
    Open,
}

/// Whether the program goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It goes on.
    Running,
    /// It ends once the drill under way has been undone.
    Ending,
    /// It ends after the effects in hand.
    Leaving,
}

/// Lines the log keeps.
pub const LOG_LINES: usize = 500;

impl Model {
    /// The current step.
    #[must_use]
    pub fn step(&self) -> &Step {
        &self.course.steps[self.step_index()]
    }

    /// Index of the current step in the course.
    #[must_use]
    pub fn step_index(&self) -> usize {
        self.progress.step.min(self.course.steps.len().saturating_sub(1))
    }

    /// What a check says; a check that passed once stays passed.
    #[must_use]
    pub fn verdict(&self, check: &Check) -> Verdict {
        if self.progress.passed.contains(&check.id) {
            return Verdict::Pass;
        }
        self.verdicts.get(&check.id).cloned().unwrap_or_default()
    }

    /// Whether all checks of a step have passed.
    #[must_use]
    pub fn is_step_passed(&self, step: &Step) -> bool {
        step.checks.iter().all(|c| self.progress.passed.contains(&c.id))
    }

    /// The course's description of what it offers to do.
    #[must_use]
    pub fn action(&self, id: impl Into<Task>) -> Option<&Action> {
        let id = id.into();
        self.course.steps.iter().flat_map(|s| &s.actions).find(|a| a.id == id)
    }

    /// The account, when it is one.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        match &self.world {
            World::Aws(account) => Some(account),
            World::Practice { .. } => None,
        }
    }

    /// Whether it is unknown what a Region holds, because it has never answered. Before the first look
    /// practice is known to be empty, an account is not.
    #[must_use]
    pub fn is_unknown(&self, role: Role) -> bool {
        let asked_in_vain = self.facts.trouble.is_some() || self.account().is_some();
        !self.facts.region(role).heard && asked_in_vain
    }

    /// What has to be typed to agree to an action: in an account, for all that is deleted and for what is
    /// made there first.
    #[must_use]
    pub fn word_to_type(&self, action: ActionId) -> Option<&str> {
        let first = || self.progress.run.as_ref().is_none_or(|run| run.stacks.is_empty());
        let grave = action == ActionId::CleanUp || (action == ActionId::DeployPrimary && first());
        self.account().filter(|_| grave).map(Account::word_to_type)
    }

    /// Running cost in US dollars an hour of what the learner has deployed, by the course's figures
    /// (what it would be in AWS, when in practice); `None` while nobody knows what is there.
    #[must_use]
    pub fn usd_per_hour(&self) -> Option<f64> {
        if Role::ALL.into_iter().any(|role| self.is_unknown(role)) {
            return None;
        }
        let live: BTreeSet<&str> = self
            .facts
            .stacks()
            .filter(|(_, s)| s.whose == Whose::Ours && s.status.phase() != Phase::Deleted)
            .map(|(_, s)| s.name.as_str())
            .collect();
        let price = |name: &str, id: ActionId| {
            if live.contains(name) { self.action(id).map_or(0.0, |a| a.usd_per_hour) } else { 0.0 }
        };
        let sum = price(names::PRIMARY, ActionId::DeployPrimary)
            + price(names::STANDBY, ActionId::DeployStandby)
            + price(names::EDGE, ActionId::DeployEdge);
        Some(sum)
    }

    /// The commands the palette offers for its query, best first.
    #[must_use]
    pub fn palette_rows(&self, query: &str) -> Vec<Command> {
        super::palette::rows(&self.keymap, self.lang, self.focus, query)
    }

    /// Whether a run under way has the screen.
    #[must_use]
    pub fn watches_drill(&self) -> bool {
        let live = self.drill_screen.run.as_ref().is_some_and(super::drill_screen::DrillRun::is_live);
        self.focus == Pane::Drill && self.drill_screen.view == super::drill_screen::DrillView::Run && live
    }

    /// The trouble of watching the cloud that is worth telling now. A Region that a drill has taken away
    /// on purpose is no news on the drill's own screen.
    #[must_use]
    pub fn trouble(&self) -> Option<&Said> {
        let run = self.drill_screen.run.as_ref().filter(|_| self.watches_drill());
        let on_purpose = run.is_some_and(|r| {
            r.plan.breaks().is_some() && r.report.as_ref().is_some_and(|report| report.disrupted.is_some())
        });
        let lost = matches!(self.facts.primary.health, Health::Impaired { .. });
        self.facts.trouble.as_ref().filter(|_| !(on_purpose && lost))
    }

    /// Adds a line to the log, dropping the oldest when it is full.
    pub fn note(&mut self, tone: Tone, text: Said) {
        self.logged += 1;
        if self.log.len() == LOG_LINES {
            self.log.pop_front();
        }
        self.log.push_back(LogLine { at: self.now, tone, text });
    }

    /// Shows several messages as one, and logs each.
    pub fn say_all(&mut self, tone: Tone, texts: Vec<Said>) {
        let Some((last, before)) = texts.split_last() else { return };
        for text in before {
            self.note(tone, text.clone());
        }
        self.say(tone, last.clone());
        if let Some(message) = &mut self.message {
            message.text =
                Said::with(|lang| texts.iter().map(|text| text.get(lang)).collect::<Vec<_>>().join(" "));
        }
    }

    /// Shows a message for some seconds and logs it.
    pub fn say(&mut self, tone: Tone, text: Said) {
        self.note(tone, text.clone());
        let ticks = if matches!(tone, Tone::Bad | Tone::Warning) { 20 } else { 6 };
        self.message = Some(Message { tone, text, ticks });
    }

    /// Says what nobody asked for just now: while the drill's screen shows a run, in the log alone.
    pub(super) fn tell(&mut self, tone: Tone, text: Said) {
        match self.watches_drill() {
            true => self.note(tone, text),
            false => self.say(tone, text),
        }
    }
}
