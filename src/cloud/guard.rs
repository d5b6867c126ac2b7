//! Ends for what could go on for ever: lists that AWS gives page by page, and waits for something to
//! happen. Every such loop in this module takes one of these; `tests/layers.rs` holds that.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{ActionError, Cloud};
use ground::clock::{Moment, span};
use ground::lang::Said;
use ground::tr;

/// Pages or entries of one list. A hundred times what any account of a workshop has.
const MOST: usize = 100_000;

/// Reads a list to its end and no further: a token that comes twice, or a list without end, is an error.
#[derive(Debug, Default)]
pub(super) struct Pages {
    seen: BTreeSet<String>,
    count: usize,
}

impl Pages {
    /// Takes the token of the next page in; answers whether there is one.
    ///
    /// # Errors
    /// When the token came before: AWS would give the same pages over and over.
    pub(super) fn has_next(&mut self, token: Option<&str>) -> Result<bool, ActionError> {
        let Some(token) = token.filter(|t| !t.is_empty()) else { return Ok(false) };
        self.count_one()?;
        if !self.seen.insert(token.to_owned()) {
            return Err(endless_list_error());
        }
        Ok(true)
    }

    /// Counts one entry more.
    ///
    /// # Errors
    /// When there have been far too many.
    pub(super) fn count_one(&mut self) -> Result<(), ActionError> {
        self.count += 1;
        if self.count > MOST { Err(endless_list_error()) } else { Ok(()) }
    }
}

/// A list that does not end.
fn endless_list_error() -> ActionError {
    ActionError::new(
        "EndlessList",
        "AWS da una y otra vez la misma página de una lista. No se sigue leyendo. Si hay un proxy o un emulador de por medio, revísalo; si no, repite la acción.",
        "AWS gives the same page of a list over and over. It is read no further. If there is a proxy or an emulator between, look at it; if not, repeat the action.",
    )
}

/// A wait with an end, in the world's time.
#[derive(Debug)]
pub(super) struct Patience {
    began: Moment,
    most: Duration,
    what: Said,
}

impl Patience {
    /// Patience for `most`, to wait for `es`, in English `en`, as in "the change set of x".
    pub(super) fn new(cloud: &Cloud, most: Duration, es: impl Into<String>, en: impl Into<String>) -> Self {
        Patience { began: cloud.clock.now(), most, what: Said::new(es, en) }
    }

    /// Sleeps until the next look.
    ///
    /// # Errors
    /// When the patience is used up, with what was waited for.
    pub(super) async fn pause(&self, cloud: &Cloud, until_the_next: Duration) -> Result<(), ActionError> {
        if self.elapsed(cloud) > self.most {
            let took = span(self.elapsed(cloud));
            let text = Said::with(|l| {
                let what = self.what.get(l);
                tr!(
                    l,
                    "Se esperaba {what} y en {took} no ha llegado. Lo que AWS empezó sigue su curso: mira sus eventos en la consola y repite la acción, que sigue donde quedó.",
                    "Waited for {what}, and in {took} it did not come. What AWS began goes on: look at its events in the console and repeat the action, which goes on from there."
                )
            });
            return Err(ActionError::from_said("TooLong", text));
        }
        cloud.clock.sleep(until_the_next).await;
        Ok(())
    }

    /// How long it has taken so far.
    pub(super) fn elapsed(&self, cloud: &Cloud) -> Duration {
        cloud.clock.now().since(self.began)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_comes_twice_ends_the_list_even_with_others_between() {
        let mut pages = Pages::default();
        assert_eq!(pages.has_next(Some("a")), Ok(true));
        assert_eq!(pages.has_next(Some("b")), Ok(true));
        assert_eq!(pages.has_next(Some("a")).map_err(|e| e.code), Err("EndlessList".to_owned()));
        assert_eq!(Pages::default().has_next(None), Ok(false));
        assert_eq!(Pages::default().has_next(Some("")), Ok(false));
    }

    #[test]
    fn a_list_with_ever_new_tokens_ends_too() {
        let mut pages = Pages::default();
        let ended = (0..MOST + 2).find(|n| pages.has_next(Some(&n.to_string())).is_err());
        assert_eq!(ended, Some(MOST));
    }
}
