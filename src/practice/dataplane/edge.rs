//! The edge: a viewer's request through a distribution's origins, as CloudFront carries it out.

use crate::practice::call::{Reply, RequestId};
use crate::practice::route::Parts;
use crate::practice::world::World;

/// Answers a viewer's request.
pub(crate) fn answer(_world: &mut World, _parts: Parts<'_>, _id: RequestId) -> Reply {
    Reply::empty(503)
}
