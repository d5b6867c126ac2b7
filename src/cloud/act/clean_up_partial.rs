//! Clean-up while a Region does not answer: what does not hang on it is deleted, and what stays is said
//! plainly, so that nobody takes a bill for a clean account. Repeated later, the clean-up goes on.

use super::super::action::Notes;
use super::super::facts::{Leftover, Role};
use super::super::ours::OurStack;
use super::super::{ActionError, Cloud, error, names};
use super::sweep::REGION_LOST;
use super::unfinished::Unfinished;
use ground::lang::Said;
use ground::tr;

impl Cloud {
    /// Cleans up what can be without the Regions that do not answer; always ends with an error that names
    /// what is left. `error` is what the whole clean-up met.
    pub(super) async fn clean_up_partially(
        &self,
        error: ActionError,
        note: Notes<'_>,
    ) -> Result<(), ActionError> {
        let mut lost = Vec::new();
        for role in Role::ALL {
            match self.stack_now(role, names::shop(role)).await {
                Err(e) if error::is_lost(&e.code) => lost.push(role),
                Err(e) => return Err(e),
                Ok(_) => {}
            }
        }
        let (mut held, mut unfinished) = (None, Unfinished::default());
        match lost[..] {
            // It answers again: repeating is all that is needed.
            [] => return Err(error),
            [away] => {
                let here = if away == Role::Primary { Role::Standby } else { Role::Primary };
                let (gone, lives) = (away.region(), here.region());
                self.tell(
                    note,
                    format!("{gone} no contesta: se borra en {lives} lo que no depende de ella."),
                    format!("{gone} does not answer: what does not hang on it is deleted in {lives}."),
                );
                held = self.clean_up_region(here, away, &mut unfinished, note).await?;
            }
            _ => {}
        }
        match self.sweep(note).await {
            Err(e) if e.code != REGION_LOST => return Err(e),
            _ => {}
        }
        // What failed for a reason of its own has been told of; the lost Region is what matters now.
        drop(unfinished);
        Err(self.undeleted_error(&lost, held, &error.code))
    }

    /// Deletes what a living Region can do without the other; answers why its shop stays, if it does.
    async fn clean_up_region(
        &self,
        here: Role,
        away: Role,
        unfinished: &mut Unfinished,
        note: Notes<'_>,
    ) -> Result<Option<(Role, Said)>, ActionError> {
        if here == Role::Primary {
            let done = self.delete_stack(here, names::EDGE, note).await;
            unfinished.take(self, names::EDGE, done, note)?;
        }
        let Some(stack) = self.await_settled(here, names::shop(here), note).await? else {
            self.remove_program(here, unfinished, note).await?;
            return Ok(None);
        };
        let name = names::shop(here);
        let Some(stack) = unfinished.take(self, name, self.own(stack), note)? else { return Ok(None) };
        if let Some(why) = self.reason_to_stay(here, away, &stack).await? {
            return Ok(Some((here, why)));
        }
        self.empty(here, &stack, unfinished, note).await?;
        unfinished.take(self, name, self.delete_stack(here, name, note).await, note)?;
        self.remove_program(here, unfinished, note).await?;
        self.delete_snapshots(here, unfinished, note).await?;
        Ok(None)
    }

    /// Why a living Region's shop cannot go before the lost one's: AWS refuses to delete a writer with
    /// readers and a table with replicas, and both would have to be parted in the lost Region.
    async fn reason_to_stay(
        &self,
        here: Role,
        away: Role,
        stack: &OurStack,
    ) -> Result<Option<Said>, ActionError> {
        let database = self.database(&stack.global_database(), &[here]).await;
        let members =
            database.map_err(|e| error::to_action_error(&*e))?.map(|d| d.members).unwrap_or_default();
        let (gone, lives) = (away.region(), here.region());
        if !members.iter().any(|m| m.region == gone) {
            return Ok(None);
        }
        if members.iter().any(|m| m.writer && m.region == lives) {
            return Ok(Some(Said::new(
                format!("su clúster es el que escribe y el de {gone} cuelga de él"),
                format!("its cluster is the writer and the one in {gone} hangs on it"),
            )));
        }
        // The table belongs to the primary's stack; the standby's may always go.
        if here == Role::Primary {
            return Ok(Some(Said::new(
                format!("su base de datos y su tabla están unidas a las de {gone}"),
                format!("its database and its table are joined to those of {gone}"),
            )));
        }
        Ok(None)
    }

    fn undeleted_error(&self, lost: &[Role], held: Option<(Role, Said)>, code: &str) -> ActionError {
        let regions = lost.iter().map(|r| r.region()).collect::<Vec<_>>().join(", ");
        let presumed: Vec<Leftover> = lost.iter().flat_map(|role| self.presumed_leftovers(*role)).collect();
        let text = Said::with(|l| {
            let gone = presumed.iter().map(|found| format!("{} ({})", found.name, found.region));
            let held = held
                .iter()
                .map(|(role, why)| format!("{} ({}: {})", names::shop(*role), role.region(), why.get(l)));
            let list = gone.chain(held).collect::<Vec<_>>().join("; ");
            tr!(
                l,
                "Sin respuesta de {regions} ({code}). No se pudo borrar: {list}. Sigue costando. Cuando conteste, repite la limpieza: sigue donde quedó y acaba con el barrido.",
                "No answer from {regions} ({code}). Could not be deleted: {list}. It goes on costing. Once there is an answer, repeat the clean-up: it goes on where it was and ends with the sweep."
            )
        });
        ActionError::from_said(REGION_LOST, text)
    }
}
