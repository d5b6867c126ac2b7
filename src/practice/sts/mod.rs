//! STS (awsQuery 2011-06-15): who the caller is (always the account's one user), and temporary credentials.

use super::call::{Call, Outcome, Reply};
use super::operation::{Operation, by_name, reads};
use super::wire::Xml;
use super::world::World;
use crate::seed;

/// The user that every caller is.
pub const USER: &str = "practice";

/// What STS answers. Nothing of it is kept: sessions are sealed, not remembered.
pub(super) static OPERATIONS: &[Operation] = &by_name([
    reads("AssumeRole", assume_role),
    reads("GetCallerIdentity", caller_identity),
    reads("GetSessionToken", session_token),
]);

fn caller_identity(world: &World, call: &Call<'_>) -> Outcome {
    Ok(Reply::query(call, |xml| {
        xml.text("Arn", format!("arn:aws:iam::{}:user/{USER}", world.account));
        xml.text("UserId", unique(world, "AIDA", USER));
        xml.text("Account", &world.account);
    }))
}

fn session_token(world: &World, call: &Call<'_>) -> Outcome {
    Ok(Reply::query(call, |xml| credentials(world, call, xml)))
}

fn assume_role(world: &World, call: &Call<'_>) -> Outcome {
    let (arn, session) = (call.params.required("RoleArn")?, call.params.required("RoleSessionName")?);
    let role = arn.rsplit('/').next().unwrap_or_default();
    Ok(Reply::query(call, |xml| {
        xml.nest("AssumedRoleUser", |xml| {
            xml.text("AssumedRoleId", format!("{}:{session}", unique(world, "AROA", role)));
            xml.text("Arn", format!("arn:aws:sts::{}:assumed-role/{role}/{session}", world.account));
        });
        credentials(world, call, xml);
    }))
}

/// Credentials that the door takes as it takes the world's own. While a saved world is replayed there
/// are no keys, and nobody to read the answer.
fn credentials(world: &World, call: &Call<'_>, xml: &mut Xml) {
    let seconds = call.params.number("DurationSeconds").unwrap_or(3600);
    let expires = call.now.after(std::time::Duration::from_secs(seconds));
    let session = world.keys.as_ref().map(|keys| keys.session(&call.request_id.to_string(), expires));
    xml.nest("Credentials", |xml| {
        xml.optional("AccessKeyId", session.as_ref().map(|s| &s.access_key));
        xml.optional("SecretAccessKey", session.as_ref().map(|s| &s.secret));
        xml.optional("SessionToken", session.as_ref().map(|s| &s.token));
        xml.text("Expiration", expires.iso8601());
    });
}

fn unique(world: &World, prefix: &str, of: &str) -> String {
    format!("{prefix}{}", seed::letters(seed::hash(world.seed, &["sts", prefix, of]), 17, seed::UPPER))
}
