//! Resource types of practice CloudFormation: what a provider must do, and
//! the registry that finds the provider of a type. One resource family a file; a type without a
//! provider of its own gets the generic one, so other people's templates run too.

pub mod api;
pub mod cloudfront;
pub mod compute;
pub mod dynamodb;
pub mod generic;
mod host;
pub mod iam;
pub mod naming;
pub mod network;
mod provider;
pub mod rds;
pub mod refusal;
pub mod schema;
mod secrets;
mod storage;
pub mod waiting;

pub use ::cloudformation::engine::host::{Cx, Deleting, Ending, Failure, Started, Updating};
pub use ::cloudformation::engine::resource::Attributes;
pub use provider::{Measured, Provider};

/// The provider of a resource type; the generic one where no family knows it.
#[must_use]
pub fn provider(kind: &str) -> &'static dyn Provider {
    // A family a line: `"RDS" => rds::provider(kind)` gives `Option<&'static dyn Provider>`.
    let family = kind.strip_prefix("AWS::").and_then(|rest| rest.split("::").next()).unwrap_or_default();
    let found: Option<&'static dyn Provider> = match family {
        "CloudFront" => cloudfront::provider(kind),
        "DynamoDB" => dynamodb::provider(kind),
        "EC2" => network::provider(kind).or_else(|| compute::provider(kind)),
        "RDS" => rds::provider(kind),
        "Lambda" => compute::provider(kind),
        "S3" => storage::provider(kind),
        "SecretsManager" => secrets::provider(kind),
        "IAM" => iam::provider(kind),
        "ApiGateway" | "ApiGatewayV2" => api::provider(kind),
        "CloudFormation" => waiting::provider(kind),
        _ => None,
    };
    found.unwrap_or(&generic::Generic)
}
