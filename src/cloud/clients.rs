//! The SDK clients, made once: a set for each Region and those of the global services.

use super::access::Access;
use super::facts::Role;
use super::fetch::Fetch;

/// The clients of one Region.
#[derive(Clone, Debug)]
pub(super) struct Regional {
    pub(super) cloudformation: aws_sdk_cloudformation::Client,
    pub(super) rds: aws_sdk_rds::Client,
    pub(super) dynamodb: aws_sdk_dynamodb::Client,
    pub(super) s3: aws_sdk_s3::Client,
    pub(super) sts: aws_sdk_sts::Client,
}

#[derive(Clone, Debug)]
pub(super) struct Clients {
    primary: Regional,
    standby: Regional,
    pub(super) cloudfront: aws_sdk_cloudfront::Client,
    pub(super) fetch: Fetch,
}

impl Clients {
    pub(super) fn new(access: &Access) -> Clients {
        let home = access.at(Role::Primary.region());
        Clients {
            primary: regional(access, Role::Primary),
            standby: regional(access, Role::Standby),
            cloudfront: aws_sdk_cloudfront::Client::new(&home),
            fetch: Fetch::new(access),
        }
    }

    pub(super) fn at(&self, role: Role) -> &Regional {
        match role {
            Role::Primary => &self.primary,
            Role::Standby => &self.standby,
        }
    }

    /// The clients of the Region with this name; the primary's for one the workshop does not use.
    pub(super) fn region(&self, name: &str) -> &Regional {
        if name == Role::Standby.region() { &self.standby } else { &self.primary }
    }
}

fn regional(access: &Access, role: Role) -> Regional {
    let config = access.at(role.region());
    // Emulators are reached by address, where a bucket's name cannot be part of the host.
    let s3 =
        aws_sdk_s3::config::Builder::from(&config).force_path_style(config.endpoint_url().is_some()).build();
    Regional {
        cloudformation: aws_sdk_cloudformation::Client::new(&config),
        rds: aws_sdk_rds::Client::new(&config),
        dynamodb: aws_sdk_dynamodb::Client::new(&config),
        s3: aws_sdk_s3::Client::from_conf(s3),
        sts: aws_sdk_sts::Client::new(&config),
    }
}
