//! The simulated world: everything practice AWS knows, one field a service. It is saved as JSON, so
//! every map in it has keys that serde writes as text.

use serde::{Deserialize, Serialize};

use ground::clock::Moment;

use super::aurora::Aurora;
use super::cloudfront::CloudFront;
use super::dynamodb::DynamoDb;
use super::ec2::Ec2;
use super::faults::Faults;
use super::keys::Keys;
use super::rds::Rds;
use super::s3::S3;
use super::scenario::Scenario;
use super::scene::{ACCOUNT, Scene, Tickets};
use super::secretsmanager::SecretsManager;
use super::services::Services;
use super::sources::Sources;
use super::ssm::Ssm;
use ::cloudformation::engine::Engine;

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
    pub tickets: Tickets,
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

/// The state of what flows between Regions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DataPlane {
    /// Aurora global databases.
    pub aurora: Aurora,
}

impl World {
    /// An empty world.
    #[must_use]
    pub fn new(seed: u64, scenario: Scenario, now: Moment) -> World {
        let mut faults = Faults::default();
        faults.plan(scenario.turns(now));
        World { seed, account: ACCOUNT.to_owned(), now, scenario, faults, ..World::default() }
    }

    /// The scene of what happens in a Region at a moment.
    #[must_use]
    pub fn scene<'w>(&'w self, region: &'w str, now: Moment) -> Scene<'w> {
        let World { seed, account, scenario, faults, keys, .. } = self;
        Scene { region, account, now, seed: *seed, scenario, faults, keys: keys.as_ref() }
    }

    /// Where templates and their values come from.
    #[must_use]
    pub fn sources(&self) -> Sources<'_> {
        Sources { seed: self.seed, s3: &self.s3, ssm: &self.ssm, secretsmanager: &self.secretsmanager }
    }

    /// Commits a change at the writer of a global database, as `Aurora::commit`.
    pub fn commit(&mut self, global: &str, keys: &[String], change: serde_json::Value) -> Option<u64> {
        let now = self.now;
        let (_, services) = self.split();
        // It happens wherever the writer is.
        let scene = services.scene("", now);
        services.aurora.commit(services.rds, &scene, global, keys, change)
    }

    /// The stacks, and apart from them the services that make their resources.
    pub fn split(&mut self) -> (&mut Engine, Services<'_>) {
        let services = Services {
            seed: self.seed,
            account: &self.account,
            scenario: &self.scenario,
            faults: &self.faults,
            keys: self.keys.as_ref(),
            tickets: &mut self.tickets,
            dynamodb: &mut self.dynamodb,
            rds: &mut self.rds,
            cloudfront: &mut self.cloudfront,
            s3: &mut self.s3,
            ssm: &mut self.ssm,
            ec2: &mut self.ec2,
            secretsmanager: &mut self.secretsmanager,
            aurora: &mut self.dataplane.aurora,
        };
        (&mut self.cloudformation, services)
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
