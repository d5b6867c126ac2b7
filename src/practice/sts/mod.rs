//! STS (awsQuery 2011-06-15): who the caller is. Any credentials are taken; the account is always the same.

use super::call::{AwsError, Call, Outcome, Reply};
use super::providers::chance;
use super::wire::Xml;
use super::world::World;

/// The user that every caller is.
pub const USER: &str = "practice";

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(world: &mut World, call: &Call<'_>) -> Outcome {
    match call.action.as_str() {
        "GetCallerIdentity" => Ok(Reply::query(call, |xml| {
            xml.text("Arn", format!("arn:aws:iam::{}:user/{USER}", world.account));
            xml.text("UserId", unique(world, "AIDA", USER));
            xml.text("Account", &world.account);
        })),
        "GetSessionToken" => Ok(Reply::query(call, |xml| credentials(world, call, xml))),
        "AssumeRole" => assume_role(world, call),
        _ => Err(AwsError::unknown_action(call)),
    }
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

/// Credentials that practice takes as it takes any others.
fn credentials(world: &World, call: &Call<'_>, xml: &mut Xml) {
    xml.nest("Credentials", |xml| {
        let id = call.request_id.to_string();
        xml.text("AccessKeyId", unique(world, "ASIA", &id));
        xml.text("SecretAccessKey", "espera-practice-secret");
        xml.text("SessionToken", format!("espera-practice-session-{id}"));
        xml.text("Expiration", call.now.after(std::time::Duration::from_secs(3600)).iso8601());
    });
}

fn unique(world: &World, prefix: &str, of: &str) -> String {
    format!("{prefix}{}", chance::letters(chance::hash(world.seed, &["sts", prefix, of]), 17, chance::UPPER))
}
