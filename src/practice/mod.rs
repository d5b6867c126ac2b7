//! Practice AWS: the simulated cloud behind an in-process connector and a loopback server. Every
//! service is a pure function of the world and a call; time, journal and transport are this module's.

mod admission;
pub mod agenda;
pub mod call;
mod clients;
pub mod cloudformation;
pub mod cloudfront;
pub mod cloudwatch;
mod connector;
mod control;
pub mod dataplane;
mod door;
pub mod durations;
pub mod dynamodb;
pub mod ec2;
pub mod engine;
pub mod faults;
mod gate;
mod guests;
mod handlers;
mod journal;
pub mod keys;
pub mod operation;
mod orders;
mod patience;
mod perform;
pub mod providers;
mod proxy;
pub mod rds;
mod reach;
mod route;
pub mod s3;
mod saving;
pub mod scenario;
pub mod scene;
pub mod secretsmanager;
mod server;
pub mod services;
mod shared;
mod signature;
pub mod sources;
pub mod ssm;
pub mod sts;
mod switches;
pub mod time;
mod trouble;
pub mod turns;
pub mod wire;
pub mod world;

pub(crate) use control::CLOCK;
pub use gate::{Credentials, Gate};
pub use guests::Bounds;
pub use handlers::{answer, operations};
pub use journal::{Condition, Finding, Past, Role, examine, pasts, put_damage_aside, restore};
pub use orders::Orders;
pub use proxy::Proxy;
pub use reach::Unreached;
pub use server::{Listen, Server};
pub use shared::{Options, Practice};
pub use time::advance;
pub use trouble::{Notice, PracticeError, Trouble, TroubleKind};

/// The host a request is for, without its port.
pub(crate) fn host_of<B>(request: &http::Request<B>) -> &str {
    let named = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok());
    let host = named.or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
    route::without_port(host.unwrap_or_default())
}
