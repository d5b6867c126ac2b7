//! Systems Manager (AWS JSON 1.1): parameters, the public ones of AWS among them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::{AwsError, Outcome, Reply, Request};
use super::operation::{Operation, by_name};
use super::wire::time::epoch;
use ground::clock::Moment;

mod public;

/// Parameters that stacks or people made, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ssm {
    /// By Region, then name.
    pub parameters: BTreeMap<String, BTreeMap<String, Parameter>>,
}

/// One parameter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// `String`, `StringList` or `SecureString`.
    pub kind: String,
    pub value: String,
    /// How often it was written.
    pub version: u64,
    /// When it was last written.
    pub at: Moment,
}

impl Ssm {
    /// The value of a parameter in a Region: one that was made, or a public one.
    #[must_use]
    pub fn value(&self, seed: u64, region: &str, name: &str) -> Option<String> {
        let made = self.parameters.get(region).and_then(|all| all.get(name));
        made.map(|p| p.value.clone()).or_else(|| public::value(seed, region, name))
    }
}

/// What answers a call.
pub(crate) type Read = fn(&Ssm, &Request<'_>) -> Outcome;
/// What answers a call and changes what there is.
pub(crate) type Change = fn(&mut Ssm, &Request<'_>) -> Outcome;
type Op = Operation<Read, Change>;

/// What Systems Manager answers.
pub(super) static OPERATIONS: &[Op] = &by_name([
    Op::changes("DeleteParameter", delete),
    Op::reads("GetParameter", get),
    Op::reads("GetParameters", get_several),
    Op::reads("GetParametersByPath", get_by_path),
    Op::changes("PutParameter", put),
]);

fn get(ssm: &Ssm, call: &Request<'_>) -> Outcome {
    let input = call.json()?;
    let name = text(&input, "Name")?;
    let found = find(ssm, call, name).ok_or_else(|| not_found(name))?;
    Ok(Reply::json(call, &json!({"Parameter": found})))
}

fn get_several(ssm: &Ssm, call: &Request<'_>) -> Outcome {
    let input = call.json()?;
    let names = input.get("Names").and_then(Value::as_array).cloned().unwrap_or_default();
    let (mut found, mut invalid) = (Vec::new(), Vec::new());
    for name in names.iter().filter_map(Value::as_str) {
        match find(ssm, call, name) {
            Some(parameter) => found.push(parameter),
            None => invalid.push(name),
        }
    }
    Ok(Reply::json(call, &json!({"Parameters": found, "InvalidParameters": invalid})))
}

fn get_by_path(ssm: &Ssm, call: &Request<'_>) -> Outcome {
    let input = call.json()?;
    let path = text(&input, "Path")?;
    let below = format!("{}/", path.trim_end_matches('/'));
    let made = ssm.parameters.get(call.region).into_iter().flat_map(|all| all.keys());
    let names = made.filter(|name| name.starts_with(&below)).cloned();
    let found: Vec<Value> =
        names.chain(public::under(path)).filter_map(|name| find(ssm, call, &name)).collect();
    Ok(Reply::json(call, &json!({"Parameters": found})))
}

fn delete(ssm: &mut Ssm, call: &Request<'_>) -> Outcome {
    let input = call.json()?;
    let name = text(&input, "Name")?;
    let gone = ssm.parameters.get_mut(call.region).and_then(|all| all.remove(name));
    gone.map(|_| Reply::json(call, &json!({}))).ok_or_else(|| not_found(name))
}

fn put(ssm: &mut Ssm, call: &Request<'_>) -> Outcome {
    let input = &call.json()?;
    let (name, value) = (text(input, "Name")?.to_owned(), text(input, "Value")?.to_owned());
    if name.starts_with("/aws") || name.starts_with("aws") {
        return Err(AwsError::new(
            "AccessDeniedException",
            format!("No access to reserved parameter name: {name}."),
        ));
    }
    let tier = tier_of(&value, input.get("Tier").and_then(Value::as_str))?;
    let levels = name.trim_start_matches('/').split('/').count();
    if levels > LEVELS {
        let text = format!(
            "A hierarchy can have a maximum of {LEVELS} levels. For more information, see Requirements and constraints for parameter names in the AWS Systems Manager User Guide."
        );
        return Err(AwsError::new("HierarchyLevelLimitExceededException", text));
    }
    let at = call.now;
    let all = ssm.parameters.entry(call.region.to_owned()).or_default();
    let before = all.get(&name);
    if before.is_some() && input.get("Overwrite").and_then(Value::as_bool) != Some(true) {
        let text = "The parameter already exists. To overwrite this value, set the overwrite option in the request \
                    to true.";
        return Err(AwsError::new("ParameterAlreadyExists", text));
    }
    let kind = input.get("Type").and_then(Value::as_str).or(before.map(|b| b.kind.as_str()));
    let kind = kind.unwrap_or("String").to_owned();
    let version = before.map_or(1, |b| b.version + 1);
    all.insert(name, Parameter { kind, value, version, at });
    Ok(Reply::json(call, &json!({"Version": version, "Tier": tier})))
}

/// How many levels a parameter's name may have (Systems Manager user guide, "Creating parameter names").
const LEVELS: usize = 15;
/// The longest values of standard and of advanced parameters, in characters (the same guide,
/// "Managing parameter tiers").
const STANDARD: usize = 4096;
const ADVANCED: usize = 8192;

/// The tier a value of this length gets, of those that were asked for.
///
/// # Errors
/// A value that is too long for it, in Systems Manager's words.
pub fn tier_of(value: &str, asked: Option<&str>) -> Result<&'static str, AwsError> {
    let length = value.chars().count();
    let tier = match asked {
        Some("Advanced") => "Advanced",
        Some("Intelligent-Tiering") if length > STANDARD => "Advanced",
        _ => "Standard",
    };
    let (most, more) = match tier {
        "Standard" => (
            STANDARD,
            " To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html",
        ),
        _ => (ADVANCED, ""),
    };
    if length <= most {
        return Ok(tier);
    }
    let text =
        format!("{tier} tier parameters support a maximum parameter value of {most} characters.{more}");
    Err(AwsError::new("ValidationException", text))
}

fn find(ssm: &Ssm, call: &Request<'_>, name: &str) -> Option<Value> {
    // A name may be an ARN, and may end in `:version`.
    let name = name.split_once(":parameter").map_or(name, |(_, rest)| rest);
    let name = name.rsplit_once(':').map_or(name, |(name, _)| name);
    let arn = |owner: &str| {
        format!("arn:aws:ssm:{}:{owner}:parameter/{}", call.region, name.trim_start_matches('/'))
    };
    if let Some(made) = ssm.parameters.get(call.region).and_then(|all| all.get(name)) {
        return Some(json!({
            "Name": name, "Type": made.kind, "Value": made.value, "Version": made.version,
            "LastModifiedDate": epoch(made.at), "ARN": arn(call.scene.account), "DataType": "text",
        }));
    }
    let value = public::value(call.scene.seed, call.region, name)?;
    let kind = if value.starts_with("ami-") { "aws:ec2:image" } else { "text" };
    Some(json!({
        "Name": name, "Type": "String", "Value": value, "Version": 1,
        "LastModifiedDate": epoch(call.now), "ARN": arn(""), "DataType": kind,
    }))
}

fn not_found(name: &str) -> AwsError {
    AwsError::new("ParameterNotFound", format!("Parameter {name} not found."))
}

fn text<'v>(input: &'v Value, name: &str) -> Result<&'v str, AwsError> {
    input.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).ok_or_else(|| {
        let mut field = name.to_owned();
        field[..1].make_ascii_lowercase();
        AwsError::new(
            "ValidationException",
            format!(
                "1 validation error detected: Value null at '{field}' failed to satisfy constraint: Member must not be \
                 null"
            ),
        )
    })
}
