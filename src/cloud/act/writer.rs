//! Step 6: moving the database's writer, unplanned or planned, and back again.

use std::time::Duration;

use super::super::action::Notes;
use super::super::facts::{DatabaseMember, GlobalDatabase, Role, SynchronizationStatus};
use super::super::guard::Patience;
use super::super::ours::OurMember;
use super::super::{ActionError, Cloud, Move, Note, error, names};
use super::wait::POLL;
use ground::clock::span;

/// The longest a change of writer is waited for, in the world's time.
const PATIENCE: Duration = Duration::from_secs(45 * 60);

impl Cloud {
    /// Makes the cluster of `to` the writer as planned, losing nothing; does nothing when it is already.
    ///
    /// # Errors
    /// When a Region does not answer, the database is not ready, or it takes far too long.
    pub async fn switch_over(
        &self,
        to: Role,
        note: &(dyn Fn(Note) + Send + Sync),
    ) -> Result<(), ActionError> {
        self.change_writer(to, Move::Switchover, note).await
    }

    /// Replication lag of a global database in milliseconds, as CloudWatch last had it; `None` when it
    /// cannot be seen.
    pub async fn replication_lag(&self, id: &str) -> Option<u64> {
        self.database(id, &Role::ALL).await.ok()??.lag_ms
    }

    pub(super) async fn change_writer(&self, to: Role, by: Move, note: Notes<'_>) -> Result<(), ActionError> {
        let Some(stack) = self.our_stack(to, names::shop(to)).await? else { return Err(no_member_error(to)) };
        let id = stack.global_database();
        let region = to.region();
        let patience = Patience::new(
            self,
            PATIENCE,
            format!("a que {region} tome el relevo"),
            format!("{region} to take over"),
        );
        let (mut asked, mut waiting) = (false, false);
        loop {
            let database = self.observe_database(&id, to).await?;
            // Only a cluster of our own stack is made the writer.
            let Some(ours) = stack.member(&database.members) else { return Err(no_member_error(to)) };
            let Some(target) = database.members.iter().find(|m| m.arn == ours.arn) else {
                return Err(no_member_error(to));
            };
            match &database.failover {
                Some(_) => asked = true,
                None if target.writer => {
                    let took = span(patience.elapsed(self));
                    self.tell(
                        note,
                        format!("Quien escribe está en {region} ({took})."),
                        format!("The writer is in {region} ({took})."),
                    );
                    return Ok(());
                }
                // After an unplanned failover the old writer is made anew first, which takes minutes.
                None if is_resyncing(target) && by == Move::Switchover && !waiting => {
                    self.tell_waiting(to, note);
                    waiting = true;
                }
                None if is_resyncing(target) && by == Move::Switchover => {}
                None if !asked => {
                    self.ask(&database.id, &ours, to, by).await?;
                    asked = true;
                    self.tell_asked(to, by, note);
                }
                None => {}
            }
            patience.pause(self, POLL).await?;
        }
    }

    async fn ask(&self, id: &str, member: &OurMember, to: Role, by: Move) -> Result<(), ActionError> {
        let arn = &member.arn;
        let rds = &self.clients.at(to).rds;
        match by {
            Move::Failover => {
                let ask = rds.failover_global_cluster().global_cluster_identifier(id);
                ask.target_db_cluster_identifier(arn).allow_data_loss(true).send().await?;
            }
            Move::Switchover => {
                let ask = rds.switchover_global_cluster().global_cluster_identifier(id);
                ask.target_db_cluster_identifier(arn).send().await?;
            }
        }
        Ok(())
    }

    fn tell_asked(&self, to: Role, by: Move, note: Notes<'_>) {
        let region = to.region();
        match by {
            Move::Failover => self.tell(
                note,
                format!("Conmutación pedida: {region} toma el relevo."),
                format!("Failover asked for: {region} takes over."),
            ),
            Move::Switchover => self.tell(
                note,
                format!("Traspaso planeado pedido: {region} toma el relevo sin perder nada."),
                format!("Planned switchover asked for: {region} takes over and nothing is lost."),
            ),
        }
    }

    fn tell_waiting(&self, to: Role, note: Notes<'_>) {
        let region = to.region();
        self.tell(
            note,
            format!("El clúster de {region} se está rehaciendo a partir de quien escribe: hay que esperar."),
            format!("The cluster of {region} is being made anew from the writer: that takes a while."),
        );
    }

    /// The global database as the Region `first` sees it. The other is asked only when that one does not
    /// know: a Region that does not answer is what a failover is for, and waiting for it costs a minute.
    async fn observe_database(&self, id: &str, first: Role) -> Result<GlobalDatabase, ActionError> {
        let mut order = Role::ALL;
        order.sort_by_key(|role| *role != first);
        let found = self.database(id, &order).await.map_err(|e| error::to_action_error(&*e))?;
        found.ok_or_else(|| no_member_error(Role::Standby))
    }
}

fn is_resyncing(member: &DatabaseMember) -> bool {
    member.synchronization == SynchronizationStatus::PendingResync
}

fn no_member_error(role: Role) -> ActionError {
    let region = role.region();
    ActionError::new(
        "NoStandby",
        format!("La base de datos global no tiene miembro en {region}: completa antes los pasos 3 y 4."),
        format!("The global database has no member in {region}: complete steps 3 and 4 first."),
    )
}
