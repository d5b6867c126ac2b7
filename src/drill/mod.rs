//! The failover drill: numbered probes from outside, a fault, the recovery, and what it cost, measured:
//! RTO and RPO apart for each store. The fold from events to report is pure.

mod event;
mod fold;
pub mod identity;
mod millis;
mod plan;
mod report;
#[cfg(test)]
mod samples;
pub mod timeline;

pub use event::{
    Ending, Event, Kind, Outcome, Presence, Probe, Scene, Signal, Span, Undo, VERSION, What, took,
};
pub use fold::fold;
pub use plan::{Hands, Mode, Order, Plan, Step, Targets};
pub use report::{
    Detection, Loss, LostWrite, Measure, Met, Recovery, Report, SCHEMA, Service, StepTaken, Verdict,
};
pub use timeline::Timeline;
