//! Step 7: everything the workshop made is deleted, in the order AWS demands. Only what belongs to this
//! run is touched, who writes decides the order, and what fails keeps nothing else from going.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::facts::Role;
use super::super::guard::Patience;
use super::super::own::{OurMember, OurStack};
use super::super::{ActionError, Cloud, error, names};
use super::Notes;
use super::deploy::is_missing;
use crate::lang::Said;
use crate::tr;

/// The longest a detached cluster is waited for, in the world's time.
const PATIENCE: Duration = Duration::from_secs(45 * 60);

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
        Err(ActionError::told(code, text))
    }
}

impl Cloud {
    pub(super) async fn clean_up(&self, note: Notes<'_>) -> Result<(), ActionError> {
        match self.clean_everything(note).await {
            Err(e) if error::is_lost(&e.code) => self.clean_what_answers(e, note).await,
            ended => ended,
        }
    }

    async fn clean_everything(&self, note: Notes<'_>) -> Result<(), ActionError> {
        let others = self.left_alone(note).await?;
        let ours = |name: &str| !others.contains(name);
        let mut unfinished = Unfinished::default();
        if ours(names::EDGE) {
            let done = self.delete_stack(Role::Primary, names::EDGE, note).await;
            unfinished.take(self, names::EDGE, done, note)?;
        }
        for role in Role::ALL.into_iter().filter(|r| ours(names::shop(*r))) {
            if let Some(stack) = self.settled(role, names::shop(role), note).await? {
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
    async fn left_alone(&self, note: Notes<'_>) -> Result<BTreeSet<&'static str>, ActionError> {
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

    /// Empties a stack's buckets, old versions and delete markers too: a bucket with anything in it stays.
    pub(super) async fn empty(
        &self,
        role: Role,
        stack: &OurStack,
        unfinished: &mut Unfinished,
        note: Notes<'_>,
    ) -> Result<(), ActionError> {
        for bucket in self.own_buckets(role, stack).await? {
            let name = &bucket.name;
            let emptied = self.empty_bucket(&bucket).await;
            if let Some(gone) = unfinished.take(self, name, emptied, note)? {
                self.tell(
                    note,
                    format!("{name}: {gone} objetos borrados."),
                    format!("{name}: {gone} objects deleted."),
                );
            }
        }
        Ok(())
    }

    /// Takes the table's replica away first: a source table with replicas cannot go for 24 hours.
    async fn remove_replica(&self, note: Notes<'_>) -> Result<(), ActionError> {
        let Some(stack) = self.our_stack(Role::Primary, names::PRIMARY).await? else { return Ok(()) };
        if !stack.seen().status.is_whole() {
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
        let id = global_of(&stack);
        let patience = Patience::new(
            self,
            PATIENCE,
            format!("a que el clúster de {} salga de {id}", Role::Primary.region()),
            format!("the cluster of {} to leave {id}", Role::Primary.region()),
        );
        loop {
            let database = self.database(&id, &Role::ALL).await.map_err(|e| super::wait::coded(&*e))?;
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
            Err(e) if is_missing(&e) => Ok(()),
            Err(e) => Err(e.into()),
        }
    }
}

/// The name of the global database that a stack of ours made or joined.
pub(super) fn global_of(stack: &OurStack) -> String {
    let output = Some(stack.output("GlobalCluster")).filter(|id| !id.is_empty());
    let made = || stack.physical("AWS::RDS::GlobalCluster").next().map(str::to_owned);
    output.or_else(made).unwrap_or_else(|| names::GLOBAL.to_owned())
}
