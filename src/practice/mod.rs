//! (being built)

pub mod cloudfront;
pub mod dynamodb;
pub mod engine;
pub mod providers;
pub mod rds;
pub mod world;
