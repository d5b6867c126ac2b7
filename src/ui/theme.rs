//! Colours as roles: panes ask for what a thing *is* (`Role::Warning`), never for a colour. The three
//! themes (dark, light, none) are data in `assets/themes/`; ANSI palette first, so that the terminal's
//! own scheme decides the shades.

use std::str::FromStr;
use std::sync::LazyLock;

use ground::look::Scheme;
use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

/// Declares the roles once: variant, name in the theme files, meaning.
macro_rules! roles {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// What a piece of the screen is; a theme gives each its style.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Role { $(#[doc = $doc] $variant,)* }

        impl Role {
            /// Every role, in the order of declaration (a role's index is its place here).
            pub const ALL: &[Role] = &[$(Role::$variant,)*];

            /// The role's key in the theme files.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Role::$variant => $name,)* }
            }
        }
    };
}

roles! {
    Text "text" "Running text.",
    Muted "muted" "Text of second rank: captions, times, what is off.",
    Strong "strong" "Strong emphasis in text.",
    Emphasis "emphasis" "Emphasis in text.",
    Strike "strike" "Struck-out text.",
    Heading1 "heading1" "A heading of the first rank: the page's title.",
    Heading2 "heading2" "A heading of the second rank.",
    Heading3 "heading3" "Headings of the third rank and below.",
    Code "code" "Code within a line.",
    CodeBlock "code-block" "A block of code without syntax colours.",
    CodeKeyword "code-keyword" "Keywords in a block of code.",
    CodeString "code-string" "Strings in a block of code.",
    CodeNumber "code-number" "Numbers and constants in a block of code.",
    CodeComment "code-comment" "Comments in a block of code.",
    CodeName "code-name" "Names of functions, keys and types in a block of code.",
    CodePunctuation "code-punctuation" "Operators and punctuation in a block of code.",
    Key "key" "A key of the keyboard.",
    Link "link" "A link.",
    Marker "marker" "A list's bullet or number.",
    Quote "quote" "The bar and text of a block quote.",
    CalloutInfo "callout-info" "An information box: bar and title.",
    CalloutNote "callout-note" "A note box: bar and title.",
    CalloutTip "callout-tip" "A tip box: bar and title.",
    CalloutWarning "callout-warning" "A warning box: bar and title.",
    TableBorder "table-border" "The lines of a table.",
    TableHead "table-head" "The head of a table.",
    Rule "rule" "A horizontal rule.",
    Picture "picture" "The frame and caption of a picture.",
    Match "match" "A search match.",
    MatchCurrent "match-current" "The search match the reader stands on.",
    Ok "ok" "Done, passed, healthy.",
    Progress "progress" "Under way.",
    Pending "pending" "Not begun.",
    Warning "warning" "Something to look at.",
    Error "error" "Failed, broken.",
    Accent "accent" "What the eye should find first.",
    Title "title" "The program's name and pane titles.",
    TitleFocused "title-focused" "The title of the pane that has the keys.",
    Border "border" "The frame of a pane.",
    BorderFocused "border-focused" "The frame of the pane that has the keys.",
    Selection "selection" "The chosen row of a list.",
    KeyHint "key-hint" "A key in the hint line.",
    KeyHintText "key-hint-text" "What a key in the hint line does.",
    StatusBar "status-bar" "The top and bottom lines.",
    Practice "practice" "The mark of the practice world.",
    Account "account" "The mark of a real AWS account: things cost money.",
    Primary "primary" "The primary Region.",
    Standby "standby" "The standby Region.",
    Money "money" "A price.",
    Flow "flow" "Data or requests on their way.",
    Writer "writer" "The database's writer.",
    Tab "tab" "The name of a pane that is not in front.",
    TabCurrent "tab-current" "The name of the pane in front.",
    Popup "popup" "The ground of what lies over the panes.",
}

/// The theme file of a scheme.
fn data(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Dark => include_str!("../../assets/themes/dark.toml"),
        Scheme::Light => include_str!("../../assets/themes/light.toml"),
        Scheme::Plain => include_str!("../../assets/themes/none.toml"),
    }
}

