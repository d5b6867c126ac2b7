//! Create (also with tags), get, configuration, update, delete, list distributions.

use std::collections::BTreeMap;

use super::{id, tags};
use crate::practice::call::{Call, Outcome, Reply};
use crate::practice::cloudfront::tree::{inside, write};
use crate::practice::cloudfront::{Scene, Stored, distributions, errors};
use crate::practice::providers::durations;
use crate::practice::wire::{Node, Xml};
use crate::practice::world::World;

const KIND: &str = "AWS::CloudFront::Distribution";

fn shown(xml: &mut Xml, d: &Stored) {
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

fn found<'w>(world: &'w World, id: &str) -> Result<&'w Stored, crate::practice::call::AwsError> {
    world.cloudfront.distribution(id).ok_or_else(errors::no_distribution)
}

pub fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let body = Node::parse(call.body)?;
    let (config, tags) = match body.child("DistributionConfig") {
        Some(config) => (config.clone(), body.child("Tags").map(tags::read).unwrap_or_default()),
        None => (body, BTreeMap::new()),
    };
    let scene = Scene::of(world, call.now);
    let takes = scene.spread(durations::create(KIND), "create");
    let id = distributions::create(&mut world.cloudfront, &scene, config, tags, takes)?;
    let d = found(world, &id)?;
    let place = format!("https://cloudfront.amazonaws.com/2020-05-31/distribution/{id}");
    let reply = Reply::xml(call, 201, "Distribution", |xml| shown(xml, d));
    Ok(reply.with("etag", &d.etag).with("location", place))
}

pub fn get(world: &World, call: &Call<'_>) -> Outcome {
    let d = found(world, id(call))?;
    Ok(Reply::xml(call, 200, "Distribution", |xml| shown(xml, d)).with("etag", &d.etag))
}

pub fn config(world: &World, call: &Call<'_>) -> Outcome {
    let d = found(world, id(call))?;
    Ok(Reply::xml(call, 200, "DistributionConfig", |xml| inside(xml, &d.config)).with("etag", &d.etag))
}

pub fn update(world: &mut World, call: &Call<'_>) -> Outcome {
    let id = id(call);
    errors::check_match(call.header("if-match"), &found(world, id)?.etag)?;
    let config = Node::parse(call.body)?;
    let scene = Scene::of(world, call.now);
    let takes = scene.spread(durations::update(KIND), id);
    distributions::update(&mut world.cloudfront, &scene, id, config, takes)?;
    get(world, call)
}

pub fn delete(world: &mut World, call: &Call<'_>) -> Outcome {
    let id = id(call);
    errors::check_match(call.header("if-match"), &found(world, id)?.etag)?;
    distributions::delete(&mut world.cloudfront, id)?;
    Ok(Reply::empty(204))
}

pub fn list(world: &World, call: &Call<'_>) -> Outcome {
    let after = call.params.get("Marker").unwrap_or_default();
    let size = call.params.number("MaxItems").and_then(|n| usize::try_from(n).ok()).unwrap_or(100);
    let mut rest: Vec<&Stored> = world.cloudfront.distributions().filter(|d| d.id.as_str() > after).collect();
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
