//! The command line: the one place that picks a world and wires everything above to it.
//!
//! From the ground up, each using only those before it:
//!
//! 1. what is asked for and how it is told: `options`, `outcome`, `question`, `ansi`, `ending`
//! 2. what comes along, and why it may not do: `package`, `start_error`, `templates`, `scenario`
//! 3. what leads a client to a world: `files`, `record`, `kit`, `profile`, `credentials`, `own_aws`
//! 4. what is the same in every world: `workspace`; the ports of one that runs here: `host`; the `context`
//!    a command works in, made by one of three: `practice_world` (with `warning`), `watch`, `account`; and `open`,
//!    which picks one
//! 5. the commands: `consent` and `drill`, `walk`, `status`, `workshop`, `lessons`, `serve`, `env`,
//!    `operations`, `state`, `reset`
//! 6. the words of the command line: `options_of`, `help`, `refusal`; and the `command_line` that names all commands

mod account;
mod ansi;
mod command_line;
mod consent;
mod context;
mod credentials;
mod drill;
mod ending;
mod env;
mod files;
mod help;
mod host;
mod kit;
pub mod lessons;
mod open;
mod operations;
mod options;
mod options_of;
mod outcome;
mod own_aws;
mod package;
mod practice_world;
mod profile;
mod question;
mod record;
mod refusal;
mod reset;
mod scenario;
mod serve;
mod start_error;
mod state;
mod status;
mod templates;
mod walk;
mod warning;
mod watch;
mod workshop;
mod workspace;

pub use command_line::main;
pub use context::Context;
pub use host::{Host, Loopback};
pub use options::{GlobalOptions, WorldChoice};
pub use start_error::StartError;
pub use workshop::session;
pub use workspace::Workspace;
