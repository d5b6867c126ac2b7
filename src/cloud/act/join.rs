//! Step 4: the table gets its replica, writes are forwarded, and a probe basket proves the way.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;

use super::super::action::Notes;
use super::super::facts::{BasketProbe, Role};
use super::super::guard::Patience;
use super::super::{ActionError, Cloud, names};
use ground::clock::span;

/// How long a probe may travel, in the world's time; two seconds are usual.
const PATIENCE: Duration = Duration::from_secs(120);

impl Cloud {
    pub(super) async fn join(&self, note: Notes<'_>) -> Result<(), ActionError> {
        self.await_stack(Role::Standby, names::STANDBY, note).await?;
        let replica = [("TableReplicaRegion", Role::Standby.region()), ("WriteForwarding", "enabled")];
        self.reparametrize(Role::Primary, names::PRIMARY, &replica, note).await?;
        self.reparametrize(Role::Standby, names::STANDBY, &[("WriteForwarding", "enabled")], note).await?;
        self.probe(note).await
    }

    /// Writes a basket in the primary and waits until the standby has it.
    async fn probe(&self, note: Notes<'_>) -> Result<(), ActionError> {
        let stack = self.require_stack(Role::Primary, names::PRIMARY).await?;
        let table = stack.resource_of_output("AWS::DynamoDB::GlobalTable", "BasketTable")?;
        let key = format!("{}{}", names::PROBE_PREFIX, self.clock.now().0);
        let id = || AttributeValue::S(key.clone());
        let home = &self.clients.at(Role::Primary).dynamodb;
        home.put_item().table_name(&table).item("uuid", id()).send().await?;
        let written = self.clock.now();
        self.memory.lock().probe = Some(BasketProbe { key: key.clone(), written, arrived: None });
        let away = &self.clients.at(Role::Standby).dynamodb;
        let patience = Patience::new(
            self,
            PATIENCE,
            "a la cesta de prueba en us-west-1",
            "the probe basket in us-west-1",
        );
        loop {
            let found = away.get_item().table_name(&table).key("uuid", id()).send().await?;
            let now = self.clock.now();
            if found.item.is_some() {
                let took = span(now.since(written));
                self.memory.lock().probe =
                    Some(BasketProbe { key: key.clone(), written, arrived: Some(now) });
                self.tell(
                    note,
                    format!("La cesta de prueba llegó a us-west-1 en {took}."),
                    format!("The probe basket reached us-west-1 in {took}."),
                );
                home.delete_item().table_name(&table).key("uuid", id()).send().await?;
                return Ok(());
            }
            if patience.pause(self, Duration::from_millis(200)).await.is_err() {
                return Err(ActionError::new(
                    "NotReplicated",
                    "La cesta de prueba no llega a us-west-1. Mira el estado de la réplica en el panel y repite la acción.",
                    "The probe basket does not reach us-west-1. See the replica's status in the pane and repeat the action.",
                ));
            }
        }
    }
}
