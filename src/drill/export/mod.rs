//! A drill for others to read: Markdown, JSON, and one HTML page with its timeline.

mod escape;
mod folder;
mod html;
mod json;
mod markdown;
mod story;
mod svg;
#[cfg(test)]
mod tests;

pub use folder::write;
pub use html::html;
pub use json::json;
pub use markdown::markdown;
