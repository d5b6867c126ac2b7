//! The simulated world: everything practice AWS knows, one field a service. It is saved as JSON, so
//! every map in it has keys that serde writes as text.

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

use super::cloudfront::CloudFront;
use super::dataplane::DataPlane;
use super::dynamodb::DynamoDb;
use super::ec2::Ec2;
use super::engine::Engine;
use super::faults::Faults;
use super::keys::Keys;
use super::rds::Rds;
use super::s3::S3;
use super::scenario::Scenario;
use super::secretsmanager::SecretsManager;
use super::ssm::Ssm;

/// The account of practice AWS: whoever holds the world's keys is its user.
pub const ACCOUNT: &str = "123456789012";

/// All state of practice AWS.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct World {
    /// What every seeded choice follows from.
    pub seed: u64,
    /// The twelve-digit account.
    pub account: String,
    /// The present moment.
    pub now: Moment,
    /// Numbers given to ids that nothing else makes unique.
    pub tickets: u64,
    /// Lags, durations and faults that were asked for.
    pub scenario: Scenario,
    /// What is broken at present.
    pub faults: Faults,
    /// Stacks and what is under way in them.
    pub cloudformation: Engine,
    /// Tables and items.
    pub dynamodb: DynamoDb,
    /// Clusters, instances, global databases.
    pub rds: Rds,
    /// Distributions.
    pub cloudfront: CloudFront,
    /// Buckets and objects.
    pub s3: S3,
    /// Parameters that stacks or people made; public ones are computed.
    pub ssm: Ssm,
    /// Instances and networks that stacks made.
    pub ec2: Ec2,
    /// Secrets.
    pub secretsmanager: SecretsManager,
    /// What flows between Regions.
    pub dataplane: DataPlane,
    /// What sessions are sealed with; kept apart from the saved world, and absent while one is replayed.
    #[serde(skip)]
    pub keys: Option<Keys>,
}

impl World {
    /// An empty world.
    #[must_use]
    pub fn new(seed: u64, scenario: Scenario, now: Moment) -> World {
        let mut faults = Faults::default();
        faults.plan(scenario.turns(now));
        World { seed, account: ACCOUNT.to_owned(), now, scenario, faults, ..World::default() }
    }

    /// A number not given before, for ids. Only mutating requests and due events may ask for one.
    pub fn ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_saved_when_alarms_had_a_place_in_it_still_opens() {
        let world = World::new(3, Scenario::default(), Moment(5));
        let now = serde_json::to_value(&world).unwrap();
        let mut then = now.clone();
        then["cloudwatch"] = serde_json::json!({});
        let opened: World = serde_json::from_value(then).unwrap();
        assert_eq!(serde_json::to_value(&opened).unwrap(), now);
    }
}
