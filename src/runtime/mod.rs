//! The loop: messages in, effects out, one frame when something changed. It owns the terminal, runs
//! effects as tasks, and gives the terminal back however it ends.

mod clipboard;
pub mod drills;
mod driver;
mod environment;
mod events;
mod input;
mod interactive;
mod job;
mod kind;
mod lent;
mod news;
pub mod out;
mod plain;
mod saver;
mod shell;
mod signals;
mod terminal;
mod wired;

pub use driver::{Driver, Session};
pub use environment::{Dialect, Environment, Inherited, Laid, MARK};
pub use interactive::{Left, RuntimeError, run};
pub use kind::linear_terminal;
pub use news::News;
pub use plain::run_plain;
pub use signals::{Ending, Signals, asked_to_end};
pub use terminal::{catch_panics, give_back};
pub use wired::Wired;
