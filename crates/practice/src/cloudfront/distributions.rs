//! Distributions: created, changed, deleted. Calls and stacks use the same functions.

use std::collections::BTreeMap;
use std::time::Duration;

use super::tree::text;
use super::{CloudFront, Event, Stored, config, errors, read, validate};
use crate::call::AwsError;
use crate::scene::Scene;
use crate::wire::Node;
use ground::seed;

/// Creates a distribution; it is deployed after `takes`. Gives its id.
///
/// # Errors
/// What CloudFront validates.
pub fn create(
    front: &mut CloudFront,
    scene: &Scene<'_>,
    given: Node,
    tags: BTreeMap<String, String>,
    takes: Duration,
) -> Result<String, AwsError> {
    validate::check(front, &given)?;
    let reference = text(&given, "CallerReference");
    if let Some(other) = front.distributions().find(|d| text(&d.config, "CallerReference") == reference) {
        return Err(AwsError::with_status(
            409,
            "DistributionAlreadyExists",
            format!(
                "The caller reference that you are using to create a distribution is associated with another distribution. Already exists: {}",
                other.id
            ),
        ));
    }
    let id = front.mint(scene.seed, "distribution");
    let domain =
        format!("d{}.cloudfront.net", seed::letters(seed::hash(scene.seed, &[&id]), 13, seed::LOWER));
    let mut stored = Stored {
        arn: format!("arn:aws:cloudfront::{}:distribution/{id}", scene.account),
        config: config::complete(given),
        etag: front.mint(scene.seed, "etag"),
        modified: scene.now,
        pending: 1,
        tags,
        id: id.clone(),
        ..Stored::default()
    };
    stored.view = read::view(&stored, &domain);
    front.distributions.insert(id.clone(), stored);
    front.agenda.add(scene.now.after(takes), Event::Deployed(id.clone()));
    Ok(id)
}

/// Gives a distribution another configuration, deployed after `takes`.
///
/// # Errors
/// A missing one, another caller reference, and what CloudFront validates.
pub fn update(
    front: &mut CloudFront,
    scene: &Scene<'_>,
    id: &str,
    given: Node,
    takes: Duration,
) -> Result<(), AwsError> {
    let stored = front.distributions.get(id).ok_or_else(errors::no_distribution)?;
    if text(&stored.config, "CallerReference") != text(&given, "CallerReference") {
        return Err(AwsError::new(
            "IllegalUpdate",
            "The update contains modifications that are not allowed: CallerReference.",
        ));
    }
    validate::check(front, &given)?;
    let etag = front.mint(scene.seed, "etag");
    let stored = front.distributions.get_mut(id).ok_or_else(errors::no_distribution)?;
    stored.config = config::complete(given);
    stored.etag = etag;
    stored.modified = scene.now;
    stored.pending += 1;
    stored.view = read::view(stored, &stored.view.domain.clone());
    front.agenda.add(scene.now.after(takes), Event::Deployed(id.to_owned()));
    Ok(())
}

/// Switches a distribution off, as must come before its deletion.
///
/// # Errors
/// A missing one.
pub fn disable(front: &mut CloudFront, scene: &Scene<'_>, id: &str, takes: Duration) -> Result<(), AwsError> {
    let mut config = front.distribution(id).ok_or_else(errors::no_distribution)?.config.clone();
    for child in config.children.iter_mut().filter(|c| c.name == "Enabled") {
        child.text = "false".into();
    }
    update(front, scene, id, config, takes)
}

/// Deletes a distribution at once.
///
/// # Errors
/// A missing one, or one that is on or still deploying.
pub fn delete(front: &mut CloudFront, id: &str) -> Result<(), AwsError> {
    let stored = front.distribution(id).ok_or_else(errors::no_distribution)?;
    if stored.view.enabled || stored.pending > 0 {
        return Err(AwsError::with_status(
            409,
            "DistributionNotDisabled",
            "The distribution you are trying to delete has not been disabled.",
        ));
    }
    front.distributions.remove(id);
    Ok(())
}
