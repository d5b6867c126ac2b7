//! CloudFormation as two libraries: `template` reads and evaluates, `engine` carries stacks out.
//!
#![doc = include_str!("../README.md")]

pub mod template;

pub mod engine;
