//! Lessons: Hugo-style Markdown read into documents, and the library that holds them.

pub mod document;
mod library;
mod walk;

pub use document::{Document, Target};
pub use library::Library;
pub use walk::Link;
