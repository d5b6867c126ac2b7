//! The drill's screen as state: the form of the next drill, the run under way or just ended, and the
//! earlier ones to compare with.

use std::path::PathBuf;
use std::time::Duration;

use super::model::Said;
use crate::cloud::{Fault, Move};
use crate::drill::{Event, Hands, Plan, Report, Targets, Timeline, fold, timeline};
use ground::clock::Moment;
use ground::lang::{Lang, Text};

/// What the drill's screen works with.
#[derive(Clone, Debug, Default)]
pub struct DrillScreen {
    /// What can be broken here, as the world offers it.
    pub offers: Vec<Fault>,
    /// The form.
    pub form: Form,
    /// What is in front.
    pub view: DrillView,
    /// The run under way, or the last one of this session.
    pub run: Option<DrillRun>,
    /// Earlier runs, the newest first.
    pub earlier: Vec<Report>,
    /// Which of the earlier runs the result is compared with.
    pub compared: usize,
    /// A run that a kill cut off.
    pub unfinished: Option<CutOffRun>,
    /// Whether that run is being finished or undone at the moment.
    pub settling: Option<CutOffChoice>,
    /// Where the report was exported to.
    pub exported: Option<PathBuf>,
}

/// What is in front on the drill's screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DrillView {
    /// The form of the next drill.
    #[default]
    Form,
    /// The run: live while it goes on, its result afterwards.
    Run,
}

/// A run as this session has seen it.
#[derive(Clone, Debug)]
pub struct DrillRun {
    /// What was asked for.
    pub plan: Plan,
    /// When it was started.
    pub began: Moment,
    /// What happened so far.
    pub events: Vec<Event>,
    /// What it comes to so far.
    pub report: Option<Report>,
    /// The same as a chart.
    pub chart: Timeline,
    /// How it stands.
    pub state: RunState,
}

/// How a run stands.
#[derive(Clone, Debug)]
pub enum RunState {
    /// It goes on.
    Running,
    /// It was told to end: the fault is being undone, the writes are being looked up.
    Ending,
    /// It ended; its report is whole.
    Ended,
    /// It could not go on, and why.
    Failed(Said),
}

impl DrillRun {
    /// A run that has just been started.
    #[must_use]
    pub fn begin(plan: Plan, began: Moment) -> DrillRun {
        let state = RunState::Running;
        DrillRun { plan, began, events: Vec::new(), report: None, chart: Timeline::default(), state }
    }

    /// Takes in what happened.
    pub fn add_events(&mut self, events: Vec<Event>) {
        self.events.extend(events);
        if !self.events.is_empty() {
            self.report = Some(fold(&self.events));
            self.chart = timeline::of(&self.events);
        }
    }

    /// Whether it still goes on.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.state, RunState::Running | RunState::Ending)
    }
}

/// A run that was cut off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOffRun {
    /// Its id: the name of its folder.
    pub run: String,
    /// When it began.
    pub began: Moment,
    /// What it broke, if anything.
    pub fault: Option<Fault>,
}

/// What to do with a run that was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutOffChoice {
    /// Undo its fault, look every acknowledged write up, and write its report.
    Finish,
    /// Only undo its fault.
    Undo,
}

impl CutOffChoice {
    /// In the order of the dialog.
    pub const ALL: [CutOffChoice; 2] = [CutOffChoice::Finish, CutOffChoice::Undo];

    /// What it is called in the dialog.
    #[must_use]
    pub fn name(self, lang: Lang) -> &'static str {
        let name = match self {
            CutOffChoice::Finish => Text::new(
                "Acabarlo: deshacer, buscar cada escritura, informe",
                "Finish it: undo, look every write up, report",
            ),
            CutOffChoice::Undo => Text::new("Solo deshacer la avería", "Only undo the fault"),
        };
        name.get(lang)
    }
}

/// The form of the next drill.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// The selected line.
    pub field: Field,
    /// What is drilled.
    pub mode: Move,
    /// What is broken.
    pub fault: Fault,
    /// Who acts.
    pub hands: Hands,
    /// How long the drill goes on after the fault at most.
    pub duration: Duration,
    /// What is aimed at.
    pub targets: Targets,
    /// Digits and units typed into the selected duration.
    pub typed: String,
}

/// The lines of the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field {
    /// Planned or unplanned.
    #[default]
    Mode,
    /// What is broken.
    Fault,
    /// Who acts.
    Hands,
    /// How long.
    Duration,
    /// The target for the time to recover.
    Rto,
    /// The target for what may be lost.
    Rpo,
    /// The start.
    Start,
}

impl Field {
    /// All lines from the top.
    pub const ALL: [Field; 7] =
        [Field::Mode, Field::Fault, Field::Hands, Field::Duration, Field::Rto, Field::Rpo, Field::Start];
}

impl Default for Form {
    fn default() -> Form {
        let plan = Plan::default();
        Form {
            field: Field::default(),
            mode: plan.mode,
            fault: plan.fault,
            hands: plan.hands,
            duration: plan.limit,
            targets: plan.targets,
            typed: String::new(),
        }
    }
}

impl Form {
    /// The plan it describes.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan {
            mode: self.mode,
            fault: self.fault,
            hands: self.hands,
            limit: self.duration,
            targets: self.targets,
            ..Plan::default()
        }
    }

    /// The duration on a line, if it has one.
    #[must_use]
    pub fn duration_of(&self, field: Field) -> Option<Duration> {
        match field {
            Field::Duration => Some(self.duration),
            Field::Rto => Some(self.targets.rto),
            Field::Rpo => Some(self.targets.rpo),
            _ => None,
        }
    }

    /// The duration of a line, to change.
    pub(super) fn duration_mut(&mut self, field: Field) -> Option<&mut Duration> {
        match field {
            Field::Duration => Some(&mut self.duration),
            Field::Rto => Some(&mut self.targets.rto),
            Field::Rpo => Some(&mut self.targets.rpo),
            _ => None,
        }
    }
}

impl DrillScreen {
    /// The screen where these faults can be caused.
    #[must_use]
    pub fn with_offers(offers: Vec<Fault>) -> DrillScreen {
        let mut form = Form::default();
        if let Some(first) = offers.first().filter(|_| !offers.contains(&form.fault)) {
            form.fault = *first;
        }
        DrillScreen { offers, form, ..DrillScreen::default() }
    }

    /// The earlier runs that a result can be compared with: all but itself, planned beside unplanned
    /// first, then the newest.
    #[must_use]
    pub fn comparable_reports(&self) -> Vec<&Report> {
        let Some(own) = self.run.as_ref().and_then(|r| r.report.as_ref()) else { return Vec::new() };
        let mut others: Vec<&Report> = self.earlier.iter().filter(|r| r.run != own.run).collect();
        others.sort_by_key(|r| r.plan.mode == own.plan.mode);
        others
    }
}
