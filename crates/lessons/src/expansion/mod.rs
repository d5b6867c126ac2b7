//! What each shortcode becomes. It stands on Markdown, since shortcodes hold it; Markdown, which holds
//! shortcodes, is handed `produce` and knows nothing of this.

mod known;
mod media;
mod navigation;
mod part;
mod template;

pub use known::produce;
