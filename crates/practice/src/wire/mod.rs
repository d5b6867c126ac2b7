//! The protocols AWS speaks, as its service models define them: reading parameters, writing answers
//! and errors. Services use `Params`, `Xml` and `Reply`; they never format an envelope themselves.

pub(crate) mod cbor;
pub mod errors;
pub mod json;
pub mod query;
pub mod time;
pub mod xml;

pub use query::Params;
pub use xml::{Node, Xml};

/// How a request is written, and so its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Form in, XML out: CloudFormation, RDS, STS.
    Query,
    /// Form in, XML out, in EC2's way.
    Ec2,
    /// Method and path in, XML out: S3, CloudFront.
    Rest,
    /// JSON 1.0: DynamoDB.
    Json10,
    /// JSON 1.1: Systems Manager, Secrets Manager.
    Json11,
    /// Smithy RPC v2 with CBOR: CloudWatch in newer SDKs.
    Cbor,
}
