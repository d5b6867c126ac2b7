//! What a clean-up could not delete: gathered, so that what fails keeps nothing else from going.

use super::super::action::Notes;
use super::super::{ActionError, Cloud, error};
use ground::lang::Said;
use ground::tr;

/// What a clean-up could not delete, each with why.
#[derive(Default)]
pub(super) struct Unfinished(Vec<(String, ActionError)>);

impl Unfinished {
    /// Takes the outcome of one item in and lets the others go on.
    ///
    /// # Errors
    /// Only when nobody answers: then all the others would fail as well.
    pub(super) fn take<T>(
        &mut self,
        cloud: &Cloud,
        item: &str,
        outcome: Result<T, ActionError>,
        note: Notes<'_>,
    ) -> Result<Option<T>, ActionError> {
        match outcome {
            Ok(done) => Ok(Some(done)),
            Err(e) if error::is_lost(&e.code) => Err(e),
            Err(e) => {
                let text = Said::with(|l| {
                    let why = e.text.get(l);
                    tr!(
                        l,
                        "{item}: no se pudo. {why} Se sigue con lo demás.",
                        "{item}: could not be done. {why} The rest goes on."
                    )
                });
                cloud.tell_text(note, text);
                self.0.push((item.to_owned(), e));
                Ok(None)
            }
        }
    }

    /// The outcome of the whole.
    pub(super) fn end(self) -> Result<(), ActionError> {
        let Some((_, first)) = self.0.first() else { return Ok(()) };
        let code = if self.0.len() == 1 { first.code.clone() } else { "Unfinished".to_owned() };
        let n = self.0.len();
        let text = Said::with(|l| {
            let lines: Vec<String> =
                self.0.iter().map(|(item, e)| format!("{item}: {}", e.text.get(l))).collect();
            let list = lines.join(" · ");
            tr!(
                l,
                "No se pudo acabar con {n}: {list} Lo demás está hecho y barrido. Quita la causa y repite la limpieza: sigue donde quedó.",
                "{n} could not be finished: {list} The rest is done and swept. Remove the cause and repeat the clean-up: it goes on from there."
            )
        });
        Err(ActionError::from_said(code, text))
    }
}
