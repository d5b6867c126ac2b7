//! CloudFront (REST-XML 2020-05-31): distributions, their configurations and what watches them.

use serde::{Deserialize, Serialize};

use super::call::{AwsError, Call, Outcome};
use super::world::World;
use crate::clock::Moment;

mod view;

pub use view::{Behavior, CustomOrigin, Distribution, ErrorResponse, Origin, OriginGroup};

/// Everything CloudFront holds (it is one service for all Regions).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CloudFront {}

impl CloudFront {
    /// The distribution that answers the host name `host` (its own domain or an alias).
    #[must_use]
    pub fn by_host(&self, _host: &str) -> Option<Distribution> {
        None
    }

    /// The distribution called `id`.
    #[must_use]
    pub fn view(&self, _id: &str) -> Option<Distribution> {
        None
    }
}

impl CloudFront {
    /// The moment something next becomes due by itself.
    #[must_use]
    pub fn next_due(&self) -> Option<Moment> {
        None
    }
}

/// Does everything due at or before `at`.
pub fn step(_world: &mut World, _at: Moment) {}

/// Answers one request.
///
/// # Errors
/// As AWS answers them.
pub fn handle(_world: &mut World, call: &Call<'_>) -> Outcome {
    Err(AwsError::unknown_action(call))
}
