//! The services of a world that make the resources of stacks, and what flows between them, each to be changed by
//! itself.

use super::aurora::Aurora;
use super::cloudfront::CloudFront;
use super::dynamodb::DynamoDb;
use super::ec2::Ec2;
use super::faults::Faults;
use super::keys::Keys;
use super::rds::Rds;
use super::s3::S3;
use super::scenario::Scenario;
use super::scene::{Scene, Tickets};
use super::secretsmanager::SecretsManager;
use super::sources::Sources;
use super::ssm::Ssm;
use ground::clock::Moment;

/// All services but CloudFormation, and what surrounds them.
#[derive(Debug)]
pub struct Services<'w> {
    /// The world's seed.
    pub seed: u64,
    /// The twelve-digit account.
    pub account: &'w str,
    /// Lags, durations and faults that were asked for.
    pub scenario: &'w Scenario,
    /// What is broken at present.
    pub faults: &'w Faults,
    /// What sessions are sealed with.
    pub keys: Option<&'w Keys>,
    /// Numbers for ids.
    pub tickets: &'w mut Tickets,
    /// Tables and items.
    pub dynamodb: &'w mut DynamoDb,
    /// Clusters, instances, global databases.
    pub rds: &'w mut Rds,
    /// Distributions.
    pub cloudfront: &'w mut CloudFront,
    /// Buckets and objects.
    pub s3: &'w mut S3,
    /// Parameters.
    pub ssm: &'w mut Ssm,
    /// Whether instances run.
    pub ec2: &'w mut Ec2,
    pub secretsmanager: &'w mut SecretsManager,
    /// What flows between the clusters of global databases.
    pub aurora: &'w mut Aurora,
}

impl<'w> Services<'w> {
    /// The scene of what happens in a Region at a moment.
    #[must_use]
    pub fn scene<'s>(&self, region: &'s str, now: Moment) -> Scene<'s>
    where
        'w: 's,
    {
        let Services { seed, account, scenario, faults, keys, .. } = self;
        Scene { region, account, now, seed: *seed, scenario, faults, keys: *keys }
    }

    /// Where templates and their values come from.
    #[must_use]
    pub fn sources(&self) -> Sources<'_> {
        Sources { seed: self.seed, s3: self.s3, ssm: self.ssm, secretsmanager: self.secretsmanager }
    }
}
