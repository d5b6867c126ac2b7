//! `AWS::CloudFront::*`: distributions, origin access controls and policies that CloudFront's own
//! calls see.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::refusal::refused;
use super::{Attributes, Cx, Deleting, Failure, Provider, Started, Updating};
use crate::practice::call::AwsError;
use crate::practice::cloudfront::documents::Kind;
use crate::practice::cloudfront::{Scene, distributions};
use crate::practice::world::World;

mod convert;
mod documents;

/// The provider of a type of the `CloudFront` family.
#[must_use]
pub fn provider(kind: &str) -> Option<&'static dyn Provider> {
    Some(match kind {
        "AWS::CloudFront::Distribution" => &Distribution,
        "AWS::CloudFront::OriginAccessControl" => &documents::Documents(Kind::AccessControl),
        "AWS::CloudFront::CachePolicy" => &documents::Documents(Kind::CachePolicy),
        "AWS::CloudFront::OriginRequestPolicy" => &documents::Documents(Kind::OriginRequestPolicy),
        "AWS::CloudFront::ResponseHeadersPolicy" => &documents::Documents(Kind::ResponseHeadersPolicy),
        _ => return None,
    })
}

fn scene(world: &World, cx: &Cx<'_>) -> Scene {
    Scene::of(world, cx.now)
}

fn failed(cx: &Cx<'_>) -> impl Fn(AwsError) -> Failure {
    |error| refused(cx, "CloudFront", &error)
}

#[derive(Debug)]
struct Distribution;

/// For how long a handler waits before it looks again.
const AGAIN: Duration = Duration::from_secs(5);

impl Provider for Distribution {
    fn create(&self, world: &mut World, cx: &Cx<'_>) -> Result<Started, Failure> {
        let (scene, takes) = (scene(world, cx), cx.creating());
        let config = convert::distribution(&cx.props["DistributionConfig"], &cx.uuid());
        let id = distributions::create(&mut world.cloudfront, &scene, config, tags(cx), takes)
            .map_err(failed(cx))?;
        Ok(Started { attributes: attributes(world, &id), physical_id: id, takes })
    }

    fn created(&self, world: &mut World, _cx: &Cx<'_>, physical_id: &str) -> Result<Attributes, Failure> {
        match world.cloudfront.distribution(physical_id) {
            Some(d) if d.pending > 0 => Err(Failure::NotYet(AGAIN)),
            Some(_) => Ok(attributes(world, physical_id)),
            None => Err(Failure::handler("NotFound", "The specified distribution does not exist.")),
        }
    }

    fn update(
        &self,
        world: &mut World,
        cx: &Cx<'_>,
        physical_id: &str,
        _old: &Value,
    ) -> Result<Updating, Failure> {
        let (scene, takes) = (scene(world, cx), cx.updating());
        let config = convert::distribution(&cx.props["DistributionConfig"], &cx.uuid());
        distributions::update(&mut world.cloudfront, &scene, physical_id, config, takes)
            .map_err(failed(cx))?;
        Ok(Updating::InPlace { takes })
    }

    fn delete(&self, world: &mut World, cx: &Cx<'_>, physical_id: &str) -> Result<Deleting, Failure> {
        let Some(stored) = world.cloudfront.distribution(physical_id) else {
            return Ok(Deleting { takes: Duration::ZERO });
        };
        let (scene, takes, enabled) = (scene(world, cx), cx.deleting(), stored.view.enabled);
        // The handler switches it off and waits for that to reach the edge.
        if enabled {
            distributions::disable(&mut world.cloudfront, &scene, physical_id, takes).map_err(failed(cx))?;
        }
        Ok(Deleting { takes })
    }

    fn deleted(&self, world: &mut World, cx: &Cx<'_>, physical_id: &str) -> Result<(), Failure> {
        match world.cloudfront.distribution(physical_id) {
            None => Ok(()),
            Some(d) if d.pending > 0 => Err(Failure::NotYet(AGAIN)),
            Some(_) => distributions::delete(&mut world.cloudfront, physical_id).map_err(failed(cx)),
        }
    }
}

fn tags(cx: &Cx<'_>) -> BTreeMap<String, String> {
    let mut tags = cx.stack_tags.clone();
    let text = |tag: &Value, name: &str| tag.get(name).and_then(Value::as_str).map(str::to_owned);
    let own = cx.props.get("Tags").and_then(Value::as_array).into_iter().flatten();
    tags.extend(own.filter_map(|t| Some((text(t, "Key")?, text(t, "Value").unwrap_or_default()))));
    tags
}

fn attributes(world: &World, id: &str) -> Attributes {
    let mut out = Attributes::new();
    if let Some(d) = world.cloudfront.distribution(id) {
        out.insert("Id".into(), json!(d.id));
        out.insert("DomainName".into(), json!(d.view.domain));
    }
    out
}
