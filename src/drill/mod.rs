//! The failover drill: numbered probes from outside, a fault, the recovery, and what it cost, measured:
//! RTO and RPO apart for each store. The fold from events to report is pure.
//!
//! The room from the ground up; none of these names what stands further down:
//! - `plan`, `event`, `identity`, `report`, `error`: what a drill is made of, as data;
//! - `chain`, `log`: its events on disk;
//! - `fold`, `timeline`, `history`, `verify`: what the events come to, now and on earlier days;
//! - `telling`, then `export`: the same in words, and for others to read;
//! - `state`, `web`, `probe`: the rules of a running drill, and how it asks the shop;
//! - `context`, `record`: what it works with, and its writing down;
//! - `prepare`, `recover`, `closing`, `run`, `resume`: what it does, from before its first probe to its end.

mod error;
mod event;
pub mod identity;
mod millis;
mod plan;
mod report;

mod chain;
mod log;

mod fold;
mod history;
#[cfg(test)]
mod samples;
pub mod timeline;
mod verify;

pub mod telling;

pub mod export;

mod probe;
mod state;
mod web;

mod context;
mod record;

mod closing;
mod prepare;
mod recover;
mod resume;
mod run;

pub use context::DrillContext;
pub use error::DrillError;
pub use event::{
    Ending, Endpoints, Event, Kind, Outcome, Presence, Probe, Signal, Undo, VERSION, What, time_taken,
};
pub use fold::fold;
pub use history::{Run, Summary, Unfinished, find_unfinished, runs};
pub use plan::{Hands, Order, Plan, Step, Targets};
pub use report::{
    Detection, Loss, LostWrite, Measure, Met, Recovery, Report, SCHEMA, Service, Span, StepTaken, Verdict,
};
pub use run::run;
pub use timeline::Timeline;
pub use verify::{damaged_logs, verify};
