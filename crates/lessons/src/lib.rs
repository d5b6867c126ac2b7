//! Lessons: Hugo-style Markdown read into documents, and the library that holds them.
//!
#![doc = include_str!("../README.md")]
//!
//! # Floors
//!
//! The crate from the ground up, each using only what stands before it: `document` (blocks, runs, links;
//! `walk` goes through them), `source`, `diagnostic`, `front`, `page`; `shortcode` (how shortcodes are
//! written); `site` (what a page asks of those around it); `markdown` (which is handed what a shortcode
//! becomes); `expansion` (what it becomes: Markdown again); `links`, `folder`; `library`.

pub mod diagnostic;
pub mod document;
mod expansion;
mod folder;
mod front;
mod library;
mod links;
mod markdown;
mod page;
mod shortcode;
mod site;
mod source;
mod walk;

pub use diagnostic::{Diagnostic, Severity};
pub use document::{Document, Target};
pub use front::{Front, Visibility};
pub use library::Library;
pub use markdown::inline::{slug, target_text};
pub use page::{Page, Parsed, Tongue};
pub use source::{LessonError, Source};
pub use walk::Link;
