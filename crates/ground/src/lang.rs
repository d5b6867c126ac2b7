//! The two languages of the workshop, Spanish of origin and English its equal, and `tr!`, which
//! keeps both versions of a sentence side by side so that the compiler holds them together.

use std::fmt;
use std::str::FromStr;

mod clean;
mod said;

pub use clean::{is_unprintable, printable, printable_json, printable_lines};
pub use said::Said;

/// A language of the workshop. Everything a person reads exists in both.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Spanish, the language of origin.
    #[default]
    Es,
    /// English.
    En,
}

impl Lang {
    /// Both languages, the language of origin first.
    pub const ALL: [Lang; 2] = [Lang::Es, Lang::En];

    /// The ISO 639-1 code, as in `name.es.md` and `--lang`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Lang::Es => "es",
            Lang::En => "en",
        }
    }

    /// The other language: what the live switch goes to.
    #[must_use]
    pub fn other(self) -> Lang {
        match self {
            Lang::Es => Lang::En,
            Lang::En => Lang::Es,
        }
    }

    /// The language of a POSIX locale value such as `es_ES.UTF-8` or `en`; `None` when it names
    /// neither of ours (`C`, `POSIX` and other languages).
    #[must_use]
    pub fn of_locale(value: &str) -> Option<Lang> {
        let primary = value.split(['_', '-', '.', '@']).next().unwrap_or_default();
        Lang::ALL.into_iter().find(|l| primary.eq_ignore_ascii_case(l.code()))
    }

    /// The language the environment asks for: `LC_ALL`, then `LC_MESSAGES`, then `LANG`, as POSIX
    /// orders them; Spanish when none of them names one of ours.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Lang {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(get)
            .find(|v| !v.is_empty())
            .and_then(|v| Lang::of_locale(&v))
            .unwrap_or_default()
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Lang::of_locale(s).ok_or_else(|| format!("`{s}`: es, en"))
    }
}

/// A sentence in both languages, for data and constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Text {
    /// The Spanish text.
    pub es: &'static str,
    /// The English text.
    pub en: &'static str,
}

impl Text {
    /// A text from its two versions.
    #[must_use]
    pub const fn new(es: &'static str, en: &'static str) -> Text {
        Text { es, en }
    }

    /// The version in `lang`.
    #[must_use]
    pub fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Es => self.es,
            Lang::En => self.en,
        }
    }
}

/// `tr!(lang, "Spanish {x}", "English {x}")`: the formatted `String` in the language asked for.
/// Arguments after the two texts are given to whichever is chosen.
#[macro_export]
macro_rules! tr {
    ($lang:expr, $es:literal, $en:literal $(, $($arg:tt)*)?) => {
        match $lang {
            $crate::lang::Lang::Es => format!($es $(, $($arg)*)?),
            $crate::lang::Lang::En => format!($en $(, $($arg)*)?),
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_decides_and_spanish_is_the_default() {
        let env = |pairs: &'static [(&'static str, &'static str)]| {
            move |k: &str| pairs.iter().find(|(n, _)| *n == k).map(|(_, v)| (*v).to_owned())
        };
        assert_eq!(Lang::from_env(env(&[("LANG", "en_US.UTF-8")])), Lang::En);
        assert_eq!(Lang::from_env(env(&[("LANG", "en_US.UTF-8"), ("LC_ALL", "es_MX")])), Lang::Es);
        assert_eq!(Lang::from_env(env(&[("LANG", "C.UTF-8")])), Lang::Es);
        assert_eq!(Lang::from_env(env(&[])), Lang::Es);
    }

    #[test]
    fn tr_formats_in_the_language_asked_for() {
        let n = 3;
        assert_eq!(tr!(Lang::Es, "{n} pilas", "{n} stacks"), "3 pilas");
        assert_eq!(tr!(Lang::En, "{} pilas", "{} stacks", n), "3 stacks");
    }
}
