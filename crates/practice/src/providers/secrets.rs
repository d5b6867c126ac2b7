//! Secrets Manager: secrets given or generated, replicated to other Regions.

use serde_json::Value;

use super::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, Updating};
use crate::secretsmanager::{self, Generator, Secret};
use crate::services::Services;

/// The provider of a type of the `SecretsManager` family.
#[must_use]
pub fn provider(kind: &str) -> Option<&'static dyn Provider> {
    (kind == "AWS::SecretsManager::Secret").then_some(&Secrets)
}

#[derive(Debug)]
struct Secrets;

impl Provider for Secrets {
    fn create(&self, services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        fits(cx)?;
        let secret = Secret {
            name: cx.text("Name").unwrap_or_else(|| cx.name()),
            region: cx.region.to_owned(),
            replicas: replicas(cx.props),
            description: cx.text("Description"),
            value: value(cx),
            tags: cx.stack_tags.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
            ..Secret::default()
        };
        let scene = services.scene(cx.region, cx.now);
        let arn = secretsmanager::create(services.secretsmanager, services.tickets, &scene, secret)
            .map_err(|error| Failure::handler("AlreadyExists", error.message))?;
        Ok(Started { attributes: attributes(&arn), physical_id: arn, takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        _cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        Ok(attributes(physical_id))
    }

    fn update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
        old_props: &Value,
    ) -> Result<Updating, Failure> {
        fits(cx)?;
        let given = ["SecretString", "GenerateSecretString"];
        let anew = given.iter().any(|name| cx.props.get(name) != old_props.get(name));
        if let Some(secret) = services.secretsmanager.secrets.get_mut(physical_id) {
            secret.replicas = replicas(cx.props);
            secret.description = cx.text("Description");
            if anew {
                secret.value = value(cx);
                secret.changed = cx.now;
            }
        }
        Ok(Updating::InPlace { takes: cx.updating() })
    }

    fn delete(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        _physical_id: &str,
    ) -> Result<Deleting, Failure> {
        Ok(Deleting { takes: cx.deleting() })
    }

    fn finish_deletion(
        &self,
        services: &mut Services<'_>,
        _cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<(), Failure> {
        services.secretsmanager.secrets.remove(physical_id);
        Ok(())
    }
}

/// The longest text of a secret, in characters (Secrets Manager API reference, `SecretString`).
const LONGEST: usize = 65_536;

fn fits(cx: &Cx<'_>) -> Result<(), Failure> {
    let long = |name: &str| cx.text(name).is_some_and(|text| text.chars().count() > LONGEST);
    let template = cx.props.pointer("/GenerateSecretString/SecretStringTemplate").and_then(Value::as_str);
    if long("SecretString") || template.is_some_and(|text| text.len() > LONGEST) {
        let text = format!(
            "1 validation error detected: Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to {LONGEST}"
        );
        return Err(Failure::handler("InvalidRequest", text));
    }
    let length = cx.props.pointer("/GenerateSecretString/PasswordLength");
    let length = length.and_then(|l| l.as_u64().or_else(|| l.as_str()?.parse().ok()));
    if length.is_some_and(|length| !(1..=4096).contains(&length)) {
        return Err(Failure::handler(
            "InvalidRequest",
            "1 validation error detected: Value at 'passwordLength' failed to satisfy constraint: Member must have value between 1 and 4096, inclusive",
        ));
    }
    Ok(())
}

fn attributes(arn: &str) -> Attributes {
    let mut attributes = Attributes::new();
    attributes.insert("Id".to_owned(), arn.into());
    attributes
}

fn replicas(props: &Value) -> std::collections::BTreeSet<String> {
    let list = props.get("ReplicaRegions").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|replica| replica.get("Region")?.as_str().map(str::to_owned)).collect()
}

/// The text given, or a generated one that is this resource's own.
fn value(cx: &Cx<'_>) -> String {
    if let Some(text) = cx.text("SecretString") {
        return text;
    }
    let Some(wanted) = cx.props.get("GenerateSecretString") else { return String::new() };
    let text = |name: &str| wanted.get(name).and_then(Value::as_str).map(str::to_owned);
    let says = |name: &str| match wanted.get(name) {
        Some(Value::Bool(b)) => *b,
        Some(Value::String(s)) => s.eq_ignore_ascii_case("true"),
        _ => false,
    };
    let length = wanted.get("PasswordLength");
    let length = length.and_then(|l| l.as_u64().or_else(|| l.as_str()?.parse().ok())).unwrap_or(32);
    let generator = Generator {
        length,
        exclude: text("ExcludeCharacters").unwrap_or_default(),
        punctuation: !says("ExcludePunctuation"),
        within: text("SecretStringTemplate").zip(text("GenerateStringKey")),
    };
    secretsmanager::generate(cx.hash("secret"), &generator)
}
