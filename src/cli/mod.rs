//! The command line: the one place that picks a world and wires everything above to it.

pub mod ansi;
pub mod lessons;

use std::process::ExitCode;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
