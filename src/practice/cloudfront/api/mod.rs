//! CloudFront's operations, found by method and path.

use http::Method;

use super::documents::Kind;
use super::invalidations;
use crate::practice::call::{AwsError, Call, Outcome};
use crate::practice::world::World;

mod distributions;
mod documents;
mod tags;

/// Hands a request on by its path below the API's version.
pub fn route(world: &mut World, call: &Call<'_>, path: &[&str]) -> Outcome {
    let path: Vec<&str> = path.iter().copied().filter(|p| !p.is_empty()).collect();
    match (call.method, path.as_slice()) {
        (&Method::POST, ["distribution"]) => distributions::create(world, call),
        (&Method::GET, ["distribution"]) => distributions::list(world, call),
        (&Method::GET, ["distribution", id]) => distributions::get(world, call, id),
        (&Method::DELETE, ["distribution", id]) => distributions::delete(world, call, id),
        (&Method::GET, ["distribution", id, "config"]) => distributions::config(world, call, id),
        (&Method::PUT, ["distribution", id, "config"]) => distributions::update(world, call, id),
        (&Method::POST, ["distribution", id, "invalidation"]) => invalidations::create(world, call, id),
        (&Method::GET, ["distribution", id, "invalidation"]) => invalidations::list(world, call, id),
        (&Method::GET, ["distribution", id, "invalidation", one]) => invalidations::get(world, call, id, one),
        (_, ["tagging"]) => tags::handle(world, call),
        (method, [kind, rest @ ..]) => match Kind::at(kind) {
            Some(kind) => documents::handle(world, call, kind, method, rest),
            None => Err(AwsError::unknown_action(call)),
        },
        _ => Err(AwsError::unknown_action(call)),
    }
}
