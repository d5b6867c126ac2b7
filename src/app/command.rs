//! Everything a person can ask of Espera, by one name each: what keys, palette, mouse and a remote
//! cue all come down to. What each is called in words, and its keys, are data in `assets/keymap.toml`.

use serde::Deserialize;

/// A command of the workshop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
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
    /// List what can be broken and mended here (step 6).
    Faults,
    /// In a drill: fail Aurora over to the standby, accepting loss.
    DrillFailOver,
    /// In a drill: switch Aurora over to the standby, losing nothing.
    DrillSwitchOver,
    /// In a drill: have the edge's pages name the standby's API, so that writes go there.
    DrillSwitchWrites,
    /// In a drill: mend the fault.
    DrillMend,
    /// In a drill: end it now, with the fault undone (asks first).
    DrillStop,
    /// Write a drill's report as Markdown, JSON and HTML.
    DrillExport,
    /// Copy the path of the exported report.
    DrillCopy,
    /// Go back to the form of a new drill.
    DrillNew,
    /// Compare with the drill before, by its numbers.
    DrillEarlier,
    /// Leave the drill's screen; a drill under way goes on.
    DrillClose,
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
    /// Move the focus to the next pane.
    FocusNext,
    /// Move the focus to the pane before.
    FocusPrevious,
    /// Show the focused pane alone, or all again.
    Zoom,
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
    /// Fold or unfold the selected stack.
    Fold,
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
    /// Switch the language.
    Language,
    /// Switch between light and dark.
    Theme,
    /// Mask account ids, for projecting.
    Presenter,
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

impl Command {
    /// Whether it can be used on the drill's screen.
    #[must_use]
    pub fn works_in_drill(self) -> bool {
        use Command as C;
        self.is_of_drill()
            || matches!(
                self,
                C::Up
                    | C::Down
                    | C::PageUp
                    | C::PageDown
                    | C::Top
                    | C::Bottom
                    | C::Shell
                    | C::Shop
                    | C::CopyEnvironment
            )
            || matches!(self, C::Pause | C::Faster | C::Slower | C::Language | C::Theme | C::Presenter)
            || matches!(self, C::Faults | C::Log | C::Palette | C::Help | C::Suspend | C::Quit)
    }

    /// Whether it belongs to the drill's screen alone.
    #[must_use]
    pub fn is_of_drill(self) -> bool {
        use Command as C;
        matches!(
            self,
            C::DrillFailOver
                | C::DrillSwitchOver
                | C::DrillSwitchWrites
                | C::DrillMend
                | C::DrillStop
                | C::DrillExport
                | C::DrillCopy
                | C::DrillNew
                | C::DrillEarlier
                | C::DrillClose
        )
    }

    /// Whether it can be used where the focus is.
    #[must_use]
    pub fn works_in(self, pane: super::Pane) -> bool {
        match pane {
            super::Pane::Drill => self.works_in_drill(),
            _ => !self.is_of_drill(),
        }
    }
}
