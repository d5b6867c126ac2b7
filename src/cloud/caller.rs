//! Who asks: account, identity and alias, as STS and IAM say it and not as a profile is called.

use std::time::Duration;

use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;

use super::facts::{Identity, Role};
use super::fetch::texts;
use super::{ActionError, Cloud};

/// How long STS is waited for before the other Region is asked too, and again: less than ten seconds.
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
        let who = match self.caller_identity().await {
            Some(who) => who?,
            None => return Err(silence_error()),
        };
        let account = who.account.unwrap_or_default();
        self.owner.lock().account = Some(account.clone());
        let alias = tokio::time::timeout(ALIAS, self.alias()).await.ok().flatten();
        Ok(Identity { account, arn: who.arn.unwrap_or_default(), alias })
    }

    /// What STS says; `None` when neither Region says anything in time. The second is asked while the
    /// first may still answer: a slow one is no silent one.
    async fn caller_identity(&self) -> Option<Result<GetCallerIdentityOutput, ActionError>> {
        let ask = |role| async move {
            let asked = self.clients.at(role).sts.get_caller_identity().send().await;
            asked.map_err(ActionError::from)
        };
        let lost = |answer: &Result<_, ActionError>| matches!(answer, Err(e) if e.is_unanswered());
        let first = ask(Role::Primary);
        tokio::pin!(first);
        match tokio::time::timeout(PATIENCE, &mut first).await {
            Ok(answer) if lost(&answer) => tokio::time::timeout(PATIENCE, ask(Role::Standby)).await.ok(),
            Ok(answer) => Some(answer),
            Err(_) => {
                let second = ask(Role::Standby);
                tokio::pin!(second);
                let either = async {
                    tokio::select! {
                        answer = &mut first => if lost(&answer) { second.await } else { answer },
                        answer = &mut second => if lost(&answer) { first.await } else { answer },
                    }
                };
                tokio::time::timeout(PATIENCE, either).await.ok()
            }
        }
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

fn silence_error() -> ActionError {
    let seconds = (PATIENCE * 2).as_secs();
    ActionError::new(
        "Timeout",
        format!(
            "AWS no contesta desde hace {seconds} s: no se sabe de quién es la cuenta ni qué hay en ella. Revisa la red (¿un proxy, una VPN?) y repite."
        ),
        format!(
            "AWS has not answered for {seconds} s: whose account it is and what it holds is unknown. Check the network (a proxy, a VPN?) and try again."
        ),
    )
}
