//! Practice AWS: the simulated cloud behind an in-process connector and a loopback server. Every
//! service is a pure function of the world and a call; time, journal and transport are this module's.

pub mod agenda;
pub mod durations;
pub mod faults;
mod head;
mod hosts;
pub mod keys;
pub mod operation;
pub mod regions;
pub mod scenario;
pub mod scene;

pub mod call;
mod replies;
mod route;
pub mod wire;

pub mod engine;

pub mod aurora;
pub mod cloudfront;
pub mod dynamodb;
pub mod ec2;
pub mod rds;
pub mod s3;
pub mod secretsmanager;
pub mod ssm;
pub mod sts;

pub mod cloudwatch;
pub mod services;
pub mod sources;

pub mod cloudformation;
pub mod providers;

pub mod world;

pub mod time;
pub mod turns;

mod admission;
mod control;
pub mod dataplane;
mod handlers;
mod perform;

mod journal;
mod trouble;

mod clients;
mod saving;
mod shared;
mod signature;

mod connector;
mod gate;
mod orders;
mod patience;
mod reach;
mod switches;

mod guests;
mod proxy;
mod server;

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
