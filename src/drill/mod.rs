//! The failover drill: numbered probes from outside, a fault, the recovery, and what it cost, measured:
//! RTO and RPO apart for each store. The fold from events to report is pure.

mod chain;
mod closing;
mod error;
mod event;
pub mod export;
mod fold;
mod history;
pub mod identity;
mod log;
mod millis;
mod plan;
mod prepare;
mod probe;
mod record;
mod recover;
mod report;
mod resume;
mod run;
#[cfg(test)]
mod samples;
mod state;
pub mod telling;
pub mod timeline;
mod verify;
mod web;

pub use error::DrillError;
pub use event::{
    Ending, Event, Kind, Outcome, Presence, Probe, Scene, Signal, Span, Undo, VERSION, What, took,
};
pub use fold::fold;
pub use history::{Run, Summary, Unfinished, runs, unfinished};
pub use plan::{Hands, Order, Plan, Step, Targets};
pub use prepare::Stage;
pub use report::{
    Detection, Loss, LostWrite, Measure, Met, Recovery, Report, SCHEMA, Service, StepTaken, Verdict,
};
pub use run::run;
pub use timeline::Timeline;
pub use verify::{damaged, verify};
