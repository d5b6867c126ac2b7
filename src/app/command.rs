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
    /// Leave Espera.
    Quit,
}
