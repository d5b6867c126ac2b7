//! Who asks: account, identity and alias, as STS and IAM say it and not as a profile is called.

use std::time::Duration;

use super::facts::{Identity, Role};
use super::fetch::texts;
use super::{ActionError, Cloud};

/// How long each Region's STS is waited for, together less than ten seconds.
const PATIENCE: Duration = Duration::from_millis(4500);
/// How long the alias is waited for: it only helps people recognize the account.
const ALIAS: Duration = Duration::from_secs(3);

impl Cloud {
    /// Who the credentials belong to. The standby Region is asked when the primary does not answer: a lost
    /// Region must not keep anybody from recovering.
    ///
    /// # Errors
    /// When STS refuses the credentials, or neither Region answers within ten seconds.
    pub async fn caller(&self) -> Result<Identity, ActionError> {
        let mut silent = 0;
        for role in Role::ALL {
            let asked = self.clients.at(role).sts.get_caller_identity().send();
            match tokio::time::timeout(PATIENCE, asked).await {
                Ok(Ok(who)) => {
                    let account = who.account.unwrap_or_default();
                    self.owner.lock().account = Some(account.clone());
                    let alias = tokio::time::timeout(ALIAS, self.alias()).await.ok().flatten();
                    return Ok(Identity { account, arn: who.arn.unwrap_or_default(), alias });
                }
                Ok(Err(error)) => {
                    let error = ActionError::from(error);
                    if !error.is_unanswered() || role == Role::Standby {
                        return Err(error);
                    }
                }
                Err(_) => silent += PATIENCE.as_millis(),
            }
        }
        let seconds = silent.div_ceil(1000);
        Err(ActionError::new(
            "Timeout",
            format!(
                "AWS no contesta desde hace {seconds} s: no se sabe de quién es la cuenta ni qué hay en ella. Revisa la red (¿un proxy, una VPN?) y repite."
            ),
            format!(
                "AWS has not answered for {seconds} s: whose account it is and what it holds is unknown. Check the network (a proxy, a VPN?) and try again."
            ),
        ))
    }

    /// The account's alias, which many callers may not ask for.
    pub(super) async fn alias(&self) -> Option<String> {
        let parameters = [("Action", "ListAccountAliases"), ("Version", "2010-05-08")];
        let xml = self.clients.fetch.query("iam", Role::Primary.region(), &parameters).await?;
        // The list's members; a request id stands outside it.
        let list = xml.split_once("<AccountAliases>")?.1.split_once("</AccountAliases>")?.0;
        texts(list, "member").into_iter().next()
    }
}
