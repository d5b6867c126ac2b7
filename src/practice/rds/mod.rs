//! RDS (awsQuery 2014-10-31): Aurora clusters, instances, groups and the global database.

use serde::{Deserialize, Serialize};

/// Everything RDS holds, in all Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Rds {}
