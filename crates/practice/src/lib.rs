//! Practice AWS: the simulated cloud, behind a connector in the process and a server on the loopback address.
//!
#![doc = include_str!("../README.md")]
//!
//! # Floors
//!
//! Every service is a pure function of its own state and a request; time, journal and transport are this crate's.
//! The modules stand in floors, from the ground up, a blank line between two; none uses a floor that is listed
//! after its own (`tests/layers.rs`):
//! - `scene` and what it is made of: what a service is told beside its state;
//! - `call`, `wire`: a call and its answer, in every protocol;
//! - the services, each by itself; above them what looks at several of them;
//! - `cloudformation`, `providers`: the API over the engine, and its host over the services;
//! - `world`: all state in one place; `time`, `outages`: what happens in it by itself;
//! - `handlers`, `execute`: a request carried out; `dataplane`: what runs behind the learner's own hosts;
//! - `journal`: the world on disk;
//! - `cloud`: `Practice`, which everybody holds; then the ways in to it.

mod agenda;
mod durations;
pub mod faults;
mod file_header;
mod hosts;
pub mod keys;
pub mod operation;
pub mod regions;
pub mod scenario;
mod scene;
mod site;

pub mod call;
mod replies;
mod route;
pub mod wire;

mod aurora;
mod cloudfront;
mod dynamodb;
mod ec2;
#[doc(hidden)]
pub mod rds;
#[doc(hidden)]
pub mod s3;
mod secretsmanager;
mod ssm;
mod sts;

mod cloudwatch;
mod services;
mod sources;

mod cloudformation;
mod providers;

pub mod world;

#[doc(hidden)]
pub mod outages;
pub mod time;

mod admission;
mod control;
mod dataplane;
mod execute;
mod handlers;

mod error;
mod journal;

mod clients;
mod cloud;
mod connection;
mod programs;
mod saving;
mod signature;
pub mod workload;

mod connector;
mod gate;
mod orders;
mod visitors;
mod waiters;

mod guests;
mod proxy;
mod server;

pub use clients::WATCHING;
pub use cloud::{NotSaved, Options, Practice};
pub use connection::{ClusterError, Connection, Row};
pub use control::{CLIENTS, CLOCK, Fault};
pub use error::{Notice, PracticeError, Trouble, TroubleKind};
pub use gate::{Credentials, Gate};
pub use guests::Bounds;
pub use handlers::{answer, operations};
pub use journal::{Condition, Finding, Past, Role, examine, pasts, put_damage_aside, restore};
pub use keys::Keys;
pub use orders::Orders;
pub use proxy::Proxy;
pub use scenario::Scenario;
pub use server::{Listen, Server};
pub use site::Site;
pub use time::advance;
pub use visitors::Unreached;
pub use workload::Workload;
