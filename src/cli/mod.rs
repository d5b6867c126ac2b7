//! The command line: the one place that picks a world and wires everything above to it.
//!
//! From the ground up, each using only those before it:
//!
//! 1. what is asked for and how it is told: `options`, `outcome`, `question`, `ansi`, `ending`
//! 2. what comes along, and why it may not do: `program`, `start_error`, `templates`, `scenario`
//! 3. what leads a client to a world: `files`, `record`, `kit`, `profile`, `credentials`, `hands`
//! 4. what is the same in every world: `workspace`; the ports of one that runs here: `host`; the `context`
//!    a command works in, made by one of three: `practice_world` (with `kept`), `follow`, `account`; and `open`,
//!    which picks one
//! 5. the commands: `agreement` and `drill`, `walk`, `status`, `workshop`, `lessons`, `serve`, `env`,
//!    `operations`, `state`, `reset`
//! 6. the words of the command line: `scope`, `help`, `refusal`; and the `command_line` that names all commands

mod account;
mod agreement;
mod ansi;
mod command_line;
mod context;
mod credentials;
mod drill;
mod ending;
mod env;
mod files;
mod follow;
mod hands;
mod help;
mod host;
mod kept;
mod kit;
pub mod lessons;
mod open;
mod operations;
mod options;
mod outcome;
mod practice_world;
mod profile;
mod program;
mod question;
mod record;
mod refusal;
mod reset;
mod scenario;
mod scope;
mod serve;
mod start_error;
mod state;
mod status;
mod templates;
mod walk;
mod workshop;
mod workspace;

pub use command_line::main;
pub use context::Context;
pub use host::{Host, Loopback};
pub use options::{GlobalOptions, WorldChoice};
pub use start_error::StartError;
pub use workshop::session;
pub use workspace::Workspace;
