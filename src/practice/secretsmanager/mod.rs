//! Secrets Manager (AWS JSON 1.1): the secrets of stacks, and those people make.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::{AwsError, Call, Outcome, Reply};
use super::operation::{Operation, by_name, changes, reads};
use super::wire::time::epoch;
use super::world::World;
use crate::clock::Moment;
use crate::seed;

mod generate;

pub use generate::{Generator, generate};

/// Secrets, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SecretsManager {
    /// By ARN in their first Region.
    pub secrets: BTreeMap<String, Secret>,
}

/// One secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Secret {
    /// Its ARN in its first Region.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its first Region.
    pub region: String,
    /// The Regions it is replicated to.
    pub replicas: BTreeSet<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The text it keeps.
    pub value: String,
    /// The id of the current version.
    pub version: String,
    /// When it was made.
    pub created: Moment,
    /// When it was last changed.
    pub changed: Moment,
    /// Tags.
    pub tags: Vec<(String, String)>,
}

impl Secret {
    /// Its ARN in a Region it is in.
    #[must_use]
    pub fn arn_in(&self, region: &str) -> String {
        self.arn.replacen(&format!(":{}:", self.region), &format!(":{region}:"), 1)
    }
}

/// Makes a secret; gives its ARN.
///
/// # Errors
/// `ResourceExistsException` when the Region has one of that name.
pub fn create(world: &mut World, secret: Secret) -> Result<String, AwsError> {
    let (name, region) = (&secret.name, &secret.region);
    if find(world, region, name).is_some() {
        let text = format!("The operation failed because the secret {name} already exists.");
        return Err(AwsError::new("ResourceExistsException", text));
    }
    let draw = seed::hash(world.seed, &["secret", region, name, &world.ticket().to_string()]);
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let ending = seed::letters(draw, 6, ALPHABET);
    let arn = format!("arn:aws:secretsmanager:{region}:{}:secret:{name}-{ending}", world.account);
    let now = world.now;
    let version = seed::uuid(draw);
    let secret = Secret { arn: arn.clone(), version, created: now, changed: now, ..secret };
    world.secretsmanager.secrets.insert(arn.clone(), secret);
    Ok(arn)
}

/// The secret a Region knows by this name or ARN (also without its six last characters).
#[must_use]
pub fn find<'w>(world: &'w World, region: &str, id: &str) -> Option<&'w Secret> {
    world.secretsmanager.secrets.values().find(|secret| {
        let here = secret.region == region || secret.replicas.contains(region);
        let arn = secret.arn_in(region);
        here && (secret.name == id || arn == id || arn.rsplit_once('-').is_some_and(|(head, _)| head == id))
    })
}

/// What Secrets Manager answers.
pub(super) static OPERATIONS: &[Operation] = &by_name([
    changes("CreateSecret", create_secret),
    changes("DeleteSecret", delete_secret),
    reads("DescribeSecret", describe_secret),
    // Drawn from the request's own id, so that nothing need be remembered.
    reads("GetRandomPassword", random_password),
    reads("GetSecretValue", secret_value),
    reads("ListSecrets", list_secrets),
    changes("PutSecretValue", put_value),
    changes("UpdateSecret", put_value),
]);

fn list_secrets(world: &World, call: &Call<'_>) -> Outcome {
    call.json()?;
    let secrets = world.secretsmanager.secrets.values();
    let here = secrets.filter(|s| s.region == call.region || s.replicas.contains(call.region));
    let list: Vec<Value> = here.map(|secret| described(secret, call.region)).collect();
    Ok(Reply::json(call, &json!({"SecretList": list})))
}

fn secret_value(world: &World, call: &Call<'_>) -> Outcome {
    let secret = asked(world, call, &call.json()?)?;
    let body = json!({
        "ARN": secret.arn_in(call.region), "Name": secret.name, "VersionId": secret.version,
        "SecretString": secret.value, "VersionStages": ["AWSCURRENT"], "CreatedDate": epoch(secret.changed),
    });
    Ok(Reply::json(call, &body))
}

