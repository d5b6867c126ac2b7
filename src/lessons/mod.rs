//! Lessons: Hugo-style Markdown read into documents, and the library that holds them. `Library::open`
//! or `Library::embedded`, then `pages`, `find` and `parsed`.

pub mod diagnostic;
pub mod document;
mod embedded;
mod folder;
pub mod front;
pub mod library;
mod links;
mod markdown;
mod shortcode;
pub mod source;
mod walk;

pub use diagnostic::{Diagnostic, Severity};
pub use document::{Document, Target};
pub use library::{Library, Page, Tongue};
pub use markdown::Parsed;
pub use markdown::inline::{shown, slug};
pub use source::LessonError;
pub use walk::Link;
