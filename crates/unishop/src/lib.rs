//! Unishop alone: products and users in Aurora MySQL, the server for an instance, the Lambda function for baskets.
//!
#![doc = include_str!("../README.md")]

mod baskets;
mod lambda;
mod mysql;
mod serve;

pub use baskets::baskets;
pub use lambda::{Lost, Runtime};
pub use mysql::{Consistency, Database, Encryption, MySql};
pub use serve::{bind, prepare, serve};
