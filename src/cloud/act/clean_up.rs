//! Step 7: everything the workshop made is deleted, in the order AWS demands. Only what belongs to this
//! run is touched, who writes decides the order, and what fails keeps nothing else from going.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::action::Notes;
use super::super::facts::Role;
use super::super::guard::Patience;
use super::super::ours::OurMember;
use super::super::{ActionError, Cloud, error, names};
use super::unfinished::Unfinished;
/// The longest a detached cluster is waited for, in the world's time.
const PATIENCE: Duration = Duration::from_secs(45 * 60);

impl Cloud {
    pub(super) async fn clean_up(&self, note: Notes<'_>) -> Result<(), ActionError> {
        match self.clean_everything(note).await {
            Err(e) if error::is_lost(&e.code) => self.clean_up_partially(e, note).await,
            ended => ended,
        }
    }

    async fn clean_everything(&self, note: Notes<'_>) -> Result<(), ActionError> {
        let others = self.stacks_to_leave(note).await?;
        let ours = |name: &str| !others.contains(name);
        let mut unfinished = Unfinished::default();
        if ours(names::EDGE) {
            let done = self.delete_stack(Role::Primary, names::EDGE, note).await;
            unfinished.take(self, names::EDGE, done, note)?;
        }
        for role in Role::ALL.into_iter().filter(|r| ours(names::shop(*r))) {
            if let Some(stack) = self.await_settled(role, names::shop(role), note).await? {
                self.empty(role, &self.own(stack)?, &mut unfinished, note).await?;
            }
        }
        if ours(names::PRIMARY) {
            let (replica, cluster) = ("AWS::DynamoDB::GlobalTable", "AWS::RDS::DBCluster");
            unfinished.take(self, replica, self.remove_replica(note).await, note)?;
            unfinished.take(self, cluster, self.detach(note).await, note)?;
        }
        for role in [Role::Standby, Role::Primary].into_iter().filter(|r| ours(names::shop(*r))) {
            let name = names::shop(role);
            unfinished.take(self, name, self.delete_stack(role, name, note).await, note)?;
        }
        for role in Role::ALL {
            self.remove_program(role, &mut unfinished, note).await?;
            self.delete_snapshots(role, &mut unfinished, note).await?;
        }
        unfinished.take(self, "sweep", self.sweep(note).await, note)?;
        unfinished.end()
    }

    /// All stacks of our names are looked at before anything is touched. Somebody else's are told of and
    /// left alone; about another run's the learner is asked.
    async fn stacks_to_leave(&self, note: Notes<'_>) -> Result<BTreeSet<&'static str>, ActionError> {
        let mut others = BTreeSet::new();
        for (role, name) in names::all() {
            match self.our_stack(role, name).await {
                Ok(_) => {}
                Err(e) if e.code == "NotOurs" => {
                    self.tell_text(note, e.text);
                    others.insert(name);
                }
                Err(e) => return Err(e),
            }
        }
        Ok(others)
    }

    /// Takes the table's replica away first: a source table with replicas cannot go for 24 hours.
    async fn remove_replica(&self, note: Notes<'_>) -> Result<(), ActionError> {
        let Some(stack) = self.our_stack(Role::Primary, names::PRIMARY).await? else { return Ok(()) };
        if !stack.stack().status.is_whole() {
            return Ok(());
        }
        self.reparametrize(Role::Primary, names::PRIMARY, &[("TableReplicaRegion", "")], note).await
    }

    /// Takes the primary's cluster out of the global database when a failover has made it a reader:
    /// a writer with readers cannot go. The standby's cluster is left to its stack, which takes it out
    /// itself and would mistake one taken out before for one deleted. Without a stack of ours there is
    /// nothing to take out, whatever a global database is called.
    async fn detach(&self, note: Notes<'_>) -> Result<(), ActionError> {
        let Some(stack) = self.our_stack(Role::Primary, names::PRIMARY).await? else { return Ok(()) };
        let id = stack.global_database();
        let patience = Patience::new(
            self,
            PATIENCE,
            format!("a que el clúster de {} salga de {id}", Role::Primary.region()),
            format!("the cluster of {} to leave {id}", Role::Primary.region()),
        );
        loop {
            let database = self.database(&id, &Role::ALL).await.map_err(|e| error::to_action_error(&*e))?;
            let readers = database.map(|d| d.members).unwrap_or_default();
            let readers: Vec<_> = readers.into_iter().filter(|m| !m.writer).collect();
            let Some(member) = stack.member(&readers) else { return Ok(()) };
            self.take_out(&id, &member, note).await?;
            patience.pause(self, super::wait::POLL).await?;
        }
    }

    async fn take_out(&self, id: &str, member: &OurMember, note: Notes<'_>) -> Result<(), ActionError> {
        let rds = &self.clients.region(&member.region).rds;
        let ask = rds.remove_from_global_cluster().global_cluster_identifier(id);
        match ask.db_cluster_identifier(&member.arn).send().await {
            Ok(_) => {
                let region = &member.region;
                self.tell(
                    note,
                    format!("El clúster de {region} sale de la base global."),
                    format!("The cluster of {region} leaves the global database."),
                );
                Ok(())
            }
            // On its way out already, or a failover has not quite ended: looked at again shortly.
            Err(e) if error::code_of(&e).contains("InvalidGlobalClusterState") => Ok(()),
            Err(e) if error::code_of(&e).contains("InvalidDBClusterState") => Ok(()),
            Err(e) if error::is_missing(&e) => Ok(()),
            Err(e) => Err(e.into()),
        }
    }
}
