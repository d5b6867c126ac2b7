//! A shortcode as it stands in a text: its name, its arguments and what it encloses.

use super::super::document::Span;

/// A shortcode's arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Args {
    /// Those with a name, as `style="info"`.
    pub named: Vec<(String, String)>,
    /// Those without.
    pub positional: Vec<String>,
}

impl Args {
    /// The argument called `name` (whatever its case).
    #[must_use]
    pub fn named_argument(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The first of `names` that is given, else the argument at `place`.
    #[must_use]
    pub fn get(&self, names: &[&str], place: usize) -> Option<&str> {
        names
            .iter()
            .find_map(|n| self.named_argument(n))
            .or_else(|| self.positional.get(place).map(String::as_str))
            .map(str::trim)
            .filter(|v| !v.is_empty())
    }
}

/// A shortcode with what it encloses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub args: Args,
    /// Where its opening tag stands.
    pub tag: Span,
    /// Where all of it stands.
    pub span: Span,
    /// What it encloses, when it is closed.
    pub inner: Option<Inner>,
}

/// What a shortcode encloses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inner {
    /// Where.
    pub span: Span,
    /// The pieces of it.
    pub pieces: Vec<Piece>,
}

/// A piece of a text with shortcodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that is no shortcode.
    Text(Span),
    /// A shortcode shown as its own text; the span covers it all.
    Literal(String, Span),
    /// A shortcode.
    Call(Call),
}
