//! Practice CloudFormation's state machine: stacks, what is due when, and the tasks that move them.
//! It never reads a clock: `step` is told the moment, and everything else follows from the stacks and their host.
//! The API over it, CloudFormation's calls and their XML, is `practice`'s.

pub mod causes;
pub mod change;
pub mod change_set;
pub mod event;
pub mod operation;
pub mod resource;
pub mod status;
mod values;
pub mod wish;

mod events;
pub mod exports;
pub mod host;
pub mod model;
pub mod stack;
mod stacks;

pub mod diff;
mod resolver;

pub mod change_sets;

pub mod begin;
mod converge;
mod delete;
mod finish;
mod nested;
mod provide;
mod run;
pub mod signals;

mod step;

pub use operation::Task;
pub use stack::Stack;
pub use stacks::Engine;
