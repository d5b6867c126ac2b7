//! What can happen to the workshop (`Msg`) and what it asks of the outside in answer (`Effect`).

use std::path::PathBuf;
use std::sync::Arc;

use super::command::Command;
use super::drill_screen::{CutOffChoice, CutOffRun, Field};
use super::key::Key;
use super::model::{Said, Watched};
use super::pane::Pane;
use crate::cloud::facts::Facts;
use crate::cloud::{ActionError, ActionId, Claim, Fault, Note, Turn};
use crate::drill::{Event, Order, Plan, Report};
use crate::progress::Progress;
use ground::clock::{Moment, Speed};

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// A command from the palette, the mouse or a remote cue.
    Command(Command),
    /// Something on the screen was clicked.
    Click(Target),
    /// The wheel was turned over a pane: lines, negative upwards.
    Wheel(Pane, isize),
    /// The terminal has a new size: columns, rows.
    Resize(u16, u16),
    /// A real second passed; the world's clock shows this.
    Tick(Moment),
    /// New facts.
    Facts(Arc<Facts>),
    /// A line of a running action.
    Note(ActionId, Note),
    /// An action ended.
    Ended(ActionId, Result<(), ActionError>),
    /// Copied to the clipboard, or not: what to say about it.
    Copied(Result<Said, Said>),
    /// The program goes on after it was stopped for this long, as the terminal's job control has it.
    GoesOn(std::time::Duration),
    /// It was asked to stop, but no shell waits that it could come back from.
    NoShell,
    /// The learner's shell ended.
    ShellEnded(Result<(), Said>),
    /// A drill told what happened.
    Drill(Vec<Event>),
    /// The drill ended.
    DrillEnded(Box<Result<Report, Said>>),
    /// What the disk knows of drills: earlier runs, and one that was cut off.
    DrillsRead(Vec<Report>, Option<CutOffRun>),
    /// The drill that was cut off has been finished (with its report) or undone.
    Settled(Box<Result<Option<Report>, Said>>),
    /// A report was exported to this folder, or not.
    Exported(Result<PathBuf, Said>),
    /// A fault was switched.
    Switched(Fault, Turn, Result<(), ActionError>),
    /// The Espera that is watched changed its pace, or fell silent.
    Watched(Watched),
    /// The system asks the program to end.
    Terminate,
    /// Saving or the world has trouble, or has none any more.
    Trouble(Option<Said>),
}

/// Something on the screen that can be clicked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A pane, or its tab.
    Pane(Pane),
    /// A step of the step bar or the step list.
    Step(usize),
    /// A stack in the stacks pane.
    Stack(usize),
    /// A code block of the lesson: copies it.
    Block(usize),
    /// A link of the lesson.
    Link(lessons::Target),
    /// A key hint.
    Command(Command),
    /// A line of the drill's form.
    Field(Field),
    /// A row of the list in the overlay.
    Row(usize),
    /// The "yes" of a dialog.
    Yes,
    /// The "no" of a dialog, or outside an overlay: closes it.
    No,
}

/// A movement of what a pane shows; the view clamps it to what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// Lines, negative upwards.
    Lines(isize),
    /// Pages, negative upwards.
    Pages(isize),
    /// To the top.
    Top,
    /// To the bottom.
    Bottom,
    /// To the current search match.
    Match,
    /// To the marked code block.
    Block,
    /// To the selected stack.
    Stack,
}

/// Something to be done outside the model.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Take things of an earlier run over, before what is run next.
    TakeOver(Vec<Claim>),
    /// Leave things of another run alone in this session.
    LeaveAlone(Vec<Claim>),
    /// Carry an action out; notes and the end come back as messages.
    Run(ActionId),
    /// Stop waiting for the running action.
    Cancel,
    /// Take the facts anew now.
    Observe,
    /// Keep the progress.
    Save(Box<Progress>),
    /// Put text on the clipboard, and say what it was.
    Copy(String, Said),
    /// Copy the AWS variables for another terminal.
    CopyEnvironment,
    /// Open an address in the system's browser.
    Open(String),
    /// Leave the screen and run the learner's shell.
    Shell,
    /// Stop the program as a job, where a shell waits.
    Stop,
    /// Run practice time at another speed.
    Speed(Speed),
    /// Let practice time stand or run.
    Pause,
    /// Run a drill; its events and its end come back as messages.
    Drill(Box<Plan>),
    /// Tell the drill under way what to do.
    Order(Order),
    /// Read what the disk knows of drills.
    ReadDrills,
    /// Finish or undo the drill that was cut off.
    Settle(CutOffChoice),
    /// Write the report of this run as Markdown, JSON and HTML.
    ExportDrill(String),
    /// Break or mend something.
    Switch(Fault, Turn),
    /// Move a pane.
    Move(Pane, Motion),
}
