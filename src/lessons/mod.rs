//! Lessons: Hugo-style Markdown read into documents, and the library that holds them.

pub mod document;
