//! The learner's own client of AWS, beside Espera's: whether it reaches the same world. The command
//! line knows which client that is and how it is run; the practice world tells who came from outside.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use aws_config::AppName;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::act::Notes;
use super::facts::{Client, Role};
use super::{Access, ActionError, Cloud};
use crate::clock::Clock;

/// The application Espera's own calls name, so that a world can tell them from the learner's.
pub(crate) const APP: &str = "espera";
/// The one they name where Espera stands in for a client that is not installed.
pub(crate) const STAND_IN: &str = "espera-shell";
/// Where the practice world tells which client it last met.
pub(crate) const CLIENTS: &str = "/_espera/clients";

/// What came of calling STS by the learner's own client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Knock {
    /// It was answered.
    Answered {
        /// What it calls itself.
        client: String,
        /// The account it was answered for.
        account: String,
    },
    /// Espera's own client called in its place, on the way it would have gone.
    StoodIn {
        /// Whether one was looked for.
        own: Own,
    },
    /// It could not be run, or was refused.
    Failed {
        /// What it said.
        why: String,
    },
}

/// Why Espera's client stood in for the learner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// None is installed.
    Missing,
    /// Nobody is at work by hand here, so none was looked for.
    Spared,
}

/// A knock under way.
pub type Knocking<'a> = Pin<Box<dyn Future<Output = Knock> + Send + 'a>>;

/// Runs the learner's own client.
pub trait Hands: Debug + Send + Sync {
    /// Asks STS who the learner is, as the learner would in their shell.
    fn knock(&self) -> Knocking<'_>;
}

/// Asks STS at an address over the network, in place of a client that is not installed.
///
/// # Errors
/// When nothing answers there, or it refuses.
pub async fn stand_in(
    url: String,
    credentials: SharedCredentialsProvider,
    clock: Clock,
) -> Result<(), ActionError> {
    let access = Access::endpoint(url, credentials, clock);
    let mut config = access.at(Role::Primary.region()).to_builder();
    config.set_app_name(AppName::new(STAND_IN).ok());
    aws_sdk_sts::Client::new(&config.build()).get_caller_identity().send().await?;
    Ok(())
}

/// The client a practice world says it met.
pub(super) fn met(page: &str) -> Option<Client> {
    let page: serde_json::Value = serde_json::from_str(page).ok()?;
    let name = page.get("client")?.as_str()?.to_owned();
    Some(Client { name, account: String::new() })
}

impl Cloud {
    /// Lets the learner's own client call, and tells what came of it.
    pub(super) async fn knock(&self, hands: &Arc<dyn Hands>, note: Notes<'_>) {
        let knock = hands.knock().await;
        let mut memory = self.memory.lock();
        let own = memory.identity.as_ref().map(|i| i.account.clone()).unwrap_or_default();
        let (es, en) = match knock {
            Knock::Answered { client, account } => {
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
            Knock::StoodIn { own: Own::Spared } => {
                memory.client = Some(Client { name: STAND_IN.to_owned(), account: own });
                (
                    "Espera ha llamado por el camino por el que iría tu `aws`.".to_owned(),
                    "Espera called by the way your `aws` would go.".to_owned(),
                )
            }
            Knock::StoodIn { own: Own::Missing } => {
                memory.client = Some(Client { name: STAND_IN.to_owned(), account: own });
                (
                    "No hay un `aws` instalado; Espera ha llamado por su mismo camino. Con las teclas se hace todo; para hacerlo a mano, instala la AWS CLI.".to_owned(),
                    "No `aws` is installed; Espera called the way it would have gone. Keys do everything; to do it by hand, install the AWS CLI.".to_owned(),
                )
            }
            Knock::Failed { why } => (
                format!("Tu `aws` no llega a este mundo: {why}"),
                format!("Your `aws` does not reach this world: {why}"),
            ),
        };
        drop(memory);
        self.tell(note, es, en);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_that_met_nobody_tells_of_nobody() {
        assert_eq!(met(r#"{"client":null}"#), None);
        assert_eq!(met("<html>"), None);
        assert_eq!(met(r#"{"client":"aws-cli/2.9.19"}"#).unwrap().name, "aws-cli/2.9.19");
    }
}
