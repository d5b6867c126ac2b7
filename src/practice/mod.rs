//! (being built)

pub mod cloudfront;
pub mod dynamodb;
pub mod rds;
