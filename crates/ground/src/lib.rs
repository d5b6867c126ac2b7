//! What every part of Espera stands on, and what knows none of them.
//!
#![doc = include_str!("../README.md")]

mod every;

pub mod lang;

pub mod look;

pub mod seed;

pub mod reading;

pub mod clock;

pub mod disk;
