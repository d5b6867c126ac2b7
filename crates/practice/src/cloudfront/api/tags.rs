//! Tags of distributions.

use std::collections::BTreeMap;

use crate::call::{AwsError, Call, Outcome, Reply, Request};
use crate::cloudfront::tree::{items, text};
use crate::cloudfront::{CloudFront, Stored};
use crate::wire::Node;

/// The tags in an element `Tags`.
pub fn read(node: &Node) -> BTreeMap<String, String> {
    let list = node.child("Items").into_iter().flat_map(|i| &i.children);
    list.map(|t| (text(t, "Key").to_owned(), text(t, "Value").to_owned())).collect()
}

fn missing() -> AwsError {
    AwsError::with_status(404, "NoSuchResource", "A resource that was specified is not valid.")
}

/// The ARN of the distribution that is asked for.
fn resource<'c>(call: &'c Call<'_>) -> &'c str {
    call.params.get("Resource").unwrap_or_default()
}

fn find_mut<'f>(front: &'f mut CloudFront, arn: &str) -> Result<&'f mut Stored, AwsError> {
    front.distributions.values_mut().find(|d| d.arn == arn).ok_or_else(missing)
}

pub fn list(cloudfront: &CloudFront, call: &Request<'_>) -> Outcome {
    let arn = resource(call);
    let stored = cloudfront.distributions().find(|d| d.arn == arn).ok_or_else(missing)?;
    Ok(Reply::xml(call, 200, "Tags", |xml| {
        xml.list("Items", "Tag", &stored.tags, |xml, (key, value)| {
            xml.text("Key", key);
            xml.text("Value", value);
        });
    }))
}

pub fn add(cloudfront: &mut CloudFront, call: &Request<'_>) -> Outcome {
    let stored = find_mut(cloudfront, resource(call))?;
    stored.tags.extend(read(&Node::parse(call.body)?));
    Ok(Reply::empty(204))
}

pub fn remove(cloudfront: &mut CloudFront, call: &Request<'_>) -> Outcome {
    let stored = find_mut(cloudfront, resource(call))?;
    let body = Node::parse(call.body)?;
    let wrapped = crate::cloudfront::element("All", vec![body]);
    let keys: Vec<String> = items(&wrapped, "TagKeys").map(|k| k.text.trim().to_owned()).collect();
    stored.tags.retain(|key, _| !keys.contains(key));
    Ok(Reply::empty(204))
}
