//! Unishop, the shop that the workshop moves between Regions: wire types, stores, routes. Written
//! once; it runs on an EC2 instance, as a Lambda function, and in the practice Regions.

pub mod store;
pub mod wire;

pub use store::{Baskets, Catalogue, StoreError};
