//! Tags of distributions.

use std::collections::BTreeMap;

use http::Method;

use crate::practice::call::{AwsError, Call, Outcome, Reply};
use crate::practice::cloudfront::tree::{items, text};
use crate::practice::cloudfront::{CloudFront, Stored};
use crate::practice::wire::Node;
use crate::practice::world::World;

/// The tags in an element `Tags`.
pub fn read(node: &Node) -> BTreeMap<String, String> {
    let list = node.child("Items").into_iter().flat_map(|i| &i.children);
    list.map(|t| (text(t, "Key").to_owned(), text(t, "Value").to_owned())).collect()
}

fn find<'f>(front: &'f mut CloudFront, arn: &str) -> Result<&'f mut Stored, AwsError> {
    front.distributions.values_mut().find(|d| d.arn == arn).ok_or_else(|| {
        AwsError::with_status(404, "NoSuchResource", "A resource that was specified is not valid.")
    })
}

pub fn handle(world: &mut World, call: &Call<'_>) -> Outcome {
    let arn = call.params.get("Resource").unwrap_or_default().to_owned();
    let stored = find(&mut world.cloudfront, &arn)?;
    match (call.method, call.params.get("Operation")) {
        (&Method::GET, _) => {}
        (&Method::POST, Some("Tag")) => {
            stored.tags.extend(read(&Node::parse(call.body)?));
            return Ok(Reply::empty(204));
        }
        (&Method::POST, Some("Untag")) => {
            let body = Node::parse(call.body)?;
            let wrapped = crate::practice::cloudfront::element("All", vec![body]);
            let keys: Vec<String> = items(&wrapped, "TagKeys").map(|k| k.text.trim().to_owned()).collect();
            stored.tags.retain(|key, _| !keys.contains(key));
            return Ok(Reply::empty(204));
        }
        _ => return Err(AwsError::unknown_action(call)),
    }
    Ok(Reply::xml(call, 200, "Tags", |xml| {
        xml.list("Items", "Tag", &stored.tags, |xml, (key, value)| {
            xml.text("Key", key);
            xml.text("Value", value);
        });
    }))
}
