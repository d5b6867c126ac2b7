//! What a screen can show, which whoever draws has to know: the characters it has, and the colours.

mod signs;

/// Which characters are drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Charset {
    /// Box lines, ticks, arrows.
    #[default]
    Unicode,
    /// Nothing beyond ASCII.
    Ascii,
}

/// Which colours are drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// For dark backgrounds.
    #[default]
    Dark,
    /// For light backgrounds.
    Light,
    /// No colour at all (`NO_COLOR`): weight, underline and reverse only.
    Plain,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Scheme; 3] = [Scheme::Dark, Scheme::Light, Scheme::Plain];
}