fn describe_secret(world: &World, call: &Call<'_>) -> Outcome {
    let secret = asked(world, call, &call.json()?)?;
    Ok(Reply::json(call, &described(secret, call.region)))
}

fn random_password(world: &World, call: &Call<'_>) -> Outcome {
    let length = call.json()?.get("PasswordLength").and_then(Value::as_u64).unwrap_or(32);
    let generator = Generator { length, ..Generator::default() };
    let draw = seed::hash(world.seed, &["password", &call.request_id.to_string()]);
    Ok(Reply::json(call, &json!({"RandomPassword": generate(draw, &generator)})))
}

fn delete_secret(world: &mut World, call: &Call<'_>) -> Outcome {
    let secret = asked(world, call, &call.json()?)?;
    let (arn, name) = (secret.arn.clone(), secret.name.clone());
    world.secretsmanager.secrets.remove(&arn);
    Ok(Reply::json(call, &json!({"ARN": arn, "Name": name, "DeletionDate": epoch(call.now)})))
}

fn create_secret(world: &mut World, call: &Call<'_>) -> Outcome {
    let input = call.json()?;
    let text = |name: &str| input.get(name).and_then(Value::as_str).map(str::to_owned);
    let name =
        text("Name").ok_or_else(|| AwsError::new("InvalidParameterException", "You must provide a name."))?;
    let regions = input.get("AddReplicaRegions").and_then(Value::as_array).into_iter().flatten();
    let secret = Secret {
        name: name.clone(),
        region: call.region.to_owned(),
        replicas: regions.filter_map(|r| r.get("Region")?.as_str().map(str::to_owned)).collect(),
        description: text("Description"),
        value: text("SecretString").unwrap_or_default(),
        ..Secret::default()
    };
    let arn = create(world, secret)?;
    let version = world.secretsmanager.secrets.get(&arn).map(|s| s.version.clone());
    Ok(Reply::json(call, &json!({"ARN": arn, "Name": name, "VersionId": version})))
}

fn put_value(world: &mut World, call: &Call<'_>) -> Outcome {
    let input = call.json()?;
    let arn = asked(world, call, &input)?.arn.clone();
    let draw = seed::hash(world.seed, &["secret version", &world.ticket().to_string()]);
    let secret = world.secretsmanager.secrets.get_mut(&arn).ok_or_else(not_found)?;
    if let Some(value) = input.get("SecretString").and_then(Value::as_str) {
        secret.value = value.to_owned();
        secret.version = seed::uuid(draw);
        secret.changed = call.now;
    }
    let stages = ["AWSCURRENT"];
    let body = json!({"ARN": arn, "Name": secret.name, "VersionId": secret.version, "VersionStages": stages});
    Ok(Reply::json(call, &body))
}

/// The secret that is asked for.
fn asked<'w>(world: &'w World, call: &Call<'_>, input: &Value) -> Result<&'w Secret, AwsError> {
    let id = input.get("SecretId").and_then(Value::as_str);
    id.and_then(|id| find(world, call.region, id)).ok_or_else(not_found)
}

fn not_found() -> AwsError {
    AwsError::new("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
}

fn described(secret: &Secret, region: &str) -> Value {
    let mut value = json!({
        "ARN": secret.arn_in(region), "Name": secret.name,
        "CreatedDate": epoch(secret.created), "LastChangedDate": epoch(secret.changed),
        "Tags": secret.tags.iter().map(|(k, v)| json!({"Key": k, "Value": v})).collect::<Vec<_>>(),
        "VersionIdsToStages": {secret.version.clone(): ["AWSCURRENT"]},
        "PrimaryRegion": secret.region,
    });
    if let Some(description) = &secret.description {
        value["Description"] = json!(description);
    }
    if !secret.replicas.is_empty() {
        let replica =
            |r: &String| json!({"Region": r, "Status": "InSync", "StatusMessage": "Replication succeeded"});
        value["ReplicationStatus"] = secret.replicas.iter().map(replica).collect();
    }
    value
}
