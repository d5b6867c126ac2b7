//! Step 1: lets the learner's own client call, to see whether it reaches the same world.

use std::sync::Arc;

use super::super::access::STAND_IN;
use super::super::action::Notes;
use super::super::facts::Client;
use super::super::{ClientCall, Cloud, OwnClient, StandInReason};

impl Cloud {
    /// Lets the learner's own client call, and tells what came of it.
    pub(super) async fn call_own_client(&self, own_client: &Arc<dyn OwnClient>, note: Notes<'_>) {
        let call = own_client.call().await;
        let mut memory = self.memory.lock();
        let own = memory.identity.as_ref().map(|i| i.account.clone()).unwrap_or_default();
        let (es, en) = match call {
            ClientCall::Answered { client, account } => {
                memory.client = Some(Client { name: client.clone(), account: account.clone() });
                match account == own {
                    true => (
                        format!("Tu `aws` ({client}) llega a este mundo."),
                        format!("Your `aws` ({client}) reaches this world."),
                    ),
                    false => (
                        format!(
                            "Tu `aws` ({client}) responde por la cuenta {account}, y Espera trabaja en la {own}: revisa el perfil."
                        ),
                        format!(
                            "Your `aws` ({client}) answers for account {account}, and Espera works in {own}: check the profile."
                        ),
                    ),
                }
            }
            ClientCall::StoodIn { reason: StandInReason::Spared } => {
                memory.client = Some(Client { name: STAND_IN.to_owned(), account: own });
                (
                    "Espera ha llamado por el camino por el que iría tu `aws`.".to_owned(),
                    "Espera called by the way your `aws` would go.".to_owned(),
                )
            }
            ClientCall::StoodIn { reason: StandInReason::Missing } => {
                memory.client = Some(Client { name: STAND_IN.to_owned(), account: own });
                (
                    "No hay un `aws` instalado; Espera ha llamado por su mismo camino. Con las teclas se hace todo; para hacerlo a mano, instala la AWS CLI.".to_owned(),
                    "No `aws` is installed; Espera called the way it would have gone. Keys do everything; to do it by hand, install the AWS CLI.".to_owned(),
                )
            }
            ClientCall::Failed { why } => (
                format!("Tu `aws` no llega a este mundo: {why}"),
                format!("Your `aws` does not reach this world: {why}"),
            ),
        };
        drop(memory);
        self.tell(note, es, en);
    }
}
