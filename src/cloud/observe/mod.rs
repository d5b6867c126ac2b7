//! Looks at the cloud. What an earlier look learned for good is in `memory`, and is not asked again.
//!
//! From the ground up: `silent` (who did not answer in this look), then a file for each thing to look at
//! (`stacks`, `data`, `pages`, `edge`), and `look`, which asks them all and puts the answers together.

mod data;
mod edge;
mod look;
mod pages;
mod silent;
mod stacks;
