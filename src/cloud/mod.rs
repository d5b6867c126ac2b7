//! AWS as the workshop sees it: clients per Region, plain `Facts`, the watcher that publishes them,
//! the actions, and SDK errors turned into a sentence and advice. Which world answers is not known here.

pub mod facts;
