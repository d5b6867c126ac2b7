//! The panes of the screen, and the order of the focus.

/// The panes of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pane {
    /// The lesson with its checks.
    #[default]
    Lesson,
    /// The stacks of both Regions.
    Stacks,
    /// The architecture picture.
    Architecture,
    /// The drill: its screen takes the place of all others while it has the focus.
    Drill,
}

impl Pane {
    /// The panes beside each other, in the order the focus takes.
    pub const ALL: [Pane; 3] = [Pane::Lesson, Pane::Stacks, Pane::Architecture];
}
