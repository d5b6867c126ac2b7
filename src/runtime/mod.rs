//! The loop: messages in, effects out, one frame when something changed. It owns the terminal, runs
//! effects as tasks, and gives the terminal back however it ends.
//!
//! From the ground up, each using only those before it:
//!
//! 1. the system: `out`, `terminal`, `terminal_kind`, `signals`, `job`, `clipboard`, `events`, `input`
//! 2. the learner's own hands: `environment`, `script`, `shell`
//! 3. the world: `news`, `world_handle`; what runs beside the loop: `saver`, `drills`
//! 4. the `driver`, and `lend_terminal` for the time a shell has the terminal
//! 5. the loops: `interactive`, `plain`

mod clipboard;
pub mod drills;
mod driver;
mod environment;
mod events;
mod input;
mod interactive;
mod job;
mod lend_terminal;
mod news;
pub mod out;
mod plain;
mod saver;
mod script;
mod shell;
mod signals;
mod terminal;
mod terminal_kind;
mod world_handle;

pub use driver::{Driver, Session};
pub use environment::{Environment, Inherited, LazyEnvironment, MARK};
pub use interactive::{RuntimeError, SessionEnd, run};
pub use news::News;
pub use plain::run_plain;
pub use script::Dialect;
pub use signals::{Ending, Signals, wait_until_asked_to_end};
pub use terminal::{catch_panics, give_back};
pub use terminal_kind::linear_terminal;
pub use world_handle::WorldHandle;
