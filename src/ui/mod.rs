//! The screen: renders the model, decides nothing. A pane a file; colours are roles.

pub mod lesson;
pub mod symbols;
pub mod theme;
