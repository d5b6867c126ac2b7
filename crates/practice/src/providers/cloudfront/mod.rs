//! `AWS::CloudFront::*`: distributions, origin access controls and policies that CloudFront's own
//! calls see.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::refusal::service_failure;
use super::{Attributes, Cx, Deleting, Failure, Measured, Provider, Started, Updating};
use crate::call::AwsError;
use crate::cloudfront::distributions;
use crate::cloudfront::documents::Kind;
use crate::scene::Scene;
use crate::services::Services;

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

fn scene<'a>(services: &Services<'a>, cx: &Cx<'a>) -> Scene<'a> {
    services.scene(cx.region, cx.now)
}

fn failure(cx: &Cx<'_>) -> impl Fn(AwsError) -> Failure {
    |error| service_failure(cx, "CloudFront", &error)
}

#[derive(Debug)]
struct Distribution;

/// For how long a handler waits before it looks again.
const AGAIN: Duration = Duration::from_secs(5);

impl Provider for Distribution {
    fn create(&self, services: &mut Services<'_>, cx: &Cx<'_>) -> Result<Started, Failure> {
        let (scene, takes) = (scene(services, cx), cx.creating());
        let config = convert::distribution(&cx.props["DistributionConfig"], &cx.uuid());
        let id = distributions::create(services.cloudfront, &scene, config, tags(cx), takes)
            .map_err(failure(cx))?;
        Ok(Started { attributes: attributes(services, &id), physical_id: id, takes })
    }

    fn finish_creation(
        &self,
        services: &mut Services<'_>,
        _cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Attributes, Failure> {
        match services.cloudfront.distribution(physical_id) {
            Some(d) if d.pending > 0 => Err(Failure::NotYet(AGAIN)),
            Some(_) => Ok(attributes(services, physical_id)),
            None => Err(Failure::handler("NotFound", "The specified distribution does not exist.")),
        }
    }

    fn update(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
        _old: &Value,
    ) -> Result<Updating, Failure> {
        let (scene, takes) = (scene(services, cx), cx.updating());
        let config = convert::distribution(&cx.props["DistributionConfig"], &cx.uuid());
        distributions::update(services.cloudfront, &scene, physical_id, config, takes)
            .map_err(failure(cx))?;
        Ok(Updating::InPlace { takes })
    }

    fn delete(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<Deleting, Failure> {
        let Some(stored) = services.cloudfront.distribution(physical_id) else {
            return Ok(Deleting { takes: Duration::ZERO });
        };
        let (scene, takes, enabled) = (scene(services, cx), cx.deleting(), stored.view.enabled);
        // The handler switches it off and waits for that to reach the edge.
        if enabled {
            distributions::disable(services.cloudfront, &scene, physical_id, takes).map_err(failure(cx))?;
        }
        Ok(Deleting { takes })
    }

    fn finish_deletion(
        &self,
        services: &mut Services<'_>,
        cx: &Cx<'_>,
        physical_id: &str,
    ) -> Result<(), Failure> {
        match services.cloudfront.distribution(physical_id) {
            None => Ok(()),
            Some(d) if d.pending > 0 => Err(Failure::NotYet(AGAIN)),
            Some(_) => distributions::delete(services.cloudfront, physical_id).map_err(failure(cx)),
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

fn attributes(services: &Services<'_>, id: &str) -> Attributes {
    let mut out = Attributes::new();
    if let Some(d) = services.cloudfront.distribution(id) {
        out.insert("Id".into(), json!(d.id));
        out.insert("DomainName".into(), json!(d.view.domain));
    }
    out
}
