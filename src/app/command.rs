//! Everything a person can ask of Espera, by one name each: what keys, palette, mouse and a remote
//! cue all come down to. What each is called in words, and its keys, are data in `assets/keymap.toml`.
//! Commands come in groups; where a command works follows from its group (`Command::place`).

use serde::Deserialize;

/// A command of the workshop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(untagged, expecting = "there is no such command; src/app/command.rs has them all")]
pub enum Command {
    /// The way through the course and the work of its steps.
    Course(Course),
    /// The panes beside each other.
    Panes(Panes),
    /// The lesson's text.
    Lesson(Lesson),
    /// The drill's screen.
    Drill(Drill),
    /// Moving in what is shown.
    Scroll(Scroll),
    /// The world Espera works in.
    World(World),
    /// How the screen looks.
    View(View),
    /// Espera itself.
    Program(Program),
    /// Whatever lies over the panes.
    Over(Over),
    /// A list to choose from.
    List(List),
    /// A question with yes and no.
    Dialog(Dialog),
    /// A text to read: a hint, a solution.
    Page(Page),
    /// What is being typed.
    Text(Text),
    /// The form of the next drill.
    Form(Form),
}

/// Where commands work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// With the panes beside each other.
    Workshop,
    /// On the drill's screen.
    Drill,
    /// On both.
    Everywhere,
    /// In what lies over the panes.
    Over,
    /// In the form of the next drill.
    Form,
}

impl Command {
    /// Where it works.
    #[must_use]
    pub fn place(self) -> Place {
        match self {
            Command::Course(_) | Command::Panes(_) | Command::Lesson(_) => Place::Workshop,
            Command::Drill(_) => Place::Drill,
            Command::Scroll(_) | Command::World(_) | Command::View(_) | Command::Program(_) => {
                Place::Everywhere
            }
            Command::Over(_)
            | Command::List(_)
            | Command::Dialog(_)
            | Command::Page(_)
            | Command::Text(_) => Place::Over,
            Command::Form(_) => Place::Form,
        }
    }
}

/// Commands on the way through the course and on the work of its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Course {
    /// Go to the next step.
    NextStep,
    /// Go to the step before.
    PreviousStep,
    /// Open the list of steps.
    Steps,
    /// Do the step's next action (after asking when it costs or breaks something).
    Act,
    /// Break the primary Region (step 6).
    Break,
    /// Fail over to the standby (step 6).
    FailOver,
    /// Mend the primary Region again: the undo of `Break`.
    Mend,
    /// Open the drill's screen (step 6).
    Drill,
    /// Take the facts anew and judge the step's checks.
    Check,
    /// Answer the step's questions.
    Quiz,
    /// Show a hint; again for the deeper one.
    Hint,
    /// Show the step's solution.
    Solution,
    /// Stop waiting for the running action.
    Cancel,
}

/// Commands on the panes beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Panes {
    /// Move the focus to the next pane.
    FocusNext,
    /// Move the focus to the pane before.
    FocusPrevious,
    /// Show the focused pane alone, or all again.
    Zoom,
    /// Fold or unfold the selected stack.
    Fold,
    /// Back to all panes, without search and message.
    Dismiss,
}

/// Commands on the lesson's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lesson {
    /// Search in the lesson.
    Search,
    /// Go to the next match.
    NextMatch,
    /// Go to the match before.
    PreviousMatch,
    /// Mark the next code block.
    NextBlock,
    /// Mark the code block before.
    PreviousBlock,
    /// Copy the marked code block.
    Copy,
    /// List the lesson's links.
    Links,
}

/// Commands of the drill's screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub enum Drill {
    /// Fail Aurora over to the standby, accepting loss.
    #[serde(rename = "drill-fail-over")]
    FailOver,
    /// Switch Aurora over to the standby, losing nothing.
    #[serde(rename = "drill-switch-over")]
    SwitchOver,
    /// Have the edge's pages name the standby's API, so that writes go there.
    #[serde(rename = "drill-switch-writes")]
    SwitchWrites,
    /// Mend the fault.
    #[serde(rename = "drill-mend")]
    Mend,
    /// End it now, with the fault undone (asks first).
    #[serde(rename = "drill-stop")]
    Stop,
    /// Write its report as Markdown, JSON and HTML.
    #[serde(rename = "drill-export")]
    Export,
    /// Copy the path of the exported report.
    #[serde(rename = "drill-copy")]
    Copy,
    /// Go back to the form of a new drill.
    #[serde(rename = "drill-new")]
    New,
    /// Compare with the drill before, by its numbers.
    #[serde(rename = "drill-earlier")]
    Earlier,
    /// Leave the screen; a drill under way goes on.
    #[serde(rename = "drill-close")]
    Close,
}

/// Movements in what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scroll {
    /// Scroll or move up a line.
    Up,
    /// Scroll or move down a line.
    Down,
    /// Scroll up a page.
    PageUp,
    /// Scroll down a page.
    PageDown,
    /// Go to the top.
    Top,
    /// Go to the bottom.
    Bottom,
}

/// Commands on the world Espera works in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum World {
    /// List what can be broken and mended here (step 6).
    Faults,
    /// Open the shop in the browser, through the edge.
    Shop,
    /// Open the learner's shell with the AWS variables set.
    Shell,
    /// Copy the AWS variables for another terminal.
    CopyEnvironment,
    /// Pause or resume practice time.
    Pause,
    /// Practice time faster.
    Faster,
    /// Practice time slower.
    Slower,
}

/// Commands on how the screen looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// Switch the language.
    Language,
    /// Switch between light and dark.
    Theme,
    /// Mask account ids, for projecting.
    Presenter,
}

/// Commands on Espera itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Program {
    /// Show what happened so far.
    Log,
    /// Show the command palette.
    Palette,
    /// Show the help.
    Help,
    /// Stop Espera as a job and give the terminal to the shell it was started from (Unix).
    Suspend,
    /// Leave Espera.
    Quit,
}

/// Commands on whatever lies over the panes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// Close it; nothing is chosen or agreed to.
    Close,
    /// Take what is selected or typed; of a text to read, go on.
    Accept,
}

/// Commands on a list to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum List {
    /// Select a row by its number: the first of its keys the first row, and so on.
    Row,
}

/// Commands on a question with yes and no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialog {
    /// Agree.
    Yes,
    /// Do not.
    No,
    /// Select the other answer.
    OtherAnswer,
}

/// Commands on a text to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Page {
    /// Copy the solution's commands.
    CopyCommands,
    /// Go back to the hint before.
    HintBefore,
}

/// Commands on what is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Text {
    /// Erase the last character.
    Erase,
    /// Erase all of it.
    EraseAll,
}

/// Commands on the form of the next drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub enum Form {
    /// Go to the line before.
    #[serde(rename = "form-previous")]
    Previous,
    /// Go to the next line.
    #[serde(rename = "form-next")]
    Next,
    /// Turn the line to what it had before.
    #[serde(rename = "form-turn-back")]
    TurnBack,
    /// Turn the line on.
    #[serde(rename = "form-turn-on")]
    TurnOn,
    /// Turn the line on; on the last one, start the drill.
    #[serde(rename = "form-choose")]
    Choose,
    /// Take what was typed and go to the next line; on the last one, start the drill.
    #[serde(rename = "form-accept")]
    Accept,
}
