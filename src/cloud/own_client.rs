//! The learner's own client of AWS, beside Espera's: whether it reaches the same world. The command
//! line knows which client that is and how it is run; the practice world tells who came from outside.

use std::fmt::Debug;
use std::pin::Pin;

use aws_config::AppName;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::access::STAND_IN;
use super::facts::{Client, Role};
use super::{Access, ActionError};
use ground::clock::Clock;

/// Where the practice world tells which client it last met.
pub(crate) const CLIENTS: &str = "/_espera/clients";

/// What came of calling STS by the learner's own client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientCall {
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
        reason: StandInReason,
    },
    /// It could not be run, or was refused.
    Failed {
        /// What it said.
        why: String,
    },
}

/// Why Espera's client stood in for the learner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandInReason {
    /// None is installed.
    Missing,
    /// Nobody is at work by hand here, so none was looked for.
    Spared,
}

/// A call under way.
pub type Calling<'a> = Pin<Box<dyn Future<Output = ClientCall> + Send + 'a>>;

/// Runs the learner's own client.
pub trait OwnClient: Debug + Send + Sync {
    /// Asks STS who the learner is, as the learner would in their shell.
    fn call(&self) -> Calling<'_>;
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
pub(super) fn last_met(page: &str) -> Option<Client> {
    let page: serde_json::Value = serde_json::from_str(page).ok()?;
    let name = page.get("client")?.as_str()?.to_owned();
    Some(Client { name, account: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_that_met_nobody_tells_of_nobody() {
        assert_eq!(last_met(r#"{"client":null}"#), None);
        assert_eq!(last_met("<html>"), None);
        assert_eq!(last_met(r#"{"client":"aws-cli/2.9.19"}"#).unwrap().name, "aws-cli/2.9.19");
    }
}
