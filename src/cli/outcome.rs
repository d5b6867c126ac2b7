//! How a command tells that something went wrong: on standard error, in Espera's name, and by its exit code.

use std::process::ExitCode;

use crate::runtime::out;

/// What a command was to do failed.
pub(super) const FAILED: u8 = 1;

/// How a command line that cannot be read ends, as clap has it.
pub(super) const BAD_LINE: u8 = 2;

/// Tells of a problem and ends with 1.
pub(super) fn fail(text: &str) -> ExitCode {
    warn(text);
    ExitCode::FAILURE
}

/// Tells something on standard error, in Espera's name.
pub(super) fn warn(text: &str) {
    out::note(format!("espera: {text}"));
}
