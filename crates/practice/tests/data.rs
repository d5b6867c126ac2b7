//! The data services as their callers see them: tables, databases, distributions, and the stacks
//! that make them. Every test gives the moments itself.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]

#[path = "data/distributions.rs"]
mod distributions;
#[path = "data/global_database.rs"]
mod global_database;
#[path = "data/global_table.rs"]
mod global_table;
#[path = "data/items.rs"]
mod items;
#[path = "data/limits.rs"]
mod limits;
#[path = "data/quotas.rs"]
mod quotas;
#[path = "data/stacks.rs"]
mod stacks;
