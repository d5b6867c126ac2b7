//! Invalidations: asked for, in progress, completed.

use std::time::Duration;

use super::tree::{text, write};
use super::{CloudFront, Event, Invalidation, api, errors};
use crate::call::{AwsError, Outcome, Reply, Request};
use crate::wire::{Node, Xml};

/// How long one takes, on average.
const TAKES: Duration = Duration::from_secs(60);

fn of<'f>(front: &'f CloudFront, id: &str) -> Result<&'f [Invalidation], AwsError> {
    front.distribution(id).map(|d| d.invalidations.as_slice()).ok_or_else(errors::no_distribution)
}

fn status(invalidation: &Invalidation) -> &'static str {
    if invalidation.completed { "Completed" } else { "InProgress" }
}

fn inside(xml: &mut Xml, i: &Invalidation) {
    xml.text("Id", &i.id);
    xml.text("Status", status(i));
    xml.text("CreateTime", i.created.iso8601());
    write(xml, &i.batch);
}

/// CreateInvalidation.
pub fn create(cloudfront: &mut CloudFront, call: &Request<'_>) -> Outcome {
    let distribution = api::id(call);
    let batch = Node::parse(call.body)?;
    of(cloudfront, distribution)?;
    let paths = batch.child("Paths").and_then(|p| p.child("Items")).map_or(0, |i| i.children.len());
    if paths == 0 || text(&batch, "CallerReference").is_empty() {
        return Err(errors::argument(
            "Your request contains empty/invalid/out of limits invalidation paths.",
        ));
    }
    let front = cloudfront;
    let id = format!("I{}", &front.mint(call.scene.seed, "invalidation")[1..]);
    let batch = Node { name: "InvalidationBatch".into(), ..batch };
    let made = Invalidation { id: id.clone(), created: call.now, completed: false, batch };
    if let Some(stored) = front.distributions.get_mut(distribution) {
        stored.invalidations.push(made.clone());
    }
    let due = call.now.after(super::spread(&call.scene, TAKES, &id));
    front.agenda.add(due, Event::Invalidated(distribution.to_owned(), id.clone()));
    let place =
        format!("https://cloudfront.amazonaws.com/2020-05-31/distribution/{distribution}/invalidation/{id}");
    Ok(Reply::xml(call, 201, "Invalidation", |xml| inside(xml, &made)).with("location", place))
}

/// GetInvalidation.
pub fn get(cloudfront: &CloudFront, call: &Request<'_>) -> Outcome {
    let (distribution, id) = (api::id(call), api::part(call, 4));
    let found = of(cloudfront, distribution)?.iter().find(|i| i.id == id).ok_or_else(|| {
        AwsError::with_status(404, "NoSuchInvalidation", "The specified invalidation does not exist.")
    })?;
    Ok(Reply::xml(call, 200, "Invalidation", |xml| inside(xml, found)))
}

/// ListInvalidations, newest first.
pub fn list(cloudfront: &CloudFront, call: &Request<'_>) -> Outcome {
    let all = of(cloudfront, api::id(call))?;
    Ok(Reply::xml(call, 200, "InvalidationList", |xml| {
        xml.text("Marker", "");
        xml.display("MaxItems", 100);
        xml.display("IsTruncated", false);
        xml.display("Quantity", all.len());
        xml.list("Items", "InvalidationSummary", all.iter().rev(), |xml, i| {
            xml.text("Id", &i.id);
            xml.text("CreateTime", i.created.iso8601());
            xml.text("Status", status(i));
        });
    }))
}
