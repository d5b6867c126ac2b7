//! S3: buckets and their policies, in the same state that S3 requests work on.

use serde_json::Value;

use super::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, Updating};
use crate::s3;
use crate::services::Services;
use ground::seed;

/// The provider of a type of the `S3` family.
#[must_use]
pub fn provider(kind: &str) -> Option<&'static dyn Provider> {
    match kind {
        "AWS::S3::Bucket" => Some(&Bucket),
        "AWS::S3::BucketPolicy" => Some(&Policy),
        _ => None,
    }
}

#[derive(Debug)]
struct Bucket;

impl Provider for Bucket {
    fn create(&self, services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let name = cx.text("BucketName").unwrap_or_else(|| generated_name(cx));
        if let Err(error) = s3::create(services.s3, cx.region, &name, cx.now) {
            return Err(match error.code.as_str() {
                "BucketAlreadyOwnedByYou" => Failure::Failed(format!("{name} already exists")),
                _ => Failure::handler("InvalidRequest", error.message),
            });
        }
        configure(services, cx, &name);
        Ok(Started { attributes: attributes(cx, &name), physical_id: name, takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        Ok(attributes(cx, physical_id))
    }

    fn update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
        _old_props: &Value,
    ) -> Result<Updating, Failure> {
        if !services.s3.buckets.contains_key(physical_id) {
            return Err(Failure::handler("NotFound", "The specified bucket does not exist"));
        }
        configure(services, cx, physical_id);
        Ok(Updating::InPlace { takes: cx.updating() })
    }

    fn delete(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Deleting, Failure> {
        let full = services.s3.buckets.get(physical_id).is_some_and(|bucket| !bucket.objects.is_empty());
        if full {
            return Err(not_empty(services, physical_id));
        }
        Ok(Deleting { takes: cx.deleting() })
    }

    fn finish_deletion(
        &self,
        services: &mut Services<'_>,
        _cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<(), Failure> {
        match s3::remove(services.s3, physical_id) {
            Err(error) if error.code == "BucketNotEmpty" => Err(not_empty(services, physical_id)),
            _ => Ok(()),
        }
    }
}

fn not_empty(services: &mut Services<'_>, name: &str) -> Failure {
    let message = s3::remove(services.s3, name).err().map(|error| error.message).unwrap_or_default();
    Failure::handler("GeneralServiceException", format!("{message} (Service: S3, Status Code: 409)"))
}

/// `stack-logical-xxxxxxxxxxxx` in what a bucket's name may hold, at most 63 characters.
fn generated_name(cx: &Cx<'_>) -> String {
    let head = format!("{}-{}", cx.stack_name, cx.logical_id).to_ascii_lowercase();
    let head: String = head.chars().take(50).collect();
    format!("{head}-{}", cx.letters(12, seed::LOWER))
}

fn attributes(cx: &Cx<'_>, name: &str) -> Attributes {
    let mut attributes = Attributes::new();
    let mut set = |key: &str, value: String| attributes.insert(key.to_owned(), value.into());
    let region = cx.region;
    set("Arn", format!("arn:aws:s3:::{name}"));
    set("DomainName", format!("{name}.s3.amazonaws.com"));
    set("RegionalDomainName", format!("{name}.s3.{region}.amazonaws.com"));
    set("DualStackDomainName", format!("{name}.s3.dualstack.{region}.amazonaws.com"));
    // The oldest Regions write their website's name with a hyphen.
    let dash = [
        "us-east-1",
        "us-west-1",
        "us-west-2",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-northeast-1",
        "eu-west-1",
        "sa-east-1",
    ];
    let mark = if dash.contains(&region) { '-' } else { '.' };
    set("WebsiteURL", format!("http://{name}.s3-website{mark}{region}.amazonaws.com"));
    attributes
}

/// Takes over what practice honours of a bucket's properties.
fn configure(services: &mut Services<'_>, cx: &Cx<'_>, name: &str) {
    let at = |path: &str| cx.props.pointer(path);
    if let Some(status) = at("/VersioningConfiguration/Status").and_then(Value::as_str) {
        let _ = s3::configure(services.s3, name, "versioning", status.to_owned());
    }
    if let Some(blocks) = at("/PublicAccessBlockConfiguration") {
        let _ = s3::configure(services.s3, name, "publicAccessBlock", block_document(blocks));
    }
    if let Some(website) = at("/WebsiteConfiguration") {
        let _ = s3::configure(services.s3, name, "website", website_document(website));
    }
    let tags = cx.props.get("Tags").and_then(Value::as_array).cloned().unwrap_or_default();
    let _ = s3::configure(services.s3, name, "tagging", tag_document(cx, &tags));
}

fn block_document(blocks: &Value) -> String {
    let names = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
    let mut xml = crate::wire::Xml::new();
    xml.nest("PublicAccessBlockConfiguration", |xml| {
        for name in names {
            let on = blocks.get(name).is_some_and(|v| *v == Value::Bool(true) || v.as_str() == Some("true"));
            xml.display(name, on);
        }
    });
    xml.finish()
}

/// CloudFormation's words for a website in those of S3.
fn website_document(website: &Value) -> String {
    let mut xml = crate::wire::Xml::new();
    let text = |xml: &mut crate::wire::Xml, from: Option<&Value>, names: &[&str]| {
        for name in names {
            match from.and_then(|from| from.get(name)) {
                Some(Value::String(text)) => xml.text(name, text),
                // Status codes are written as numbers too.
                Some(Value::Number(number)) => xml.display(name, number),
                _ => {}
            }
        }
    };
    xml.nest("WebsiteConfiguration", |xml| {
        if let Some(index) = website.get("IndexDocument").and_then(Value::as_str) {
            xml.nest("IndexDocument", |xml| xml.text("Suffix", index));
        }
        if let Some(error) = website.get("ErrorDocument").and_then(Value::as_str) {
            xml.nest("ErrorDocument", |xml| xml.text("Key", error));
        }
        if let all @ Some(_) = website.get("RedirectAllRequestsTo") {
            xml.nest("RedirectAllRequestsTo", |xml| text(xml, all, &["HostName", "Protocol"]));
        }
        let rules = website.get("RoutingRules").and_then(Value::as_array);
        xml.list("RoutingRules", "RoutingRule", rules.into_iter().flatten(), |xml, rule| {
            if let condition @ Some(_) = rule.get("RoutingRuleCondition") {
                let names = ["KeyPrefixEquals", "HttpErrorCodeReturnedEquals"];
                xml.nest("Condition", |xml| text(xml, condition, &names));
            }
            let names =
                ["HostName", "HttpRedirectCode", "Protocol", "ReplaceKeyPrefixWith", "ReplaceKeyWith"];
            xml.nest("Redirect", |xml| text(xml, rule.get("RedirectRule"), &names));
        });
    });
    xml.finish()
}

fn tag_document(cx: &Cx<'_>, own: &[Value]) -> String {
    let mut tags: Vec<(&str, &str)> = vec![
        ("aws:cloudformation:stack-name", cx.stack_name),
        ("aws:cloudformation:stack-id", cx.stack_id),
        ("aws:cloudformation:logical-id", cx.logical_id),
    ];
    tags.extend(cx.stack_tags.iter().map(|(k, v)| (k.as_str(), v.as_str())));
    tags.extend(own.iter().filter_map(|tag| Some((tag.get("Key")?.as_str()?, tag.get("Value")?.as_str()?))));
    let mut xml = crate::wire::Xml::new();
    xml.nest("Tagging", |xml| {
        xml.list("TagSet", "Tag", tags, |xml, (key, value)| {
            xml.text("Key", key);
            xml.text("Value", value);
        });
    });
    xml.finish()
}

#[derive(Debug)]
struct Policy;

impl Policy {
    fn apply(services: &mut Services<'_>, cx: &Cx<'_>) -> Result<String, Failure> {
        let bucket = cx.text("Bucket").unwrap_or_default();
        let document = match cx.props.get("PolicyDocument") {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => String::new(),
        };
        s3::set_policy(services.s3, &bucket, Some(document)).map_err(|error| {
            let code = if error.status == 404 { "NotFound" } else { "InvalidRequest" };
            Failure::handler(code, format!("{} (Service: S3, Status Code: {})", error.message, error.status))
        })?;
        Ok(bucket)
    }
}

impl Provider for Policy {
    fn create(&self, services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let bucket = Policy::apply(services, cx)?;
        Ok(Started { physical_id: bucket, attributes: Attributes::new(), takes: cx.creating() })
    }

    fn finish_creation(
        &self,
        _services: &mut Services<'_>,
        _cx: &Cx<'_>,
        _physical_id: &str,
    ) -> Result<Attributes, Failure> {
        Ok(Attributes::new())
    }

    fn update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        _physical_id: &str,
        _old_props: &Value,
    ) -> Result<Updating, Failure> {
        Policy::apply(services, cx)?;
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
        // The bucket may be gone already, and its policy with it.
        let _ = s3::set_policy(services.s3, physical_id, None);
        Ok(())
    }
}
