//! Espera: a workshop in the terminal that teaches hot-standby disaster recovery on AWS by doing it.
//! The modules stand in the order of the architecture: each may use only those above it
//! (`tests/layers.rs` holds that), so a reader can start at the top and never meet a name from below.

pub mod cloud;

pub mod diagram;

pub mod course;

pub mod progress;

pub mod switchboard;

pub mod guest;

pub mod drill;

pub mod app;

pub mod ui;

pub mod runtime;

pub mod cli;
