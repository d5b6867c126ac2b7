//! An account in which others live too: what is a stranger's is never touched, what fails keeps nothing
//! else from going, and nothing goes on for ever. Practice AWS plays the account, a lying AWS where needed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should fail loudly")]

mod asked;
mod cut;
mod ends;
mod strangers;
mod world;
