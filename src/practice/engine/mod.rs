//! Practice CloudFormation's state machine: stacks, what is due when, and the tasks that move them.
//! It never reads a clock: `step` is told the moment, and everything else follows from the stacks and their host.
//! `src/practice/cloudformation/` is the API over it.

pub mod begin;
pub mod causes;
pub mod change;
pub mod change_set;
pub mod change_sets;
mod converge;
mod delete;
pub mod diff;
pub mod event;
pub mod exports;
mod finish;
pub mod host;
pub mod known;
pub mod model;
mod nested;
pub mod operation;
mod provide;
pub mod resource;
mod run;
pub mod signals;
pub mod stack;
mod stacks;
pub mod status;
mod step;
mod tell;
mod values;
pub mod wish;

pub use operation::Task;
pub use stack::Stack;
pub use stacks::Engine;
