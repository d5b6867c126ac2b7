//! DynamoDB (AWS JSON 1.0, 2012-08-10): tables, items, expressions and replicas in other Regions.

use serde::{Deserialize, Serialize};

pub mod expression;
pub mod key;
pub mod number;
pub mod value;

/// Everything DynamoDB holds, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DynamoDb {}
