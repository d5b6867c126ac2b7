//! Unishop, the shop that the workshop moves between Regions: wire types, stores, routes. Written
//! once; it runs on an EC2 instance, as a Lambda function, and in the practice Regions.

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