/// Why a theme file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// Not TOML of the theme's form.
    #[error("the theme can't be read: {0}")]
    Form(#[from] toml::de::Error),
    /// A colour that ratatui doesn't know.
    #[error("role `{role}`: `{colour}` is no colour (use an ANSI name such as `cyan`, an index, or #rrggbb)")]
    Colour {
        /// The role it was given to.
        role: String,
        /// What was written.
        colour: String,
    },
    /// A role that doesn't exist.
    #[error("there is no role `{0}`")]
    UnknownRole(String),
    /// A role the theme leaves out.
    #[error("role `{0}` has no style")]
    MissingRole(&'static str),
}

/// A style for every role.
#[derive(Clone, Debug)]
pub struct Theme {
    /// The scheme it was made from.
    pub scheme: Scheme,
    styles: Vec<Style>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spec {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    dim: bool,
    #[serde(default)]
    italic: bool,
    #[serde(default)]
    underline: bool,
    #[serde(default)]
    reverse: bool,
    #[serde(default)]
    strike: bool,
}

impl Theme {
    /// The embedded theme of `scheme`.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the three files are embedded and a test parses each")]
    pub fn new(scheme: Scheme) -> Theme {
        Theme::parse(scheme, data(scheme)).expect("embedded theme")
    }

    /// The embedded theme of `scheme`, read once.
    #[must_use]
    pub fn of(scheme: Scheme) -> &'static Theme {
        static ALL: LazyLock<[Theme; 3]> = LazyLock::new(|| Scheme::ALL.map(Theme::new));
        &ALL[scheme as usize]
    }

    /// A theme from the text of a theme file.
    ///
    /// # Errors
    /// When the text is not TOML of the form `role = { fg = "cyan", bold = true }`, names a role or
    /// colour that doesn't exist, or leaves one out.
    pub fn parse(scheme: Scheme, text: &str) -> Result<Theme, ThemeError> {
        let mut specs: std::collections::BTreeMap<String, Spec> = toml::from_str(text)?;
        let mut styles = Vec::with_capacity(Role::ALL.len());
        for role in Role::ALL {
            let spec = specs.remove(role.name()).ok_or(ThemeError::MissingRole(role.name()))?;
            styles.push(style_of(role.name(), &spec)?);
        }
        match specs.into_keys().next() {
            Some(unknown) => Err(ThemeError::UnknownRole(unknown)),
            None => Ok(Theme { scheme, styles }),
        }
    }

    /// The style of `role`.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }
}

impl Default for Theme {
    fn default() -> Theme {
        Theme::new(Scheme::default())
    }
}

fn style_of(role: &str, spec: &Spec) -> Result<Style, ThemeError> {
    let colour = |name: &str| {
        Color::from_str(name)
            .map_err(|_| ThemeError::Colour { role: role.to_owned(), colour: name.to_owned() })
    };
    let mut style = Style::new();
    if let Some(fg) = &spec.fg {
        style = style.fg(colour(fg)?);
    }
    if let Some(bg) = &spec.bg {
        style = style.bg(colour(bg)?);
    }
    for (on, modifier) in [
        (spec.bold, Modifier::BOLD),
        (spec.dim, Modifier::DIM),
        (spec.italic, Modifier::ITALIC),
        (spec.underline, Modifier::UNDERLINED),
        (spec.reverse, Modifier::REVERSED),
        (spec.strike, Modifier::CROSSED_OUT),
    ] {
        if on {
            style = style.add_modifier(modifier);
        }
    }
    Ok(style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_styles_every_role() {
        for scheme in Scheme::ALL {
            let theme = Theme::parse(scheme, data(scheme)).unwrap_or_else(|e| panic!("{scheme:?}: {e}"));
            assert_eq!(theme.styles.len(), Role::ALL.len());
        }
    }

    #[test]
    fn without_colour_nothing_is_coloured_and_status_still_differs() {
        let theme = Theme::new(Scheme::Plain);
        for role in Role::ALL {
            let style = theme.style(*role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
        assert_ne!(theme.style(Role::Error), theme.style(Role::Text));
    }

    /// The luminance of one of the 216 colours or 24 greys, as WCAG defines it.
    fn luminance(index: u8) -> f64 {
        let step = |n: u8| if n == 0 { 0.0 } else { f64::from(55 + 40 * u32::from(n)) };
        let rgb = match index {
            232.. => [8.0 + 10.0 * f64::from(index - 232); 3],
            _ => [(index - 16) / 36, (index - 16) / 6 % 6, (index - 16) % 6].map(step),
        };
        let linear = rgb.map(|c| match c / 255.0 {
            c if c <= 0.04045 => c / 12.92,
            c => ((c + 0.055) / 1.055_f64).powf(2.4),
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    #[test]
    fn light_colours_can_be_read_on_white() {
        let theme = Theme::new(Scheme::Light);
        for role in Role::ALL {
            let frame = [Role::Border, Role::TableBorder, Role::Rule].contains(role);
            let least = if frame { 3.0 } else { 4.5 };
            let contrast = match theme.style(*role).fg {
                Some(Color::Indexed(index)) => 1.05 / (luminance(index) + 0.05),
                None | Some(Color::Black | Color::White) => continue,
                Some(other) => panic!("{role:?}: the terminal decides what {other} is"),
            };
            assert!(contrast >= least, "{role:?}: {contrast:.1}");
        }
    }

    #[test]
    fn a_wrong_theme_says_what_is_wrong() {
        let error = |t: &str| Theme::parse(Scheme::Dark, t).unwrap_err().to_string();
        assert!(error("text = {}").contains("`muted` has no style"));
        assert!(error("text = { fg = \"mauveish\" }").contains("mauveish"));
        let extra = format!("{}\nnothing = {{}}\n", data(Scheme::Dark));
        assert!(error(&extra).contains("no role `nothing`"));
    }
}
