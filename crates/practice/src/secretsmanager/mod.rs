//! Secrets Manager (AWS JSON 1.1): the secrets of stacks, and those people make.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::{AwsError, Outcome, Reply, Request};
use super::operation::{Operation, by_name};
use super::scene::{Scene, Tickets};
use super::wire::time::epoch;
use ground::clock::Moment;
use ground::seed;

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
pub fn create(
    secrets: &mut SecretsManager,
    tickets: &mut Tickets,
    scene: &Scene<'_>,
    secret: Secret,
) -> Result<String, AwsError> {
    let (name, region) = (&secret.name, &secret.region);
    if secrets.find(region, name).is_some() {
        let text = format!("The operation failed because the secret {name} already exists.");
        return Err(AwsError::new("ResourceExistsException", text));
    }
    let draw = seed::hash(scene.seed, &["secret", region, name, &tickets.draw().to_string()]);
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let ending = seed::letters(draw, 6, ALPHABET);
    let arn = format!("arn:aws:secretsmanager:{region}:{}:secret:{name}-{ending}", scene.account);
    let now = scene.now;
    let version = seed::uuid(draw);
    let secret = Secret { arn: arn.clone(), version, created: now, changed: now, ..secret };
    secrets.secrets.insert(arn.clone(), secret);
    Ok(arn)
}

impl SecretsManager {
    /// The secret a Region knows by this name or ARN (also without its six last characters).
    #[must_use]
    pub fn find(&self, region: &str, id: &str) -> Option<&Secret> {
        self.secrets.values().find(|secret| {
            let here = secret.region == region || secret.replicas.contains(region);
            let arn = secret.arn_in(region);
            let known = secret.name == id || arn == id;
            here && (known || arn.rsplit_once('-').is_some_and(|(head, _)| head == id))
        })
    }
}

/// What answers a call.
pub(crate) type Read = fn(&SecretsManager, &Request<'_>) -> Outcome;
/// What answers a call and changes what there is.
pub(crate) type Change = fn(&mut SecretsManager, &mut Tickets, &Request<'_>) -> Outcome;
type Op = Operation<Read, Change>;

/// What Secrets Manager answers.
pub(super) static OPERATIONS: &[Op] = &by_name([
    Op::changes("CreateSecret", create_secret),
    Op::changes("DeleteSecret", delete_secret),
    Op::reads("DescribeSecret", describe_secret),
    // Drawn from the request's own id, so that nothing need be remembered.
    Op::reads("GetRandomPassword", random_password),
    Op::reads("GetSecretValue", secret_value),
    Op::reads("ListSecrets", list_secrets),
    Op::changes("PutSecretValue", put_value),
    Op::changes("UpdateSecret", put_value),
]);

fn list_secrets(secrets: &SecretsManager, call: &Request<'_>) -> Outcome {
    call.json()?;
    let secrets = secrets.secrets.values();
    let here = secrets.filter(|s| s.region == call.region || s.replicas.contains(call.region));
    let list: Vec<Value> = here.map(|secret| description(secret, call.region)).collect();
    Ok(Reply::json(call, &json!({"SecretList": list})))
}

fn secret_value(secrets: &SecretsManager, call: &Request<'_>) -> Outcome {
    let secret = find_secret(secrets, call, &call.json()?)?;
    let body = json!({
        "ARN": secret.arn_in(call.region), "Name": secret.name, "VersionId": secret.version,
        "SecretString": secret.value, "VersionStages": ["AWSCURRENT"], "CreatedDate": epoch(secret.changed),
    });
    Ok(Reply::json(call, &body))
}

fn describe_secret(secrets: &SecretsManager, call: &Request<'_>) -> Outcome {
    let secret = find_secret(secrets, call, &call.json()?)?;
    Ok(Reply::json(call, &description(secret, call.region)))
}

fn random_password(_: &SecretsManager, call: &Request<'_>) -> Outcome {
    let length = call.json()?.get("PasswordLength").and_then(Value::as_u64).unwrap_or(32);
    let generator = Generator { length, ..Generator::default() };
    let draw = seed::hash(call.scene.seed, &["password", &call.request_id.to_string()]);
    Ok(Reply::json(call, &json!({"RandomPassword": generate(draw, &generator)})))
}

fn delete_secret(secrets: &mut SecretsManager, _: &mut Tickets, call: &Request<'_>) -> Outcome {
    let secret = find_secret(secrets, call, &call.json()?)?;
    let (arn, name) = (secret.arn.clone(), secret.name.clone());
    secrets.secrets.remove(&arn);
    Ok(Reply::json(call, &json!({"ARN": arn, "Name": name, "DeletionDate": epoch(call.now)})))
}

fn create_secret(secrets: &mut SecretsManager, tickets: &mut Tickets, call: &Request<'_>) -> Outcome {
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
    let arn = create(secrets, tickets, &call.scene, secret)?;
    let version = secrets.secrets.get(&arn).map(|s| s.version.clone());
    Ok(Reply::json(call, &json!({"ARN": arn, "Name": name, "VersionId": version})))
}

fn put_value(secrets: &mut SecretsManager, tickets: &mut Tickets, call: &Request<'_>) -> Outcome {
    let input = call.json()?;
    let arn = find_secret(secrets, call, &input)?.arn.clone();
    let draw = seed::hash(call.scene.seed, &["secret version", &tickets.draw().to_string()]);
    let secret = secrets.secrets.get_mut(&arn).ok_or_else(not_found)?;
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
fn find_secret<'w>(
    secrets: &'w SecretsManager,
    call: &Request<'_>,
    input: &Value,
) -> Result<&'w Secret, AwsError> {
    let id = input.get("SecretId").and_then(Value::as_str);
    id.and_then(|id| secrets.find(call.region, id)).ok_or_else(not_found)
}

fn not_found() -> AwsError {
    AwsError::new("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
}

fn description(secret: &Secret, region: &str) -> Value {
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
