//! AWS as the workshop sees it: clients per Region, plain `Facts`, the watcher that publishes them,
//! the actions, and SDK errors turned into a sentence and advice. Which world answers is not known here.

mod action;
mod error;
pub mod facts;

pub use action::{ActionId, Done, Note, Settings};
pub use error::ActionError;
