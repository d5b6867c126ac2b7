//! The loop: messages in, effects out, one frame when something changed. It owns the terminal, runs
//! effects as tasks, and gives the terminal back however it ends.

mod clipboard;
pub mod drills;
mod driver;
mod environment;
mod events;
mod input;
mod interactive;
mod plain;
mod saver;
mod shell;
mod signals;
mod terminal;

pub use driver::{Driver, Session};
pub use environment::{Dialect, Environment, Inherited, MARK};
pub use interactive::{RuntimeError, run};
pub use plain::run_plain;
pub use signals::asked_to_end;
pub use terminal::{catch_panics, give_back};
