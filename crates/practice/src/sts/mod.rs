//! STS (awsQuery 2011-06-15): who the caller is (always the account's one user), and temporary credentials.

use super::call::{Outcome, Reply, Request};
use super::operation::{Operation, by_name};
use super::wire::Xml;
use ground::seed;

/// The user that every caller is.
pub const USER: &str = "practice";

/// What answers a call.
pub(crate) type Read = fn(&Request<'_>) -> Outcome;
/// Nothing here changes anything.
pub(crate) type Change = std::convert::Infallible;
type Op = Operation<Read, Change>;

/// What STS answers. Nothing of it is kept: sessions are sealed, not remembered.
pub(super) static OPERATIONS: &[Op] = &by_name([
    Op::reads("AssumeRole", assume_role),
    Op::reads("GetCallerIdentity", caller_identity),
    Op::reads("GetSessionToken", session_token),
]);

fn caller_identity(call: &Request<'_>) -> Outcome {
    Ok(Reply::query(call, |xml| {
        xml.text("Arn", format!("arn:aws:iam::{}:user/{USER}", call.scene.account));
        xml.text("UserId", unique(call, "AIDA", USER));
        xml.text("Account", call.scene.account);
    }))
}

fn session_token(call: &Request<'_>) -> Outcome {
    Ok(Reply::query(call, |xml| credentials(call, xml)))
}

fn assume_role(call: &Request<'_>) -> Outcome {
    let (arn, session) = (call.params.require("RoleArn")?, call.params.require("RoleSessionName")?);
    let role = arn.rsplit('/').next().unwrap_or_default();
    Ok(Reply::query(call, |xml| {
        xml.nest("AssumedRoleUser", |xml| {
            xml.text("AssumedRoleId", format!("{}:{session}", unique(call, "AROA", role)));
            xml.text("Arn", format!("arn:aws:sts::{}:assumed-role/{role}/{session}", call.scene.account));
        });
        credentials(call, xml);
    }))
}

/// Credentials that the door takes as it takes the world's own. While a saved world is replayed there
/// are no keys, and nobody to read the answer.
fn credentials(call: &Request<'_>, xml: &mut Xml) {
    let seconds = call.params.number("DurationSeconds").unwrap_or(3600);
    let expires = call.now.after(std::time::Duration::from_secs(seconds));
    let session = call.scene.keys.map(|keys| keys.session(&call.request_id.to_string(), expires));
    xml.nest("Credentials", |xml| {
        xml.optional("AccessKeyId", session.as_ref().map(|s| &s.access_key));
        xml.optional("SecretAccessKey", session.as_ref().map(|s| &s.secret));
        xml.optional("SessionToken", session.as_ref().map(|s| &s.token));
        xml.text("Expiration", expires.iso8601());
    });
}

fn unique(call: &Request<'_>, prefix: &str, of: &str) -> String {
    format!("{prefix}{}", seed::letters(seed::hash(call.scene.seed, &["sts", prefix, of]), 17, seed::UPPER))
}
