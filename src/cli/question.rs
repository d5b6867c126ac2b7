//! The answer to a question on the terminal, for whatever cannot be taken back.

use std::io;

/// Whether the next line of standard input says yes, in either language; the end of input says no.
pub(super) fn read_yes() -> bool {
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line);
    read.is_ok() && matches!(line.trim().to_lowercase().as_str(), "s" | "si" | "sí" | "y" | "yes")
}
