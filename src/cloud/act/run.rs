//! Carries an action out by its name, and gathers what the learner is asked to take over.

use super::super::facts::Role;
use super::super::{ActionError, ActionId, Claim, Cloud, Move, Note, Settings, names};

impl Cloud {
    /// Carries an action out to its end. Dropping the future stops the waiting; what AWS began goes on.
    ///
    /// # Errors
    /// With a sentence and advice, when AWS refuses or something it began fails.
    pub async fn run(
        &self,
        action: ActionId,
        settings: &Settings,
        note: &(dyn Fn(Note) + Send + Sync),
    ) -> Result<(), ActionError> {
        let ended = match action {
            ActionId::Inspect => self.inspect(settings, note).await,
            ActionId::DeployPrimary => self.deploy_shop(Role::Primary, settings, note).await,
            ActionId::DeployStandby => self.deploy_shop(Role::Standby, settings, note).await,
            ActionId::JoinData => self.join(note).await,
            ActionId::DeployEdge => self.deploy_edge(settings, note).await,
            ActionId::BreakPrimary => self.break_primary(note).await,
            ActionId::FailOver => self.change_writer(Role::Standby, Move::Failover, note).await,
            ActionId::MendPrimary => self.mend_primary(note).await,
            ActionId::CleanUp => self.clean_up(note).await,
            ActionId::Sweep => self.sweep(note).await,
        };
        match ended {
            Ok(()) => Ok(()),
            // Asked about once, and then about everything.
            Err(e) if !e.claims().is_empty() => {
                let all = self.claims().await;
                Err(if all.is_empty() { e } else { e.with_claims(all) })
            }
            Err(e) => Err(e),
        }
    }

    /// All that is the workshop's and not known to be this run's.
    async fn claims(&self) -> Vec<Claim> {
        let mut all = Vec::new();
        for (role, name) in names::all() {
            if let Err(e) = self.our_stack(role, name).await {
                all.extend(e.claims().iter().cloned());
            }
        }
        for role in Role::ALL {
            if let Err(e) = self.program_bucket(role).await {
                all.extend(e.claims().iter().cloned());
            }
        }
        all
    }
}
