//! Unishop's wire types, stores and routes, for whatever runs the shop.
//!
#![doc = include_str!("../README.md")]

mod baskets;
mod catalogue;
mod dynamo;
mod place;
mod problem;
mod products;
pub mod store;
pub mod wire;

pub use baskets::basket_routes;
pub use catalogue::catalogue_routes;
pub use dynamo::{DynamoBaskets, Table};
pub use place::{Place, REGION, REQUEST_ID};
pub use products::products;
pub use store::{Baskets, Catalogue, StoreError};
