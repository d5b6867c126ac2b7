//! The lessons that are part of the program, one line a file.

/// Path in the content, text.
pub(super) const FILES: &[(&str, &str)] = &[];
