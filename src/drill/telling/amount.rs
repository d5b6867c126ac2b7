//! What a figure came to, as a number for programs and as words for people.

use std::time::Duration;

use ground::clock::span;
use ground::lang::{Lang, Text};
use ground::tr;

/// The most that can be said of a figure: what was not measured is never told as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// It could not be measured, or not yet.
    Unknown,
    /// No request failed, so there is no time without service.
    Unbroken,
    /// A time that was measured.
    Time(Duration),
    /// Service was away to the end: it took longer than this.
    Away(Duration),
    /// Not all writes could be looked up: the oldest lost one may be older than this.
    AtLeast(Duration),
    /// Writes lost.
    Lost {
        /// So many are gone.
        lost: u64,
        /// Of so many acknowledged.
        of: u64,
        /// So many could not be looked up.
        unknown: u64,
    },
    /// A count.
    Count(u64),
    /// Nothing gave the fault away.
    Unnoticed,
    /// No step of the recovery was taken.
    NobodyActed,
}

impl Amount {
    /// The number: milliseconds of a time, else a count; `None` when it has none, or only a bound.
    #[must_use]
    pub fn number(self) -> Option<u64> {
        match self {
            Amount::Unbroken => Some(0),
            Amount::Time(time) => Some(millis(time)),
            Amount::Lost { lost, .. } => Some(lost),
            Amount::Count(count) => Some(count),
            Amount::Unknown
            | Amount::Away(_)
            | Amount::AtLeast(_)
            | Amount::Unnoticed
            | Amount::NobodyActed => None,
        }
    }

    /// What the number is at least, in milliseconds, when only that is known.
    #[must_use]
    pub fn at_least(self) -> Option<u64> {
        match self {
            Amount::Away(least) | Amount::AtLeast(least) => Some(millis(least)),
            Amount::Unknown
            | Amount::Unbroken
            | Amount::Time(_)
            | Amount::Lost { .. }
            | Amount::Count(_)
            | Amount::Unnoticed
            | Amount::NobodyActed => None,
        }
    }

    /// In words.
    #[must_use]
    pub fn text(self, lang: Lang) -> String {
        match self {
            Amount::Unknown => UNKNOWN.get(lang).to_owned(),
            Amount::Unbroken => tr!(lang, "sin interrupción", "no interruption"),
            Amount::Time(took) => time(took, lang),
            Amount::Away(least) => {
                let least = time(least, lang);
                tr!(lang, "no volvió (más de {least})", "not back (over {least})")
            }
            Amount::AtLeast(least) => {
                let least = time(least, lang);
                tr!(lang, "al menos {least}", "at least {least}")
            }
            Amount::Lost { lost, of, unknown: 0 } => tr!(lang, "{lost} de {of}", "{lost} of {of}"),
            Amount::Lost { lost, of, unknown } => {
                tr!(lang, "{lost} de {of}; no se sabe de {unknown}", "{lost} of {of}; {unknown} unknown")
            }
            Amount::Count(count) => count.to_string(),
            Amount::Unnoticed => tr!(lang, "sin detectar", "not detected"),
            Amount::NobodyActed => tr!(lang, "nadie actuó", "nobody acted"),
        }
    }
}

/// Of a figure or a target about which nothing can be said. Why is told beside it.
pub(super) const UNKNOWN: Text = Text::new("no se sabe", "unknown");

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// A measured time: milliseconds under a second, tenths under a minute, whole seconds from there on.
#[must_use]
pub fn time(d: Duration, lang: Lang) -> String {
    let ms = d.as_millis();
    match ms {
        0 => "0 s".to_owned(),
        1..1000 => format!("{ms} ms"),
        1000..59_950 => {
            let tenths = (ms + 50) / 100;
            let comma = if lang == Lang::Es { ',' } else { '.' };
            format!("{}{comma}{} s", tenths / 10, tenths % 10)
        }
        _ => span(Duration::from_secs(d.as_secs() + u64::from(d.subsec_millis() >= 500))),
    }
}

/// A time that somebody set: as they wrote it when it is whole seconds, which is no measurement to tenths.
#[must_use]
pub fn as_set(d: Duration, lang: Lang) -> String {
    if d.subsec_millis() == 0 { span(d) } else { time(d, lang) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_and_never_cut() {
        let of = |ms| time(Duration::from_millis(ms), Lang::En);
        assert_eq!(
            [0, 977, 8997, 59_949, 59_950, 111_998].map(of),
            ["0 s", "977 ms", "9.0 s", "59.9 s", "1 m 00 s", "1 m 52 s"]
        );
        assert_eq!(time(Duration::from_millis(8997), Lang::Es), "9,0 s");
    }

    #[test]
    fn a_time_that_was_set_is_told_as_it_was_set() {
        let of = |ms| as_set(Duration::from_millis(ms), Lang::En);
        assert_eq!([5000, 900_000, 500, 2500].map(of), ["5 s", "15 m 00 s", "500 ms", "2.5 s"]);
    }

    #[test]
    fn what_is_only_bounded_has_a_bound_and_no_number() {
        let second = Duration::from_secs(1);
        for (amount, text) in
            [(Amount::Away(second), "not back (over 1.0 s)"), (Amount::AtLeast(second), "at least 1.0 s")]
        {
            assert_eq!((amount.number(), amount.at_least()), (None, Some(1000)));
            assert_eq!(amount.text(Lang::En), text);
        }
        let lost = Amount::Lost { lost: 0, of: 9, unknown: 9 };
        assert_eq!(lost.text(Lang::En), "0 of 9; 9 unknown", "nothing is said to be safe that nobody saw");
    }
}
