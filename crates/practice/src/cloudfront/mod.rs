//! CloudFront (REST-XML 2020-05-31): distributions, their configurations and what they refer to. One
//! service for all Regions, answered from us-east-1.

mod api;
pub mod config;
pub mod distributions;
pub mod documents;
pub mod errors;
mod invalidations;
mod managed;
mod read;
mod state;
mod tree;
mod validate;
mod view;

pub(super) use api::{Change, OPERATIONS, Read, find};
pub use state::{CloudFront, Stored, step};
use state::{Event, Invalidation, spread};
pub use tree::{element, leaf, list};
pub use view::{Behavior, CustomOrigin, Distribution, ErrorResponse, Origin, OriginGroup};
