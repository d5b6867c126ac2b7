//! `AWS::S3::Bucket` and `AWS::S3::BucketPolicy`: buckets that S3's own calls see.

use serde_json::{Value, json};

use super::refusal::refused;
use super::{Attributes, Cx, Deleting, Failure, Provider, Started, Updating};
use crate::practice::s3;
use crate::practice::world::World;

/// The provider of a type of the `S3` family.
#[must_use]
pub fn provider(kind: &str) -> Option<&'static dyn Provider> {
    Some(match kind {
        "AWS::S3::Bucket" => &Bucket,
        "AWS::S3::BucketPolicy" => &Policy,
        _ => return None,
    })
}

#[derive(Debug)]
struct Bucket;

impl Provider for Bucket {
    fn create(&self, world: &mut World, cx: &Cx<'_>) -> Result<Started, Failure> {
        let name = cx.text("BucketName").unwrap_or_else(|| made_up(cx));
        if world.s3.buckets.contains_key(&name) {
            return Err(Failure::handler("AlreadyExists", format!("{name} already exists")));
        }
        s3::create(world, cx.region, &name).map_err(|e| refused(cx, "S3", &e))?;
        configure(world, cx, &name)?;
        Ok(Started { attributes: attributes(cx, &name), physical_id: name, takes: cx.creating() })
    }

    fn created(&self, _world: &mut World, cx: &Cx<'_>, physical_id: &str) -> Result<Attributes, Failure> {
        Ok(attributes(cx, physical_id))
    }

    fn update(
        &self,
        world: &mut World,
        cx: &Cx<'_>,
        physical_id: &str,
        _old: &Value,
    ) -> Result<Updating, Failure> {
        configure(world, cx, physical_id)?;
        Ok(Updating::InPlace { takes: cx.updating() })
    }

    fn delete(&self, world: &mut World, cx: &Cx<'_>, physical_id: &str) -> Result<Deleting, Failure> {
        if world.s3.buckets.contains_key(physical_id) {
            s3::remove(&mut world.s3, physical_id).map_err(|e| refused(cx, "S3", &e))?;
        }
        Ok(Deleting { takes: cx.deleting() })
    }

    fn deleted(&self, _world: &mut World, _cx: &Cx<'_>, _physical_id: &str) -> Result<(), Failure> {
        Ok(())
    }
}

/// `stack-logical-xxxxxxxxxxxx`, lower case, at most 63 characters.
fn made_up(cx: &Cx<'_>) -> String {
    let name = cx.name().to_ascii_lowercase();
    let (head, tail) = name.split_at(name.len().saturating_sub(13));
    let head: String = head.chars().take(50).collect();
    format!("{head}{tail}")
}

/// Settings of the template as the XML documents of S3's API.
fn configure(world: &mut World, cx: &Cx<'_>, name: &str) -> Result<(), Failure> {
    let mut settings: Vec<(&str, String)> = Vec::new();
    if let Some(status) = cx.props.pointer("/VersioningConfiguration/Status").and_then(Value::as_str) {
        settings.push(("versioning", status.to_owned()));
    }
    // Since April 2023 every new bucket blocks public access unless the template says otherwise.
    let block = cx.props.get("PublicAccessBlockConfiguration");
    let says = |key: &str| match block {
        Some(block) => block.get(key).is_some_and(|v| v == true || v == "true"),
        None => true,
    };
    let keys = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
    let inner: String = keys.iter().map(|k| format!("<{k}>{}</{k}>", says(k))).collect();
    settings.push(("publicAccessBlock", document("PublicAccessBlockConfiguration", &inner)));
    let owner = cx.props.pointer("/OwnershipControls/Rules/0/ObjectOwnership").and_then(Value::as_str);
    let owner = owner.unwrap_or("BucketOwnerEnforced");
    let rule = format!("<Rule><ObjectOwnership>{owner}</ObjectOwnership></Rule>");
    settings.push(("ownershipControls", document("OwnershipControls", &rule)));
    for (setting, text) in settings {
        s3::configure(&mut world.s3, name, setting, text).map_err(|e| refused(cx, "S3", &e))?;
    }
    Ok(())
}

fn document(root: &str, inner: &str) -> String {
    format!("<{root} xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{inner}</{root}>")
}

fn attributes(cx: &Cx<'_>, name: &str) -> Attributes {
    let (region, mut out) = (cx.region, Attributes::new());
    let website = match region {
        "us-east-1" | "us-west-1" | "us-west-2" | "eu-west-1" | "ap-southeast-1" | "ap-southeast-2"
        | "ap-northeast-1" | "sa-east-1" => format!("http://{name}.s3-website-{region}.amazonaws.com"),
        _ => format!("http://{name}.s3-website.{region}.amazonaws.com"),
    };
    for (attribute, value) in [
        ("Arn", format!("arn:aws:s3:::{name}")),
        ("DomainName", format!("{name}.s3.amazonaws.com")),
        ("RegionalDomainName", format!("{name}.s3.{region}.amazonaws.com")),
        ("DualStackDomainName", format!("{name}.s3.dualstack.{region}.amazonaws.com")),
        ("WebsiteURL", website),
    ] {
        out.insert(attribute.to_owned(), json!(value));
    }
    out
}

#[derive(Debug)]
struct Policy;

impl Provider for Policy {
    fn create(&self, world: &mut World, cx: &Cx<'_>) -> Result<Started, Failure> {
        let bucket = cx.text("Bucket").unwrap_or_default();
        if world.s3.bucket(&bucket).is_ok_and(|b| b.policy.is_some()) {
            return Err(Failure::handler(
                "AlreadyExists",
                format!("The bucket policy already exists on bucket {bucket}."),
            ));
        }
        put(world, cx, &bucket)?;
        Ok(Started { physical_id: bucket, attributes: Attributes::new(), takes: cx.creating() })
    }

    fn created(&self, _world: &mut World, _cx: &Cx<'_>, _physical_id: &str) -> Result<Attributes, Failure> {
        Ok(Attributes::new())
    }

    fn update(
        &self,
        world: &mut World,
        cx: &Cx<'_>,
        physical_id: &str,
        _old: &Value,
    ) -> Result<Updating, Failure> {
        put(world, cx, physical_id)?;
        Ok(Updating::InPlace { takes: cx.updating() })
    }

    fn delete(&self, world: &mut World, cx: &Cx<'_>, physical_id: &str) -> Result<Deleting, Failure> {
        if world.s3.buckets.contains_key(physical_id) {
            s3::set_policy(&mut world.s3, physical_id, None).map_err(|e| refused(cx, "S3", &e))?;
        }
        Ok(Deleting { takes: cx.deleting() })
    }

    fn deleted(&self, _world: &mut World, _cx: &Cx<'_>, _physical_id: &str) -> Result<(), Failure> {
        Ok(())
    }
}

fn put(world: &mut World, cx: &Cx<'_>, bucket: &str) -> Result<(), Failure> {
    let policy = match &cx.props["PolicyDocument"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    s3::set_policy(&mut world.s3, bucket, Some(policy)).map_err(|e| refused(cx, "S3", &e))
}
