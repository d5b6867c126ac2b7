//! Create (also with tags), get, configuration, update, delete, list distributions.

use std::collections::BTreeMap;

use super::{id, tags};
use crate::call::{Outcome, Reply, Request};
use crate::cloudfront::CloudFront;
use crate::cloudfront::spread;
use crate::cloudfront::tree::{inside, write};
use crate::cloudfront::{Stored, distributions, errors};
use crate::durations;
use crate::wire::{Node, Xml};

const KIND: &str = "AWS::CloudFront::Distribution";

fn write_distribution(xml: &mut Xml, d: &Stored) {
    xml.text("Id", &d.id);
    xml.text("ARN", &d.arn);
    xml.text("Status", d.status());
    xml.text("LastModifiedTime", d.modified.iso8601());
    xml.display("InProgressInvalidationBatches", d.invalidations.iter().filter(|i| !i.completed).count());
    xml.text("DomainName", &d.view.domain);
    for name in ["ActiveTrustedSigners", "ActiveTrustedKeyGroups"] {
        xml.nest(name, |xml| {
            xml.display("Enabled", false);
            xml.display("Quantity", 0);
        });
    }
    write(xml, &d.config);
}

fn find_distribution<'w>(cloudfront: &'w CloudFront, id: &str) -> Result<&'w Stored, crate::call::AwsError> {
    cloudfront.distribution(id).ok_or_else(errors::no_distribution)
}

pub fn create(cloudfront: &mut CloudFront, call: &Request<'_>) -> Outcome {
    let body = Node::parse(call.body)?;
    let (config, tags) = match body.child("DistributionConfig") {
        Some(config) => (config.clone(), body.child("Tags").map(tags::read).unwrap_or_default()),
        None => (body, BTreeMap::new()),
    };
    let takes = spread(&call.scene, durations::create(KIND), "create");
    let id = distributions::create(cloudfront, &call.scene, config, tags, takes)?;
    let d = find_distribution(cloudfront, &id)?;
    let place = format!("https://cloudfront.amazonaws.com/2020-05-31/distribution/{id}");
    let reply = Reply::xml(call, 201, "Distribution", |xml| write_distribution(xml, d));
    Ok(reply.with("etag", &d.etag).with("location", place))
}

pub fn get(cloudfront: &CloudFront, call: &Request<'_>) -> Outcome {
    let d = find_distribution(cloudfront, id(call))?;
    Ok(Reply::xml(call, 200, "Distribution", |xml| write_distribution(xml, d)).with("etag", &d.etag))
}

pub fn config(cloudfront: &CloudFront, call: &Request<'_>) -> Outcome {
    let d = find_distribution(cloudfront, id(call))?;
    Ok(Reply::xml(call, 200, "DistributionConfig", |xml| inside(xml, &d.config)).with("etag", &d.etag))
}

pub fn update(cloudfront: &mut CloudFront, call: &Request<'_>) -> Outcome {
    let id = id(call);
    errors::check_match(call.header("if-match"), &find_distribution(cloudfront, id)?.etag)?;
    let config = Node::parse(call.body)?;
    let takes = spread(&call.scene, durations::update(KIND), id);
    distributions::update(cloudfront, &call.scene, id, config, takes)?;
    get(cloudfront, call)
}

pub fn delete(cloudfront: &mut CloudFront, call: &Request<'_>) -> Outcome {
    let id = id(call);
    errors::check_match(call.header("if-match"), &find_distribution(cloudfront, id)?.etag)?;
    distributions::delete(cloudfront, id)?;
    Ok(Reply::empty(204))
}

pub fn list(cloudfront: &CloudFront, call: &Request<'_>) -> Outcome {
    let after = call.params.get("Marker").unwrap_or_default();
    let size = call.params.number("MaxItems").and_then(|n| usize::try_from(n).ok()).unwrap_or(100);
    let mut rest: Vec<&Stored> = cloudfront.distributions().filter(|d| d.id.as_str() > after).collect();
    let more = rest.len() > size;
    rest.truncate(size);
    let next = rest.last().filter(|_| more).map(|d| d.id.clone());
    Ok(Reply::xml(call, 200, "DistributionList", |xml| {
        xml.text("Marker", after);
        xml.optional("NextMarker", next);
        xml.display("MaxItems", size);
        xml.display("IsTruncated", more);
        xml.display("Quantity", rest.len());
        if !rest.is_empty() {
            xml.list("Items", "DistributionSummary", rest, summary);
        }
    }))
}

fn summary(xml: &mut Xml, d: &Stored) {
    // The configuration's members that a summary does not have.
    const LEFT_OUT: [&str; 5] =
        ["CallerReference", "DefaultRootObject", "Logging", "ContinuousDeploymentPolicyId", "TenantConfig"];
    xml.text("Id", &d.id);
    xml.text("ARN", &d.arn);
    xml.text("ETag", &d.etag);
    xml.text("Status", d.status());
    xml.text("LastModifiedTime", d.modified.iso8601());
    xml.text("DomainName", &d.view.domain);
    let shown = d.config.children.iter().filter(|c| !LEFT_OUT.contains(&c.name.as_str()));
    shown.for_each(|child| write(xml, child));
}
